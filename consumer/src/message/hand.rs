//! The consumer's own handler, put to the test with every message of the pact.

use std::error::Error;
use std::fmt;
use std::thread;

use treaty_core::causes::with_causes;
use treaty_core::interaction::Interaction;

use super::value::{Message, SyncMessage};
use crate::builder::PactBuilder;
use crate::file::{PactFileError, add_to_file};

/// A message that the consumer's handler refused, and the reason that it gave.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandlerFailure {
    /// The message: its description and provider states.
    pub message: String,
    /// The handler's error and its causes.
    pub error: String,
}

/// Why a test of a message handler has not shown what its messages say.
///
/// Its debug form is its text and that of its causes, because that is what a test which returns it prints.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Unhandled {
    /// The pact holds no message of the kind, so nothing was handled.
    #[error(
        "the pact between {consumer} and {provider} holds no {kind}, so nothing was handled: add one with \
         `{method}`"
    )]
    NoMessage {
        /// Who handles messages.
        consumer: String,
        /// Who sends them.
        provider: String,
        /// The kind of message that was to be handled.
        kind: &'static str,
        /// The method that adds one.
        method: &'static str,
    },
    /// The handler refused messages.
    #[error(
        "{consumer} handled {} of {total} messages of {provider}, so no pact was written{}",
        total - failures.len(),
        list(failures)
    )]
    Failed {
        /// Who handles messages.
        consumer: String,
        /// Who sends them.
        provider: String,
        /// How many messages were handed over.
        total: usize,
        /// Those that were refused.
        failures: Vec<HandlerFailure>,
    },
    /// All were handled, but the pact could not be written.
    #[error("the pact was not written")]
    PactFile(#[from] PactFileError),
}

fn list(failures: &[HandlerFailure]) -> String {
    let lines = failures
        .iter()
        .map(|failure| format!("\n  {}\n    {}", failure.message, failure.error));
    lines.collect()
}

impl fmt::Debug for Unhandled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_causes(self))
    }
}

impl PactBuilder {
    /// Hands every unanswered message of this pact to the consumer's handler, and writes the pact if it handled all.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Unhandled> {
    /// # let pacts = tempfile::tempdir().unwrap();
    /// # let mut builder = PactBuilder::new_v4("BillingService", "OrderService");
    /// # builder.with_output_dir(pacts.path());
    /// builder.message_interaction("an order was placed", |mut m| {
    ///     m.json_body(json_pattern!({ "order": integer(42) }));
    ///     m
    /// });
    /// builder.hand_to(async |message: Message| -> Result<(), Box<dyn std::error::Error>> {
    ///     let order: serde_json::Value = message.json()?; // here the consumer's own code would read it
    ///     if order["order"].is_i64() { Ok(()) } else { Err("no order number".into()) }
    /// }).await // names each message that was not handled, and why
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unhandled`] if there is no message, if the handler refused one, or if the pact could not be written.
    pub async fn hand_to<T, E: Into<Box<dyn Error>>>(
        &self,
        mut handler: impl AsyncFnMut(Message) -> Result<T, E>,
    ) -> Result<(), Unhandled> {
        let mut handing = Handing::default();
        for interaction in &self.draft.interactions {
            if let Interaction::AsyncMessage(message) = interaction {
                let during = During(interaction);
                let result = handler(Message::new(message)).await;
                drop(during);
                handing.keep(interaction, result);
            }
        }
        self.conclude(handing, "asynchronous message", "message_interaction")
    }

    /// Hands every answered message of this pact, its request and all its responses, to the consumer's handler, and
    /// writes the pact if it handled all. See [`SyncMessage::check_request`] for an example.
    ///
    /// # Errors
    /// [`Unhandled`] if there is no message, if the handler refused one, or if the pact could not be written.
    pub async fn hand_synchronous_to<T, E: Into<Box<dyn Error>>>(
        &self,
        mut handler: impl AsyncFnMut(SyncMessage) -> Result<T, E>,
    ) -> Result<(), Unhandled> {
        let mut handing = Handing::default();
        for interaction in &self.draft.interactions {
            if let Interaction::SyncMessage(message) = interaction {
                let during = During(interaction);
                let result = handler(SyncMessage::new(message)).await;
                drop(during);
                handing.keep(interaction, result);
            }
        }
        let method = "synchronous_message_interaction";
        self.conclude(handing, "synchronous message", method)
    }

    fn conclude(
        &self,
        handing: Handing,
        kind: &'static str,
        method: &'static str,
    ) -> Result<(), Unhandled> {
        let consumer = self.draft.consumer.to_string();
        let provider = self.draft.provider.to_string();
        let Handing { handed, failures } = handing;
        if handed.is_empty() {
            return Err(Unhandled::NoMessage {
                consumer,
                provider,
                kind,
                method,
            });
        }
        if !failures.is_empty() {
            return Err(Unhandled::Failed {
                consumer,
                provider,
                total: handed.len(),
                failures,
            });
        }
        Ok(self.write(handed)?)
    }

    /// Adds these interactions to the pact file.
    pub(super) fn write(&self, interactions: Vec<Interaction>) -> Result<(), PactFileError> {
        add_to_file(&self.draft_of(interactions), &self.destination)
    }
}

#[derive(Default)]
struct Handing {
    handed: Vec<Interaction>,
    failures: Vec<HandlerFailure>,
}

impl Handing {
    fn keep<T, E: Into<Box<dyn Error>>>(
        &mut self,
        interaction: &Interaction,
        result: Result<T, E>,
    ) {
        self.handed.push(interaction.clone());
        if let Err(error) = result {
            self.failures.push(HandlerFailure {
                message: interaction.title(),
                error: with_causes(error.into().as_ref()),
            });
        }
    }
}

/// A handler that panics ends the test with its own words, which do not know the message: this adds which it was.
struct During<'a>(&'a Interaction);

impl Drop for During<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("while the handler had the message: {}", self.0.title());
        }
    }
}
