//! Whether an interaction fails because of what ran before it: replays of it, alone and after ever fewer others.

use treaty_core::outcome::Outcome;

use super::plan::Work;
use super::rounds::Results;
use crate::order::OrderDependence;
use crate::replay::{Run, replay};

/// For how many failed interactions the dependence is looked for: each costs about two runs of all the others.
const SEARCHES_MAX: usize = 5;

/// Adds to the first of the failed interactions what they depend on. `order` is the order in which they ran.
pub(super) async fn depends(
    run: &Run<'_>,
    work: &[Work<'_>],
    order: &[usize],
    results: &mut Results,
) {
    let in_order: Vec<Work<'_>> = order.iter().map(|place| work[*place]).collect();
    let mut searches = 0;
    for (at, place) in order.iter().enumerate() {
        let Some(report) = &mut results[*place] else {
            continue;
        };
        if !matches!(report.outcome, Outcome::Failed { .. }) || searches == SEARCHES_MAX {
            continue;
        }
        searches += 1;
        let search = Search {
            run,
            subject: in_order[at],
        };
        let found = search.result(&in_order[..at], &in_order[at + 1..]).await;
        report.order_dependence = Some(found);
    }
}

/// The search for what one interaction depends on.
struct Search<'s> {
    run: &'s Run<'s>,
    subject: Work<'s>,
}

impl Search<'_> {
    async fn result(&self, before: &[Work<'_>], after: &[Work<'_>]) -> OrderDependence {
        let alone = self.passes_after(&[]).await;
        // What differs from a run alone: a failure after what ran before it, a pass after what did not.
        let (others, wanted) = if alone {
            (before, false)
        } else {
            (after, true)
        };
        if others.is_empty() || self.passes_after(others).await != wanted {
            return match alone {
                true => OrderDependence::NotReproduced,
                false => OrderDependence::FailsAlone,
            };
        }
        let fewest = self.fewest(others, wanted).await;
        let mut titles: Vec<String> = fewest.iter().map(|w| w.interaction.title()).collect();
        match (titles.len(), wanted) {
            (1, false) => OrderDependence::FailsAfter {
                interaction: titles.remove(0),
            },
            (1, true) => OrderDependence::NeedsBefore {
                interaction: titles.remove(0),
            },
            (_, false) => OrderDependence::FailsAfterSeveral {
                interactions: titles,
            },
            (_, true) => OrderDependence::FailsAlone,
        }
    }

    /// Halves the others as long as one half has the same effect.
    async fn fewest<'w>(&self, others: &'w [Work<'w>], wanted: bool) -> &'w [Work<'w>] {
        let mut fewest = others;
        while fewest.len() > 1 {
            let (first, second) = fewest.split_at(fewest.len() / 2);
            // The later half is the likelier one: less stands between it and its effect.
            if self.passes_after(second).await == wanted {
                fewest = second;
            } else if self.passes_after(first).await == wanted {
                fewest = first;
            } else {
                break;
            }
        }
        fewest
    }

    /// Whether the interaction passes when nothing but the others ran before it since the reset.
    async fn passes_after(&self, others: &[Work<'_>]) -> bool {
        if self.run.reset().await.is_err() {
            return false;
        }
        for other in others {
            replay(self.run, other).await;
        }
        let report = replay(self.run, &self.subject).await;
        report.outcome.passed()
    }
}
