//! The nouns of a report.

use std::fmt;

use serde::{Deserialize, Serialize};
use treaty_core::outcome::{Cause, Outcome};
use treaty_core::receipt::{Receipt, Shard};

use crate::diff::BodyDiff;
use crate::mutate::Protection;
use crate::order::OrderDependence;
use crate::stability::Stability;

/// What one call of [`crate::Verifier::verify`] did and found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a report may be a \"no\": ask for its verdict, or assert_ok()"]
#[non_exhaustive]
pub struct Report {
    /// The provider, as the verifier was told its name.
    pub provider: String,
    /// Why nothing was run at all; absent for a question that could be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// The pacts that were verified, in the order of the sources.
    pub pacts: Vec<PactReport>,
    /// Pacts that were found and not verified.
    pub pacts_left_out: Vec<PactLeftOut>,
    /// Sources, or files in them, that gave no pact.
    pub problems: Vec<SourceProblem>,
    /// How long all of it took.
    pub duration_ms: u64,
}

/// Why a verification did not begin: the question itself was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// The provider's name cannot be one.
    #[error("the provider's name is wrong: {reason}")]
    Provider {
        /// What is wrong with it.
        reason: String,
    },
    /// A URL that was given to the verifier is not one.
    #[error("{url:?} is not a URL of a web server: {reason}")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A header that was given to the verifier cannot be sent.
    #[error("the header {name:?} cannot be sent: {reason}")]
    Header {
        /// The name that was given.
        name: String,
        /// What is wrong with it, or with its value.
        reason: String,
    },
    /// The HTTP client could not be made.
    #[error("no HTTP client could be made: {reason}")]
    Client {
        /// Its library's words.
        reason: String,
    },
    /// Results are to be published, but a filter keeps interactions from being replayed.
    #[error(
        "results of a part of the interactions are not published: leave the filter or the publishing away"
    )]
    PublishFiltered,
    /// Results are to be published, but none of the sources is a broker.
    #[error("results can only be published to a broker, and none of the pacts comes from one")]
    PublishWithoutBroker,
    /// Results are to be published, but this run is one of several that share the interactions.
    #[error(
        "shard {shard} knows only its part of each pact: write the reports to files, and publish them joined"
    )]
    PublishShard {
        /// The part.
        shard: Shard,
    },
    /// There is no such shard.
    #[error("{shard} is not a shard: 1/{} to {}/{} are", shard.of.max(1), shard.of.max(1), shard.of.max(1))]
    Shard {
        /// What was asked for.
        shard: Shard,
    },
    /// A certificate or a key that was given to the verifier is none.
    #[error("the {what} cannot be used: {reason}")]
    Certificate {
        /// Which of them.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The verification of one pact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PactReport {
    /// Where the pact was read: a path or a URL.
    pub origin: String,
    /// The account of what was done with it.
    pub receipt: Receipt,
    /// The interactions that were to be replayed, in the order of the pact.
    pub interactions: Vec<InteractionReport>,
    /// Whether the broker calls the pact pending: its failures do not fail the build.
    pub pending: bool,
    /// Whether the broker gave the pact as work in progress: pending, and not selected yet.
    pub wip: bool,
    /// What the broker wants to be said about the pact.
    pub notices: Vec<Notice>,
    /// What became of its result.
    pub publication: Publication,
    /// How long its interactions took, added up: those that ran at the same time count one after the other.
    pub duration_ms: u64,
}

