//! Whether a JSON document is a pact at all, before anything reads it.

use std::fmt;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use super::locate::line_of;
use super::unseen::unseen;

/// How many problems of one document are told; the rest is seldom news.
const PROBLEMS_MAX: usize = 10;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../../schemas/pact.json"));
    let schema: Value = schema.expect("the schema in this crate is JSON");
    jsonschema::validator_for(&schema).expect("the schema in this crate is a JSON Schema")
});

/// One place where a document is not a pact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The JSON pointer of the place; empty for the whole document.
    pub pointer: String,
    /// The one-based line of the place; absent where there is no text to count in.
    pub line: Option<usize>,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        let place = if self.pointer.is_empty() {
            "at the top"
        } else {
            &self.pointer
        };
        write!(f, "{place}: {}", self.what)
    }
}

impl Problem {
    /// A problem of the place that the pointer names; the line is counted where there is a text.
    pub(super) fn at(pointer: String, what: String, text: Option<&str>) -> Self {
        Self {
            line: text.map(|text| line_of(text, &pointer)),
            pointer,
            what,
        }
    }
}

/// What keeps the document from being a pact, the first problems only; nothing if it is one.
pub(super) fn problems(document: &Value, text: Option<&str>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = SCHEMA
        .iter_errors(document)
        .take(PROBLEMS_MAX)
        .map(|error| Problem::at(error.instance_path().to_string(), describe(&error), text))
        .collect();
    if problems.is_empty() {
        let unseen = unseen(document).into_iter().take(PROBLEMS_MAX);
        problems.extend(unseen.map(|(pointer, what)| Problem::at(pointer, what, text)));
    }
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// The schema library repeats the whole instance in its texts, which for a pact is pages: cut it short.
fn describe(error: &jsonschema::ValidationError<'_>) -> String {
    const TEXT_CHARS_MAX: usize = 160;
    let instance = error.instance();
    if instance.is_object() && error.instance_path().as_str().is_empty() && is_any_of(error) {
        return "neither `interactions` nor `messages` is there".to_owned();
    }
    let text = error.masked_with(short(instance)).to_string();
    text.chars().take(TEXT_CHARS_MAX).collect()
}

fn is_any_of(error: &jsonschema::ValidationError<'_>) -> bool {
    matches!(
        error.kind(),
        jsonschema::error::ValidationErrorKind::AnyOf { .. }
    )
}

fn short(value: &Value) -> String {
    match value {
        Value::Object(_) => "the object".to_owned(),
        Value::Array(_) => "the array".to_owned(),
        other => other.to_string(),
    }
}
