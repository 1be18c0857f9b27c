//! A provider for a test, on a thread of its own.

use std::thread;

use axum::Json;
use axum::Router;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// Serves the router until the test binary ends, and gives its URL.
pub(crate) fn serve(router: Router) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    format!("http://{}", told.recv().unwrap())
}

/// UserService, with a user of these members.
pub(crate) fn users(user: Value) -> String {
    let user = get(move || async { Json(user) });
    let states = post(async || "");
    serve(
        Router::new()
            .route("/users/42", user)
            .route("/states", states),
    )
}

/// UserService as the pact wants it.
pub(crate) fn good() -> String {
    users(json!({ "id": 42, "email": "a@b" }))
}

/// UserService without the address.
pub(crate) fn broken() -> String {
    users(json!({ "id": 42 }))
}

/// A URL where nobody listens.
pub(crate) fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// The pact between OrderService and UserService.
pub(crate) fn pact() -> String {
    let like = json!({ "match": "type" });
    let pact = json!({
        "consumer": { "name": "OrderService" },
        "provider": { "name": "UserService" },
        "interactions": [{
            "description": "a request for user 42",
            "request": { "method": "GET", "path": "/users/42" },
            "response": {
                "status": 200,
                "headers": { "Content-Type": "application/json" },
                "body": { "id": 1, "email": "x" },
                "matchingRules": { "$.body.id": like, "$.body.email": like },
            },
        }],
        "metadata": { "pactSpecification": { "version": "2.0.0" } },
    });
    pact.to_string()
}
