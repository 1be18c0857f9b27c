//! Reads what a provider asks for when it asks what to verify.

use serde_json::{Map, Value};

use crate::domain::selectors::{self, ProviderSide, Selector, Wanted};
use crate::http::{Query, Violations};

/// What a provider asks for.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) provider: ProviderSide,
    /// None chooses for itself.
    pub(super) selectors: Vec<Selector>,
    /// The environments that the selectors name, each with the index of its selector.
    pub(super) environments: Vec<(usize, String)>,
    pub(super) include_pending: bool,
    /// The moment after which heads are work in progress, if they are asked for.
    pub(super) wip_since: Option<String>,
    /// Whether it was asked in the way that clients no longer should.
    pub(super) is_old_form: bool,
}

/// The question in the body of a POST.
pub(super) fn from_body(body: &Map<String, Value>) -> Result<Question, Violations> {
    let mut violations = Violations::default();
    let tags = provider_tags(body, &mut violations);
    let branch = provider_branch(body, &tags, &mut violations);
    let include_pending = match body.get("includePendingStatus") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(include)) => *include,
        Some(_) => {
            violations.add("includePendingStatus", "must be one of: true, false");
            false
        }
    };
    let wip_since = wip_since(
        violations.optional_text(body, "includeWipPactsSince"),
        &mut violations,
    );
    let provider = ProviderSide { branch, tags };
    let list = match body.get("consumerVersionSelectors") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(_) => {
            violations.add("consumerVersionSelectors", "must be an array");
            &[]
        }
    };
    let selectors = selectors::parse(list, &provider).unwrap_or_else(|faults| {
        for fault in faults {
            violations.add("consumerVersionSelectors", fault);
        }
        Vec::new()
    });
    violations.check()?;
    Ok(Question {
        provider,
        selectors,
        environments: selectors::environments(list),
        include_pending,
        wip_since,
        is_old_form: false,
    })
}

fn provider_tags(body: &Map<String, Value>, violations: &mut Violations) -> Vec<String> {
    let tags = match body.get("providerVersionTags") {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(tags)) => tags,
        Some(_) => {
            violations.add("providerVersionTags", "must be an array");
            return Vec::new();
        }
    };
    let texts: Option<Vec<&str>> = tags.iter().map(Value::as_str).collect();
    if texts.is_none() {
        violations.add("providerVersionTags", "must be an array of strings");
    }
    let texts = texts.unwrap_or_default();
    texts.into_iter().map(str::to_owned).collect()
}

/// The provider's branch. Clients send an empty one for none, which is refused only where a branch decides: then the
/// build that asks most likely could not find out its own.
fn provider_branch(
    body: &Map<String, Value>,
    tags: &[String],
    violations: &mut Violations,
) -> Option<String> {
    const FIELD: &str = "providerVersionBranch";
    let branch = violations.optional_text(body, FIELD)?;
    let decides = body.get("includePendingStatus") == Some(&Value::Bool(true))
        || body
            .get("includeWipPactsSince")
            .is_some_and(|since| !since.is_null());
    if branch.is_empty() && tags.is_empty() && decides {
        let fault =
            "must be filled where includePendingStatus or includeWipPactsSince is asked for";
        violations.add(FIELD, fault);
    } else if !branch.is_empty() && branch.trim().is_empty() {
        violations.add(FIELD, "cannot be blank");
    }
    Some(branch).filter(|branch| !branch.is_empty())
}

fn wip_since(text: Option<String>, violations: &mut Violations) -> Option<String> {
    let text = text.filter(|text| !text.is_empty())?;
    let since = crate::time::parse_date(&text);
    if since.is_none() {
        violations.add("includeWipPactsSince", "must be a date");
    }
    since
}

/// The question in the query of a GET.
pub(super) fn from_query(query: &Query) -> Result<Question, Violations> {
    let mut violations = Violations::default();
    let include_pending = match query.get("include_pending_status") {
        None | Some("true" | "") => true,
        Some("false") => false,
        Some(_) => {
            violations.add("include_pending_status", "must be one of: true, false");
            false
        }
    };
    let wip_since = query
        .get("include_wip_pacts_since")
        .filter(|text| !text.is_empty())
        .and_then(|text| {
            let since = crate::time::parse_date(text);
            if since.is_none() {
                violations.add("include_wip_pacts_since", "must be a date");
            }
            since
        });
    let branch = query
        .get("provider_version_branch")
        .filter(|branch| !branch.is_empty())
        .map(str::to_owned);
    if query.has("provider_version_tags") {
        violations.add("provider_version_tags", "must be an array");
    }
    let tags = query
        .all("provider_version_tags")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let selectors = tag_selectors(query, &mut violations);
    violations.check()?;
    Ok(Question {
        provider: ProviderSide { branch, tags },
        selectors,
        environments: Vec::new(),
        include_pending,
        wip_since,
        is_old_form: false,
    })
}

/// The selectors in the query of a GET, which know nothing but tags.
fn tag_selectors(query: &Query, violations: &mut Violations) -> Vec<Selector> {
    let mut selectors = Vec::new();
    if query.has("consumer_version_selectors") {
        violations.add("consumer_version_selectors", "must be an array");
    }
    for (index, record) in query
        .records("consumer_version_selectors")
        .iter()
        .enumerate()
    {
        let member = |name: &str| record.get(name).map(str::to_owned);
        let Some(tag) = member("tag") else {
            violations.add(
                "consumer_version_selectors",
                format!("tag is missing (at index {index})"),
            );
            continue;
        };
        let is_latest = match record.get("latest") {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                let fault = format!("latest must be one of: true, false (at index {index})");
                violations.add("consumer_version_selectors", fault);
                continue;
            }
        };
        let fallback = member("fallback_tag");
        let wanted = if is_latest {
            Wanted::LatestWithTag { tag, fallback }
        } else {
            Wanted::EveryWithTag(tag)
        };
        selectors.push(Selector {
            consumer: member("consumer"),
            wanted,
        });
    }
    selectors
}
