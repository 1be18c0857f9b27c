//! What one pact demands beside another, for whom that breaks something, and what version number it is worth.
//!
//! A pact is a list of demands on a provider. Whether new demands go beyond old ones cannot be read off the rules, so it is
//! shown: an answer that keeps the old pact and breaks the new one is proof, and it names the place. Where rules have
//! changed and no such answer is found, nothing is claimed and the change counts as breaking.

mod exchange;
mod rules;

use std::collections::HashMap;

use pact_models::v4::http_parts::HttpResponse;
use serde::Serialize;

use crate::interaction::Interaction;
use crate::mismatch::Mismatch;
use crate::pact::Pact;

/// How much a change breaks, as semantic versioning orders it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// The same contract.
    None,
    /// A provider that keeps the old pact keeps the new one.
    Patch,
    /// A provider that keeps the old pact has more to do.
    Minor,
    /// A provider that keeps the old pact may break the new one.
    Major,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What has become of one interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Its description and provider states.
    pub title: String,
    /// What happened to it.
    #[serde(flatten)]
    pub kind: ChangeKind,
}

/// What has happened to an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It asks or answers otherwise.
    Changed(Differences),
}

/// How an interaction differs from what it was. All lists are empty where only examples have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Differences {
    /// The new request, against what the old pact expects of one: the old pact does not cover it.
    pub asks_otherwise: Vec<Mismatch>,
    /// Answers that keep the old pact, against what the new one expects of them.
    pub demands_more: Vec<Mismatch>,
    /// Answers that keep the new pact, against what the old one expected of them.
    pub demands_less: Vec<Mismatch>,
    /// Whether rules have changed without an answer that shows what that comes to.
    pub unproven: bool,
}

impl ChangeKind {
    /// What the change alone is worth.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::Added => Level::Minor,
            Self::Removed => Level::Patch,
            Self::Changed(how) if how.breaks() => Level::Major,
            Self::Changed(_) => Level::Patch,
        }
    }
}

impl Differences {
    fn breaks(&self) -> bool {
        self.unproven || !self.asks_otherwise.is_empty() || !self.demands_more.is_empty()
    }
}

/// Answers that a response of a pact allows, its example among them: what proofs are looked for in.
pub type Witnesses<'a> = &'a dyn Fn(&HttpResponse) -> Vec<HttpResponse>;

/// Every interaction that differs, the new pact's in its order, then those that are gone.
///
/// ```
/// use treaty_core::diff::{Level, diff, level};
///
/// let pact = |body: &str| {
///     let text = format!(r#"{{"consumer": {{"name": "A"}}, "provider": {{"name": "B"}}, "interactions": [{{
///       "description": "a user", "request": {{"path": "/user"}}, "response": {{"status": 200,
///         "headers": {{"content-type": "application/json"}}, "body": {body}}}
///     }}]}}"#);
///     treaty_core::document::load("a-b.json", text.as_bytes()).unwrap()
/// };
/// let (old, new) = (pact(r#"{"id": 1}"#), pact(r#"{"id": 1, "email": "a@b"}"#));
/// let examples = |response: &_| vec![Clone::clone(response)];
///
/// assert_eq!(level(&diff(&old, &new, &examples)), Level::Major);
/// assert_eq!(level(&diff(&new, &old, &examples)), Level::Patch);
/// assert_eq!(level(&diff(&old, &old, &examples)), Level::None);
/// ```
#[must_use]
pub fn diff(old: &Pact, new: &Pact, witnesses: Witnesses<'_>) -> Vec<Change> {
    let mut before: HashMap<String, Vec<&Interaction>> = HashMap::new();
    for interaction in old.interactions.iter().rev() {
        before
            .entry(identity(interaction))
            .or_default()
            .push(interaction);
    }
    let mut changes = Vec::new();
    for interaction in &new.interactions {
        let twin = before.get_mut(&identity(interaction)).and_then(Vec::pop);
        let kind = match twin {
            None => Some(ChangeKind::Added),
            Some(twin) => {
                exchange::differences(twin, interaction, witnesses).map(ChangeKind::Changed)
            }
        };
        changes.extend(kind.map(|kind| change(interaction, kind)));
    }
    let left: Vec<&Interaction> = before.into_values().flatten().collect();
    let gone = old
        .interactions
        .iter()
        .filter(|one| left.iter().any(|left| std::ptr::eq(*left, *one)));
    changes.extend(gone.map(|one| change(one, ChangeKind::Removed)));
    changes
}

/// What all changes together are worth.
#[must_use]
pub fn level(changes: &[Change]) -> Level {
    let levels = changes.iter().map(|change| change.kind.level());
    levels.max().unwrap_or(Level::None)
}

fn change(interaction: &Interaction, kind: ChangeKind) -> Change {
    Change {
        title: interaction.title(),
        kind,
    }
}

/// What makes an interaction the same one in another version of the pact.
fn identity(interaction: &Interaction) -> String {
    let states = interaction.provider_states().iter();
    let states: Vec<String> = states.map(|state| state.to_json().to_string()).collect();
    format!(
        "{}\n{}\n{}",
        interaction.kind(),
        interaction.description(),
        states.join("\n")
    )
}
