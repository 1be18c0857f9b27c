//! The causes and remedies that Treaty's own broker adds to its answer. Every member may be absent.

use serde_json::Value;

use super::answer::text;

/// What Treaty's own broker knows beyond the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TreatyExtension {
    /// How much was looked at.
    pub checked: Checked,
    /// One reason for each row that stands in the way.
    pub reasons: Vec<Reason>,
}

/// How much was looked at to come to the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Checked {
    /// Named counts, in the broker's order.
    pub counts: Vec<(String, u64)>,
}

/// What stands in the way, and what would change that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Reason {
    /// The consumer.
    pub consumer: Option<String>,
    /// Its version.
    pub consumer_version: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// Its version.
    pub provider_version: Option<String>,
    /// What is wrong, such as `failed`.
    pub cause: String,
    /// The interactions that failed.
    pub interactions: Vec<FailedInteraction>,
    /// The build that found out.
    pub build_url: Option<String>,
    /// Since when the other side is where it is.
    pub deployed_since: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
}

/// An interaction that failed, and each difference in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedInteraction {
    /// Its description.
    pub description: String,
    /// The provider states that it needs.
    pub provider_states: Vec<String>,
    /// The differences.
    pub mismatches: Vec<String>,
}

impl TreatyExtension {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        let reasons = members.get("reasons").and_then(Value::as_array);
        let checked = members.get("checked").and_then(Value::as_object);
        let counts = checked.into_iter().flatten();
        Some(Self {
            checked: Checked {
                counts: counts
                    .filter_map(|(name, count)| Some((name.clone(), count.as_u64()?)))
                    .collect(),
            },
            reasons: reasons.into_iter().flatten().map(reason).collect(),
        })
    }
}

fn reason(reason: &Value) -> Reason {
    let interactions = reason["interactions"].as_array().into_iter().flatten();
    Reason {
        consumer: text(&reason["consumer"]),
        consumer_version: text(&reason["consumerVersion"]),
        provider: text(&reason["provider"]),
        provider_version: text(&reason["providerVersion"]),
        cause: text(&reason["cause"]).unwrap_or_default(),
        interactions: interactions.filter_map(interaction).collect(),
        build_url: text(&reason["buildUrl"]),
        deployed_since: text(&reason["deployedSince"]),
        remedy: text(&reason["remedy"]),
    }
}

fn interaction(interaction: &Value) -> Option<FailedInteraction> {
    let description = text(&interaction["description"]);
    let list = |name: &str| interaction[name].as_array().into_iter().flatten();
    let mismatches = list("mismatches");
    Some(FailedInteraction {
        provider_states: list("providerStates").filter_map(text).collect(),
        description: description.or_else(|| text(interaction))?,
        mismatches: mismatches.filter_map(mismatch).collect(),
    })
}

/// A mismatch comes as a line, or as its parts.
fn mismatch(mismatch: &Value) -> Option<String> {
    let part = |name: &str| text(&mismatch[name]);
    let whole = || {
        let (path, rule) = (part("path")?, part("rule")?);
        let (expected, actual) = (words(&mismatch["expected"])?, words(&mismatch["actual"])?);
        Some(format!(
            "{path}  expected {expected}, got {actual}  (rule: {rule})"
        ))
    };
    let described = || {
        let description = part("description").or_else(|| part("mismatch"))?;
        let path = part("path").map(|path| format!("{path}  "));
        Some(format!("{}{description}", path.unwrap_or_default()))
    };
    text(mismatch).or_else(whole).or_else(described)
}

/// A value as the verifier worded it; as JSON if it gave the value itself.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(words) => Some(words.clone()),
        other => Some(other.to_string()),
    }
}