/// The replay of one interaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InteractionReport {
    /// The id that a broker gave the interaction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its place in the pact, from 1.
    pub position: usize,
    /// What it is about, in its author's words.
    pub description: String,
    /// The names of its provider states.
    pub provider_states: Vec<String>,
    /// What its author wrote about it for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
    /// The consumer's test that described it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_name: Option<String>,
    /// Whether the interaction itself is marked as pending in the pact.
    pub pending: bool,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Whether it was sent, and its answer compared. An outcome can be inconclusive all the same: a state that was not
    /// torn down leaves a provider behind that nobody knows.
    pub replayed: bool,
    /// How many of its states were set up.
    pub states_run: usize,
    /// States that nobody knows and that the options allow to be unknown.
    pub states_ignored: Vec<String>,
    /// States that could not be torn down.
    pub tear_down_failures: Vec<Cause>,
    /// Where the body of the answer differs, for one that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_diff: Option<BodyDiff>,
    /// What the contract protects in the answer, for one that passed, where that was to be found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protection: Option<Protection>,
    /// How its runs went, where it was to be repeated. The outcome is then the worst of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stability: Option<Stability>,
    /// Whether its failure depends on what ran before it, where that was to be found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_dependence: Option<OrderDependence>,
    /// How long it took, its states included.
    pub duration_ms: u64,
}

/// A broker's sentence about a pact, and the moment for which it is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Notice {
    /// The moment: `before_verification`, `after_verification:success_true_published_false`, ...
    pub when: String,
    /// The sentence.
    pub text: String,
}

/// A pact that was found and not verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PactLeftOut {
    /// Where the pact was read.
    pub origin: String,
    /// Its consumer.
    pub consumer: String,
    /// Its provider.
    pub provider: String,
    /// Why it was left out.
    pub reason: PactLeftOutReason,
}

/// Why a pact was not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PactLeftOutReason {
    /// Its provider is another one.
    OtherProvider,
    /// Its consumer is none of those in the filter.
    FilteredConsumer,
}

/// A source, or a file in it, that gave no pact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceProblem {
    /// The path or URL.
    pub origin: String,
    /// What is wrong with it.
    pub cause: SourceCause,
    /// Whether the options say that it does not matter.
    pub ignored: bool,
}

/// `pacts: no pact for the provider, only for UsrService`
impl fmt::Display for SourceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            // Its reason begins with the document.
            SourceCause::NotAPact { reason } => f.write_str(reason),
            cause => write!(f, "{}: {cause}", self.origin),
        }
    }
}

/// Why a source gave no pact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SourceCause {
    /// A file or directory that cannot be read.
    #[error("{reason}")]
    Unreadable {
        /// The operating system's words.
        reason: String,
    },
    /// A document that is not a pact.
    #[error("{reason}")]
    NotAPact {
        /// Which document, where in it, and what was expected there.
        reason: String,
    },
    /// A directory without a pact for the provider.
    #[error("no pact for the provider{}", others(providers))]
    NoPact {
        /// The providers that it has pacts for.
        providers: Vec<String>,
    },
    /// A broker without a pact for the provider.
    #[error("the broker has no pact for the provider that was asked for")]
    NoPactInBroker,
    /// A URL or a broker that gave no usable answer.
    #[error("{reason}")]
    Unreachable {
        /// The client's words.
        reason: String,
    },
}

fn others(providers: &[String]) -> String {
    match providers {
        [] => String::new(),
        providers => format!(", only for {}", providers.join(", ")),
    }
}

/// What became of the result of one pact's verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Publication {
    /// Nobody asked for it to be published.
    NotAsked,
    /// The broker has it; its word is in the receipt.
    Acknowledged {
        /// What was published.
        success: bool,
    },
    /// The broker did not take it.
    Refused {
        /// What was to be published.
        success: bool,
        /// The client's words.
        reason: String,
    },
    /// It was not offered to a broker.
    Withheld {
        /// Why.
        reason: Withheld,
    },
}

/// Why a result that was to be published was not offered to a broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Withheld {
    /// The verification is neither a success nor a failure.
    #[error("the verification is inconclusive")]
    Inconclusive,
    /// The pact has no interaction that was replayed.
    #[error("nothing was replayed")]
    NothingReplayed,
    /// Some of the pact's interactions were not replayed.
    #[error("not all interactions were replayed")]
    NotWhole,
    /// The pact does not come from a broker.
    #[error("the pact does not come from a broker")]
    NotFromABroker,
    /// The broker has another content at the pact's URL than the one that was verified.
    #[error("the pact at its URL is not the one that was verified")]
    ContentChanged,
}
