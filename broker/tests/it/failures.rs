use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::support::{TestBroker, config, database, publication};

#[tokio::test]
async fn a_broken_body_is_a_400_on_every_route_that_reads_one() {
    let broker = TestBroker::new();
    let results = "/pacts/provider/P/consumer/C/pact-version/0464aca42d98c85f1e581a56b3ac10223c0f2b75/verification-results";
    for (method, path) in [
        ("POST", "/contracts/publish"),
        ("PUT", "/pacts/provider/P/consumer/C/version/1"),
        ("POST", "/pacts/provider/P/for-verification"),
        ("POST", results),
        ("POST", "/pacticipants"),
        ("PATCH", "/pacticipants/P"),
        ("PUT", "/pacticipants/P/versions/1"),
        ("PUT", "/pacticipants/P/versions/1/tags/t"),
        ("PUT", "/pacticipants/P/branches/b/versions/1"),
        ("POST", "/environments"),
        (
            "POST",
            "/pacticipants/P/versions/1/deployed-versions/environment/x",
        ),
        ("PATCH", "/deployed-versions/x"),
    ] {
        for body in [&b"{"[..], b"\xff\xfe", b"[1]", b"7"] {
            let answer = broker
                .with_body(method, path, "application/json", body.to_vec())
                .await;
            assert_eq!(
                answer.status, 400,
                "{method} {path} {body:?}: {}",
                answer.text
            );
        }
    }
    assert_eq!(
        broker.get("/pacticipants").await.json()["_embedded"]["pacticipants"],
        json!([])
    );
}

#[tokio::test]
async fn a_text_that_is_not_utf_8_is_located() {
    let broker = TestBroker::new();
    let body = b"{\"a\":\"\xff\"}".to_vec();
    let answer = broker
        .with_body("POST", "/contracts/publish", "application/json", body)
        .await;
    assert_eq!(
        answer.json()["error"],
        "Request body has a non UTF-8 character at char 7 and cannot be parsed as JSON. \
         Fragment preceding invalid character is: '{\"a\":\"'"
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_a_413() {
    let broker = TestBroker::open(config(database()).body_bytes_max(100));
    let answer = broker
        .post("/contracts/publish", publication("Web", "1", "Orders", 1))
        .await;
    assert_eq!(answer.status, 413);
    assert_eq!(
        answer.json()["error"],
        "The request body is larger than the 100 bytes allowed."
    );
}

#[tokio::test]
async fn a_media_type_that_is_not_known_is_a_415_with_those_that_are() {
    let broker = TestBroker::new();
    let answer = broker
        .with_body("POST", "/contracts/publish", "text/yaml", "a: 1")
        .await;
    assert_eq!(answer.status, 415);
    assert_eq!(answer.header("accept"), "application/json");
}

#[tokio::test]
async fn a_method_that_is_not_known_is_a_405_with_those_that_are() {
    let answer = TestBroker::new().get("/contracts/publish").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("allow")),
        (405, "POST, OPTIONS")
    );
}

#[tokio::test]
async fn the_methods_of_a_path_are_told_to_who_asks() {
    let broker = TestBroker::new();
    for (path, status, allowed) in [
        ("/pacticipants", 200, "GET, HEAD, POST, OPTIONS"),
        ("/contracts/publish", 200, "POST, OPTIONS"),
        ("/nowhere", 404, ""),
    ] {
        let request = Request::options(path).body(Body::empty()).unwrap();
        let answer = broker.send(request).await;
        assert_eq!(answer.status, status, "{path}");
        let methods: Vec<&str> = answer.header("allow").split(',').map(str::trim).collect();
        assert_eq!(methods.join(", "), allowed, "{path}");
        assert!(status != 200 || answer.text.is_empty(), "{}", answer.text);
    }
}

#[tokio::test]
async fn an_unknown_path_is_a_404_in_json() {
    let answer = TestBroker::new().get("/nowhere").await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.header("content-type"),
        "application/json;charset=utf-8"
    );
    assert_eq!(
        answer.json(),
        json!({ "error": "The requested document was not found on this server." })
    );
}

#[tokio::test]
async fn a_client_that_asks_for_problems_gets_problems() {
    let broker = TestBroker::new();
    let request = Request::post("/contracts/publish")
        .header("accept", "application/problem+json, application/hal+json")
        .header("content-type", "application/json")
        .body(Body::from("{\"contracts\":[{}]}"))
        .unwrap();
    let answer = broker.send(request).await;
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json;charset=utf-8"
    );
    let problem = answer.json();
    assert_eq!(problem["status"], 400);
    assert_eq!(problem["errors"][0]["pointer"], "/pacticipantName");
    assert_eq!(
        problem["errors"][0]["type"],
        "http://broker.test/problems/missing-body-property"
    );
}

#[tokio::test]
async fn a_path_that_is_not_utf_8_is_refused() {
    let answer = TestBroker::new().get("/pacticipants/%ff").await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn a_text_that_no_database_holds_is_refused() {
    let broker = TestBroker::new();
    let made = broker
        .post(
            "/pacticipants",
            json!({ "name": "a", "displayName": "a\0b" }),
        )
        .await;
    assert_eq!(made.status, 400, "{}", made.text);
    assert_eq!(
        made.json()["error"],
        "The request cannot be stored: a text holds the character U+0000."
    );
}

#[tokio::test]
async fn a_name_in_a_path_holds_no_control_characters() {
    let broker = TestBroker::new();
    for (character, fault) in [
        ("%00", "cannot contain control characters"),
        ("%0A", "cannot contain multiple lines"),
        ("%7F", "cannot contain control characters"),
    ] {
        let answer = broker.get(&format!("/pacticipants/a{character}b")).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        assert_eq!(answer.json()["errors"]["name"][0], fault);
    }
}
