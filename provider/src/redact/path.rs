//! Which values of a body are redacted: JSON paths with wildcards.

use pact_models::path_exp::{DocPath, PathToken};
use serde_json::Value;

/// A JSON path of redacted values: `$.user.token`, `$.users[*].token`, or `$..token` for a member anywhere.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    tokens: Vec<PathToken>,
    /// Whether it fits below every value.
    anywhere: bool,
}

/// A text is not a JSON path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path:?} is not a JSON path such as $.user.token, $.users[*].token or $..token: {reason}")]
pub struct JsonPathError {
    /// What was given.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Pattern {
    pub(super) fn parse(path: &str) -> Result<Self, JsonPathError> {
        let error = |reason: String| JsonPathError {
            path: path.to_owned(),
            reason,
        };
        let (anywhere, text) = match path.strip_prefix("$..") {
            Some(rest) => (true, format!("$.{rest}")),
            None => (false, path.to_owned()),
        };
        if !text.starts_with('$') {
            return Err(error("it does not begin with $".to_owned()));
        }
        let parsed = DocPath::new(text).map_err(|cause| error(cause.to_string()))?;
        let tokens = parsed.tokens()[1..].to_vec();
        Ok(Self { tokens, anywhere })
    }

    /// How many tokens of the path lead to a redacted value, if the path leads there or into it.
    fn depth_in(&self, path: &[PathToken]) -> Option<usize> {
        let starts = if self.anywhere { path.len() } else { 0 };
        (0..=starts).find_map(|start| {
            let end = start + self.tokens.len();
            let fits = path.get(start..end)?.iter().zip(&self.tokens);
            fits.into_iter()
                .all(|(step, wanted)| is(step, wanted))
                .then_some(end)
        })
    }
}

fn is(step: &PathToken, wanted: &PathToken) -> bool {
    match (step, wanted) {
        (PathToken::Field(step), PathToken::Field(wanted)) => step == wanted,
        (PathToken::Index(step), PathToken::Index(wanted)) => step == wanted,
        (_, PathToken::Star) => true,
        (PathToken::Index(_) | PathToken::StarIndex, PathToken::StarIndex) => true,
        _ => false,
    }
}

/// The path of the redacted value that the path leads to or into; nothing for a path that leads elsewhere.
pub(super) fn redacted_part(patterns: &[Pattern], path: &str) -> Option<String> {
    let path = DocPath::new(path).ok()?;
    let tokens = path.tokens().get(1..)?;
    let depths = patterns
        .iter()
        .filter_map(|pattern| pattern.depth_in(tokens));
    let depth = depths.min()?;
    let mut part = DocPath::root();
    for token in &tokens[..depth] {
        part.push(token.clone());
    }
    Some(part.to_string())
}

/// Puts the mark in the place of every redacted value inside the one at the path.
pub(super) fn redact_inside(patterns: &[Pattern], path: &str, value: &mut Value, mark: &str) {
    let Ok(path) = DocPath::new(path) else {
        return;
    };
    let mut steps = path.tokens().get(1..).unwrap_or_default().to_vec();
    walk(patterns, &mut steps, value, mark);
}

fn walk(patterns: &[Pattern], steps: &mut Vec<PathToken>, value: &mut Value, mark: &str) {
    if patterns
        .iter()
        .any(|pattern| pattern.depth_in(steps).is_some())
    {
        *value = Value::from(mark);
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                steps.push(PathToken::Field(name.clone()));
                walk(patterns, steps, member, mark);
                steps.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                steps.push(PathToken::Index(index));
                walk(patterns, steps, item, mark);
                steps.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, path: &str, expected: Option<&str>) {
        let pattern = Pattern::parse(pattern).unwrap();
        assert_eq!(redacted_part(&[pattern], path).as_deref(), expected);
    }

    #[test]
    fn a_path_leads_to_a_value_and_into_it() {
        check("$.user.token", "$.user.token", Some("$.user.token"));
        check("$.user.token", "$.user.token.kind[0]", Some("$.user.token"));
        check("$.user.token", "$.user", None);
        check("$.user.token", "$.other.token", None);
        check("$['a b']", "$['a b']", Some("$['a b']"));
    }

    #[test]
    fn stars_stand_for_one_step() {
        check(
            "$.users[*].token",
            "$.users[7].token",
            Some("$.users[7].token"),
        );
        check("$.*.token", "$.x.token", Some("$.x.token"));
        check("$.*.token", "$.x.y.token", None);
    }

    #[test]
    fn two_dots_stand_for_any_depth() {
        check("$..token", "$.token", Some("$.token"));
        check("$..token", "$.a[3].b.token.c", Some("$.a[3].b.token"));
        check("$..token", "$.tokens", None);
        check("$..user.token", "$.a.user.token", Some("$.a.user.token"));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for bad in ["token", "$.a[", ""] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn values_inside_are_found() {
        let patterns = [Pattern::parse("$..token").unwrap()];
        let mut value =
            serde_json::json!({ "token": 1, "list": [{ "token": { "a": 1 }, "id": 2 }] });
        redact_inside(&patterns, "$.data", &mut value, "x");
        assert_eq!(
            value,
            serde_json::json!({ "token": "x", "list": [{ "token": "x", "id": 2 }] })
        );
    }
}
