//! One request in one provider state: with two answers no provider can satisfy both, with one the second adds nothing.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::flaw::Flaw;
use super::run::Found;
use super::subject::Subject;
use crate::document::canonical;
use crate::interaction::Interaction;

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let mut first: HashMap<String, Vec<(String, &str)>> = HashMap::new();
    let mut found = Found::new();
    for exchange in &subject.exchanges {
        let Interaction::Http(http) = exchange.interaction else {
            continue;
        };
        let request = http.request.to_json();
        let request = canonical(json!([request, states(exchange.interaction)])).to_string();
        let response = canonical(http.response.to_json()).to_string();
        let description = exchange.interaction.description();
        let earlier = first.entry(request).or_default();
        if let Some((_, other)) = earlier.iter().find(|(answer, _)| *answer == response) {
            let other = (*other).to_owned();
            found.push((
                exchange.pointer.clone(),
                Flaw::DuplicateInteraction { other },
            ));
            continue;
        }
        if let Some((_, other)) = earlier.first() {
            let other = (*other).to_owned();
            found.push((exchange.pointer.clone(), Flaw::SameRequest { other }));
        }
        earlier.push((response, description));
    }
    found
}

/// The provider states in an order that does not depend on the document.
pub(super) fn states(interaction: &Interaction) -> Value {
    let mut states: Vec<Value> = interaction
        .provider_states()
        .iter()
        .map(|s| canonical(s.to_json()))
        .collect();
    states.sort_by_key(Value::to_string);
    Value::Array(states)
}
