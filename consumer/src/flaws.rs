//! What the linter says of the interactions of one test, before they go into a file that others rely on.

use treaty_core::document::{Draft, MergeError};
use treaty_core::lint::{Finding, Severity, lint_json};

use crate::file::PactFileError;

/// Refuses what the linter calls an error. Warnings are for `treaty lint`: they fail no test.
pub(crate) fn check(draft: &Draft) -> Result<(), PactFileError> {
    // Whoever adds them to the file says better, and with its name, why they make no document.
    let Ok::<_, MergeError>(document) = draft.merge_into(None) else {
        return Ok(());
    };
    let origin = format!("the pact between {} and {}", draft.consumer, draft.provider);
    let mut findings =
        lint_json(&origin, &document).map_err(|source| PactFileError::Unreadable { source })?;
    findings.retain(|finding| finding.severity() == Severity::Error);
    if findings.is_empty() {
        return Ok(());
    }
    Err(PactFileError::Flawed { findings })
}

pub(crate) fn count(findings: &[Finding]) -> String {
    match findings.len() {
        1 => "an error".to_owned(),
        several => format!("{several} errors"),
    }
}

pub(crate) fn list(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let interaction = finding.interaction.as_deref();
        let title = interaction.map(|title| format!("\n  {title}"));
        let title = title.unwrap_or_default();
        format!("{title}\n    {finding}\n    fix: {}", finding.fix())
    });
    lines.collect()
}
