//! What is to be replayed, and how much of it at a time.

use treaty_core::interaction::Interaction;

use crate::filter::FILTERED;
use crate::options::JOBS;
use crate::plugins::Delegate;
use crate::shard::{OTHER_SHARD, members};
use crate::source::Loaded;
use crate::verifier::{Settings, TargetKind, Targets};

/// One interaction to replay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'p> {
    /// The place of its pact among the pacts.
    pub(crate) pact: usize,
    /// Its own place in the pact.
    pub(crate) index: usize,
    pub(crate) interaction: &'p Interaction,
    /// Who replays it in our place, where it needs a plugin.
    pub(crate) delegate: Option<&'p Delegate>,
    /// Whether its failure leaves the build alone.
    pub(crate) pending: bool,
}

/// Everything that is to be replayed, in the order of the sources, and what is left out.
#[derive(Debug, Default)]
pub(crate) struct Plan<'p> {
    pub(crate) work: Vec<Work<'p>>,
    /// Pact, interaction, reason.
    pub(crate) left_out: Vec<(usize, &'p Interaction, &'static str)>,
}

impl<'p> Plan<'p> {
    /// Adds the pact's interactions.
    pub(crate) fn add(&mut self, settings: &Settings, pact: usize, loaded: &'p Loaded) {
        let (of, pending) = (&loaded.pact, loaded.pending || loaded.wip);
        let shard = settings.options.shard;
        let mine = shard.map(|shard| members(&of.interactions, shard));
        for (index, interaction) in of.interactions.iter().enumerate() {
            let is_mine = mine.as_ref().is_none_or(|mine| mine[index]);
            match () {
                () if !settings.filter.takes(&of.consumer, interaction) => {
                    self.left_out.push((pact, interaction, FILTERED));
                }
                () if !is_mine => self.left_out.push((pact, interaction, OTHER_SHARD)),
                () => self.work.push(Work {
                    pact,
                    index,
                    interaction,
                    delegate: loaded.delegates.get(index),
                    pending: pending || interaction.pending(),
                }),
            }
        }
    }
}

/// How many replays run at a time: as many as the options say, or several where no two of them can meet.
pub(crate) fn jobs(settings: &Settings, targets: &Targets, work: &[Work<'_>]) -> usize {
    let options = &settings.options;
    if options.find_order_dependence {
        return 1;
    }
    if let Some(jobs) = options.jobs {
        return jobs.get();
    }
    let stateful = |work: &Work<'_>| !work.interaction.provider_states().is_empty();
    let is_apart =
        matches!(targets.main, Some(TargetKind::Factory(_))) && settings.handlers.states.is_empty();
    // A state-change URL hears of interactions without states too, and may empty a database then.
    let is_told = settings.state_change.is_some() || settings.executor.is_some();
    let can_meet = is_told || (!is_apart && work.iter().any(stateful));
    if can_meet { 1 } else { JOBS.get() }
}
