//! What the service answers.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::store::{NewUser, Store, User};

/// Which users are wanted.
#[derive(Deserialize)]
struct Wanted {
    active: Option<bool>,
}

/// The service over this store.
pub fn app(store: Store) -> Router {
    Router::new()
        .route("/users", get(list).post(sign_up))
        .route("/users/{id}", get(show))
        .with_state(store)
}

async fn list(State(store): State<Store>, Query(wanted): Query<Wanted>) -> Json<Vec<User>> {
    let mut users = store.all();
    users.retain(|user| wanted.active.is_none_or(|active| user.active == active));
    Json(users)
}

async fn show(
    State(store): State<Store>,
    Path(id): Path<u64>,
) -> Result<Json<User>, (StatusCode, Json<Value>)> {
    let not_found = || {
        let body = json!({ "error": format!("no user {id}") });
        (StatusCode::NOT_FOUND, Json(body))
    };
    store.get(id).map(Json).ok_or_else(not_found)
}

async fn sign_up(
    State(store): State<Store>,
    Json(user): Json<NewUser>,
) -> (StatusCode, Json<User>) {
    (StatusCode::CREATED, Json(store.sign_up(user)))
}
