//! Serves the users, and the provider states of their contracts, for `treaty verify` and other verifiers:
//! `cargo run --example user-service [port]`.

use std::net::Ipv4Addr;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;
use user_service::{Store, User, app};

/// What a verifier says to a state-change URL.
#[derive(Deserialize)]
struct Change {
    action: String,
    state: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = match std::env::args().nth(1) {
        Some(port) => port.parse()?,
        None => 0,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    announce(&format!("listening on http://{}", listener.local_addr()?));
    let store = Store::default();
    let states = Router::new()
        .route("/_pact/provider_states", post(change))
        .with_state(store.clone());
    axum::serve(listener, app(store).merge(states)).await?;
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "whoever starts the service waits for this line"
)]
fn announce(line: &str) {
    println!("{line}");
}

async fn change(State(store): State<Store>, Json(change): Json<Change>) -> StatusCode {
    store.clear();
    if change.action != "setup" {
        return StatusCode::OK;
    }
    match change.state.as_str() {
        "" | "no users exist" | "no user with ID 99 exists" => StatusCode::OK,
        "a user with ID 42 exists" => {
            store.insert(User {
                id: 42,
                name: "Jane".to_owned(),
                email: "jane@example.com".to_owned(),
                active: true,
            });
            StatusCode::OK
        }
        _ => StatusCode::BAD_REQUEST,
    }
}
