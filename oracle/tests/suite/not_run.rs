//! Which scenarios run, and the names of those that do not.

use std::env;

use cucumber::gherkin::{Feature, Scenario};

/// Scenarios of one feature that do not run, for one reason.
pub(crate) struct NotRun {
    /// The end of the feature file's path.
    pub(crate) feature: &'static str,
    /// What is missing.
    pub(crate) reason: &'static str,
    /// Their names.
    pub(crate) scenarios: &'static [&'static str],
}

/// Every scenario of the suite that does not run. A name that no scenario has is a failure.
pub(crate) const NOT_RUN: &[NotRun] = &[NotRun {
    feature: "V3/message_provider.feature",
    reason: "marked @wip by the suite itself",
    scenarios: &["Supports messages with body formatted for the Kafka schema registry"],
}];

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
    let groups = NOT_RUN.iter().filter(|group| group.feature == file);
    let mut groups = groups.filter(|group| group.scenarios.contains(&scenario.name.as_str()));
    groups.next().map(|group| group.reason)
}

/// A feature's file as this harness names it: `V1/http_consumer.feature`.
pub(crate) fn file(feature: &Feature) -> String {
    let path = feature.path.as_deref().unwrap_or(std::path::Path::new(""));
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}
