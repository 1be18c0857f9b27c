//! The description of a pact, interaction by interaction.

use std::panic::RefUnwindSafe;
use std::path::PathBuf;

use pact_consumer::builders::InteractionBuilder;
use pact_models::message::Message;
use pact_models::message_pact::MessagePact;
use pact_models::pact::Pact;
use pact_models::sync_pact::RequestResponsePact;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::pact::V4Pact;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use pact_models::{Consumer, Provider};
use treaty_core::document::{Draft, SpecVersion};
use treaty_core::interaction::Interaction;
use treaty_core::names::PacticipantName;
use treaty_mock_server::MockServerOptions;

use crate::file::Destination;
use crate::http::MockServer;
use crate::variants::{Described, expanded};

/// What a consumer expects of a provider, for one test: the methods are those of `pact_consumer`'s builder, whose
/// interaction builders do the work.
///
/// ```
/// use treaty_consumer::prelude::*;
///
/// let mut builder = PactBuilder::new_v4("A", "B");
/// builder.interaction("a ping", "", |mut i| {
///     i.request.path("/ping");
///     i.response.no_content();
///     i
/// });
/// assert_eq!(builder.build().interactions()[0].description(), "a ping");
/// ```
#[derive(Debug, Clone)]
pub struct PactBuilder {
    pub(crate) draft: Draft,
    pub(crate) destination: Destination,
}

impl PactBuilder {
    /// A pact between these two, written in version 3 of the specification.
    ///
    /// # Panics
    /// If a name is blank or longer than [`treaty_core::names::NAME_BYTES_MAX`].
    #[must_use]
    pub fn new(consumer: impl Into<String>, provider: impl Into<String>) -> Self {
        Self::of_version(SpecVersion::V3, consumer.into(), provider.into())
    }

    /// A pact between these two, written in version 4 of the specification.
    ///
    /// # Panics
    /// If a name is blank or longer than [`treaty_core::names::NAME_BYTES_MAX`].
    #[must_use]
    pub fn new_v4(consumer: impl Into<String>, provider: impl Into<String>) -> Self {
        Self::of_version(SpecVersion::V4, consumer.into(), provider.into())
    }

    /// A pact between these two, written in version 2 of the specification, for a provider whose tools know no later one.
    ///
    /// Version 2 has HTTP interactions with one provider state without parameters, and the rules `type`, `min`, `max` and
    /// `regex`; [`MockServer::finish`] refuses what it cannot say.
    ///
    /// # Panics
    /// If a name is blank or longer than [`treaty_core::names::NAME_BYTES_MAX`].
    #[must_use]
    pub fn new_v2(consumer: impl Into<String>, provider: impl Into<String>) -> Self {
        Self::of_version(SpecVersion::V2, consumer.into(), provider.into())
    }

    fn of_version(version: SpecVersion, consumer: String, provider: String) -> Self {
        let name = |role: &str, name: String| match PacticipantName::parse(name) {
            Ok(name) => name,
            Err(error) => panic!("the {role} of a pact has no usable name: {error}"),
        };
        let (consumer, provider) = (name("consumer", consumer), name("provider", provider));
        Self {
            draft: Draft {
                consumer,
                provider,
                version,
                interactions: Vec::new(),
            },
            destination: Destination::default(),
        }
    }

    /// Writes the pact file into this directory, in place of `PACT_OUTPUT_DIR` or `pacts` at the workspace root.
    pub fn with_output_dir(&mut self, dir: impl Into<PathBuf>) -> &mut Self {
        self.destination.dir = Some(dir.into());
        self
    }

    /// Fails the test on what [`treaty_core::lint`] warns of, too, and writes nothing then.
    ///
    /// A finding that is an error fails the test anyway; a warning is printed with the test's own output otherwise.
    pub fn deny_warnings(&mut self) -> &mut Self {
        self.destination.deny_warnings = true;
        self
    }

    /// Adds an HTTP interaction. The second text names a kind of interaction for plugins and is empty otherwise.
    pub fn interaction<D: Into<String>>(
        &mut self,
        description: D,
        interaction_type: D,
        build: impl FnOnce(InteractionBuilder) -> InteractionBuilder,
    ) -> &mut Self {
        let builder = InteractionBuilder::new(description.into(), interaction_type.into());
        self.add_http(build(builder).build_v4())
    }

    /// Adds an interaction that is built already.
    ///
    /// # Panics
    /// If the interaction is of a kind that only plugins know.
    pub fn push_interaction(
        &mut self,
        interaction: &(dyn pact_models::interaction::Interaction + Send + Sync + RefUnwindSafe),
    ) -> &mut Self {
        let known = interaction
            .as_v4()
            .and_then(|v4| Interaction::from_v4(&*v4));
        match known {
            Some(Interaction::Http(http)) => self.add_http(*http),
            Some(Interaction::AsyncMessage(message)) => self.add_message(*message),
            Some(Interaction::SyncMessage(message)) => self.add_synchronous_message(*message),
            _ => panic!(
                "{:?} is of a kind that only plugins know",
                interaction.description()
            ),
        }
    }

    pub(crate) fn add_http(&mut self, http: SynchronousHttp) -> &mut Self {
        self.add(http, Interaction::Http)
    }

    pub(crate) fn add_message(&mut self, message: AsynchronousMessage) -> &mut Self {
        self.add(message, Interaction::AsyncMessage)
    }

    pub(crate) fn add_synchronous_message(&mut self, message: SynchronousMessage) -> &mut Self {
        self.add(message, Interaction::SyncMessage)
    }

    fn add<I: Described>(&mut self, described: I, kind: fn(Box<I>) -> Interaction) -> &mut Self {
        let all = expanded(described).into_iter();
        let all = all.map(|one| kind(Box::new(one)));
        self.draft.interactions.extend(all);
        self
    }

    /// The pact so far, as `pact_models` knows it: before version 4, one of messages if it has any, else one of HTTP
    /// interactions.
    #[must_use]
    pub fn build(&self) -> Box<dyn Pact + Send + Sync + RefUnwindSafe> {
        let consumer = Consumer {
            name: self.draft.consumer.to_string(),
        };
        let provider = Provider {
            name: self.draft.provider.to_string(),
        };
        let interactions = self.draft.interactions.iter().map(Interaction::to_v4);
        if self.draft.version == SpecVersion::V4 {
            return Box::new(V4Pact {
                consumer,
                provider,
                interactions: interactions.collect(),
                ..V4Pact::default()
            });
        }
        let messages: Vec<Message> = interactions
            .clone()
            .filter_map(|i| i.as_message())
            .collect();
        if !messages.is_empty() {
            return Box::new(MessagePact {
                consumer,
                provider,
                messages,
                ..MessagePact::default()
            });
        }
        Box::new(RequestResponsePact {
            consumer,
            provider,
            interactions: interactions
                .filter_map(|i| i.as_request_response())
                .collect(),
            ..RequestResponsePact::default()
        })
    }

    /// Starts a mock server that answers from these interactions, on a free port of 127.0.0.1.
    ///
    /// It runs on threads of its own, so a test needs no runtime, and one that has one is never blocked.
    ///
    /// # Panics
    /// If the operating system gives no port.
    #[must_use = "a mock server stops when it is dropped"]
    pub fn mock_server(&self) -> MockServer {
        self.mock_server_with(MockServerOptions::default())
    }
}
