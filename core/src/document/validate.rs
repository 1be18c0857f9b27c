//! Whether a JSON document is a pact at all, before anything reads it.

use std::fmt;

use serde_json::Value;

use super::locate::line_of;
use super::schema::{Violation, violations};
use super::unseen::unseen;

/// How many problems of one document are told; the rest is seldom news.
const PROBLEMS_MAX: usize = 10;

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
    let plugins = document
        .pointer("/metadata/plugins")
        .and_then(Value::as_array);
    let has_plugins = plugins.is_some_and(|plugins| !plugins.is_empty());
    // A rule of a plugin has a name that no schema knows; that the pact needs the plugin is told later.
    let is_told_later = |v: &Violation| has_plugins && v.pointer.ends_with("/match");
    let refused = violations(document)
        .into_iter()
        .filter(|v| !v.tolerated && !is_told_later(v));
    let mut found: Vec<(String, String)> = refused.map(|v| (v.pointer, v.what)).collect();
    if found.is_empty() {
        found = unseen(document);
    }
    let first = found.into_iter().take(PROBLEMS_MAX);
    let mut problems: Vec<Problem> = first
        .map(|(pointer, what)| Problem::at(pointer, what, text))
        .collect();
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// Where the document departs from its version of the specification, although it can be read.
pub(crate) fn departures(document: &Value) -> Vec<Problem> {
    let tolerated = violations(document)
        .into_iter()
        .filter(|violation| violation.tolerated);
    tolerated
        .map(|v| Problem::at(v.pointer, v.what, None))
        .collect()
}
