//! Tests as the users of `pact_consumer` write them, on this crate's server: only the imports differ.

use reqwest::{Client, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use treaty_consumer::mock_server::StartMockServer;
use treaty_consumer::prelude::*;

fn dir() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The header that only this crate's server sends: the peer's would not pass.
#[track_caller]
fn is_ours(response: &Response) {
    assert_eq!(response.headers()["x-treaty-mock-server"], "matched");
}

#[tokio::test]
async fn a_greeting() {
    let dir = dir();
    let alice_service = PactBuilder::new("Consumer", "Alice Service")
        .with_output_dir(dir.path())
        .interaction("a retrieve Mallory request", "", |mut i| {
            i.given("there is some good mallory");
            i.request.path("/mallory");
            i.response
                .ok()
                .content_type("text/plain")
                .body("That is some good Mallory.");
            i
        })
        .start_mock_server(None, None);

    let response = reqwest::get(alice_service.path("/mallory")).await.unwrap();

    is_ours(&response);
    assert_eq!(response.headers()["content-type"], "text/plain");
    assert_eq!(response.text().await.unwrap(), "That is some good Mallory.");
    drop(alice_service);
    assert!(dir.path().join("Consumer-Alice Service.json").exists());
}

#[tokio::test]
async fn a_list_of_things_like_one_example() {
    let dir = dir();
    let service = PactBuilder::new_v4("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a request for all users", "", |mut i| {
            i.request
                .get()
                .path("/users")
                .query_param("page", "1")
                .query_param("sort", "name");
            i.response.ok().json_body(each_like!(
                {
                    "id": like!(42),
                    "tags": each_like!("admin"),
                    "email": term!("^[^@]+@[^@]+$", "jane@example.com"),
                },
                min = 2
            ));
            i
        })
        .start_mock_server(None, None);

    let users: Value = reqwest::get(service.path("/users?sort=name&page=1"))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();

    let user = json!({"id": 42, "tags": ["admin"], "email": "jane@example.com"});
    assert_eq!(users, json!([user, user]));
}

#[tokio::test]
async fn a_body_with_patterns_takes_other_values() {
    let dir = dir();
    let service = PactBuilder::new("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("create a user", "", |mut i| {
            i.request
                .post()
                .path("/users")
                .header("X-Trace", term!("^[0-9a-f]{8}$", "0123abcd"))
                .json_body(json_pattern!({
                    "name": like!("Jane"),
                    "address": { "street": like!("Main Street"), "number": like!(1) },
                    "role": "reader",
                }));
            i.response.created().header(
                "Location",
                term!("^.*/users/[0-9]+$", "http://example.com/users/1"),
            );
            i
        })
        .start_mock_server(None, None);

    let body = json!({"name": "Joe", "address": {"street": "Side Street", "number": 22}, "role": "reader"});
    let request = Client::new()
        .post(service.path("/users"))
        .header("x-trace", "deadbeef")
        .json(&body);
    let response = request.send().await.unwrap();

    is_ours(&response);
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["location"], "http://example.com/users/1");
}

#[tokio::test]
async fn states_with_parameters_are_in_the_pact() {
    let dir = dir();
    let service = PactBuilder::new_v4("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a request for a user", "", |mut i| {
            i.given_with_params("a user exists", &json!({"id": 42, "roles": ["admin"]}));
            i.given("the clock stands still");
            i.request
                .path("/users/42")
                .header("Accept", "application/json");
            i.response.json_body(json_pattern!({ "id": 42 }));
            i
        })
        .start_mock_server(None, None);
    let request = Client::new()
        .get(service.path("/users/42"))
        .header("accept", "application/json");
    assert_eq!(request.send().await.unwrap().status(), 200);
    drop(service);

    let text = std::fs::read_to_string(dir.path().join("Consumer-Provider.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let states = json!([
        {"name": "a user exists", "params": {"id": 42, "roles": ["admin"]}}, {"name": "the clock stands still"},
    ]);
    assert_eq!(document["interactions"][0]["providerStates"], states);
}

#[tokio::test]
async fn several_interactions_of_one_test_answer_each_for_itself() {
    let dir = dir();
    let service = PactBuilder::new("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a request for a user that exists", "", |mut i| {
            i.request.path("/users/1");
            i.response.ok().json_body(json_pattern!({ "id": 1 }));
            i
        })
        .interaction("a request for a user that does not exist", "", |mut i| {
            i.request.path("/users/2");
            i.response.not_found();
            i
        })
        .interaction("a removal", "", |mut i| {
            i.request.delete().path("/users/1");
            i.response.no_content();
            i
        })
        .start_mock_server(None, None);

    assert_eq!(
        reqwest::get(service.path("/users/2"))
            .await
            .unwrap()
            .status(),
        404
    );
    assert_eq!(
        reqwest::get(service.path("/users/1"))
            .await
            .unwrap()
            .status(),
        200
    );
    let removal = Client::new()
        .delete(service.path("/users/1"))
        .send()
        .await
        .unwrap();
    assert_eq!(removal.status(), 204);
}

