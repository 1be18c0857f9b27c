//! For a terminal.

use std::fmt::Write as _;

use super::Linted;
use crate::lint::Severity;

/// The findings as lines: the place, the flaw and the remedy; at the end how many there are.
///
/// ```
/// use treaty_core::lint::{lint, report};
///
/// let pact = br#"{"consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": []}"#;
/// let linted = report::Linted { file: "a-b.json".to_owned(), findings: lint("a-b.json", pact).unwrap() };
/// assert_eq!(
///     report::text(&[linted]),
///     "a-b.json:1: warning[empty-pact] there is no interaction to verify\n  \
///      fix: remove the file, or add an interaction\n\n1 file: 0 errors, 1 warning\n"
/// );
/// ```
#[must_use]
pub fn text(files: &[Linted]) -> String {
    let mut text = String::new();
    for linted in files {
        let mut interaction = None;
        for finding in &linted.findings {
            if finding.interaction.is_some() && finding.interaction != interaction {
                interaction.clone_from(&finding.interaction);
                let _ = writeln!(text, "{}", interaction.as_deref().unwrap_or_default());
            }
            let line = finding
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            let severity = finding.severity().as_str();
            let rule = finding.rule().id();
            let _ = writeln!(
                text,
                "{}{line}: {severity}[{rule}] {}",
                linted.file, finding.flaw
            );
            if !finding.pointer.is_empty() {
                let _ = writeln!(text, "  at {}", finding.pointer);
            }
            let _ = writeln!(text, "  fix: {}", finding.fix());
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(
        text,
        "{}: {}, {}",
        counted(files.len(), "file"),
        count(files, Severity::Error),
        count(files, Severity::Warning)
    );
    text
}

fn count(files: &[Linted], severity: Severity) -> String {
    let findings = files.iter().flat_map(|linted| &linted.findings);
    let number = findings
        .filter(|finding| finding.severity() == severity)
        .count();
    counted(number, severity.as_str())
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
