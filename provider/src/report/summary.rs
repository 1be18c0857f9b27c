//! How much was really done, in numbers.

use serde::Serialize;
use treaty_core::outcome::Outcome;

use super::types::{Publication, Report};
use crate::filter::FILTERED;

/// The numbers of a whole report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Summary {
    /// Pacts that were verified.
    pub pacts: usize,
    /// Pacts that were found and left out.
    pub pacts_left_out: usize,
    /// Interactions in the verified pacts.
    pub interactions_found: usize,
    /// Those that were sent to the provider and answered.
    pub interactions_replayed: usize,
    /// Those that a filter left out.
    pub interactions_filtered: usize,
    /// Those that passed.
    pub passed: usize,
    /// Those that failed and count.
    pub failed: usize,
    /// Those that failed and are pending, by themselves or with their pact.
    pub failed_pending: usize,
    /// Those about which it could not be found out.
    pub inconclusive: usize,
    /// Provider states that were set up.
    pub states_run: usize,
    /// Results that a broker acknowledged.
    pub results_acknowledged: usize,
    /// Results that a broker refused.
    pub results_refused: usize,
    /// Results that were to be published and were not offered.
    pub results_withheld: usize,
}

impl Report {
    /// The numbers: what was found, what was done with it, and what came of it.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let report = verifier.verify(PactSource::file("no such file.json")).await;
    /// assert_eq!(report.summary().interactions_replayed, 0);
    /// # }
    /// ```
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            pacts: self.pacts.len(),
            pacts_left_out: self.pacts_left_out.len(),
            ..Summary::default()
        };
        for pact in &self.pacts {
            let receipt = &pact.receipt;
            summary.interactions_found += receipt.interactions_found;
            summary.interactions_replayed += receipt.interactions_replayed;
            summary.states_run += receipt.states_run;
            let filtered = receipt
                .left_out
                .iter()
                .filter(|left| left.reason == FILTERED);
            summary.interactions_filtered += filtered.count();
            match pact.publication {
                Publication::NotAsked => {}
                Publication::Acknowledged { .. } => summary.results_acknowledged += 1,
                Publication::Refused { .. } => summary.results_refused += 1,
                Publication::Withheld { .. } => summary.results_withheld += 1,
            }
            for interaction in &pact.interactions {
                let pending = pact.is_pending() || interaction.pending;
                *summary.counter(&interaction.outcome, pending) += 1;
            }
        }
        summary
    }
}

impl Summary {
    fn counter(&mut self, outcome: &Outcome, pending: bool) -> &mut usize {
        match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Failed { .. } if pending => &mut self.failed_pending,
            Outcome::Failed { .. } => &mut self.failed,
            _ => &mut self.inconclusive,
        }
    }
}
