use std::time::{Duration, Instant};

use reqwest::Client;
use treaty_consumer::prelude::*;

use crate::support::{user, written};

const USER: &str = "a request for user 42";

fn options(fault: Fault) -> MockServerOptions {
    MockServerOptions::default().fault(fault)
}

/// The client's time-out is 30 s, and nobody waits for them: when the request has come, the clock is stopped, and the
/// time-out is the only thing that is left to happen.
#[tokio::test]
async fn a_time_out_of_30_s_is_not_waited_for() {
    let pacts = tempfile::tempdir().unwrap();
    let mock = user(pacts.path()).mock_server_with(options(Fault::no_answer().on(USER)));
    let client = Client::builder()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let started = Instant::now();

    let request = client.get(mock.path("/users/42")).send();
    let (answer, ()) = tokio::join!(request, async {
        mock.received(1).await;
        tokio::time::pause();
    });

    assert!(answer.unwrap_err().is_timeout());
    assert!(started.elapsed() < Duration::from_secs(10));
    mock.finish().unwrap();
    assert_eq!(written(pacts.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_success_behind_a_fault_is_written() {
    let pacts = tempfile::tempdir().unwrap();
    let mock = user(pacts.path()).mock_server_with(options(Fault::status(503).on(USER).first(1)));
    let mut statuses = Vec::new();
    for _ in 0..2 {
        statuses.push(
            reqwest::get(mock.path("/users/42"))
                .await
                .unwrap()
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [503, 200]);
    assert_eq!(mock.report().faults[0].faults, ["status 503"]);
    mock.finish().unwrap();
    assert_eq!(written(pacts.path()), [USER]);
    let text = std::fs::read_to_string(pacts.path().join("OrderService-UserService.json")).unwrap();
    assert!(!text.contains("503"), "a fault is not part of the contract");
}

#[tokio::test]
async fn a_client_that_gives_up_too_early_has_not_met_the_interaction() {
    let pacts = tempfile::tempdir().unwrap();
    let mock = user(pacts.path()).mock_server_with(options(Fault::reset().on(USER).first(1)));
    assert!(reqwest::get(mock.path("/users/42")).await.is_err());
    let unmet = mock.finish().unwrap_err();
    assert_eq!(
        format!("{unmet:?}"),
        "the interactions of OrderService with UserService were not met\n\
         expected once more, behind 1 answer with a fault: GET /users/42\n    \
             a request for user 42\n\
         answered with a reset: GET /users/42\n    \
             a request for user 42, call 1\n"
    );
    assert_eq!(written(pacts.path()), Vec::<String>::new());
}

#[tokio::test]
async fn only_what_was_answered_as_described_is_written() {
    let pacts = tempfile::tempdir().unwrap();
    let mut builder = user(pacts.path());
    builder.interaction("a ping", "", |mut i| {
        i.request.path("/ping");
        i
    });
    let mock = builder.mock_server_with(options(Fault::malformed_body().on(USER)));
    let broken = reqwest::get(mock.path("/users/42")).await.unwrap();
    assert!(broken.json::<serde_json::Value>().await.is_err());
    reqwest::get(mock.path("/ping")).await.unwrap();
    mock.finish().unwrap();
    assert_eq!(written(pacts.path()), ["a ping"]);
}

#[tokio::test]
async fn what_is_withheld_does_not_disturb_what_another_test_wrote() {
    let pacts = tempfile::tempdir().unwrap();
    let mock = user(pacts.path()).mock_server();
    reqwest::get(mock.path("/users/42")).await.unwrap();
    mock.finish().unwrap();
    let mock = user(pacts.path()).mock_server_with(options(Fault::status(500)));
    reqwest::get(mock.path("/users/42")).await.unwrap();
    mock.finish().unwrap();
    assert_eq!(written(pacts.path()), [USER]);
}

#[test]
fn a_fault_for_an_interaction_that_nobody_described_is_refused() {
    let pacts = tempfile::tempdir().unwrap();
    let builder = user(pacts.path());
    let start = || builder.mock_server_with(options(Fault::reset().on("a request for usr 42")));
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(start)).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        "no mock server can start: a fault cannot happen: no interaction is called \"a request for usr 42\"; \
         there are \"a request for user 42\""
    );
}
