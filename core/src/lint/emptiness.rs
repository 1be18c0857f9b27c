//! What a document does not say: an interaction, or its version.

use super::flaw::Flaw;
use super::run::Found;
use super::subject::Subject;
use crate::content::specification_version;

/// The kinds of interaction that only version 4 has.
const KINDS: [&str; 3] = [
    "Synchronous/HTTP",
    "Asynchronous/Messages",
    "Synchronous/Messages",
];

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let mut found = Found::new();
    if subject.exchanges.is_empty() {
        found.push((String::new(), Flaw::EmptyPact));
    }
    let has_kind = |json: &serde_json::Value| {
        json["type"]
            .as_str()
            .is_some_and(|kind| KINDS.contains(&kind))
    };
    let is_of_version_4 = subject
        .exchanges
        .iter()
        .any(|exchange| has_kind(exchange.json));
    if is_of_version_4 && specification_version(subject.document).is_none() {
        found.push((String::new(), Flaw::NoVersion));
    }
    found
}
