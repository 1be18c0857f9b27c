//! The provider of the story: a small service with users, whose next version renames a field.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::steps::Surprise;

/// The path at which the provider is told its states.
const STATES: &str = "/_pact/provider_states";

/// What the provider calls a user's address.
#[derive(Debug, Clone, Copy)]
pub(super) enum AddressField {
    /// As its consumers know it.
    Email,
    /// As somebody found nicer.
    Mail,
}

impl AddressField {
    fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Mail => "mail",
        }
    }
}

/// The provider, until it is dropped.
#[derive(Debug)]
pub(super) struct Provider {
    base_url: String,
    served: JoinHandle<()>,
}

#[derive(Debug, Clone)]
struct Store {
    users: Arc<Mutex<HashMap<u64, String>>>,
    address: AddressField,
}

#[derive(Debug, Deserialize)]
struct StateChange {
    action: String,
    state: String,
}

impl Provider {
    pub(super) async fn start(address: AddressField) -> Result<Self, Surprise> {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.map_err(Surprise::of)?;
        let place = listener.local_addr().map_err(Surprise::of)?;
        let store = Store {
            users: Arc::default(),
            address,
        };
        let app = Router::new()
            .route("/users/{id}", get(user))
            .route(STATES, post(change_state))
            .with_state(store);
        let served = tokio::spawn(async move {
            // It ends with the story; an error of it shows as a provider that does not answer.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self {
            base_url: format!("http://{place}"),
            served,
        })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }

    pub(super) fn state_change_url(&self) -> String {
        format!("{}{STATES}", self.base_url)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.served.abort();
    }
}

async fn user(State(store): State<Store>, Path(id): Path<u64>) -> Result<Json<Value>, StatusCode> {
    let users = store.users.lock().unwrap_or_else(PoisonError::into_inner);
    let name = users.get(&id).ok_or(StatusCode::NOT_FOUND)?;
    let mut user = json!({ "id": id, "name": name });
    user[store.address.as_str()] = json!(format!("{}@example.com", name.to_lowercase()));
    Ok(Json(user))
}

async fn change_state(State(store): State<Store>, Json(change): Json<StateChange>) -> StatusCode {
    let mut users = store.users.lock().unwrap_or_else(PoisonError::into_inner);
    match (change.action.as_str(), change.state.as_str()) {
        ("setup", "a user with ID 42 exists") => {
            users.insert(42, "Maria".to_owned());
            StatusCode::OK
        }
        (_, "") => StatusCode::OK,
        _ => StatusCode::NOT_FOUND,
    }
}
