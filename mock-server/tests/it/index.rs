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
