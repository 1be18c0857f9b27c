//! One pass over a list of replays: several at a time, with results in the order of the list.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, FutureExt, ready};
use futures_util::stream::{self, StreamExt};

use super::plan::Work;
use crate::redact::redacted_interaction;
use crate::replay::{Run, replay};
use crate::report::InteractionReport;
use crate::verifier::Progress;

/// How a pass goes.
pub(super) struct Pass<'r> {
    pub(super) run: &'r Run<'r>,
    pub(super) jobs: usize,
    /// How many replays of all passes are over.
    pub(super) done: &'r AtomicUsize,
    /// How many there are to be in all passes.
    pub(super) total: usize,
}

impl Pass<'_> {
    /// Replays the list. With `fail_fast` the results end with the first that ends a run: what ran beside it is
    /// finished, lest a state stays set up, and left out, so that a report does not depend on who was faster.
    pub(super) async fn over(&self, work: &[Work<'_>]) -> Vec<InteractionReport> {
        let stopped = AtomicBool::new(false);
        let fail_fast = self.run.settings.options.fail_fast;
        let mut results: Vec<Option<InteractionReport>> = work.iter().map(|_| None).collect();
        let started = stream::iter(0..work.len())
            .take_while(|_| ready(!stopped.load(Ordering::Relaxed)))
            .map(|place| self.one(place, &work[place]));
        let mut running = started.buffer_unordered(self.jobs);
        while let Some((place, report)) = running.next().await {
            if fail_fast && ends_the_run(&report) && !work[place].pending {
                stopped.store(true, Ordering::Relaxed);
            }
            results[place] = Some(report);
        }
        drop(running);
        let mut results: Vec<InteractionReport> = results.into_iter().map_while(|r| r).collect();
        if fail_fast {
            let last = (0..results.len())
                .find(|&place| ends_the_run(&results[place]) && !work[place].pending);
            results.truncate(last.map_or(results.len(), |last| last + 1));
        }
        results
    }

    fn one<'s>(
        &'s self,
        place: usize,
        work: &'s Work<'_>,
    ) -> BoxFuture<'s, (usize, InteractionReport)> {
        async move {
            let mut report = replay(self.run, work).await;
            report.position = work.index + 1;
            let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some(observer) = &self.run.settings.observer {
                let redaction = self.run.settings.redaction();
                observer(&Progress {
                    done,
                    total: self.total,
                    interaction: &redacted_interaction(report.clone(), &redaction),
                });
            }
            (place, report)
        }
        .boxed()
    }
}

fn ends_the_run(report: &InteractionReport) -> bool {
    !report.outcome.passed()
}
