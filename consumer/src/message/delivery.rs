//! A topic's messages on their way through a handler: attempts, dead letters, and what became of them.

use std::error::Error;
use std::fmt;

use treaty_core::causes::with_causes;

use super::order::{Delivery, DeliveryOptions, Step, lanes, plan};
use super::topic::{Record, Topic};

/// A message that no attempt got handled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeadLetter<M> {
    /// The message and its place.
    pub record: Record<M>,
    /// How often it was tried.
    pub attempts: u32,
    /// The last error and its causes.
    pub error: String,
}

/// One call of the handler.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The partition of the message.
    pub partition: usize,
    /// Its offset.
    pub offset: u64,
    /// Which attempt this was, counted from 1.
    pub attempt: u32,
    /// Whether the message had been delivered before.
    pub redelivered: bool,
    /// What the handler said, if it failed.
    pub error: Option<String>,
}

/// What a delivery did; its text is what a person wants to know of it, the seed with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a delivery that was not looked at proves nothing"]
#[non_exhaustive]
pub struct DeliveryReport {
    /// The group that was served.
    pub group: String,
    /// The seed of the order.
    pub seed: Option<u64>,
    /// How many messages there were.
    pub messages: usize,
    /// Every call of the handler, in order.
    pub attempts: Vec<Attempt>,
    /// The messages given up, in words.
    pub dead_letters: Vec<String>,
}

/// A delivery after which not every message was handled, or in which there was none.
///
/// Its debug form is its text, because that is what a test which returns it prints.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Undelivered(pub DeliveryReport);

impl fmt::Debug for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl DeliveryReport {
    /// Whether there was something to handle, and all of it was handled in the end.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.messages > 0 && self.dead_letters.is_empty()
    }

    /// The report as a test wants to return it.
    ///
    /// # Errors
    /// [`Undelivered`] if there was nothing to handle, or if a message became a dead letter.
    pub fn into_result(self) -> Result<Self, Undelivered> {
        if self.is_ok() {
            Ok(self)
        } else {
            Err(Undelivered(self))
        }
    }
}

impl fmt::Display for DeliveryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            group,
            messages,
            attempts,
            dead_letters,
            ..
        } = self;
        if *messages == 0 {
            return write!(
                f,
                "there was no message for {group}, so nothing was handled"
            );
        }
        let redelivered = attempts
            .iter()
            .filter(|attempt| attempt.redelivered)
            .count();
        let retried = attempts
            .iter()
            .filter(|attempt| attempt.attempt > 1)
            .count();
        write!(
            f,
            "{group} was handed {messages} messages in {} attempts ({redelivered} redelivered, {retried} retried)",
            attempts.len()
        )?;
        if let Some(seed) = self.seed {
            write!(f, ", seed {seed}")?;
        }
        if dead_letters.is_empty() {
            return Ok(());
        }
        write!(f, "; never handled:")?;
        dead_letters
            .iter()
            .try_for_each(|letter| write!(f, "\n  {letter}"))
    }
}

impl<M: Clone> Topic<M> {
    /// Delivers to a group what it has not been through yet.
    ///
    /// A handler that fails gets the message again at once, as often as the options say; then it is a dead letter, and the
    /// next message comes. The group's place is noted at the end: a delivery that is cancelled starts over.
    ///
    /// ```
    /// use treaty_consumer::{Delivery, DeliveryOptions, Topic};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let mut topic = Topic::new(1);
    /// topic.publish("order 1", 10);
    /// topic.publish("order 1", -1);
    /// let report = topic
    ///     .deliver("billing", &DeliveryOptions::in_order().attempts_max(2), async |delivery: Delivery<i32>| {
    ///         u32::try_from(delivery.record.value)
    ///     })
    ///     .await;
    /// assert_eq!(report.attempts.len(), 3);
    /// assert_eq!(topic.dead_letters("billing")[0].record.value, -1);
    /// assert_eq!(topic.lag("billing"), 0);
    /// # }
    /// ```
    pub async fn deliver<T, E: Into<Box<dyn Error>>>(
        &mut self,
        group: &str,
        options: &DeliveryOptions,
        mut handler: impl AsyncFnMut(Delivery<M>) -> Result<T, E>,
    ) -> DeliveryReport {
        let records: Vec<Record<M>> = self.waiting(group).cloned().collect();
        let mut run = Run::new(&records);
        for step in plan(&lanes(&records, options.order_kept), options) {
            if run.is_given_up(step.place) {
                continue;
            }
            for attempt in 1..=options.attempts_max {
                let handled = handler(run.delivery(step, attempt)).await;
                let error = handled
                    .err()
                    .map(|error| with_causes(error.into().as_ref()));
                if run.keep(step, attempt, error) {
                    break;
                }
            }
            run.give_up(step.place);
        }
        let report = run.report(group, options.seed);
        self.commit(group, run.dead_letters());
        report
    }
}

/// The account of a delivery under way.
struct Run<'a, M> {
    records: &'a [Record<M>],
    attempts: Vec<Attempt>,
    dead: Vec<(usize, u32, String)>,
}

impl<'a, M: Clone> Run<'a, M> {
    fn new(records: &'a [Record<M>]) -> Self {
        Self {
            records,
            attempts: Vec::new(),
            dead: Vec::new(),
        }
    }

    fn is_given_up(&self, place: usize) -> bool {
        self.dead.iter().any(|(dead, ..)| *dead == place)
    }

    fn delivery(&self, step: Step, attempt: u32) -> Delivery<M> {
        Delivery {
            record: self.records[step.place].clone(),
            attempt,
            redelivered: step.rewind.is_some(),
        }
    }

    /// Notes an attempt, and says whether it was the last one needed.
    fn keep(&mut self, step: Step, attempt: u32, error: Option<String>) -> bool {
        let record = &self.records[step.place];
        let handled = error.is_none();
        self.attempts.push(Attempt {
            partition: record.partition,
            offset: record.offset,
            attempt,
            redelivered: step.rewind.is_some(),
            error,
        });
        handled
    }

    /// Makes a message a dead letter whose last attempt failed.
    fn give_up(&mut self, place: usize) {
        if let Some(Attempt {
            attempt,
            error: Some(error),
            ..
        }) = self.attempts.last()
        {
            self.dead.push((place, *attempt, error.clone()));
        }
    }

    fn report(&self, group: &str, seed: Option<u64>) -> DeliveryReport {
        let letter = |(place, attempts, error): &(usize, u32, String)| {
            let times = if *attempts == 1 {
                "attempt"
            } else {
                "attempts"
            };
            let place = self.records[*place].place();
            format!("{place}, after {attempts} {times}: {error}")
        };
        DeliveryReport {
            group: group.to_owned(),
            seed,
            messages: self.records.len(),
            attempts: self.attempts.clone(),
            dead_letters: self.dead.iter().map(letter).collect(),
        }
    }

    fn dead_letters(self) -> Vec<DeadLetter<M>> {
        let letter = |(place, attempts, error): (usize, u32, String)| DeadLetter {
            record: self.records[place].clone(),
            attempts,
            error,
        };
        self.dead.into_iter().map(letter).collect()
    }
}

impl<M> Record<M> {
    /// `partition 0, offset 3, key "order 1"`
    pub(super) fn place(&self) -> String {
        let place = format!("partition {}, offset {}", self.partition, self.offset);
        match &self.key {
            Some(key) => format!("{place}, key {key:?}"),
            None => place,
        }
    }
}
