//! JSON for programs.

use serde_json::{Value, json};
use treaty_core::causes::causes;

use crate::error::Failure;

/// The text of a document.
pub(super) fn document(document: &Value) -> String {
    format!("{document:#}")
}

/// A failure as a document.
pub(super) fn failure(failure: &Failure) -> Value {
    let causes: Vec<String> = causes(failure).map(ToString::to_string).collect();
    let code = failure.exit_code();
    json!({
        "error": { "message": failure.to_string(), "causes": causes, "fix": failure.fix() },
        "verdict": { "answer": code.word(), "exitCode": code.number() },
    })
}
