use serde_json::json;
use treaty_core::wire::request;
use treaty_mock_server::{Answer, Session};

use crate::support::interactions;

/// Which of these interactions answers, by its status.
fn status(session: &mut Session, method: &str, path: &str, query: Option<&str>) -> Option<u16> {
    match session.answer(&request(method, path, query, [], Default::default())) {
        Answer::Matched(response) => Some(response.status),
        _ => None,
    }
}

#[test]
fn an_interaction_is_found_by_whatever_rule_its_request_has() {
    let http = |status: u16, path: &str, query: serde_json::Value, rules: serde_json::Value| {
        json!({
            "type": "Synchronous/HTTP", "description": status.to_string(), "response": {"status": status},
            "request": {"method": "GET", "path": path, "query": query, "matchingRules": rules},
        })
    };
    let regex = |pattern: &str| json!({"combine": "AND", "matchers": [{"match": "regex", "regex": pattern}]});
    let mut session = Session::new(
        interactions(&json!([
            http(201, "/exact", json!({}), json!({})),
            http(
                202,
                "/exact",
                json!({"a": ["1"], "b": ["2", "3"]}),
                json!({})
            ),
            http(
                203,
                "/exact",
                json!({"a": ["1"]}),
                json!({"query": {"a": regex("\\d+")}})
            ),
            http(
                205,
                "/plain/1",
                json!({}),
                json!({"path": regex("^/plain/\\d+$")})
            ),
            http(
                206,
                "/flag/a",
                json!({}),
                json!({"path": regex("(?i)/flag/[a-z]")})
            ),
            http(
                207,
                "/any",
                json!({}),
                json!({"path": {"combine": "AND", "matchers": [{"match": "type"}]}})
            ),
        ])),
        "http://127.0.0.1:1",
    );
    for (path, query, expected) in [
        ("/exact", None, Some(201)),
        ("/exact", Some("b=2&b=3&a=1"), Some(202)),
        ("/exact", Some("a=77"), Some(203)),
        ("/plain/77", None, Some(205)),
        ("/flag/Z", None, Some(206)),
        ("/whatever", None, Some(207)),
    ] {
        assert_eq!(
            status(&mut session, "GET", path, query),
            expected,
            "{path} {query:?}"
        );
    }
    assert_eq!(status(&mut session, "POST", "/exact", None), None);
}

#[test]
fn equal_json_bodies_are_found_however_they_are_written() {
    let body = |status: u16, content: serde_json::Value| {
        json!({
            "type": "Synchronous/HTTP", "description": status.to_string(), "response": {"status": status},
            "request": {
                "method": "POST", "path": "/rpc",
                "body": {"contentType": "application/json", "encoded": false, "content": content},
            },
        })
    };
    let mut session = Session::new(
        interactions(&json!([
            body(201, json!({"id": 1, "call": {"a": [1, 2.5], "b": "x"}})),
            body(202, json!({"id": 2, "call": {"a": [1, 2.5], "b": "x"}})),
            body(203, json!(["1"])),
            body(205, json!([1])),
        ])),
        "http://127.0.0.1:1",
    );
    for (text, expected) in [
        (r#"{"call": {"b": "x", "a": [1,2.5]}, "id":2}"#, Some(202)),
        (r#"{"id":1,"call":{"a":[1,2.50],"b":"\u0078"}}"#, Some(201)),
        (r#"[ "1" ]"#, Some(203)),
        ("[1]", Some(205)),
        ("[2]", None),
        ("no JSON", None),
    ] {
        let headers = [("content-type", b"application/json".as_slice())];
        let request = request("POST", "/rpc", None, headers, text.into());
        let status = match session.answer(&request) {
            Answer::Matched(response) => Some(response.status),
            _ => None,
        };
        assert_eq!(status, expected, "{text}");
    }
}

#[test]
fn many_patterns_find_as_few_do() {
    for count in [1, 7, 8, 40] {
        let pattern = |number: usize| {
            let regex = json!({"match": "regex", "regex": format!("/users/\\d+/orders{number}?")});
            json!({
                "type": "Synchronous/HTTP", "description": number.to_string(),
                "response": {"status": 200 + number},
                "request": {
                    "method": "GET", "path": "/users/1/orders",
                    "matchingRules": {"path": {"combine": "AND", "matchers": [regex]}},
                },
            })
        };
        let all: Vec<_> = (10..10 + count).map(pattern).collect();
        let mut session = Session::new(interactions(&json!(all)), "http://127.0.0.1:1");
        let last = u16::try_from(9 + count).unwrap();
        let path = format!("/users/77/orders{last}");
        assert_eq!(
            status(&mut session, "GET", &path, None),
            Some(200 + last),
            "{count}"
        );
        assert_eq!(status(&mut session, "GET", "/users/x/orders", None), None);
        assert_eq!(
            status(&mut session, "GET", "/before/users/1/orders10/behind", None),
            None
        );
    }
}
