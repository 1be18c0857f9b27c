//! What is redacted.

use super::path::{JsonPathError, Pattern};

/// What stands in the place of a redacted value.
pub const REDACTED: &str = "[redacted]";

/// The headers that are redacted unless somebody says otherwise.
pub const REDACTED_HEADERS: [&str; 5] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-api-key",
];

/// What nobody is to read in a report: the values of headers and of places in bodies, and texts that are known.
///
/// ```
/// use treaty_provider::Redaction;
///
/// let redaction = Redaction::default().header("x-session").json_path("$..password")?.text("hunter22");
/// assert!(redaction.is_redacted("X-Session") && redaction.is_redacted("Authorization"));
/// assert!(!Redaction::none().is_redacted("Authorization"));
/// # Ok::<(), treaty_provider::JsonPathError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Redaction {
    headers: Vec<String>,
    pub(super) paths: Vec<Pattern>,
    pub(super) texts: Vec<String>,
}

impl Default for Redaction {
    /// The [`REDACTED_HEADERS`].
    fn default() -> Self {
        let headers = REDACTED_HEADERS.into_iter();
        headers.fold(Self::none(), Self::header)
    }
}

impl Redaction {
    /// Nothing at all.
    pub fn none() -> Self {
        Self {
            headers: Vec::new(),
            paths: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// Also the values of this header, and of a message's metadata with this name; in whatever case it is written.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    /// Also the values at this JSON path in every body: `$.user.token`, `$.users[*].token`, or `$..token` for a member
    /// of this name wherever it is.
    ///
    /// # Errors
    /// [`JsonPathError`] for a text that is not such a path.
    pub fn json_path(mut self, path: &str) -> Result<Self, JsonPathError> {
        self.paths.push(Pattern::parse(path)?);
        Ok(self)
    }

    /// Also this text wherever it stands: a token that the caller knows. An empty text is in every other, and left alone.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.texts.push(text.into());
        self.texts.retain(|text| !text.is_empty());
        self
    }

    /// Whether the values of the header are redacted.
    #[must_use]
    pub fn is_redacted(&self, header: &str) -> bool {
        self.headers
            .iter()
            .any(|name| name.eq_ignore_ascii_case(header))
    }
}
