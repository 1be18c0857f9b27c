//! How the replay of one interaction ended, and what a whole verification means.

use serde::{Deserialize, Serialize};

use crate::mismatch::Mismatch;

/// How the replay of one interaction ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The provider answered as the pact says.
    Passed,
    /// The provider answered otherwise.
    Failed {
        /// Every difference, at least one.
        mismatches: Vec<Mismatch>,
    },
    /// It could not be found out: a state did not set up, nobody answered.
    Inconclusive {
        /// What stood in the way.
        cause: Cause,
    },
}

impl Outcome {
    /// `Passed` without differences, `Failed` with some.
    #[must_use]
    pub fn of(mismatches: Vec<Mismatch>) -> Self {
        if mismatches.is_empty() {
            Self::Passed
        } else {
            Self::Failed { mismatches }
        }
    }

    /// Whether this is [`Outcome::Passed`].
    #[must_use]
    pub fn passed(&self) -> bool {
        matches!(self, Self::Passed)
    }
}

/// What kept an interaction from being verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Cause {
    /// A provider state that nobody knows how to set up.
    #[error("no handler for the provider state {state:?}{}", near(nearest))]
    UnknownState {
        /// The state.
        state: String,
        /// Handlers with a similar name.
        nearest: Vec<String>,
    },
    /// A handler or the state-change URL failed to set a state up.
    #[error("the provider state {state:?} could not be set up: {reason}")]
    StateSetUp {
        /// The state.
        state: String,
        /// Its handler's words.
        reason: String,
    },
    /// A handler or the state-change URL failed to tear a state down.
    #[error("the provider state {state:?} could not be torn down: {reason}")]
    StateTearDown {
        /// The state.
        state: String,
        /// Its handler's words.
        reason: String,
    },
    /// The provider gave no whole answer.
    #[error("no answer from the provider: {reason}")]
    NoAnswer {
        /// The transport's words.
        reason: String,
    },
    /// A kind of interaction that this build cannot replay.
    #[error("{what} cannot be verified by this version of Treaty")]
    Unsupported {
        /// What it is.
        what: String,
    },
}

fn near(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!(" (did you mean {}?)", names.join(" or ")),
    }
}

/// What a whole verification, or another question with several answers, comes to.
///
/// The order is the order of precedence: the greatest of several verdicts is the verdict of them all, so a "no" outweighs
/// what could not be found out, and that outweighs a "yes".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All that was asked was found true.
    Yes,
    /// The question itself was wrong: a filter or a path that matches nothing.
    NothingToDo,
    /// Something could not be found out.
    Unknown,
    /// At least one thing was found false.
    No,
}
