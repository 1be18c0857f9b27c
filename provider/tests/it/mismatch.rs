//! A provider that answers otherwise.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use treaty_core::outcome::Verdict;

use crate::fakes::{cause, get_of, mismatches, only, pact, source, up, verifier};
use treaty_provider::PactSource;

fn jane() -> Value {
    json!({
        "description": "a request for user 42",
        "request": { "method": "GET", "path": "/users/42" },
        "response": {
            "status": 200,
            "headers": { "Content-Type": "application/json" },
            "body": { "id": 42, "email": "jane@example.com" },
            "matchingRules": { "body": {
                "$.id": { "matchers": [{ "match": "integer" }] },
                "$.email": { "matchers": [{ "match": "type" }] },
            } },
        },
    })
}

#[tokio::test]
async fn every_difference_is_told_with_its_place_and_rule() {
    let app = Router::new().route("/users/{id}", get(async || Json(json!({ "id": "42" }))));

    let report = verifier().service(app).verify(source(&[jane()])).await;

    assert_eq!(report.verdict(), Verdict::No);
    assert_eq!(
        mismatches(&only(&report).outcome),
        [
            "$.email  expected a string, got nothing  (rule: type)",
            "$.id  expected an integer, got \"42\"  (rule: integer)",
        ]
    );
}

#[tokio::test]
async fn one_failure_does_not_keep_the_others_from_being_replayed() {
    let report = up()
        .verify(source(&[get_of("/missing"), get_of("/ok")]))
        .await;

    assert_eq!(report.verdict(), Verdict::No);
    let summary = report.summary();
    assert_eq!(
        (
            summary.failed,
            summary.passed,
            summary.interactions_replayed
        ),
        (1, 1, 2)
    );
}

#[tokio::test]
async fn a_pending_interaction_fails_without_failing_the_build() {
    let mut pending = get_of("/missing");
    pending["pending"] = json!(true);
    pending["type"] = json!("Synchronous/HTTP");
    let mut ok = get_of("/ok");
    ok["type"] = json!("Synchronous/HTTP");
    let mut pact = pact(&[pending, ok]);
    pact["metadata"] = json!({ "pactSpecification": { "version": "4.0" } });

    let report = up().verify(PactSource::json("a pact", pact)).await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(report.summary().failed_pending, 1);
}

#[tokio::test]
async fn a_message_is_inconclusive_until_messages_can_be_verified() {
    let pact = json!({
        "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
        "messages": [{ "description": "a user signed up", "contents": "{}" }],
        "metadata": { "pactSpecification": { "version": "3.0.0" } },
    });

    let report = up().verify(PactSource::json("a pact", pact)).await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    assert_eq!(report.summary().interactions_replayed, 0);
}

/// A body so deep that its two rules multiply beyond measure: nobody knows whether the provider is wrong.
#[tokio::test]
async fn an_answer_that_cannot_be_compared_is_inconclusive_and_no_failure() {
    let deep = (0..40).fold(json!("x"), |inside, _| json!({ "a": inside }));
    let two =
        json!({ "combine": "AND", "matchers": [{ "match": "type" }, { "match": "notEmpty" }] });
    let http = json!({
        "description": "a request for all there is", "request": { "method": "GET", "path": "/deep" },
        "response": { "status": 200, "body": deep, "matchingRules": { "body": { "$.a": two } } },
    });
    let message = json!({ "description": "all there is", "contents": deep, "matchingRules": { "body": { "$.a": two } } });
    let messages = json!({
        "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
        "messages": [message], "metadata": { "pactSpecification": { "version": "3.0.0" } },
    });
    let served = deep.clone();
    let app = Router::new().route("/deep", get(async move || Json(served)));
    let verifier = verifier().service(app);
    let verifier = verifier.message("all there is", async move || deep.clone());
    for source in [source(&[http]), PactSource::json("a pact", messages)] {
        let report = verifier.verify(source).await;
        assert_eq!(report.verdict(), Verdict::Unknown, "{report}");
        let cause = cause(&only(&report).outcome).to_string();
        let expected = "the answer could not be compared: its matching rules take ";
        assert!(cause.starts_with(expected), "{cause}");
    }
}

#[tokio::test]
async fn a_report_that_is_no_yes_fails_the_test_with_its_text() {
    let report = up().verify(source(&[get_of("/missing")])).await;

    let panic = std::panic::catch_unwind(|| report.assert_ok()).unwrap_err();

    let text = panic.downcast_ref::<String>().unwrap();
    assert!(
        text.contains("status  expected 200, got 404  (rule: equality)"),
        "{text}"
    );
}
