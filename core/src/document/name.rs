//! What makes an interaction the same one in another run of its tests.

use std::fmt;

use serde_json::{Value, json};

/// The kind, the description and the provider states of an interaction of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InteractionName {
    /// What the author calls it.
    pub description: String,
    /// The canonical text of its provider states.
    pub(super) states: String,
    /// The text of its kind, `null` where the version of the specification has no kinds.
    pub(super) kind: String,
}

impl InteractionName {
    /// The provider states, as the document has them: a list, the one state of version 2, or `null`.
    #[must_use]
    pub fn provider_states(&self) -> Value {
        serde_json::from_str(&self.states).unwrap_or_default()
    }

    /// The kind in the words of version 4; `null` in the versions before it.
    #[must_use]
    pub fn kind(&self) -> Value {
        serde_json::from_str(&self.kind).unwrap_or_default()
    }
}

/// `a request for user 42 (given a user exists {"id":42})`
impl fmt::Display for InteractionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description)?;
        let states = self.provider_states();
        let states: Vec<String> = match &states {
            Value::String(state) => vec![state.clone()],
            states => states.as_array().into_iter().flatten().map(state).collect(),
        };
        if states.is_empty() {
            return Ok(());
        }
        write!(f, " (given {})", states.join(" and "))
    }
}

fn state(state: &Value) -> String {
    let name = state["name"].as_str().unwrap_or_default();
    match state.get("params") {
        Some(params) if *params != json!({}) => format!("{name} {params}"),
        _ => name.to_owned(),
    }
}
