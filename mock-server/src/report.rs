//! The account of a session: what was expected and did not come, what came and was not expected.

use std::fmt;

use treaty_core::mismatch::Mismatch;

/// What a mock server has seen, against what its interactions expect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// How many requests were answered from an interaction.
    pub answered: usize,
    /// The interactions that no request matched.
    pub unmet: Vec<UnmetInteraction>,
    /// The requests that matched no interaction, in the order in which they came.
    pub unexpected: Vec<UnexpectedRequest>,
}

impl Report {
    /// Whether every interaction was met and nothing else came.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.unmet.is_empty() && self.unexpected.is_empty()
    }
}

/// An interaction that no request matched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmetInteraction {
    /// Its description and provider states.
    pub title: String,
    /// The request that it waits for, `GET /users/42`.
    pub request: String,
}

/// A request that matched no interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnexpectedRequest {
    /// The request, `GET /users/42`.
    pub request: String,
    /// The interaction that it came closest to; absent where the mock server has none.
    pub closest: Option<Closest>,
}

/// The interaction that a request came closest to, and why it is not it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closest {
    /// Its description and provider states.
    pub title: String,
    /// The differences.
    pub mismatches: Vec<Mismatch>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for unmet in &self.unmet {
            writeln!(
                f,
                "expected, but never came: {}\n    {}",
                unmet.request, unmet.title
            )?;
        }
        for unexpected in &self.unexpected {
            writeln!(f, "came, but was not expected: {unexpected}")?;
        }
        Ok(())
    }
}

impl fmt::Display for UnexpectedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.request)?;
        let Some(closest) = &self.closest else {
            return f.write_str("\n    this mock server expects no HTTP request at all");
        };
        write!(f, "\n    closest: {}", closest.title)?;
        closest
            .mismatches
            .iter()
            .try_for_each(|mismatch| write!(f, "\n      {mismatch}"))
    }
}
