//! All rules over one document.

use serde_json::Value;

use super::finding::Finding;
use super::flaw::Flaw;
use super::subject::Subject;
use super::{
    body, descriptions, emptiness, examples, limits, method, orphans, same_request, secrets,
    specification, states, volatile,
};
use crate::document::{Lines, LoadError, load, load_json};
use crate::pact::Pact;

/// A flaw and its JSON pointer, as a rule finds them.
pub(super) type Found = Vec<(String, Flaw)>;

const CHECKS: [fn(&Subject<'_>) -> Found; 12] = [
    specification::check,
    emptiness::check,
    method::check,
    same_request::check,
    descriptions::check,
    states::check,
    limits::check,
    examples::check,
    orphans::check,
    body::check,
    volatile::check,
    secrets::check,
];

/// What is wrong with the pact in these bytes, in the order of its lines. `origin` is what errors call it.
///
/// ```
/// let text = br#"{"consumer": {"name": "A"}, "provider": {"name": "B"},
///   "interactions": [{"description": "x",
///     "request": {"method": "GETT", "path": "/"}, "response": {"status": 200}}]}"#;
/// let findings = treaty_core::lint::lint("a-b.json", text).unwrap();
/// assert_eq!(
///     findings[0].to_string(),
///     r#"error[unknown-method] line 3, /interactions/0/request/method: no HTTP method of the name "GETT" is registered"#
/// );
/// assert_eq!(findings[0].fix(), r#"write "GET""#);
/// ```
///
/// # Errors
/// [`LoadError`] for a document that cannot be read as a pact at all.
pub fn lint(origin: &str, bytes: &[u8]) -> Result<Vec<Finding>, LoadError> {
    let pact = load(origin, bytes)?;
    let document: Value = serde_json::from_slice(bytes).map_err(|source| LoadError::NotJson {
        origin: origin.to_owned(),
        source,
    })?;
    Ok(findings(&pact, &document, std::str::from_utf8(bytes).ok()))
}

/// What is wrong with a pact that is JSON already, such as a broker's answer. The findings have no lines.
///
/// # Errors
/// As [`lint`].
pub fn lint_json(origin: &str, document: &Value) -> Result<Vec<Finding>, LoadError> {
    let pact = load_json(origin, document)?;
    Ok(findings(&pact, document, None))
}

fn findings(pact: &Pact, document: &Value, text: Option<&str>) -> Vec<Finding> {
    let subject = Subject::new(pact, document);
    let mut found: Found = CHECKS.iter().flat_map(|check| check(&subject)).collect();
    if found.is_empty() {
        return Vec::new();
    }
    found.sort_by(|(a, one), (b, other)| (a, one.rule()).cmp(&(b, other.rule())));
    let lines = text.map(Lines::new);
    let mut findings: Vec<Finding> = found
        .into_iter()
        .map(|(pointer, flaw)| Finding {
            interaction: subject
                .exchange_at(&pointer)
                .map(|exchange| exchange.title.clone()),
            line: lines.as_ref().map(|lines| lines.of(&pointer)),
            pointer,
            flaw,
        })
        .collect();
    findings.sort_by_key(|finding| finding.line);
    findings
}
