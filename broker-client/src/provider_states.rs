//! The provider states that consumers ask of a provider.

use serde_json::Value;
use treaty_core::names::{BranchName, EnvironmentName, PacticipantName};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::segment;
use crate::pages::text;

/// A provider state, and who asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProviderState {
    /// Its name.
    pub name: String,
    /// The consumers whose pacts need it.
    pub consumers: Vec<String>,
}

/// Whose pacts are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatesOf {
    /// Each consumer's latest pact of its main branch.
    MainBranch,
    /// Each consumer's latest pact of the branch.
    Branch(BranchName),
    /// The pacts of the consumer versions in the environment.
    Environment(EnvironmentName),
}

impl Client {
    /// The provider states that the pacts with a provider need, and the broker's document of them.
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know the provider, or cannot list states.
    pub async fn provider_states(
        &self,
        provider: &PacticipantName,
        of: &StatesOf,
    ) -> Result<(Vec<ProviderState>, Value), ClientError> {
        // No document of a broker links to this one.
        let mut path = format!(
            "pacts/provider/{}/provider-states",
            segment(provider.as_str())
        );
        match of {
            StatesOf::MainBranch => {}
            StatesOf::Branch(branch) => {
                path.push_str(&format!("/branch/{}", segment(branch.as_str())));
            }
            StatesOf::Environment(name) => {
                let environment = self.environment_by_name(name).await?;
                let uuid = text(&environment.body["uuid"]).unwrap_or_default();
                path.push_str(&format!("/environment/{}", segment(&uuid)));
            }
        }
        let found = self.get(&self.below_base(&path)).await;
        let found = found.map_err(|error| {
            error.or_unknown(|| format!("list of provider states of {:?}", provider.as_str()))
        })?;
        let states = found.body["providerStates"].as_array();
        let states = states.into_iter().flatten().map(state).collect();
        Ok((states, found.body))
    }
}

fn state(state: &Value) -> ProviderState {
    let consumers = state["consumers"].as_array().into_iter().flatten();
    ProviderState {
        name: text(&state["name"]).unwrap_or_default(),
        consumers: consumers.filter_map(text).collect(),
    }
}
