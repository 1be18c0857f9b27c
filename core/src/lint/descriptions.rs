//! Interactions that brokers, merges and filters cannot tell apart: the same description in the same provider states.

use std::collections::HashMap;

use super::flaw::Flaw;
use super::places::child;
use super::run::Found;
use super::same_request::states;
use super::subject::Subject;

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let mut first: HashMap<String, &str> = HashMap::new();
    let mut found = Found::new();
    for exchange in &subject.exchanges {
        let interaction = exchange.interaction;
        let key = format!(
            "{}\0{}\0{}",
            interaction.kind(),
            interaction.description(),
            states(interaction)
        );
        if let Some(earlier) = first.get(&key) {
            let flaw = Flaw::DuplicateDescription {
                first: (*earlier).to_owned(),
            };
            found.push((child(&exchange.pointer, "description"), flaw));
            continue;
        }
        first.insert(key, &exchange.pointer);
    }
    found
}
