//! What is read of an answer.

use axum::Router;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::response::{AppendHeaders, Redirect};
use axum::routing::get;
use serde_json::{Value, json};
use treaty_core::outcome::Verdict;
use treaty_provider::Report;

use crate::fakes::{mismatches, only, serve, source, verifier};

fn expecting(response: &Value) -> Value {
    json!({
        "description": "a request",
        "request": { "method": "GET", "path": "/" },
        "response": response,
    })
}

async fn verified(app: Router, response: Value) -> Report {
    verifier()
        .service(app)
        .verify(source(&[expecting(&response)]))
        .await
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let app = Router::new()
        .route("/", get(async || Redirect::to("/elsewhere")))
        .route("/elsewhere", get(async || "never asked"));
    let address = serve(app).await;
    let response = json!({ "status": 303, "headers": { LOCATION.as_str(): "/elsewhere" } });

    let report = verifier()
        .base_url(format!("http://{address}"))
        .verify(source(&[expecting(&response)]))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
}

#[tokio::test]
async fn several_headers_of_one_name_are_compared_with_several_values() {
    let cookies = || AppendHeaders([(SET_COOKIE, "a=1"), (SET_COOKIE, "b=2")]);
    let app = Router::new().route("/", get(async move || cookies()));
    let response = |cookies: Value| json!({ "status": 200, "headers": { "Set-Cookie": cookies } });

    let same = verified(app.clone(), response(json!(["a=1", "b=2"]))).await;
    let other = verified(app, response(json!(["a=1", "b=3"]))).await;

    assert_eq!(same.verdict(), Verdict::Yes);
    assert_eq!(other.verdict(), Verdict::No);
}

#[tokio::test]
async fn the_type_of_the_body_is_compared() {
    let app = Router::new().route("/", get(async || "{}"));
    let response = json!({
        "status": 200, "headers": { "Content-Type": "application/json" }, "body": {},
    });

    let report = verified(app, response).await;

    let mismatches = mismatches(&only(&report).outcome);
    assert!(mismatches[0].contains("text/plain"), "{mismatches:?}");
}

#[tokio::test]
async fn a_body_that_is_no_text_is_compared_by_its_bytes() {
    let app = Router::new().route("/", get(async || vec![0xff, 0x00]));
    let response = |body: &str| json!({ "status": 200, "headers": { "Content-Type": "application/octet-stream" }, "body": body });

    let same = verified(app.clone(), response("/wA=")).await;
    let other = verified(app, response("/wE=")).await;

    assert_eq!(same.verdict(), Verdict::Yes);
    assert_eq!(other.verdict(), Verdict::No);
}
