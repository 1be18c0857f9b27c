//! For scripts.

use serde_json::{Value, json};

use super::Linted;
use crate::lint::Finding;

/// The findings as one JSON document: a list of files, each with its findings.
///
/// ```
/// use treaty_core::lint::report;
///
/// let linted = report::Linted { file: "a-b.json".to_owned(), findings: Vec::new() };
/// assert_eq!(report::json(&[linted])["files"][0]["file"], "a-b.json");
/// ```
#[must_use]
pub fn json(files: &[Linted]) -> Value {
    let files: Vec<Value> = files.iter().map(file).collect();
    json!({ "files": files })
}

fn file(linted: &Linted) -> Value {
    let findings: Vec<Value> = linted.findings.iter().map(finding).collect();
    json!({ "file": linted.file, "findings": findings })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule().id(),
        "severity": finding.severity().as_str(),
        "interaction": finding.interaction,
        "pointer": finding.pointer,
        "line": finding.line,
        "message": finding.message(),
        "fix": finding.fix(),
    })
}
