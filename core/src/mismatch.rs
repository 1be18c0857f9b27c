//! One typed difference between what a pact expects and what came over the wire.

use std::fmt;

use pact_models::matchingrules::Category;
use serde::{Deserialize, Serialize};

/// The longest text of an expected or actual value that a mismatch keeps, in characters.
pub const VALUE_CHARS_MAX: usize = 400;

/// What stands on a side of a difference that has nothing there.
pub(crate) const NOTHING: &str = "nothing";

/// The part of a request, response or message in which a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// The request's method.
    Method,
    /// The request's path.
    Path,
    /// A query parameter.
    Query,
    /// The response's status.
    Status,
    /// A header.
    Header,
    /// The body's content type.
    ContentType,
    /// The body.
    Body,
    /// A message's metadata.
    Metadata,
}

impl Part {
    /// The part as it stands in texts and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::Status => "status",
            Self::Header => "header",
            Self::ContentType => "content type",
            Self::Body => "body",
            Self::Metadata => "metadata",
        }
    }

    /// The category of matching rules that are about the part; nothing if there is none.
    pub(crate) fn category(self) -> Option<Category> {
        match self {
            Self::Path => Some(Category::PATH),
            Self::Query => Some(Category::QUERY),
            Self::Status => Some(Category::STATUS),
            Self::Header => Some(Category::HEADER),
            Self::Body => Some(Category::BODY),
            Self::Metadata => Some(Category::METADATA),
            Self::Method | Self::ContentType => None,
        }
    }
}

/// One difference: where, what was expected, what came, and the matching rule that says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Mismatch {
    /// The part of the exchange.
    pub part: Part,
    /// Where in the part: a JSON path for a body, a name for a header or query parameter; the part itself otherwise.
    pub path: String,
    /// What the pact asks for, in words: `a string`, `an integer`, `"Jane"`.
    pub expected: String,
    /// What came: a JSON value, or `nothing`.
    pub actual: String,
    /// The matching rule, `equality` where the pact names none.
    pub rule: String,
    /// The matching library's own sentence.
    pub description: String,
}

impl Mismatch {
    /// A difference that the matching itself did not find, such as a request that nobody expected.
    pub fn new(
        part: Part,
        path: impl Into<String>,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        let (expected, actual) = (capped(expected.into()), capped(actual.into()));
        Self {
            part,
            path: path.into(),
            description: format!("expected {expected}, got {actual}"),
            expected,
            actual,
            rule: "equality".to_owned(),
        }
    }

    /// What is different, without where: `expected a string, got nothing  (rule: type)`.
    #[must_use]
    pub fn difference(&self) -> String {
        let Self {
            expected,
            actual,
            rule,
            ..
        } = self;
        format!("expected {expected}, got {actual}  (rule: {rule})")
    }
}

/// `$.email  expected a string, got nothing  (rule: type)`
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self.part, Part::Header | Part::Query | Part::Metadata) {
            write!(f, "{} ", self.part.as_str())?;
        }
        write!(f, "{}  {}", self.path, self.difference())
    }
}

pub(crate) fn capped(text: String) -> String {
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}
