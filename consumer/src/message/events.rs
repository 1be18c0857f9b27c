//! Values that come by themselves, collected as they come: events, callbacks, messages of a socket.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::eventually::NeverHappened;

/// Collects what its [`Listener`]s hear.
///
/// ```
/// use std::time::Duration;
/// use treaty_consumer::Events;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let events = Events::new();
/// let listener = events.listener();
/// let on_event = move |event: u32| listener.hear(event); // what the consumer's code calls
/// on_event(1);
/// on_event(42);
/// let found = events.wait_for(|event| *event > 9, Duration::from_secs(5)).await;
/// assert_eq!(found.unwrap(), 42);
/// # }
/// ```
#[derive(Debug)]
pub struct Events<T> {
    heard: Arc<Heard<T>>,
}

/// The end of [`Events`] that goes into the code under test; a clone tells the same collector.
#[derive(Debug)]
pub struct Listener<T> {
    heard: Arc<Heard<T>>,
}

#[derive(Debug)]
struct Heard<T> {
    values: Mutex<Vec<T>>,
    more: Notify,
}

impl<T> Clone for Listener<T> {
    fn clone(&self) -> Self {
        Self {
            heard: Arc::clone(&self.heard),
        }
    }
}

impl<T> Default for Events<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Listener<T> {
    /// Keeps a value, and wakes who waits for it.
    pub fn hear(&self, value: T) {
        let values = &self.heard.values;
        values
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(value);
        self.heard.more.notify_waiters();
    }
}

impl<T> Events<T> {
    /// A collector that has heard nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            heard: Arc::new(Heard {
                values: Mutex::default(),
                more: Notify::new(),
            }),
        }
    }

    /// What to hand to the code under test.
    #[must_use]
    pub fn listener(&self) -> Listener<T> {
        Listener {
            heard: Arc::clone(&self.heard),
        }
    }
}

impl<T: Clone + fmt::Debug> Events<T> {
    /// Everything heard so far, in that order.
    #[must_use]
    pub fn heard(&self) -> Vec<T> {
        let values = self.heard.values.lock();
        values.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The first value of which this is true, whether it has come already or comes before the deadline.
    ///
    /// # Errors
    /// [`NeverHappened`] says how many values came instead, and which was the last.
    pub async fn wait_for(
        &self,
        mut predicate: impl FnMut(&T) -> bool,
        deadline: Duration,
    ) -> Result<T, NeverHappened> {
        let end = Instant::now() + deadline;
        let mut known = 0;
        loop {
            // It listens before it looks, so that nothing is missed in between.
            let more = self.heard.more.notified();
            let heard = self.heard();
            let new = heard[known..].iter().find(|value| predicate(value));
            if let Some(value) = new {
                return Ok(value.clone());
            }
            known = heard.len();
            if timeout_at(end, more).await.is_err() {
                return Err(NeverHappened {
                    deadline,
                    looks: known,
                    last: heard.last().map(|value| format!("{value:?}")),
                });
            }
        }
    }
}
