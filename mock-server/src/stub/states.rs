//! Which provider states a stub answers in.

use http::HeaderMap;
use pact_models::provider_states::ProviderState;
use regex::Regex;

/// The header by which a request asks for a provider state, unless another is named.
pub const STATE_HEADER: &str = "x-provider-state";

/// A name, or a regular expression that is found in names: what a person types to choose some of them.
///
/// ```
/// use treaty_mock_server::NamePattern;
///
/// assert!(NamePattern::new("user .* exists").fits("a user with ID 42 exists"));
/// assert!(NamePattern::new("[sic").fits("[sic"));
/// ```
#[derive(Debug, Clone)]
pub struct NamePattern {
    text: String,
    regex: Option<Regex>,
}

impl NamePattern {
    /// A pattern. A text that is no regular expression is a name.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            regex: Regex::new(&text).ok(),
            text,
        }
    }

    /// Whether it chooses the name.
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        let found = |regex: &Regex| regex.is_match(name);
        name == self.text || self.regex.as_ref().is_some_and(found)
    }
}

/// Which provider states a stub answers in: any, unless one is asked for.
#[derive(Debug, Clone)]
pub struct States {
    pub(super) default: Option<NamePattern>,
    pub(super) or_stateless: bool,
    pub(super) header: String,
}

impl Default for States {
    fn default() -> Self {
        Self {
            default: None,
            or_stateless: false,
            header: STATE_HEADER.to_owned(),
        }
    }
}

impl States {
    /// What a request with these headers asks for.
    pub(super) fn wanted(&self, headers: &HeaderMap) -> Wanted {
        let asked = headers.get(&self.header);
        let asked = asked.map(|value| String::from_utf8_lossy(value.as_bytes()));
        let asked = asked.filter(|text| !text.is_empty());
        Wanted {
            pattern: asked.map(NamePattern::new).or_else(|| self.default.clone()),
            or_stateless: self.or_stateless,
        }
    }
}

/// What one request asks for.
#[derive(Debug)]
pub(super) struct Wanted {
    pattern: Option<NamePattern>,
    or_stateless: bool,
}

impl Wanted {
    pub(super) fn fits(&self, states: &[ProviderState]) -> bool {
        let Some(pattern) = &self.pattern else {
            return true;
        };
        states.iter().any(|state| pattern.fits(&state.name))
            || (self.or_stateless && states.is_empty())
    }

    /// The text that was asked for, if any was.
    pub(super) fn text(&self) -> Option<&str> {
        self.pattern.as_ref().map(|pattern| pattern.text.as_str())
    }
}
