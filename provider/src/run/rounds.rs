//! All replays of a run, round by round, and one result for each interaction.

use std::sync::atomic::AtomicUsize;

use treaty_core::outcome::{Cause, Outcome};

use super::dependence::depends;
use super::pass::Pass;
use super::plan::Work;
use crate::order::{mixed, shuffled};
use crate::replay::Run;
use crate::report::InteractionReport;
use crate::stability::Stability;

/// One result for each of the plan's interactions, in its order; none for those that a failure kept from running.
pub(crate) type Results = Vec<Option<InteractionReport>>;

/// Replays everything as often and in such an order as the options say.
pub(crate) async fn run(run: &Run<'_>, work: &[Work<'_>], jobs: usize) -> Results {
    let options = &run.settings.options;
    let done = AtomicUsize::new(0);
    let rounds = options.repeat.get();
    let pass = Pass {
        run,
        jobs,
        done: &done,
        total: work
            .len()
            .saturating_mul(usize::try_from(rounds).unwrap_or(usize::MAX)),
    };
    let mut runs: Vec<Vec<InteractionReport>> = work.iter().map(|_| Vec::new()).collect();
    let mut first_order = Vec::new();
    for round in 0..rounds {
        let order = order(work.len(), options.shuffle_seed, round);
        let in_order: Vec<Work<'_>> = order.iter().map(|place| work[*place]).collect();
        let reports = match round {
            0 => pass.over(&in_order).await,
            _ => match run.reset().await {
                Ok(()) => pass.over(&in_order).await,
                Err(cause) => in_order
                    .iter()
                    .map(|work| not_reset(work, &cause))
                    .collect(),
            },
        };
        let was_cut = reports.len() < in_order.len();
        for (place, report) in order.iter().zip(reports) {
            runs[*place].push(report);
        }
        if round == 0 {
            first_order = order;
        }
        if was_cut {
            break;
        }
    }
    let mut results: Results = runs
        .into_iter()
        .map(|runs| together(runs, rounds))
        .collect();
    if options.find_order_dependence {
        depends(run, work, &first_order, &mut results).await;
    }
    results
}

/// The order of a round: that of the plan, or one that belongs to the seed and the round.
fn order(count: usize, seed: Option<u64>, round: u32) -> Vec<usize> {
    match seed {
        None => (0..count).collect(),
        Some(seed) if round == 0 => shuffled(count, seed),
        Some(seed) => shuffled(count, mixed(seed ^ u64::from(round))),
    }
}

fn not_reset(work: &Work<'_>, cause: &Cause) -> InteractionReport {
    let cause = cause.clone();
    let outcome = Outcome::Inconclusive { cause };
    InteractionReport {
        position: work.index + 1,
        ..InteractionReport::new(work.interaction, outcome)
    }
}

/// The worst run, and how all of them went. Of several that are equally bad it is the first.
fn together(mut runs: Vec<InteractionReport>, rounds: u32) -> Option<InteractionReport> {
    if rounds == 1 {
        return runs.pop();
    }
    let stability = Stability::count(runs.iter().map(|run| &run.outcome));
    let states_run = runs.iter().map(|run| run.states_run).sum();
    let duration_ms = runs.iter().map(|run| run.duration_ms).sum();
    let worst = runs.into_iter().reduce(|worst, run| {
        if badness(&run.outcome) > badness(&worst.outcome) {
            run
        } else {
            worst
        }
    });
    Some(InteractionReport {
        stability: Some(stability),
        states_run,
        duration_ms,
        ..worst?
    })
}

fn badness(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Passed => 0,
        Outcome::Failed { .. } => 2,
        _ => 1,
    }
}
