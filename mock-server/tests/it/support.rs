//! Servers for tests, on ports of their own.

use std::net::TcpListener;

use serde_json::{Value, json};
use tokio::runtime::Handle;
use treaty_core::interaction::Interaction;
use treaty_mock_server::{MockServer, MockServerOptions, StartError};

/// Interactions as they stand in a pact of version 4.
pub(crate) fn interactions(interactions: &Value) -> Vec<Interaction> {
    let pact = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}},
    });
    let pact = treaty_core::document::load("a-b.json", pact.to_string().as_bytes());
    pact.unwrap().interactions
}

/// One user with a body, and one greeting without.
pub(crate) fn user_and_ping() -> Vec<Interaction> {
    interactions(&json!([
        {
            "type": "Synchronous/HTTP", "description": "a request for user 42",
            "request": {"method": "GET", "path": "/users/42"},
            "response": {"status": 200, "body": {
                "contentType": "application/json", "encoded": false, "content": {"id": 42, "name": "Jane"},
            }},
        },
        {
            "type": "Synchronous/HTTP", "description": "a ping",
            "request": {"method": "GET", "path": "/ping"}, "response": {"status": 204},
        },
    ]))
}

/// A server in the runtime of the test, whatever runtime that is.
pub(crate) fn try_start(
    interactions: Vec<Interaction>,
    options: MockServerOptions,
) -> Result<MockServer, StartError> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    MockServer::start_with(interactions, listener, options, &Handle::current())
}

#[track_caller]
pub(crate) fn start(options: MockServerOptions) -> MockServer {
    try_start(user_and_ping(), options).unwrap()
}

pub(crate) async fn get(server: &MockServer, path: &str) -> reqwest::Result<reqwest::Response> {
    reqwest::get(format!("{}{path}", server.url())).await
}
