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
    /// The request takes values from provider states, and no state handed them back.
    #[error(
        "the request needs {}, and no provider state handed {} back",
        quoted(names, "and"),
        them(names)
    )]
    MissingValues {
        /// The names of the values.
        names: Vec<String>,
    },
    /// A value that a provider state handed back cannot be what the pact says that it is.
    #[error("the request cannot use what a provider state handed back: {}", values.join("; "))]
    UnusableValues {
        /// Each with its expression, and why it will not do.
        values: Vec<String>,
    },
    /// The pact describes a request that cannot be sent.
    #[error("the request cannot be built: {reason}")]
    RequestNotBuilt {
        /// The part that cannot be sent.
        reason: String,
    },
    /// The request filter of the verifier gave no request back.
    #[error("the request filter failed: {reason}")]
    RequestFilter {
        /// What became of it.
        reason: String,
    },
    /// There is no way to the provider for this kind of interaction, or over the transport that the pact names.
    #[error(
        "nobody said how to reach the provider over {transport:?}{}",
        known_transports(known)
    )]
    NoTransport {
        /// The transport.
        transport: String,
        /// The transports that the verifier knows.
        known: Vec<String>,
    },
    /// The factory that is to make a provider for the interaction made none.
    #[error("no provider was made for the interaction: {reason}")]
    NoInstance {
        /// What became of the factory.
        reason: String,
    },
    /// A message that nobody knows how to produce.
    #[error("nobody produces the message {message:?}{}", near(nearest))]
    UnknownMessage {
        /// The message's description.
        message: String,
        /// Producers with a similar name.
        nearest: Vec<String>,
    },
    /// The producer of a message failed.
    #[error("the message {message:?} could not be produced: {reason}")]
    MessageProducer {
        /// The message's description.
        message: String,
        /// Its producer's words.
        reason: String,
    },
    /// The provider gave no answer.
    #[error("no answer from the provider: {reason}")]
    NoAnswer {
        /// The transport's words.
        reason: String,
    },
    /// The provider did not begin to answer in time.
    #[error("no answer from the provider within {limit_ms} ms")]
    AnswerDeadline {
        /// How long it had.
        limit_ms: u64,
    },
    /// The provider began to answer, and its body did not end in time.
    #[error("the body of the provider's answer did not end within {limit_ms} ms")]
    BodyDeadline {
        /// How long it had.
        limit_ms: u64,
    },
    /// The provider began to answer, and its body broke off.
    #[error("the provider's answer broke off: {reason}")]
    AnswerBrokenOff {
        /// The transport's words.
        reason: String,
    },
    /// The provider's answer is larger than what is read.
    #[error("the body of the provider's answer is larger than {bytes_max} bytes")]
    AnswerTooLarge {
        /// How much is read.
        bytes_max: usize,
    },
    /// The answer could not be compared with what the pact expects.
    #[error("the answer could not be compared: {reason}")]
    NotCompared {
        /// The matching library's words.
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
        names => format!(" (did you mean {}?)", quoted(names, "or")),
    }
}

fn known_transports(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!(" (it is reached over {})", quoted(names, "and")),
    }
}

/// `"a" or "b"`
fn quoted(names: &[String], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    quoted.join(&format!(" {word} "))
}

fn them(names: &[String]) -> &'static str {
    if names.len() == 1 { "it" } else { "them" }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cause: &Cause, expected: &str) {
        assert_eq!(cause.to_string(), expected);
    }

    #[test]
    fn names_stand_in_quotes() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let unknown = Cause::UnknownState {
            state: "no user exists".to_owned(),
            nearest: names(&["no users exist", "a user exists"]),
        };
        check(
            &unknown,
            r#"no handler for the provider state "no user exists" (did you mean "no users exist" or "a user exists"?)"#,
        );
        let one = Cause::MissingValues {
            names: names(&["id"]),
        };
        check(
            &one,
            r#"the request needs "id", and no provider state handed it back"#,
        );
        let two = Cause::MissingValues {
            names: names(&["id", "name"]),
        };
        check(
            &two,
            r#"the request needs "id" and "name", and no provider state handed them back"#,
        );
    }
}
