//! Bringing the provider into the states of one interaction, and out of them again.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use pact_models::provider_states::ProviderState;
use serde_json::Value;
use treaty_core::outcome::Cause;

use super::executor::Executor;
use super::nearest::nearest;
use super::registry::{Action, Registry};
use super::url::StateChangeClient;
use super::values::StateValues;
use crate::target::panic_text;

/// Everyone who knows provider states.
#[derive(Debug)]
pub(crate) struct States<'v> {
    /// The handlers of the interaction's own provider, where it has one; they go before the others.
    pub(crate) own: Option<&'v Registry>,
    pub(crate) registry: &'v Registry,
    pub(crate) executor: Option<&'v Executor>,
    pub(crate) url: Option<&'v StateChangeClient>,
    /// The id that a broker gave the interaction.
    pub(crate) interaction: Option<&'v str>,
    pub(crate) timeout: Duration,
    pub(crate) allow_unknown: bool,
}

/// How far the states of one interaction were set up.
#[derive(Debug, Default)]
pub(crate) struct SetUp {
    /// The states to tear down again, in the order in which they were set up.
    done: Vec<ProviderState>,
    /// States that nobody knows, where that is allowed.
    pub(crate) ignored: Vec<String>,
    /// The values for the generators of the request.
    pub(crate) values: HashMap<String, Value>,
    /// What kept the next state from being set up.
    pub(crate) failure: Option<Cause>,
}

impl SetUp {
    /// How many states were set up.
    pub(crate) fn states_run(&self) -> usize {
        self.done
            .iter()
            .filter(|state| !state.name.is_empty())
            .count()
    }
}

impl States<'_> {
    /// Sets the states up in their order, until one fails.
    pub(crate) async fn set_up(&self, states: &[ProviderState]) -> SetUp {
        let mut set_up = SetUp::default();
        let params = states.iter().flat_map(|state| state.params.clone());
        set_up.values.extend(params);
        for state in &self.announced(states) {
            match self.change(Action::SetUp, state).await {
                Some(Ok(values)) => {
                    set_up.values.extend(values);
                    set_up.done.push(state.clone());
                }
                None if self.allow_unknown => set_up.ignored.push(state.name.clone()),
                failure => {
                    set_up.failure = Some(self.cause(state, failure.and_then(Result::err)));
                    break;
                }
            }
        }
        set_up
    }

    /// Tears down every state that was set up, the last one first, and gives back what failed.
    pub(crate) async fn tear_down(&self, set_up: &SetUp) -> Vec<Cause> {
        let mut failures = Vec::new();
        for state in set_up.done.iter().rev() {
            if let Some(Err(reason)) = self.change(Action::TearDown, state).await {
                failures.push(Cause::StateTearDown {
                    state: state.name.clone(),
                    reason,
                });
            }
        }
        failures
    }

    /// A state-change URL or an executor hears of interactions without states too: many a provider empties its database then.
    fn announced(&self, states: &[ProviderState]) -> Vec<ProviderState> {
        if states.is_empty() && (self.url.is_some() || self.executor.is_some()) {
            return vec![ProviderState::default("")];
        }
        states.to_vec()
    }

    /// Nothing if nobody knows the state, or nobody wants to hear of its end.
    async fn change(
        &self,
        action: Action,
        state: &ProviderState,
    ) -> Option<Result<StateValues, String>> {
        let url = self.url.filter(|url| url.wants(action));
        let own = self.own.filter(|own| own.knows(state));
        let registry = own.unwrap_or(self.registry);
        let change = match (registry.find(action, state), self.executor, url) {
            (Some((handler, params)), ..) => async move { handler(params).await }.boxed(),
            (None, ..) if registry.knows(state) => return None,
            (None, Some(executor), _) if executor.wants(action) => {
                executor.tell(action, self.interaction, state)
            }
            (None, Some(_), _) => return None,
            (None, None, Some(url)) => url.tell(action, state).boxed(),
            (None, None, None) => return None,
        };
        let change = AssertUnwindSafe(change).catch_unwind();
        Some(match tokio::time::timeout(self.timeout, change).await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(format!("the handler panicked: {}", panic_text(&*panic))),
            Err(_) => Err(format!("not done within {} ms", self.timeout.as_millis())),
        })
    }

    fn nearest(&self, state: &ProviderState) -> Vec<String> {
        let own = self.own.into_iter().flat_map(Registry::texts);
        nearest(&state.name, own.chain(self.registry.texts()))
    }

    fn cause(&self, state: &ProviderState, reason: Option<String>) -> Cause {
        let name = state.name.clone();
        match reason {
            Some(reason) => Cause::StateSetUp {
                state: name,
                reason,
            },
            None => Cause::UnknownState {
                state: name,
                nearest: self.nearest(state),
            },
        }
    }
}
