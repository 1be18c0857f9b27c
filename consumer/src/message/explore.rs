//! Whether what a consumer makes of a topic depends on how it is delivered.

use std::error::Error;
use std::fmt::{self, Debug};

use treaty_core::causes::with_causes;

use super::order::{Delivery, DeliveryOptions, Step, deliveries, lanes, plan};
use super::shrink::smallest;
use super::topic::{Record, Topic};

/// The longest text of a message or an outcome in a failure, in characters.
const TEXT_CHARS_MAX: usize = 400;

/// What an exploration did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explored {
    /// The seed of the first order; the others follow it.
    pub seed: u64,
    /// How many orders were tried.
    pub orders: u32,
    /// How many messages were delivered in all of them, the repeated ones counted again.
    pub deliveries: usize,
}

impl fmt::Display for Explored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            orders,
            deliveries,
        } = self;
        write!(
            f,
            "the outcome was the same in {orders} orders, {deliveries} deliveries in all, seed {seed}"
        )
    }
}

/// Why an exploration has not shown that the order does not matter.
///
/// Its debug form is its text, because that is what a test which returns it prints.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unstable {
    /// There was nothing to try.
    #[error("nothing was explored: there are {messages} messages and {orders} orders to try")]
    Nothing {
        /// How many messages the topic holds.
        messages: usize,
        /// How many orders were asked for.
        orders: u32,
    },
    /// The consumer fails even where each message comes once and in order.
    #[error("the consumer fails where each message comes once and in order: {error}")]
    Always {
        /// Its error.
        error: String,
    },
    /// Another delivery has another outcome.
    #[error(
        "the outcome depends on the delivery, seed {seed}\n  delivered{}\n  once and in order  {expected}\n  \
         in this order      {actual}\n  \
         next: run it again with `DeliveryOptions::seeded({seed})` and one order",
        list(deliveries)
    )]
    DependsOnDelivery {
        /// The seed with which the outcome was another.
        seed: u64,
        /// The smallest delivery found whose outcome still is another: message by message.
        deliveries: Vec<String>,
        /// The outcome where each of these messages comes once and in order.
        expected: String,
        /// The outcome of this delivery.
        actual: String,
    },
}

fn list(deliveries: &[String]) -> String {
    let lines = deliveries
        .iter()
        .map(|delivery| format!("\n    {delivery}"));
    lines.collect()
}

impl Debug for Unstable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Gives a consumer the messages of a topic in many legal orders, some of them more than once, and compares what it makes
/// of them with what it makes of each message once and in order.
///
/// `consume` starts from nothing in each call and returns what the messages left behind: a total, a map, the rows of a
/// table. The options say what is legal; their seed is that of the first order. Where an outcome differs, the delivery is
/// made smaller while it still does.
///
/// ```
/// use treaty_consumer::{Delivery, DeliveryOptions, Topic, explore};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mut topic = Topic::new(2);
/// topic.publish("order 1", 10);
/// topic.publish("order 2", 10);
/// let sum = async |deliveries: Vec<Delivery<u32>>| -> Result<u32, String> {
///     Ok(deliveries.iter().map(|delivery| delivery.record.value).sum())
/// };
/// let unstable = explore(&topic, &DeliveryOptions::seeded(1), 64, sum).await.unwrap_err();
/// assert!(unstable.to_string().contains("once and in order  10\n  in this order      20"));
/// # }
/// ```
///
/// # Errors
/// [`Unstable`] shows a delivery whose outcome is another.
pub async fn explore<M: Clone + Debug, S: PartialEq + Debug, E: Into<Box<dyn Error>>>(
    topic: &Topic<M>,
    options: &DeliveryOptions,
    orders: u32,
    consume: impl AsyncFnMut(Vec<Delivery<M>>) -> Result<S, E>,
) -> Result<Explored, Unstable> {
    let records = topic.records();
    if records.is_empty() || orders == 0 {
        let messages = records.len();
        return Err(Unstable::Nothing { messages, orders });
    }
    let mut trial = Trial { records, consume };
    let lanes = lanes(records, options.order_kept);
    let expected = trial.outcome(&in_order(0..records.len())).await;
    let expected = expected.map_err(|error| Unstable::Always { error })?;

    let first = options.seed.unwrap_or_default();
    let mut delivered = 0;
    for seed in (0..orders).map(|order| first.wrapping_add(order.into())) {
        let options = DeliveryOptions {
            seed: Some(seed),
            ..options.clone()
        };
        let steps = plan(&lanes, &options);
        delivered += steps.len();
        let actual = trial.outcome(&steps).await;
        if actual.as_ref() != Ok(&expected) {
            let found = Difference {
                steps,
                expected: text(&expected),
                actual: told(&actual),
            };
            let found = smallest(found, &lanes, async |steps| trial.difference(steps).await).await;
            return Err(trial.failure(seed, found));
        }
    }
    Ok(Explored {
        seed: first,
        orders,
        deliveries: delivered,
    })
}

/// A delivery whose outcome is another than that of its messages once and in order.
#[derive(Debug, Clone)]
pub(super) struct Difference {
    pub(super) steps: Vec<Step>,
    expected: String,
    actual: String,
}

struct Trial<'a, M, C> {
    records: &'a [Record<M>],
    consume: C,
}

impl<M: Clone + Debug, C> Trial<'_, M, C> {
    async fn outcome<S, E: Into<Box<dyn Error>>>(&mut self, steps: &[Step]) -> Result<S, String>
    where
        C: AsyncFnMut(Vec<Delivery<M>>) -> Result<S, E>,
    {
        let outcome = (self.consume)(deliveries(self.records, steps)).await;
        outcome.map_err(|error| with_causes(error.into().as_ref()))
    }

    /// Whether this delivery, too, has another outcome than its messages have once and in order.
    async fn difference<S: PartialEq + Debug, E: Into<Box<dyn Error>>>(
        &mut self,
        steps: Vec<Step>,
    ) -> Option<Difference>
    where
        C: AsyncFnMut(Vec<Delivery<M>>) -> Result<S, E>,
    {
        let mut places: Vec<usize> = steps.iter().map(|step| step.place).collect();
        places.sort_unstable();
        places.dedup();
        let expected = self.outcome(&in_order(places)).await.ok()?;
        let actual = self.outcome(&steps).await;
        let is_other = actual.as_ref() != Ok(&expected);
        is_other.then(|| Difference {
            steps,
            expected: text(&expected),
            actual: told(&actual),
        })
    }

    fn failure(&self, seed: u64, found: Difference) -> Unstable {
        let line = |delivery: Delivery<M>| {
            let again = if delivery.redelivered { ", again" } else { "" };
            let Record { value, .. } = &delivery.record;
            format!("{}{again}: {}", delivery.record.place(), text(value))
        };
        let deliveries = deliveries(self.records, &found.steps);
        Unstable::DependsOnDelivery {
            seed,
            deliveries: deliveries.into_iter().map(line).collect(),
            expected: found.expected,
            actual: found.actual,
        }
    }
}

fn in_order(places: impl IntoIterator<Item = usize>) -> Vec<Step> {
    let step = |place| Step {
        place,
        rewind: None,
    };
    places.into_iter().map(step).collect()
}

fn told<S: Debug>(outcome: &Result<S, String>) -> String {
    match outcome {
        Ok(outcome) => text(outcome),
        Err(error) => format!("an error: {error}"),
    }
}

fn text(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
