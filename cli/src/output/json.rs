//! JSON for programs.

use serde_json::{Value, json};
use treaty_core::causes::causes;
use treaty_core::lint::report::sarif;

use crate::error::Failure;
use crate::exit_code::ExitCode;

/// The text of a document.
pub(super) fn document(document: &Value) -> String {
    format!("{document:#}")
}

/// A failure as a document. It has no verdict: nothing was found out.
pub(super) fn failure(failure: &Failure) -> Value {
    let causes: Vec<String> = causes(failure).map(ToString::to_string).collect();
    json!({ "error": {
        "message": failure.to_string(), "causes": causes, "fix": failure.fix(),
        "exitCode": failure.exit_code().number(),
    } })
}

/// A command line that is wrong, in the words of what read it.
pub(super) fn command_line(told: &str, code: ExitCode) -> Value {
    let message = told.split("\n\nUsage: ").next().unwrap_or_default();
    let message = message.split("\n\nFor more information").next();
    let message = message.unwrap_or_default().trim_start_matches("error: ");
    json!({ "error": {
        "message": message.trim_end(), "causes": [], "fix": null, "exitCode": code.number(),
    } })
}

/// A failure as a log that says of the run that it did not succeed.
pub(super) fn sarif_failure(failure: &Failure) -> Value {
    let mut log = sarif(&[]);
    log["runs"][0]["invocations"] = json!([{
        "executionSuccessful": false,
        "exitCode": failure.exit_code().number(),
        "toolExecutionNotifications": [
            { "level": "error", "message": { "text": super::text::failure(failure) } },
        ],
    }]);
    log
}
