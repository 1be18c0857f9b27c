//! The provider states that the pacts of a provider need.

use std::collections::BTreeMap;

use axum::extract::Path;
use serde_json::{Value, json};

use crate::domain::document::{State, provider_states};
use crate::http::{Call, Outcome, Problem, Reply};
use crate::store::publications::{self, Of};
use crate::store::{Sql, environments};

/// Whose pacts are read.
enum Consumers {
    OnMainBranch,
    OnBranch(String),
    InEnvironment(String),
}

/// `GET PP/provider-states`
pub(crate) async fn on_main_branch(call: Call, Path(provider): Path<String>) -> Outcome {
    list(call, provider, Consumers::OnMainBranch).await
}

/// `GET PP/provider-states/branch/{branch}`
pub(crate) async fn on_branch(
    call: Call,
    Path((provider, branch)): Path<(String, String)>,
) -> Outcome {
    list(call, provider, Consumers::OnBranch(branch)).await
}

/// `GET PP/provider-states/environment/{uuid}`
pub(crate) async fn in_environment(
    call: Call,
    Path((provider, uuid)): Path<(String, String)>,
) -> Outcome {
    list(call, provider, Consumers::InEnvironment(uuid)).await
}

async fn list(call: Call, provider: String, consumers: Consumers) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let provider = super::pacticipant(sql, &provider)?;
        let of = match &consumers {
            Consumers::OnMainBranch => Of::MainBranch,
            Consumers::OnBranch(branch) => Of::Branch(branch),
            Consumers::InEnvironment(uuid) => {
                environments::find(sql, uuid)?.ok_or(Problem::NotFound)?;
                Of::InEnvironment(uuid)
            }
        };
        let pacts = publications::latest_for_provider(sql, provider.id, of)?;
        let mut found = Vec::new();
        for pact in pacts {
            let document = publications::document(sql, pact.content_id)?;
            found.push((pact.consumer, provider_states(&document)));
        }
        Ok::<_, Problem>(found)
    };
    let found = call.state.store.read(read).await?;
    Ok(Reply::ok(&document(found)))
}

/// Each state with its parameters once, by name, with the consumers that need it.
fn document(found: Vec<(String, Vec<State>)>) -> Value {
    let mut states: BTreeMap<(String, String), (Option<Value>, Vec<String>)> = BTreeMap::new();
    for (consumer, needed) in found {
        for (name, params) in needed {
            let key = (
                name,
                params.as_ref().map(Value::to_string).unwrap_or_default(),
            );
            let (_, consumers) = states.entry(key).or_insert_with(|| (params, Vec::new()));
            if !consumers.contains(&consumer) {
                consumers.push(consumer.clone());
            }
        }
    }
    let state =
        |((name, _), (params, consumers)): ((String, String), (Option<Value>, Vec<String>))| {
            let mut state = json!({ "name": name, "consumers": consumers });
            if let Some(params) = params {
                state["params"] = params;
            }
            state
        };
    json!({ "providerStates": states.into_iter().map(state).collect::<Vec<_>>() })
}
