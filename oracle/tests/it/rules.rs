//! A pact of our own with every matching rule that a response can have.

use serde_json::Value;

pub(crate) fn document() -> Value {
    serde_json::from_str(include_str!("rules.json")).expect("the file is JSON")
}
