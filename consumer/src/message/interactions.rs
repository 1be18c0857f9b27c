//! Message interactions in a pact, described with `pact_consumer`'s builders.

use pact_consumer::builders::{
    InteractionContents, MessageInteractionBuilder, SyncMessageInteractionBuilder,
};
use pact_models::matchingrules::Category;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use treaty_core::document::Draft;
use treaty_core::interaction::Interaction;

use crate::builder::PactBuilder;

impl PactBuilder {
    /// A pact of messages between these two, written in version 3 of the specification.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// let mut builder = PactBuilder::new_v3_message("BillingService", "OrderService");
    /// # builder.with_output_dir(pacts.path());
    /// builder.message_interaction("an order was placed", |mut m| { m.json_body(json_pattern!({"id": 1})); m });
    /// assert_eq!(builder.v3_messages().count(), 1);
    /// ```
    ///
    /// # Panics
    /// If a name is blank or longer than [`treaty_core::names::NAME_BYTES_MAX`].
    #[must_use]
    pub fn new_v3_message(consumer: impl Into<String>, provider: impl Into<String>) -> Self {
        Self::new(consumer, provider)
    }

    /// Adds a message that nobody answers. A member that is [`optional`](crate::prelude::optional) or
    /// [`nullable`](crate::prelude::nullable) makes two messages of it, and the handler is to be given both.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// let mut builder = PactBuilder::new_v4("BillingService", "OrderService");
    /// # builder.with_output_dir(pacts.path());
    /// builder.message_interaction("an order was placed", |mut m| {
    ///     m.given("an order exists").json_body(json_pattern!({ "order": integer(42) }));
    ///     m.matching_metadata("trace", uuid("0e3a4f0c-9e1b-4a3c-8f53-6a7f9a1f2b11"));
    ///     m
    /// });
    /// assert_eq!(builder.messages().next().unwrap().description, "an order was placed");
    /// ```
    pub fn message_interaction<D: Into<String>>(
        &mut self,
        description: D,
        build: impl FnOnce(MessageInteractionBuilder) -> MessageInteractionBuilder,
    ) -> &mut Self {
        let described = build(MessageInteractionBuilder::new(description));
        self.add_message(message(&described))
    }

    /// Adds a message and its answers.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// let mut builder = PactBuilder::new_v4("OrderService", "PriceService");
    /// # builder.with_output_dir(pacts.path());
    /// builder.synchronous_message_interaction("a question for a price", |mut m| {
    ///     m.request_json_body(json_pattern!({ "article": integer(7) }));
    ///     m.response_json_body(json_pattern!({ "cents": integer(995) }));
    ///     m
    /// });
    /// assert_eq!(builder.synchronous_messages().next().unwrap().response.len(), 1);
    /// ```
    ///
    /// # Panics
    /// If a member of its request is `optional()` or `nullable()`.
    pub fn synchronous_message_interaction<D: Into<String>>(
        &mut self,
        description: D,
        build: impl FnOnce(SyncMessageInteractionBuilder) -> SyncMessageInteractionBuilder,
    ) -> &mut Self {
        let described = build(SyncMessageInteractionBuilder::new(description));
        self.add_synchronous_message(synchronous_message(&described))
    }

    /// This pact with only those interactions that have been put to the test.
    pub(super) fn draft_of(&self, interactions: Vec<Interaction>) -> Draft {
        Draft {
            interactions,
            ..self.draft.clone()
        }
    }
}

fn message(described: &MessageInteractionBuilder) -> AsynchronousMessage {
    let mut message = described.build();
    complete(&mut message.contents, &described.message_contents);
    message
}

fn synchronous_message(described: &SyncMessageInteractionBuilder) -> SynchronousMessage {
    let mut message = described.build();
    complete(&mut message.request, &described.request_contents);
    let responses = message.response.iter_mut();
    for (response, contents) in responses.zip(&described.response_contents) {
        complete(response, contents);
    }
    message
}

/// Makes good what `pact_consumer`'s builders forget: the rules of an unanswered message's metadata, the generators of
/// a response, for which they take those of the request, and the name `contentType`, before which they put a blank.
fn complete(contents: &mut MessageContents, described: &InteractionContents) {
    if let Some(metadata) = &described.metadata_rules {
        let metadata = metadata.rename(Category::METADATA);
        let rules = &mut contents.matching_rules.rules;
        rules.insert(Category::METADATA, metadata);
    }
    contents.generators = described.generators.clone().unwrap_or_default();
    if let Some(content_type) = contents.metadata.remove(" contentType") {
        contents
            .metadata
            .entry("contentType".to_owned())
            .or_insert(content_type);
    }
}
