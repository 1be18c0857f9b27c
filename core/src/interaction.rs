//! One exchange between a consumer and a provider, whatever its kind.

use std::collections::HashMap;
use std::panic::RefUnwindSafe;

use pact_models::provider_states::ProviderState;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::interaction::V4Interaction;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;

/// One exchange of a pact: the enum over the kinds of the Pact specification.
///
/// Documents of every specification version become these values, so nothing outside [`crate::document`] asks which
/// version a pact file was written in.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Interaction {
    /// An HTTP request and its response.
    Http(Box<SynchronousHttp>),
    /// A message that nobody answers.
    AsyncMessage(Box<AsynchronousMessage>),
    /// A message and its answers.
    SyncMessage(Box<SynchronousMessage>),
}

impl Interaction {
    /// What the interaction is about, in its author's words.
    #[must_use]
    pub fn description(&self) -> &str {
        match self {
            Self::Http(http) => &http.description,
            Self::AsyncMessage(message) => &message.description,
            Self::SyncMessage(message) => &message.description,
        }
    }

    /// The states that the provider must be in, in the order in which they are set up.
    #[must_use]
    pub fn provider_states(&self) -> &[ProviderState] {
        match self {
            Self::Http(http) => &http.provider_states,
            Self::AsyncMessage(message) => &message.provider_states,
            Self::SyncMessage(message) => &message.provider_states,
        }
    }

    /// The id that a broker gave the interaction; absent in a pact that was read from a file.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Http(http) => http.id.as_deref(),
            Self::AsyncMessage(message) => message.id.as_deref(),
            Self::SyncMessage(message) => message.id.as_deref(),
        }
    }

    /// Whether a failure of this interaction must not fail the provider's build.
    #[must_use]
    pub fn pending(&self) -> bool {
        match self {
            Self::Http(http) => http.pending,
            Self::AsyncMessage(message) => message.pending,
            Self::SyncMessage(message) => message.pending,
        }
    }

    /// The comments that its author wrote for people.
    #[must_use]
    pub fn comments(&self) -> Vec<String> {
        let texts = self.annotations().get("text").and_then(Value::as_array);
        let texts = texts.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// The name of the consumer's test that described it.
    #[must_use]
    pub fn test_name(&self) -> Option<String> {
        let name = self.annotations().get("testname")?.as_str()?;
        Some(name.to_owned())
    }

    fn annotations(&self) -> &HashMap<String, Value> {
        match self {
            Self::Http(http) => &http.comments,
            Self::AsyncMessage(message) => &message.comments,
            Self::SyncMessage(message) => &message.comments,
        }
    }

    /// The kind as people call it: `HTTP`, `asynchronous message` or `synchronous message`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Http(_) => "HTTP",
            Self::AsyncMessage(_) => "asynchronous message",
            Self::SyncMessage(_) => "synchronous message",
        }
    }

    /// The description, and the names of the provider states where there are any: unique enough for a person.
    #[must_use]
    pub fn title(&self) -> String {
        let states: Vec<&str> = self
            .provider_states()
            .iter()
            .map(|s| s.name.as_str())
            .collect();
        if states.is_empty() {
            self.description().to_owned()
        } else {
            format!("{} (given {})", self.description(), states.join(" and "))
        }
    }

    /// An interaction of `pact_models`; nothing if it is of a kind that only plugins know.
    #[must_use]
    pub fn from_v4(interaction: &dyn V4Interaction) -> Option<Self> {
        let http = interaction
            .as_v4_http()
            .map(|http| Self::Http(Box::new(http)));
        let message = || {
            interaction
                .as_v4_async_message()
                .map(|m| Self::AsyncMessage(Box::new(m)))
        };
        let sync = || {
            interaction
                .as_v4_sync_message()
                .map(|m| Self::SyncMessage(Box::new(m)))
        };
        http.or_else(message).or_else(sync)
    }

    /// The interaction as `pact_models` passes it around.
    #[must_use]
    pub fn to_v4(&self) -> Box<dyn V4Interaction + Send + Sync + RefUnwindSafe> {
        match self {
            Self::Http(http) => http.clone(),
            Self::AsyncMessage(message) => message.clone(),
            Self::SyncMessage(message) => message.clone(),
        }
    }

    pub(crate) fn to_v4_json(&self) -> Value {
        match self {
            Self::Http(http) => http.to_json(),
            Self::AsyncMessage(message) => message.to_json(),
            Self::SyncMessage(message) => message.to_json(),
        }
    }
}
