//! Which interactions and which pacts are verified.

use std::collections::BTreeSet;

use regex::Regex;
use treaty_core::interaction::Interaction;
use treaty_core::names::PacticipantName;

use crate::report::Report;

/// The reason in a receipt for an interaction that a filter left out.
pub(crate) const FILTERED: &str = "filtered";

/// What is verified: everything, or only what all given conditions let through.
///
/// ```
/// use treaty_provider::Filter;
///
/// let filter = Filter::new().description("^a request for user")?.no_state();
/// assert!(filter.narrows_interactions());
/// # Ok::<(), treaty_provider::FilterError>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Filter {
    description: Option<Regex>,
    state: Option<Regex>,
    no_state: bool,
    consumers: Vec<PacticipantName>,
    /// Consumer, description, names of the states.
    only: BTreeSet<(String, String, Vec<String>)>,
}

/// A filter's text is not a regular expression.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{pattern:?} is not a regular expression")]
pub struct FilterError {
    /// What was given.
    pub pattern: String,
    /// What is wrong with it.
    #[source]
    pub source: regex::Error,
}

impl Filter {
    /// The filter that lets everything through.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only interactions in whose description the regular expression is found.
    ///
    /// # Errors
    /// [`FilterError`] for a text that is not a regular expression.
    pub fn description(mut self, pattern: &str) -> Result<Self, FilterError> {
        self.description = Some(parse(pattern)?);
        Ok(self)
    }

    /// Only interactions with a provider state in whose name the regular expression is found.
    ///
    /// # Errors
    /// [`FilterError`] for a text that is not a regular expression.
    pub fn state(mut self, pattern: &str) -> Result<Self, FilterError> {
        self.state = Some(parse(pattern)?);
        Ok(self)
    }

    /// Only interactions without a provider state; with [`Filter::state`], those as well.
    pub fn no_state(mut self) -> Self {
        self.no_state = true;
        self
    }

    /// Only pacts of this consumer, and of the others for which this is called.
    pub fn consumer(mut self, name: PacticipantName) -> Self {
        self.consumers.push(name);
        self
    }

    /// Only interactions that did not pass in the report, known by consumer, description and states; everything if all
    /// of them passed.
    pub fn not_passed_in(mut self, report: &Report) -> Self {
        for pact in &report.pacts {
            let consumer = pact.receipt.consumer.as_str();
            let interactions = pact.interactions.iter();
            for interaction in interactions.filter(|i| !i.outcome.passed()) {
                self.only.insert((
                    consumer.to_owned(),
                    interaction.description.clone(),
                    interaction.provider_states.clone(),
                ));
            }
        }
        self
    }

    /// Whether parts of a pact may be left out: then no result of it can be published.
    #[must_use]
    pub fn narrows_interactions(&self) -> bool {
        self.description.is_some() || self.state.is_some() || self.no_state || !self.only.is_empty()
    }

    pub(crate) fn takes_consumer(&self, name: &PacticipantName) -> bool {
        self.consumers.is_empty() || self.consumers.contains(name)
    }

    pub(crate) fn takes(&self, consumer: &PacticipantName, interaction: &Interaction) -> bool {
        let description = self.description.as_ref();
        description.is_none_or(|pattern| pattern.is_match(interaction.description()))
            && self.takes_states_of(interaction)
            && (self.only.is_empty() || self.only.contains(&key(consumer, interaction)))
    }

    fn takes_states_of(&self, interaction: &Interaction) -> bool {
        let states = interaction.provider_states();
        match &self.state {
            _ if self.no_state && states.is_empty() => true,
            Some(pattern) => states.iter().any(|state| pattern.is_match(&state.name)),
            None => !self.no_state,
        }
    }
}

fn key(consumer: &PacticipantName, interaction: &Interaction) -> (String, String, Vec<String>) {
    let states = interaction.provider_states().iter();
    (
        consumer.as_str().to_owned(),
        interaction.description().to_owned(),
        states.map(|state| state.name.clone()).collect(),
    )
}

fn parse(pattern: &str) -> Result<Regex, FilterError> {
    Regex::new(pattern).map_err(|source| FilterError {
        pattern: pattern.to_owned(),
        source,
    })
}
