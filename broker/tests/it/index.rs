use axum::body::Body;
use http::Request;
use serde_json::Value;

use crate::support::{BASE, TestBroker, config, database};
use treaty_broker::Config;

#[tokio::test]
async fn names_every_relation_that_clients_follow() {
    let index = TestBroker::new().get("/").await.json();
    for relation in [
        "pb:publish-contracts",
        "pb:provider-pacts-for-verification",
        "beta:provider-pacts-for-verification",
        "pb:pacticipants",
        "pb:pacticipant-version",
        "pb:pacticipant-version-tag",
        "pb:pacticipant-branch-version",
        "pb:environments",
        "pb:latest-provider-pacts-with-tag",
        "pb:can-i-deploy-pacticipant-version-to-environment",
    ] {
        let href = index["_links"][relation]["href"]
            .as_str()
            .unwrap_or_default();
        assert!(href.starts_with(BASE), "{relation}: {href}");
    }
    assert_eq!(index["_links"]["curies"][0]["name"], "pb");
}

async fn links_start_with(config: Config, headers: &[(&str, &str)], expected: &str) {
    let mut request = Request::get("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = TestBroker::open(config)
        .send(request.body(Body::empty()).unwrap())
        .await;
    let href = answer.json()["_links"]["pb:pacticipants"]["href"].clone();
    assert_eq!(href, Value::from(format!("{expected}/pacticipants")));
}

#[tokio::test]
async fn links_lead_where_the_client_came_from() {
    let open = || Config::new(database());
    links_start_with(open(), &[("host", "pacts:9292")], "http://pacts:9292").await;
    let proxied = [
        ("host", "10.0.0.1:80"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "pacts.example"),
    ];
    links_start_with(open(), &proxied, "https://pacts.example").await;
    links_start_with(config(database()), &proxied, BASE).await;
}

#[tokio::test]
async fn every_answer_says_who_answers() {
    let answer = TestBroker::new().get("/nowhere").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("vary"), "Accept");
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert!(!answer.header("x-pact-broker-version").is_empty());
}
