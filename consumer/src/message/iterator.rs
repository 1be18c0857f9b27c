//! The messages of a pact one by one, as `pact_consumer`'s users know them: the pact is written at the drop.

use std::collections::VecDeque;
use std::thread;

use pact_models::interaction::Interaction as _;
use pact_models::message::Message as V3Message;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::sync_message::SynchronousMessage;
use treaty_core::causes::with_causes;
use treaty_core::interaction::Interaction;
use treaty_core::matching::generate_message;

use crate::builder::PactBuilder;

/// Gives each message of a pact, its generators applied, and writes the pact when it is dropped in a passing test.
///
/// It cannot see a handler's error that the test returns: [`PactBuilder::hand_to`] can.
///
/// # Panics
/// At the drop, if a message was not taken, if there was none at all, or if the pact could not be written.
#[derive(Debug)]
#[must_use = "the pact is written only when all messages have been taken"]
pub struct MessageIterator<M> {
    builder: PactBuilder,
    waiting: VecDeque<(Interaction, M)>,
    taken: Vec<Interaction>,
}

impl PactBuilder {
    /// The unanswered messages of this pact.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// # let mut builder = PactBuilder::new_v4("A", "B");
    /// # builder.with_output_dir(pacts.path());
    /// builder.message_interaction("hello", |mut m| { m.json_body(json_pattern!({"text": "hello"})); m });
    /// for message in builder.messages() {
    ///     assert_eq!(message.contents.contents.value_as_string().unwrap(), r#"{"text":"hello"}"#);
    /// }
    /// ```
    pub fn messages(&self) -> MessageIterator<AsynchronousMessage> {
        self.iterate(|interaction| match interaction {
            Interaction::AsyncMessage(message) => Some(generated(message)),
            _ => None,
        })
    }

    /// The unanswered messages of this pact, as version 3 of the specification knows them.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// # let mut builder = PactBuilder::new_v3_message("A", "B");
    /// # builder.with_output_dir(pacts.path());
    /// builder.message_interaction("hello", |mut m| { m.json_body(json_pattern!({"text": "hello"})); m });
    /// for message in builder.v3_messages() {
    ///     assert_eq!(message.metadata["contentType"], "application/json");
    /// }
    /// ```
    pub fn v3_messages(&self) -> MessageIterator<V3Message> {
        self.iterate(|interaction| match interaction {
            Interaction::AsyncMessage(message) => generated(message).as_message(),
            _ => None,
        })
    }

    /// The answered messages of this pact.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// # let mut builder = PactBuilder::new_v4("A", "B");
    /// # builder.with_output_dir(pacts.path());
    /// builder.synchronous_message_interaction("a question", |mut m| {
    ///     m.request_body("7", Some("text/plain".into())).response_body("9.95", Some("text/plain".into()));
    ///     m
    /// });
    /// for message in builder.synchronous_messages() {
    ///     assert_eq!(message.response[0].metadata["contentType"], "text/plain");
    /// }
    /// ```
    pub fn synchronous_messages(&self) -> MessageIterator<SynchronousMessage> {
        self.iterate(|interaction| match interaction {
            Interaction::SyncMessage(message) => Some(SynchronousMessage {
                request: generate_message(&message.request),
                response: message.response.iter().map(generate_message).collect(),
                ..message.as_ref().clone()
            }),
            _ => None,
        })
    }

    fn iterate<M>(&self, message: impl Fn(&Interaction) -> Option<M>) -> MessageIterator<M> {
        let messages = self.draft.interactions.iter();
        MessageIterator {
            waiting: messages
                .filter_map(|interaction| Some((interaction.clone(), message(interaction)?)))
                .collect(),
            taken: Vec::new(),
            builder: self.clone(),
        }
    }
}

fn generated(message: &AsynchronousMessage) -> AsynchronousMessage {
    AsynchronousMessage {
        contents: generate_message(&message.contents),
        ..message.clone()
    }
}

impl<M> Iterator for MessageIterator<M> {
    type Item = M;

    fn next(&mut self) -> Option<M> {
        let (interaction, message) = self.waiting.pop_front()?;
        self.taken.push(interaction);
        Some(message)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.waiting.len(), Some(self.waiting.len()))
    }
}

impl<M> Drop for MessageIterator<M> {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let (consumer, provider) = (&self.builder.draft.consumer, &self.builder.draft.provider);
        let waiting = self.waiting.iter();
        let waiting: Vec<String> = waiting.map(|(message, _)| message.title()).collect();
        assert!(
            waiting.is_empty(),
            "{consumer} took {} of {} messages of {provider}, so no pact was written; not taken: {}. If an error ended \
             the loop, this hides it: `hand_to` shows it",
            self.taken.len(),
            self.taken.len() + waiting.len(),
            waiting.join(", ")
        );
        assert!(
            !self.taken.is_empty(),
            "the pact between {consumer} and {provider} holds no such message, so nothing was handled"
        );
        if let Err(error) = self.builder.write(std::mem::take(&mut self.taken)) {
            panic!("the pact was not written: {}", with_causes(&error));
        }
    }
}
