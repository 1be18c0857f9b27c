//! JSON for programs.

use std::error::Error;

use serde_json::{Value, json};

use crate::error::Failure;

/// The text of a document.
pub(super) fn document(document: &Value) -> String {
    format!("{document:#}")
}

/// A failure as a document.
pub(super) fn failure(failure: &Failure) -> Value {
    let mut causes = Vec::new();
    let mut source = failure.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    let code = failure.exit_code();
    json!({
        "error": { "message": failure.to_string(), "causes": causes, "fix": failure.fix() },
        "verdict": { "answer": code.word(), "exitCode": code.number() },
    })
}
