//! A message as a handler under test gets it.

use std::collections::HashMap;
use std::str::Utf8Error;

use pact_models::bodies::OptionalBody;
use pact_models::provider_states::ProviderState;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use serde::de::DeserializeOwned;
use serde_json::Value;
use treaty_core::matching::{generate_message, match_message};

use super::sent::{NotRequested, Sent};

/// A message of the pact, its generators applied, as the provider may send it.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    description: String,
    provider_states: Vec<ProviderState>,
    contents: MessageContents,
}

impl Message {
    pub(super) fn new(message: &AsynchronousMessage) -> Self {
        Self {
            description: message.description.clone(),
            provider_states: message.provider_states.clone(),
            contents: generate_message(&message.contents),
        }
    }

    /// What the message is about, in its author's words.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The states in which the provider sends it.
    #[must_use]
    pub fn provider_states(&self) -> &[ProviderState] {
        &self.provider_states
    }

    /// Its bytes; none where the pact gives the message no contents.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.contents.contents {
            OptionalBody::Present(bytes, _, _) => bytes,
            _ => &[],
        }
    }

    /// Its text.
    ///
    /// # Errors
    /// If its bytes are no text.
    pub fn text(&self) -> Result<&str, Utf8Error> {
        str::from_utf8(self.bytes())
    }

    /// What `serde` makes of it, as the consumer's own code would.
    ///
    /// # Errors
    /// If it is not JSON of that shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(self.bytes())
    }

    /// Its content type, from the contents or the metadata, else as its bytes tell it.
    #[must_use]
    pub fn content_type(&self) -> Option<String> {
        let content_type = self.contents.message_content_type();
        content_type.map(|content_type| content_type.to_string())
    }

    /// What travels beside the contents: headers, properties, attributes.
    #[must_use]
    pub fn metadata(&self) -> &HashMap<String, Value> {
        &self.contents.metadata
    }
}

/// A message of the pact and its answers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SyncMessage {
    /// An example of what the consumer sends; whether it really sends that, [`SyncMessage::check_request`] says.
    pub request: Message,
    /// What the provider answers, in this order.
    pub responses: Vec<Message>,
    expected: MessageContents,
}

impl SyncMessage {
    pub(super) fn new(message: &SynchronousMessage) -> Self {
        let part = |contents: &MessageContents| Message {
            description: message.description.clone(),
            provider_states: message.provider_states.clone(),
            contents: generate_message(contents),
        };
        Self {
            request: part(&message.request),
            responses: message.response.iter().map(part).collect(),
            expected: message.request.clone(),
        }
    }

    /// What the exchange is about, in its author's words.
    #[must_use]
    pub fn description(&self) -> &str {
        self.request.description()
    }

    /// Whether the consumer's own request is one that the pact describes, by its matching rules.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Unhandled> {
    /// # let pacts = tempfile::tempdir().unwrap();
    /// # let mut builder = PactBuilder::new_v4("OrderService", "PriceService");
    /// # builder.with_output_dir(pacts.path());
    /// builder.synchronous_message_interaction("a question for a price", |mut m| {
    ///     m.request_json_body(json_pattern!({ "article": integer(7) }));
    ///     m.response_json_body(json_pattern!({ "cents": integer(995) }));
    ///     m
    /// });
    /// builder.hand_synchronous_to(async |exchange: SyncMessage| {
    ///     // The consumer's own code makes the request, and reads the answers.
    ///     exchange.check_request(&Sent::json(&serde_json::json!({ "article": 3 })))
    /// }).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NotRequested`] lists every difference.
    pub fn check_request(&self, sent: &Sent) -> Result<(), NotRequested> {
        let mismatches =
            match_message(&self.expected, sent.contents()).unwrap_or_else(|why| vec![why.into()]);
        if mismatches.is_empty() {
            Ok(())
        } else {
            Err(NotRequested { mismatches })
        }
    }
}
