//! For code scanning: SARIF 2.1.0, which shows each finding at its line of a pull request.

use serde_json::{Value, json};

use super::Linted;
use crate::lint::{Finding, Rule};

/// The findings as one SARIF log.
///
/// ```
/// use treaty_core::lint::report;
///
/// let log = report::sarif(&[]);
/// assert_eq!(log["runs"][0]["tool"]["driver"]["name"], "treaty");
/// ```
#[must_use]
pub fn sarif(files: &[Linted]) -> Value {
    let rules: Vec<Value> = Rule::ALL
        .iter()
        .map(|rule| json!({ "id": rule.id(), "shortDescription": { "text": rule.summary() } }))
        .collect();
    let results: Vec<Value> = files
        .iter()
        .flat_map(|linted| {
            linted
                .findings
                .iter()
                .map(|finding| result(&linted.file, finding))
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "treaty", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "results": results,
        }],
    })
}

fn result(file: &str, finding: &Finding) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(file) } });
    if let Some(line) = finding.line {
        physical["region"] = json!({ "startLine": line });
    }
    let mut location = json!({ "physicalLocation": physical });
    if !finding.pointer.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.pointer }]);
    }
    json!({
        "ruleId": finding.rule().id(),
        "level": finding.severity().as_str(),
        "message": { "text": format!("{} (fix: {})", finding.message(), finding.fix()) },
        "locations": [location],
    })
}

/// A path as a reference that SARIF takes: forward slashes, and no character that a URI would not hold.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
