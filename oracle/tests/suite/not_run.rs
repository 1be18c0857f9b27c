//! Which scenarios run, and the names of those that do not.

use std::env;

use cucumber::gherkin::{Feature, Scenario};

/// A scenario that does not run yet.
pub(crate) struct NotRun {
    /// The end of its feature file's path.
    pub(crate) feature: &'static str,
    /// Its name.
    pub(crate) scenario: &'static str,
    /// What is missing.
    pub(crate) reason: &'static str,
}

const fn not_run(feature: &'static str, scenario: &'static str, reason: &'static str) -> NotRun {
    NotRun {
        feature,
        scenario,
        reason,
    }
}

const NO_EMPTY_SELECTORS: &str = "the broker client leaves an empty `consumerVersionSelectors` away, which the suite's broker wants";

/// Every scenario of the suite that does not run, with the reason. A name that no scenario has is a failure.
pub(crate) const NOT_RUN: &[NotRun] = &[
    not_run(
        "V3/message_provider.feature",
        "Supports messages with body formatted for the Kafka schema registry",
        "marked @wip by the suite itself",
    ),
    not_run(
        "V1/http_provider.feature",
        "Verifying a simple HTTP request via a Pact broker",
        NO_EMPTY_SELECTORS,
    ),
    not_run(
        "V1/http_provider.feature",
        "Verifying a simple HTTP request via a Pact broker with publishing results enabled",
        NO_EMPTY_SELECTORS,
    ),
    not_run(
        "V1/http_provider.feature",
        "Verifying multiple Pact files via a Pact broker",
        NO_EMPTY_SELECTORS,
    ),
    not_run(
        "V1/http_provider.feature",
        "Incorrect request is made to provider via a Pact broker",
        NO_EMPTY_SELECTORS,
    ),
    not_run(
        "V4/http_provider.feature",
        "Verifying a HTTP interaction with comments",
        "the report of a verification has no comments yet",
    ),
];

/// The features whose scenarios do not run yet, every one of them, with the reason.
pub(crate) const FEATURES_NOT_RUN: &[(&str, &str)] = &[
    (
        "V3/message_provider.feature",
        "the verifier has no messages yet",
    ),
    (
        "V4/message_provider.feature",
        "the verifier has no messages yet",
    ),
];

/// What the command line asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Only scenarios that have one of these words in their name or their file's path; all of them without words.
    words: Vec<String>,
}

impl Selection {
    /// The words of the command line that are no flags: `cargo test` hands the same ones to every test target.
    pub(crate) fn from_arguments() -> Self {
        let words = env::args().skip(1).filter(|word| !word.starts_with('-'));
        Self {
            words: words.collect(),
        }
    }

    /// Whether everything was asked for.
    pub(crate) fn is_everything(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether the scenario is asked for and can run.
    pub(crate) fn takes(&self, feature: &Feature, scenario: &Scenario) -> bool {
        self.asks_for(feature, scenario) && reason(feature, scenario).is_none()
    }

    /// Whether the scenario is asked for.
    pub(crate) fn asks_for(&self, feature: &Feature, scenario: &Scenario) -> bool {
        let file = file(feature);
        let fits = |word: &String| scenario.name.contains(word) || file.contains(word);
        self.words.is_empty() || self.words.iter().any(fits)
    }
}

/// Why the scenario does not run; nothing if it does.
pub(crate) fn reason(feature: &Feature, scenario: &Scenario) -> Option<&'static str> {
    let file = file(feature);
    let alone = NOT_RUN
        .iter()
        .find(|not_run| not_run.feature == file && not_run.scenario == scenario.name);
    let whole = || FEATURES_NOT_RUN.iter().find(|(name, _)| *name == file);
    let alone = alone.map(|not_run| not_run.reason);
    alone.or_else(|| whole().map(|(_, reason)| *reason))
}

/// A feature's file as this harness names it: `V1/http_consumer.feature`.
pub(crate) fn file(feature: &Feature) -> String {
    let path = feature.path.as_deref().unwrap_or(std::path::Path::new(""));
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}
