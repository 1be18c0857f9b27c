//! Provider states that another process sets up: the state-change URL that Pact verifiers share.

use std::time::Duration;

use bytes::Bytes;
use pact_models::provider_states::ProviderState;
use reqwest::{Client, RequestBuilder, Url};
use serde_json::{Value, json};
use treaty_core::causes::with_causes;

use super::registry::Action;
use super::values::StateValues;

use crate::target::{Answer, answer, bare, collect};

/// The largest answer of a state-change URL, in bytes.
const VALUES_BYTES_MAX: usize = 1024 * 1024;

/// How often a state-change URL is told about one state before it is given up: it may have to start, or be overloaded.
pub const STATE_CHANGE_ATTEMPTS: u32 = 3;

/// How long the second attempt waits; each further one waits twice as long as the one before it. The deadline of the
/// state is the deadline of all attempts together.
const PAUSE: Duration = Duration::from_millis(50);

/// A URL that is told about every provider state: `POST {"action": "setup", "state": "...", "params": {...}}`.
///
/// As with every Pact verifier, an interaction without provider states is announced too, as the state with an empty
/// name; and the members of a JSON answer are values for the generators of the request.
///
/// ```
/// use treaty_provider::{StateChange, StateChangeData};
///
/// let mut change = StateChange::new("http://127.0.0.1:8080/_pact/provider_states");
/// change.data = StateChangeData::Query;
/// change.tear_down = true;
/// assert_ne!(change, StateChange::from("http://127.0.0.1:8080/_pact/provider_states"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateChange {
    /// Where it is.
    pub url: String,
    /// How it is told.
    pub data: StateChangeData,
    /// Whether it is told again, with the action `teardown`, when the interaction is over.
    pub tear_down: bool,
}

/// How a state-change URL is told about a state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StateChangeData {
    /// As a JSON body.
    #[default]
    Body,
    /// As query parameters.
    Query,
}

impl StateChange {
    /// A URL that gets JSON bodies, and no word at the end.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            data: StateChangeData::Body,
            tear_down: false,
        }
    }
}

impl<S: Into<String>> From<S> for StateChange {
    fn from(url: S) -> Self {
        Self::new(url)
    }
}

/// A state-change URL with the client that reaches it.
#[derive(Debug)]
pub(crate) struct StateChangeClient {
    client: Client,
    url: Url,
    data: StateChangeData,
    tear_down: bool,
}

impl StateChangeClient {
    pub(crate) fn new(client: Client, url: Url, change: &StateChange) -> Self {
        Self {
            client,
            url,
            data: change.data,
            tear_down: change.tear_down,
        }
    }

    pub(super) fn wants(&self, action: Action) -> bool {
        action == Action::SetUp || self.tear_down
    }

    pub(super) async fn tell(
        &self,
        action: Action,
        state: &ProviderState,
    ) -> Result<StateValues, String> {
        let (head, body) = self.response(action, state).await?.into_parts();
        let body = collect(body, VALUES_BYTES_MAX).await;
        let body = body.map_err(|error| format!("{}: {error}", self.shown()))?;
        let content_type = head.headers.get(http::header::CONTENT_TYPE);
        let is_json = content_type.is_some_and(|value| {
            let value = String::from_utf8_lossy(value.as_bytes()).to_lowercase();
            value.contains("json")
        });
        if is_json {
            self.values(&body)
        } else {
            Ok(StateValues::new())
        }
    }

    /// The answer, if it is a success. What may be over in a moment is tried again: a refused connection, a 5xx.
    async fn response(&self, action: Action, state: &ProviderState) -> Result<Answer, String> {
        let mut pause = PAUSE;
        for attempt in 1.. {
            let is_last = attempt == STATE_CHANGE_ATTEMPTS;
            let tries = if is_last && attempt > 1 {
                format!(", {attempt} times")
            } else {
                String::new()
            };
            match self.request(action, state).send().await {
                Ok(response) if response.status().is_success() => return Ok(answer(response)),
                Ok(response) if is_last || !response.status().is_server_error() => {
                    let status = response.status();
                    return Err(format!("{} answered {status}{tries}", self.shown()));
                }
                Err(error) if is_last || !error.is_connect() => {
                    let reason = with_causes(&error.without_url());
                    return Err(format!("{} did not answer{tries}: {reason}", self.shown()));
                }
                Ok(_) | Err(_) => tokio::time::sleep(pause).await,
            }
            pause *= 2;
        }
        unreachable!("the last attempt returns")
    }

    /// The URL without credentials: no user name, no password, and no query, which may hold a token.
    fn shown(&self) -> String {
        let mut url = self.url.clone();
        url.set_query(None);
        bare(url.as_str())
    }

    fn values(&self, body: &Bytes) -> Result<StateValues, String> {
        if body.is_empty() {
            return Ok(StateValues::new());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(values)) => Ok(values),
            Ok(_) => Ok(StateValues::new()),
            Err(error) => {
                let url = self.shown();
                Err(format!("{url} answered broken JSON: {error}"))
            }
        }
    }

    fn request(&self, action: Action, state: &ProviderState) -> RequestBuilder {
        let action = match action {
            Action::SetUp => "setup",
            Action::TearDown => "teardown",
        };
        match self.data {
            StateChangeData::Body => {
                let body = json!({"action": action, "state": state.name, "params": state.params});
                self.client.post(self.url.clone()).json(&body)
            }
            StateChangeData::Query => {
                let mut params: Vec<_> = state.params.iter().collect();
                params.sort_unstable_by_key(|(name, _)| *name);
                let mut url = self.url.clone();
                let mut query = url.query_pairs_mut();
                query.append_pair("state", &state.name);
                query.append_pair("action", action);
                for (name, value) in params {
                    query.append_pair(name, &text(value));
                }
                drop(query);
                self.client.post(url)
            }
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
