//! Why nobody can say whether two are alike.

use crate::mismatch::{Mismatch, Part};
use crate::outcome::Cause;

/// Why it could not be found out whether what came is what is expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotCompared {
    /// A plugin of this process compares bodies of the type, and the pact does not name it.
    #[error("a body of a type that a plugin of another pact has taken over: verify the two apart")]
    TakenOver,
    /// It would take longer than anybody waits.
    #[error(
        "its matching rules take {steps} steps or more with this body, and {steps_max} are the most that are begun \
         (several rules for one place hold for everything below it, and multiply with each level)"
    )]
    TooManySteps {
        /// How many it takes.
        steps: u64,
        /// How many are begun.
        steps_max: u64,
    },
    /// The matching library gave up.
    #[error("{reason}")]
    Library {
        /// Its words.
        reason: String,
    },
}

impl From<NotCompared> for Cause {
    fn from(why: NotCompared) -> Self {
        Self::NotCompared {
            reason: why.to_string(),
        }
    }
}

/// For those to whom what cannot be compared is not what they expect, such as a mock server.
impl From<NotCompared> for Mismatch {
    fn from(why: NotCompared) -> Self {
        let expected = "something that can be compared";
        Self::new(Part::Body, "$", expected, why.to_string())
    }
}
