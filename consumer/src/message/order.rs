//! In which order, and how often, a topic delivers: decided from the seed alone.

use fastrand::Rng;

use super::topic::Record;

/// Which messages a delivery keeps in the order of their publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OrderKept {
    /// All of them.
    #[default]
    Everywhere,
    /// Those of one partition, as partitioned logs promise.
    InPartition,
    /// Those of one key; messages without a key are free.
    InKey,
    /// None: a legal order only where nobody promises one.
    Nowhere,
}

/// How a topic delivers.
///
/// ```
/// use treaty_consumer::{DeliveryOptions, OrderKept};
///
/// let kind = DeliveryOptions::in_order();
/// assert_eq!((kind.seed, kind.duplicates_percent), (None, 0));
/// let unkind = DeliveryOptions::seeded(7).order_kept(OrderKept::InKey).attempts_max(3);
/// assert_eq!((unkind.seed, unkind.attempts_max), (Some(7), 3));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryOptions {
    /// From what all chance is drawn; without one the order is that of publication, each message once.
    pub seed: Option<u64>,
    /// What stays in order.
    pub order_kept: OrderKept,
    /// After how many of a hundred deliveries some messages come again, as after a crash.
    pub duplicates_percent: u8,
    /// How many messages come again then, at most: the last ones of the partition or key, in their order.
    pub duplicates_max: usize,
    /// How often a message is handed to a handler that fails before it becomes a dead letter.
    pub attempts_max: u32,
}

impl DeliveryOptions {
    /// In the order of publication, each message once, and one attempt.
    #[must_use]
    pub fn in_order() -> Self {
        Self {
            seed: None,
            order_kept: OrderKept::Everywhere,
            duplicates_percent: 0,
            duplicates_max: 0,
            attempts_max: 1,
        }
    }

    /// What at-least-once delivery allows: partitions interleaved at will, up to three messages again after every fourth
    /// delivery or so.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed: Some(seed),
            order_kept: OrderKept::InPartition,
            duplicates_percent: 25,
            duplicates_max: 3,
            attempts_max: 1,
        }
    }

    /// What stays in order.
    #[must_use]
    pub fn order_kept(mut self, order_kept: OrderKept) -> Self {
        self.order_kept = order_kept;
        self
    }

    /// After how many of a hundred deliveries messages come again, and how many do, at most.
    #[must_use]
    pub fn duplicates(mut self, percent: u8, messages_max: usize) -> Self {
        self.duplicates_percent = percent;
        self.duplicates_max = messages_max;
        self
    }

    /// How often a message is tried before it becomes a dead letter; at least once.
    #[must_use]
    pub fn attempts_max(mut self, attempts_max: u32) -> Self {
        self.attempts_max = attempts_max.max(1);
        self
    }
}

/// A message on its way to a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery<M> {
    /// The message and its place in the topic.
    pub record: Record<M>,
    /// Which attempt this is, counted from 1: the earlier ones failed.
    pub attempt: u32,
    /// Whether the message has been delivered before, its handler's success notwithstanding.
    pub redelivered: bool,
}

/// One step of a delivery: which record comes, and which rewind brings it again, if one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) place: usize,
    pub(super) rewind: Option<usize>,
}

/// What keeps its order against each other: only deliveries of different lanes may change places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lane {
    Topic,
    Partition(usize),
    Key(String),
    Alone(usize),
}

pub(super) fn lanes<M>(records: &[Record<M>], kept: OrderKept) -> Vec<Lane> {
    let lane = |(place, record): (usize, &Record<M>)| match (kept, &record.key) {
        (OrderKept::Everywhere, _) => Lane::Topic,
        (OrderKept::InPartition, _) => Lane::Partition(record.partition),
        (OrderKept::InKey, Some(key)) => Lane::Key(key.clone()),
        (OrderKept::InKey, None) | (OrderKept::Nowhere, _) => Lane::Alone(place),
    };
    records.iter().enumerate().map(lane).collect()
}

/// The order in which records of these lanes are delivered.
pub(super) fn plan(lanes: &[Lane], options: &DeliveryOptions) -> Vec<Step> {
    let Some(seed) = options.seed else {
        let once = |place| Step {
            place,
            rewind: None,
        };
        return (0..lanes.len()).map(once).collect();
    };
    let mut rng = Rng::with_seed(seed);
    let mut rewinds = 0;
    let sequences = by_lane(lanes)
        .iter()
        .map(|places| with_rewinds(places, options, &mut rng, &mut rewinds))
        .collect();
    interleaved(sequences, &mut rng)
}

