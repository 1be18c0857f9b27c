//! What the linter says of the interactions of one test, before they go into a file that others rely on.

use treaty_core::document::{Draft, MergeError};
use treaty_core::lint::{Finding, Severity, lint_json};

use crate::file::PactFileError;

/// Refuses what the linter calls an error, and its warnings too where the test denies them; else they are printed.
pub(crate) fn check(draft: &Draft, deny_warnings: bool) -> Result<(), PactFileError> {
    // Whoever adds them to the file says better, and with its name, why they make no document.
    let Ok::<_, MergeError>(document) = draft.merge_into(None) else {
        return Ok(());
    };
    let origin = format!("the pact between {} and {}", draft.consumer, draft.provider);
    let findings =
        lint_json(&origin, &document).map_err(|source| PactFileError::Unreadable { source })?;
    if findings.is_empty() {
        return Ok(());
    }
    if deny_warnings || findings.iter().any(is_error) {
        return Err(PactFileError::Flawed { findings });
    }
    eprintln!(
        "{origin} has {}, which `PactBuilder::deny_warnings` turns into errors{}",
        count(&findings),
        list(&findings)
    );
    Ok(())
}

fn is_error(finding: &Finding) -> bool {
    finding.severity() == Severity::Error
}

pub(crate) fn count(findings: &[Finding]) -> String {
    let errors = findings.iter().filter(|finding| is_error(finding)).count();
    let counts = [
        (errors, "error", "an"),
        (findings.len() - errors, "warning", "a"),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    let counts = counts.map(|(count, word, article)| match count {
        1 => format!("{article} {word}"),
        several => format!("{several} {word}s"),
    });
    counts.collect::<Vec<_>>().join(" and ")
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
