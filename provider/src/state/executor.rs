//! Someone who knows every provider state, and is a value of this process.

use std::fmt;

use futures_util::future::BoxFuture;
use pact_models::provider_states::ProviderState;

use super::registry::Action;
use super::values::StateValues;

/// The id of the interaction, the state, and whether it is to be set up.
type Tell = dyn Fn(Option<String>, ProviderState, bool) -> BoxFuture<'static, Result<StateValues, String>>
    + Send
    + Sync;

/// Someone who is told every state.
pub(crate) struct Executor {
    tear_down: bool,
    tell: Box<Tell>,
}

impl Executor {
    #[cfg_attr(
        not(feature = "pact-verifier"),
        expect(dead_code, reason = "only the peer has executors")
    )]
    pub(crate) fn new<C>(tear_down: bool, tell: C) -> Self
    where
        C: Fn(
                Option<String>,
                ProviderState,
                bool,
            ) -> BoxFuture<'static, Result<StateValues, String>>
            + Send
            + Sync
            + 'static,
    {
        let tell = Box::new(tell);
        Self { tear_down, tell }
    }

    pub(super) fn wants(&self, action: Action) -> bool {
        action == Action::SetUp || self.tear_down
    }

    pub(super) fn tell(
        &self,
        action: Action,
        interaction: Option<&str>,
        state: &ProviderState,
    ) -> BoxFuture<'static, Result<StateValues, String>> {
        let id = interaction.map(str::to_owned);
        (self.tell)(id, state.clone(), action == Action::SetUp)
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Executor")
    }
}