fn by_lane(lanes: &[Lane]) -> Vec<Vec<usize>> {
    let mut known: Vec<(&Lane, Vec<usize>)> = Vec::new();
    for (place, lane) in lanes.iter().enumerate() {
        match known.iter_mut().find(|(other, _)| *other == lane) {
            Some((_, places)) => places.push(place),
            None => known.push((lane, vec![place])),
        }
    }
    known.into_iter().map(|(_, places)| places).collect()
}

/// A lane's records, the last few again now and then: so does a consumer see them that crashed before it said how far it
/// had come.
fn with_rewinds(
    places: &[usize],
    options: &DeliveryOptions,
    rng: &mut Rng,
    rewinds: &mut usize,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for (so_far, &place) in (1..).zip(places) {
        steps.push(Step {
            place,
            rewind: None,
        });
        let longest = options.duplicates_max.min(so_far);
        if longest > 0 && rng.u8(0..100) < options.duplicates_percent {
            let again = &places[so_far - rng.usize(1..=longest)..so_far];
            steps.extend(again.iter().map(|&place| Step {
                place,
                rewind: Some(*rewinds),
            }));
            *rewinds += 1;
        }
    }
    steps
}

/// All lanes in one sequence, each interleaving as likely as any other.
fn interleaved(lanes: Vec<Vec<Step>>, rng: &mut Rng) -> Vec<Step> {
    let mut left: Vec<usize> = lanes
        .iter()
        .enumerate()
        .flat_map(|(lane, steps)| vec![lane; steps.len()])
        .collect();
    rng.shuffle(&mut left);
    let mut lanes: Vec<_> = lanes.into_iter().map(Vec::into_iter).collect();
    left.into_iter()
        .filter_map(|lane| lanes[lane].next())
        .collect()
}

/// What the steps deliver, each message on its first attempt.
pub(super) fn deliveries<M: Clone>(records: &[Record<M>], steps: &[Step]) -> Vec<Delivery<M>> {
    let delivery = |step: &Step| Delivery {
        record: records[step.place].clone(),
        attempt: 1,
        redelivered: step.rewind.is_some(),
    };
    steps.iter().map(delivery).collect()
}

#[cfg(test)]
mod tests {
    use super::super::topic::Topic;
    use super::*;

    fn lanes_of(kept: OrderKept) -> Vec<Lane> {
        let mut topic = Topic::new(2);
        for turn in 0..12 {
            match turn % 4 {
                3 => topic.publish_unkeyed(turn),
                key => topic.publish(key.to_string(), turn),
            };
        }
        lanes(topic.records(), kept)
    }

    /// Whatever comes for the first time comes in the order of its lane, and nothing is lost.
    #[track_caller]
    fn check(kept: OrderKept) {
        let lanes = lanes_of(kept);
        for seed in 0..100 {
            let options = DeliveryOptions::seeded(seed).order_kept(kept);
            let steps = plan(&lanes, &options);
            let first = steps.iter().filter(|step| step.rewind.is_none());
            let first: Vec<usize> = first.map(|step| step.place).collect();
            assert_eq!(first.len(), lanes.len(), "seed {seed}");
            for (later, place) in first.iter().enumerate() {
                let overtaken = first[..later].iter().find(|earlier| *earlier > place);
                let overtaken = overtaken.filter(|earlier| lanes[**earlier] == lanes[*place]);
                assert_eq!(overtaken, None, "seed {seed}");
            }
        }
    }

    #[test]
    fn order_is_kept_where_it_is_promised() {
        check(OrderKept::Everywhere);
        check(OrderKept::InPartition);
        check(OrderKept::InKey);
        check(OrderKept::Nowhere);
    }

    #[test]
    fn a_rewind_brings_the_last_of_its_lane_in_order() {
        let lanes = vec![Lane::Topic; 5];
        let options = DeliveryOptions::seeded(3)
            .order_kept(OrderKept::Everywhere)
            .duplicates(100, 3);
        let mut newest = 0;
        for pair in plan(&lanes, &options).windows(2) {
            let (before, after) = (pair[0], pair[1]);
            newest = newest.max(before.place);
            let goes_on = after.place == before.place + 1;
            let rewinds = before.place == newest && after.rewind != before.rewind;
            assert!(goes_on || rewinds, "{before:?} {after:?}");
        }
    }

    #[test]
    fn one_seed_is_one_order_and_seeds_differ() {
        let lanes = lanes_of(OrderKept::Nowhere);
        let of = |seed| {
            plan(
                &lanes,
                &DeliveryOptions::seeded(seed).order_kept(OrderKept::Nowhere),
            )
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }
}
