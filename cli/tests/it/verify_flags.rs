//! `treaty verify`: what its flags make it ask of the provider, of its states and of the broker.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::command::Place;
use crate::provider::serve;

/// Each request in a line: method, path and query, the headers that the tests are about, the body.
pub(crate) type Log = Arc<Mutex<Vec<String>>>;

async fn listen(
    State((log, status, answer)): State<(Log, StatusCode, Value)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    let header = |name: &str| {
        headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    };
    let (team, who) = (header("x-team"), header(header::AUTHORIZATION.as_str()));
    let body = String::from_utf8_lossy(&body);
    let line = format!("{method} {uri} {team} {who} {body}");
    log.lock().unwrap().push(line);
    (status, Json(answer))
}

/// Somebody who gives this answer to everything.
pub(crate) fn listener(status: u16, answer: Value) -> (String, Log) {
    let log = Log::default();
    let status = StatusCode::from_u16(status).unwrap();
    let state = (Arc::clone(&log), status, answer);
    (serve(Router::new().fallback(listen).with_state(state)), log)
}

pub(crate) fn asked(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.lock().unwrap())
}

/// One interaction that needs a state, and one that does not.
fn place() -> Place {
    let interaction = |path: &str, state: Option<&str>| {
        let mut interaction = json!({"description": path, "request": {"method": "GET", "path": path}, "response": {"status": 200}});
        if let Some(state) = state {
            interaction["providerState"] = state.into();
        }
        interaction
    };
    let pact = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"},
        "interactions": [interaction("/with", Some("a state")), interaction("/without", None)],
        "metadata": {"pactSpecification": {"version": "2.0.0"}},
    });
    let place = Place::new();
    place.write("a.json", &pact.to_string());
    place
}

#[test]
fn only_the_interactions_that_are_asked_for_are_replayed() {
    let (provider, log) = listener(200, json!({}));
    for (filter, path) in [
        ("--filter-state ^a --allow-unknown-states", "/with"),
        ("--filter-no-state", "/without"),
        ("--filter-description without", "/without"),
        (
            "--filter-consumer A --filter-no-state --no-colour",
            "/without",
        ),
    ] {
        place()
            .run(&format!(
                "verify -f a.json --provider-base-url {provider} {filter}"
            ))
            .ends_with(0);
        let asked = asked(&log);
        assert_eq!(asked.len(), 1, "{filter}: {asked:?}");
        assert!(
            asked[0].starts_with(&format!("GET {path} ")),
            "{filter}: {asked:?}"
        );
    }
}

#[test]
fn a_header_goes_with_every_request_to_the_provider() {
    let (provider, log) = listener(200, json!({}));
    for header in ["-H X-Team=orders", "--header X-Team:orders"] {
        place()
            .run(&format!(
                "verify -f a.json --provider-base-url {provider} --allow-unknown-states {header}"
            ))
            .ends_with(0);
        let asked = asked(&log);
        assert!(
            asked.iter().all(|line| line.contains(" orders ")),
            "{asked:?}"
        );
    }
}

#[test]
fn states_are_set_up_and_torn_down_by_body_or_by_query() {
    let (provider, _) = listener(200, json!({}));
    let (states, log) = listener(200, json!({}));
    let line = format!(
        "verify -f a.json --provider-base-url {provider} -s {states}/states --filter-state a"
    );
    place().run(&line).ends_with(0);
    let told = asked(&log);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("POST /states ") && told[0].contains("\"a state\""),
        "{told:?}"
    );

    place()
        .run(&format!(
            "{line} --state-change-as-query --state-change-teardown"
        ))
        .ends_with(0);
    let told = asked(&log);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("state=a") && told[0].contains("action=setup"),
        "{told:?}"
    );
    assert!(told[1].contains("action=teardown"), "{told:?}");
}

#[test]
fn credentials_go_to_the_broker() {
    let (broker, log) = listener(401, json!({"error": "who?"}));
    for (words, expected) in [
        ("--user user --password secret", "Basic dXNlcjpzZWNyZXQ="),
        ("-t secret", "Bearer secret"),
        ("--token secret", "Bearer secret"),
    ] {
        let told = Place::new()
            .run(&format!(
                "verify -n B -b {broker} --provider-base-url http://127.0.0.1:1 {words}"
            ))
            .ends_with(3)
            .says("who?");
        assert!(
            !told.stdout.contains("secret") && !told.stderr.contains("secret"),
            "{told:?}"
        );
        assert!(asked(&log)[0].contains(expected), "{words}");
    }
}

#[test]
fn a_broker_that_is_ill_is_asked_as_often_as_is_wanted() {
    let (broker, log) = listener(500, json!({}));
    Place::new()
        .run(&format!(
            "verify -n B -b {broker} --provider-base-url http://127.0.0.1:1 --retries 1"
        ))
        .ends_with(3);
    assert_eq!(asked(&log).len(), 2);
}

#[test]
fn which_pacts_are_wanted_is_told_to_the_broker() {
    let answer = json!({"_links": {"pb:provider-pacts-for-verification": {"href": "/for"}}, "_embedded": {"pacts": []}});
    let (broker, log) = listener(200, answer);
    Place::new()
        .run(&format!(
            "verify -n B -b {broker} --provider-base-url http://127.0.0.1:1 --ignore-no-pacts-error --provider-branch main \
             --enable-pending --include-wip-pacts-since 2026-01-01 --consumer-version-tags dev,prod"
        ))
        .ends_with(0);
    let asked = asked(&log);
    let body = asked[1].split_once('{').unwrap().1;
    let body: Value = serde_json::from_str(&format!("{{{body}")).unwrap();
    assert_eq!(body["includePendingStatus"], true);
    assert_eq!(body["includeWipPactsSince"], "2026-01-01");
    let tags: Vec<&Value> = body["consumerVersionSelectors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|selector| &selector["tag"])
        .collect();
    assert_eq!(tags, ["dev", "prod"]);
}

#[test]
fn a_date_or_a_time_that_is_none_is_refused_before_anybody_is_asked() {
    let verify = "verify -n UserService --broker-url http://127.0.0.1:1 --provider-base-url http://127.0.0.1:1";
    for (wrong, told) in [
        ("--include-wip-pacts-since yesterday", "2026-11-22"),
        ("--include-wip-pacts-since 22/11/2026", "2026-11-22"),
        ("--include-wip-pacts-since 2026-13-45", "2026-11-22"),
        ("--include-wip-pacts-since 2026-11-22x", "2026-11-22"),
        ("--request-timeout 0", "0 is not in 1.."),
    ] {
        Place::new()
            .run(&format!("{verify} {wrong}"))
            .ends_with(2)
            .complains(told);
    }
    for date in [
        "2026-11-22",
        "2026-11-22T10:00:00+01:00",
        "2026-11-22T10:00:00",
    ] {
        Place::new()
            .run(&format!("{verify} --include-wip-pacts-since {date}"))
            .ends_with(3);
    }
}
