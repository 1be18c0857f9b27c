//! One client's conversation with a server.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};
use tokio::runtime::Runtime;
use treaty_core::document::load_json;
use treaty_mock_server::{ANSWER_HEADER, MockServer};

use crate::contract::{get, interactions};
use crate::wire::{Running, ask, until};

fn user() -> Value {
    json!({
        "description": "user 42",
        "request": {"method": "GET", "path": "/users/42"},
        "response": {
            "status": 203,
            "headers": {"Content-Type": "application/json", "X-Tags": ["a", "b"]},
            "body": {"name": "Jane"},
        },
    })
}

#[test]
fn an_unexpected_request_gets_500_and_the_reasons() {
    let running = Running::of(&json!([user()]));
    let answer = running.ask("GET /users/7?x=1");
    assert_eq!(answer.status, 500);
    assert_eq!(answer.header(ANSWER_HEADER), Some("unexpected"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.body,
        r#"{
  "closest": {
    "interaction": "user 42",
    "mismatches": [
      "path  expected /users/42, got /users/7  (rule: equality)",
      "query x  expected nothing, got [\"1\"]  (rule: equality)"
    ]
  },
  "error": "no interaction expects GET /users/7?x=1"
}
"#
    );
    assert_eq!(running.server.report().unexpected.len(), 1);
}

#[test]
fn where_nothing_is_expected_there_is_no_closest_interaction() {
    let answer = Running::of(&json!([])).ask("GET /");
    assert_eq!(
        answer.body,
        "{\n  \"closest\": null,\n  \"error\": \"no interaction expects GET /\"\n}\n"
    );
}

/// A response that HTTP does not have: the client gets an error, and so does the test.
#[test]
fn a_response_that_cannot_be_sent_is_an_error_in_the_account_too() {
    let mut broken = user();
    broken["response"]["headers"]["X-Broken"] = json!("a\nb");
    let running = Running::of(&json!([broken]));
    let answer = running.ask("GET /users/42");
    assert_eq!(
        (answer.status, answer.header(ANSWER_HEADER)),
        (500, Some("unreadable"))
    );
    let report = running.server.report();
    assert!(!report.is_ok());
    let account = report.to_string();
    assert!(
        account.starts_with("came, but was not expected: GET /users/42\n    the header "),
        "{account}"
    );
}

#[test]
fn a_matched_request_gets_status_headers_and_body_of_its_interaction() {
    let running = Running::of(&json!([user()]));
    let answer = running.ask("GET /users/42");
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (203, r#"{"name":"Jane"}"#)
    );
    assert_eq!(answer.header(ANSWER_HEADER), Some("matched"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let mut tags: Vec<&str> = answer
        .head
        .lines()
        .filter(|line| line.to_lowercase().starts_with("x-tags"))
        .collect();
    tags.sort_unstable();
    assert_eq!(tags, ["x-tags: a", "x-tags: b"]);
    assert!(running.server.report().is_ok());
}

#[test]
fn a_body_without_a_header_for_it_is_sent_with_its_content_type() {
    let document = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"}, "metadata": {"pactSpecification": {"version": "4.0"}},
        "interactions": [{
            "type": "Synchronous/HTTP", "description": "x", "request": {"path": "/users/42"},
            "response": {"body": {"content": {"name": "Jane"}, "contentType": "application/json", "encoded": false}},
        }],
    });
    let pact = load_json("a test", &document).unwrap();
    let answer = Running::with(pact.interactions).ask("GET /users/42");
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[test]
fn one_connection_carries_several_requests() {
    let running = Running::of(&json!([get("a ping", "/ping", 204)]));
    let mut stream = running.connect();
    for _ in 0..3 {
        stream
            .write_all(b"GET /ping HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        let mut byte = [0];
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(
            head.starts_with(b"HTTP/1.1 204 "),
            "{}",
            String::from_utf8_lossy(&head)
        );
    }
    assert_eq!(running.server.report().answered, 3);
}

#[test]
fn a_dropped_server_refuses_connections_and_ends_those_it_has() {
    let running = Running::of(&json!([user()]));
    let address = running.address();
    let mut open = running.connect();
    let Running { server, runtime } = running;
    drop(server);
    until("the connection is refused", || {
        TcpStream::connect(&address).is_err()
    });
    let mut rest = Vec::new();
    // A connection that nobody had taken yet is reset, one that was taken is closed: both are the end.
    open.read_to_end(&mut rest).ok();
    assert_eq!(rest, b"");
    drop(runtime);
}

#[test]
fn a_hundred_servers_answer_at_once_each_from_its_own_pact() {
    let runtime = Runtime::new().unwrap();
    let servers: Vec<MockServer> = (200..300)
        .map(|status| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let pact = interactions(&json!([get("a ping", "/ping", status)]));
            MockServer::start(pact, listener, runtime.handle()).unwrap()
        })
        .collect();
    thread::scope(|scope| {
        for (server, status) in servers.iter().zip(200..) {
            scope.spawn(move || assert_eq!(ask(&server.url(), "GET /ping").status, status));
        }
    });
    assert!(servers.iter().all(|server| server.report().is_ok()));
}

#[test]
fn requests_at_the_same_moment_are_all_in_the_account() {
    let running = Running::of(&json!([get("a ping", "/ping", 204)]));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(running.ask("GET /ping").status, 204);
                }
                assert_eq!(running.ask("GET /pong").status, 500);
            });
        }
    });
    let report = running.server.report();
    assert_eq!((report.answered, report.unexpected.len()), (160, 16));
}