#[test]
fn a_test_without_a_runtime_of_its_own() {
    let dir = dir();
    let service = PactBuilder::new("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a search", "", |mut i| {
            i.request
                .path(term!("^/search/[a-z]+$", "/search/books"))
                .query_param("q", term!("^.+$", "rust"));
            i.response.ok().html().body("<p>nothing</p>");
            i
        })
        .start_mock_server(None, Some(MockServerConfig::default()));
    let mut url = service.url();
    url.set_path("/search/films");
    url.set_query(Some("q=%C5%A1%20%26"));
    assert_eq!(crate::client::get(url.as_str()), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_from_a_provider_state() {
    let dir = dir();
    let service = PactBuilder::new_v4("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a request for the current user", "", |mut i| {
            i.given("a user is signed in");
            i.request
                .path_from_provider_state("/users/${id}", "/users/42")
                .header_from_provider_state("Authorization", "Bearer ${token}", "Bearer abc");
            i.response
                .ok()
                .json_body(json_pattern!({ "id": like!(42) }));
            i
        })
        .start_mock_server(None, None);

    let request = Client::new().get(service.path("/users/42"));
    let response = request
        .header("authorization", "Bearer abc")
        .send()
        .await
        .unwrap();

    is_ours(&response);
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"id": 42}));
}

#[tokio::test]
async fn a_map_with_free_keys() {
    let dir = dir();
    let service = PactBuilder::new_v4("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a request for prices", "", |mut i| {
            i.request.path("/prices");
            i.response.ok().json_body(json_pattern!({
                "prices": object_matching!(
                    json_pattern!({ "EUR": 9.5 }),
                    [each_key(matching_regex!("[A-Z]{3}", "EUR")), each_value(json_pattern!(like!(9.5)))]
                ),
            }));
            i
        })
        .start_mock_server(None, None);

    let response = reqwest::get(service.path("/prices")).await.unwrap();

    is_ours(&response);
    assert_eq!(
        response.json::<Value>().await.unwrap(),
        json!({"prices": {"EUR": 9.5}})
    );
}

#[tokio::test]
async fn a_text_that_matches_a_pattern() {
    let dir = dir();
    let service = PactBuilder::new("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a vote", "", |mut i| {
            i.request
                .put()
                .path("/votes/1")
                .body_matching(term!("^(yes|no)$", "yes"));
            i.response.no_content();
            i
        })
        .start_mock_server(None, None);

    let request = Client::new().put(service.path("/votes/1"));
    let response = request
        .header("content-type", "text/plain")
        .body("no")
        .send()
        .await
        .unwrap();

    is_ours(&response);
    assert_eq!(response.status(), 204);
}

#[tokio::test]
async fn a_comment_a_test_name_and_a_pending_mark() {
    let dir = dir();
    let service = PactBuilder::new_v4("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a ping", "", |mut i| {
            i.with_key("ping-1")
                .pending(true)
                .comment("for the load balancer")
                .test_name("pings");
            i.request.path("/ping");
            i
        })
        .start_mock_server(None, None);

    is_ours(&reqwest::get(service.path("/ping")).await.unwrap());
    drop(service);

    let text = std::fs::read_to_string(dir.path().join("Consumer-Provider.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let interaction = &document["interactions"][0];
    assert_eq!(interaction["key"], "ping-1");
    assert_eq!(interaction["pending"], true);
    assert_eq!(
        interaction["comments"],
        json!({"testname": "pings", "text": ["for the load balancer"]})
    );
}

#[tokio::test]
async fn a_json_answer_with_and_without_its_charset() {
    let dir = dir();
    let service = PactBuilder::new("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("an upload", "", |mut i| {
            i.request
                .post()
                .path("/things")
                .json_utf8()
                .json_body(json_pattern!({ "a": like!(1) }));
            i
        })
        .start_mock_server(None, None);

    for content_type in [
        "application/json",
        "application/json;charset=utf-8",
        "application/json; charset=UTF-8",
    ] {
        let request = Client::new()
            .post(service.path("/things"))
            .header("content-type", content_type);
        is_ours(&request.body("{\"a\":2}").send().await.unwrap());
    }
}

#[test]
#[should_panic(expected = "expected, but never came: GET /never")]
fn an_interaction_that_nobody_asks_for_fails_the_test() {
    let dir = dir();
    let _service = PactBuilder::new("Consumer", "Provider")
        .with_output_dir(dir.path())
        .interaction("a request that does not come", "", |mut i| {
            i.request.path("/never");
            i
        })
        .start_mock_server(None, None);
}
