//! What a report means.

use treaty_core::outcome::{Outcome, Verdict};

use super::types::{
    InteractionReport, PactReport, Publication, Report, SourceCause, SourceProblem,
};

impl Report {
    /// What the whole verification comes to. In this order:
    ///
    /// 1. **No**: an interaction failed that is neither pending nor in a pending pact; or a broker has no pact.
    /// 2. **Unknown**: an interaction is inconclusive (the pending ones do not count as long as anything else was
    ///    replayed), a broker or URL could not be asked, a result was refused.
    /// 3. **`NothingToDo`**: nothing was run because the question was wrong: a [`crate::Refusal`], a file that is not a
    ///    pact, a directory or filter that matches nothing.
    /// 4. **Yes**: something was replayed. Or nothing was, because there are no pacts and the options say that this is
    ///    as it should be.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verdict, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let report = verifier.verify(PactSource::file("no such file.json")).await;
    /// assert_eq!(report.verdict(), Verdict::NothingToDo);
    /// # }
    /// ```
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let pacts = self.pacts.iter().map(PactReport::verdict);
        let problems = self.problems.iter().map(SourceProblem::verdict);
        let parts = pacts.chain(problems).max().unwrap_or(Verdict::Yes);
        parts.max(self.verdict_on_work())
    }

    /// Panics with the console report unless the verdict is [`Verdict::Yes`]: the last line of a provider's test.
    ///
    /// # Panics
    /// For every other verdict.
    #[track_caller]
    pub fn assert_ok(&self) {
        assert!(self.verdict() == Verdict::Yes, "\n{self}");
    }

    /// Whether enough was done to say anything.
    fn verdict_on_work(&self) -> Verdict {
        let mut interactions = self.pacts.iter().flat_map(|pact| &pact.interactions);
        if self.refusal.is_some() {
            return Verdict::NothingToDo;
        }
        if self.pacts.is_empty() && self.none_were_expected() {
            return Verdict::Yes;
        }
        if interactions.clone().any(|interaction| interaction.replayed) {
            return Verdict::Yes;
        }
        match interactions.next() {
            Some(_) => Verdict::Unknown,
            None => Verdict::NothingToDo,
        }
    }

    fn none_were_expected(&self) -> bool {
        let ignored = |problem: &SourceProblem| problem.ignored;
        !self.problems.is_empty() && self.problems.iter().all(ignored)
    }
}

impl PactReport {
    /// Whether failures of this pact leave the provider's build alone: it is pending, or work in progress.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.pending || self.wip
    }

    /// What this pact's verification comes to, without regard to whether anything was replayed.
    fn verdict(&self) -> Verdict {
        let publication = match self.publication {
            Publication::Refused { .. } => Verdict::Unknown,
            _ => Verdict::Yes,
        };
        if self.is_pending() {
            return publication;
        }
        let interactions = self.interactions.iter().map(InteractionReport::verdict);
        interactions.max().unwrap_or(Verdict::Yes).max(publication)
    }
}

impl InteractionReport {
    fn verdict(&self) -> Verdict {
        match self.outcome {
            _ if self.pending => Verdict::Yes,
            Outcome::Passed => Verdict::Yes,
            Outcome::Failed { .. } => Verdict::No,
            _ => Verdict::Unknown,
        }
    }
}

impl SourceProblem {
    fn verdict(&self) -> Verdict {
        match self.cause {
            _ if self.ignored => Verdict::Yes,
            SourceCause::NoPactInBroker => Verdict::No,
            SourceCause::Unreachable { .. } => Verdict::Unknown,
            SourceCause::Unreadable { .. }
            | SourceCause::NotAPact { .. }
            | SourceCause::NoPact { .. } => Verdict::NothingToDo,
        }
    }
}
