//! Matchers for texts. Formats of dates and times are those of the Pact specification, `yyyy-MM-dd'T'HH:mm:ss`.

use pact_models::matchingrules::MatchingRule;

use super::Matcher;

const UUID: &str = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

/// Any text that the regular expression matches as a whole. As `term!`, for where a function reads better.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(regex("^[A-Z]{2}$", "DE"), &json!("FR")));
/// assert!(!accepts(regex("^[A-Z]{2}$", "DE"), &json!("France")));
/// ```
#[must_use]
pub fn regex(pattern: impl Into<String>, example: impl Into<String>) -> Matcher {
    Matcher::new(example.into(), MatchingRule::Regex(pattern.into()))
}

/// Any text with this part in it.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(includes("not found", "user 42 not found"), &json!("page not found")));
/// assert!(!accepts(includes("not found", "user 42 not found"), &json!("found")));
/// ```
#[must_use]
pub fn includes(part: impl Into<String>, example: impl Into<String>) -> Matcher {
    Matcher::new(example.into(), MatchingRule::Include(part.into()))
}

/// Any semantic version.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(semver("1.2.3"), &json!("2.0.0-rc.1")));
/// assert!(!accepts(semver("1.2.3"), &json!("latest")));
/// ```
#[must_use]
pub fn semver(example: impl Into<String>) -> Matcher {
    Matcher::new(example.into(), MatchingRule::Semver)
}

/// Any UUID with hyphens, in either case.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let id = || uuid("0e3a4f0c-9e1b-4a3c-8f53-6a7f9a1f2b11");
/// assert!(accepts(id(), &json!("936DA01F-9ABD-4D9D-80C7-02AF85C822A8")));
/// assert!(!accepts(id(), &json!("42")));
/// ```
#[must_use]
pub fn uuid(example: impl Into<String>) -> Matcher {
    regex(UUID, example)
}

/// Any date of this format.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(date("yyyy-MM-dd", "1999-12-31"), &json!("2026-02-28")));
/// assert!(!accepts(date("yyyy-MM-dd", "1999-12-31"), &json!("28.2.2026")));
/// ```
#[must_use]
pub fn date(format: impl Into<String>, example: impl Into<String>) -> Matcher {
    Matcher::new(example.into(), MatchingRule::Date(format.into()))
}

/// Any time of day of this format.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(time("HH:mm", "23:59"), &json!("08:30")));
/// assert!(!accepts(time("HH:mm", "23:59"), &json!("half past eight")));
/// ```
#[must_use]
pub fn time(format: impl Into<String>, example: impl Into<String>) -> Matcher {
    Matcher::new(example.into(), MatchingRule::Time(format.into()))
}

/// Any date and time of this format.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let at = || datetime("yyyy-MM-dd'T'HH:mm:ss", "1999-12-31T23:59:59");
/// assert!(accepts(at(), &json!("2026-02-28T08:30:00")));
/// assert!(!accepts(at(), &json!("yesterday")));
/// ```
#[must_use]
pub fn datetime(format: impl Into<String>, example: impl Into<String>) -> Matcher {
    Matcher::new(example.into(), MatchingRule::Timestamp(format.into()))
}

/// Bytes of this content type, told by what is in them. The example is a text; for bytes see
/// [`BodyExt::binary_body`](crate::bodies::BodyExt::binary_body).
///
/// ```
/// use treaty_consumer::prelude::*;
///
/// let matcher = content_type("text/plain", "any text");
/// # let _: StringPattern = matcher.into();
/// ```
#[must_use]
pub fn content_type(content_type: impl Into<String>, example: impl Into<String>) -> Matcher {
    Matcher::new(
        example.into(),
        MatchingRule::ContentType(content_type.into()),
    )
}
