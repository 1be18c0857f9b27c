use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use pact_models::PactSpecification;
use treaty_consumer::prelude::*;

use crate::support::{user, written};

/// A drop that waits for its server, if only for 100 ms, would need 5 s for these.
#[tokio::test]
async fn an_asynchronous_start_and_a_drop_hold_up_nothing() {
    let pacts = tempfile::tempdir().unwrap();
    let builder = user(pacts.path());
    let mut held_up = Duration::ZERO;
    for _ in 0..50 {
        let server = builder.start_mock_server_async(None, None).await;
        reqwest::get(server.path("/users/42")).await.unwrap();
        assert!(server.status().is_ok());
        let started = Instant::now();
        drop(server);
        held_up += started.elapsed();
    }
    assert!(held_up < Duration::from_secs(4), "{held_up:?}");
    assert_eq!(written(pacts.path()), ["a request for user 42"]);
}

#[tokio::test]
async fn a_preflight_is_answered_when_the_configuration_says_so() {
    let pacts = tempfile::tempdir().unwrap();
    let config = MockServerConfig {
        cors_preflight: true,
        ..MockServerConfig::default()
    };
    let server = user(pacts.path()).start_mock_server(None, Some(config));
    let client = reqwest::Client::new();
    let preflight = client
        .request(reqwest::Method::OPTIONS, server.path("/users/42"))
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "GET");
    assert_eq!(preflight.send().await.unwrap().status(), 204);
    reqwest::get(server.path("/users/42")).await.unwrap();
}

#[track_caller]
fn check(config: MockServerConfig, expected: &str) {
    let pacts = tempfile::tempdir().unwrap();
    let builder = user(pacts.path());
    let start = AssertUnwindSafe(|| drop(builder.start_mock_server(None, Some(config))));
    let panic = catch_unwind(start).unwrap_err();
    let text = panic.downcast_ref::<String>().cloned();
    assert_eq!(text.unwrap_or_default(), expected);
}

#[test]
fn an_option_that_is_not_supported_is_refused_by_name() {
    check(
        MockServerConfig {
            mockserver_id: Some("one".to_owned()),
            ..MockServerConfig::default()
        },
        "mockserver_id is \"one\", and Treaty's mock servers have no ids: leave it out",
    );
    check(
        MockServerConfig::from_json(&serde_json::json!({"port": 1, "host": "a"})),
        "transport_config holds [\"host\", \"port\"], which are options of plugins, and this build of Treaty runs no \
         plugins",
    );
    check(
        MockServerConfig {
            pact_specification: PactSpecification::V2,
            ..MockServerConfig::default()
        },
        "pact_specification is V2, and the builder writes V4: `PactBuilder::new` and `PactBuilder::new_v4` decide that",
    );
    check(
        MockServerConfig {
            address: "here".to_owned(),
            ..MockServerConfig::default()
        },
        "address is \"here\", which is not an address to listen on: invalid socket address syntax",
    );
}
