//! The handlers that a provider's own code brings along.

use std::fmt;

use pact_models::provider_states::ProviderState;

use super::handler::{BoxHandler, StateHandler, boxed};
use super::params::StateParams;
use super::pattern::Pattern;

/// Handlers by the pattern of the states that they know.
#[derive(Default)]
pub(crate) struct Registry {
    set_up: Vec<(Pattern, BoxHandler)>,
    tear_down: Vec<(Pattern, BoxHandler)>,
}

/// What is to be done with a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    SetUp,
    TearDown,
}

impl Registry {
    pub(crate) fn on_set_up<K>(&mut self, pattern: String, handler: impl StateHandler<K>) {
        self.set_up.push((Pattern::new(pattern), boxed(handler)));
    }

    pub(crate) fn on_tear_down<K>(&mut self, pattern: String, handler: impl StateHandler<K>) {
        self.tear_down.push((Pattern::new(pattern), boxed(handler)));
    }

    /// Whether some handler sets the state up.
    pub(super) fn knows(&self, state: &ProviderState) -> bool {
        self.find(Action::SetUp, state).is_some()
    }

    /// The handler for the state and its parameters: one with this very name, or the first whose pattern fits.
    pub(super) fn find(
        &self,
        action: Action,
        state: &ProviderState,
    ) -> Option<(&BoxHandler, StateParams)> {
        let handlers = match action {
            Action::SetUp => &self.set_up,
            Action::TearDown => &self.tear_down,
        };
        if let Some((_, handler)) = handlers.iter().find(|(pattern, _)| pattern.is(&state.name)) {
            return Some((handler, StateParams::new([], &state.params)));
        }
        handlers.iter().find_map(|(pattern, handler)| {
            let captured = pattern.captures(&state.name)?;
            Some((handler, StateParams::new(captured, &state.params)))
        })
    }

    /// The names under which states can be set up.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.set_up.iter().map(|(pattern, _)| pattern.text())
    }

    /// Whether there is any handler.
    pub(crate) fn is_empty(&self) -> bool {
        self.set_up.is_empty() && self.tear_down.is_empty()
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = |handlers: &[(Pattern, BoxHandler)]| -> Vec<String> {
            let patterns = handlers.iter().map(|(pattern, _)| pattern.text());
            patterns.map(str::to_owned).collect()
        };
        f.debug_struct("Registry")
            .field("set_up", &texts(&self.set_up))
            .field("tear_down", &texts(&self.tear_down))
            .finish()
    }
}
