//! One finding of the linter.

use std::fmt;

use super::flaw::Flaw;
use super::rule::Rule;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The pact is wrong: no reader and no provider can do what it says.
    Error,
    /// The pact works, and is likely not what its author meant, or will not work for long.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One flaw of a pact, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The title of the interaction; absent for a flaw of the whole document.
    pub interaction: Option<String>,
    /// The JSON pointer of the place; empty for the whole document.
    pub pointer: String,
    /// The one-based line of the place; absent where there is no text to count in.
    pub line: Option<usize>,
    /// What is wrong there.
    pub flaw: Flaw,
}

impl Finding {
    /// The rule that found it.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.flaw.rule()
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.flaw.severity()
    }

    /// What is wrong, in words.
    #[must_use]
    pub fn message(&self) -> String {
        self.flaw.to_string()
    }

    /// What to do about it.
    #[must_use]
    pub fn fix(&self) -> String {
        self.flaw.fix()
    }
}

/// `error[broken-regex] line 12, /interactions/0/request/...: message`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] ", self.severity().as_str(), self.rule().id())?;
        if let Some(line) = self.line {
            write!(f, "line {line}, ")?;
        }
        let place = if self.pointer.is_empty() {
            "at the top"
        } else {
            &self.pointer
        };
        write!(f, "{place}: {}", self.flaw)
    }
}
