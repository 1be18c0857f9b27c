//! The description of a pact, interaction by interaction.

use std::panic::RefUnwindSafe;
use std::path::PathBuf;

use pact_consumer::builders::InteractionBuilder;
use pact_models::pact::Pact;
use pact_models::sync_pact::RequestResponsePact;
use pact_models::v4::pact::V4Pact;
use pact_models::v4::synch_http::SynchronousHttp;
use pact_models::{Consumer, Provider};
use treaty_core::document::{Draft, SpecVersion};
use treaty_core::interaction::Interaction;
use treaty_core::names::PacticipantName;
use treaty_mock_server::MockServerOptions;

use crate::http::MockServer;
use crate::variants::expanded;

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
    pub(crate) output_dir: Option<PathBuf>,
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
            output_dir: None,
        }
    }

    /// Writes the pact file into this directory, in place of `PACT_OUTPUT_DIR` or `pacts` at the workspace root.
    pub fn with_output_dir(&mut self, dir: impl Into<PathBuf>) -> &mut Self {
        self.output_dir = Some(dir.into());
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
        let described = build(builder).build_v4();
        let interactions = expanded(described).into_iter();
        self.draft
            .interactions
            .extend(interactions.map(|http| Interaction::Http(Box::new(http))));
        self
    }

    /// Adds an HTTP interaction that is built already.
    ///
    /// # Panics
    /// If the interaction is of another kind.
    pub fn push_interaction(
        &mut self,
        interaction: &(dyn pact_models::interaction::Interaction + Send + Sync + RefUnwindSafe),
    ) -> &mut Self {
        let Some(http) = interaction.as_v4_http() else {
            panic!("{:?} is not an HTTP interaction", interaction.description());
        };
        self.draft
            .interactions
            .push(Interaction::Http(Box::new(http)));
        self
    }

    /// The pact so far, as `pact_models` knows it.
    #[must_use]
    pub fn build(&self) -> Box<dyn Pact + Send + Sync + RefUnwindSafe> {
        let consumer = Consumer {
            name: self.draft.consumer.to_string(),
        };
        let provider = Provider {
            name: self.draft.provider.to_string(),
        };
        let http = self
            .draft
            .interactions
            .iter()
            .filter_map(|interaction| match interaction {
                Interaction::Http(http) => Some(http.as_ref()),
                _ => None,
            });
        match self.draft.version {
            SpecVersion::V3 => Box::new(RequestResponsePact {
                consumer,
                provider,
                interactions: http.filter_map(as_v3).collect(),
                ..RequestResponsePact::default()
            }),
            _ => Box::new(V4Pact {
                consumer,
                provider,
                interactions: http.map(|http| Box::new(http.clone()) as _).collect(),
                ..V4Pact::default()
            }),
        }
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

fn as_v3(
    http: &SynchronousHttp,
) -> Option<pact_models::sync_interaction::RequestResponseInteraction> {
    pact_models::interaction::Interaction::as_request_response(http)
}
