//! What is said of a session at its end.

use serde_json::json;

use crate::contract::{ask, get, given, session};

#[test]
fn an_account_names_everything_unmet_and_everything_unexpected() {
    let mut list = get("the active users", "/users", 200);
    list["request"]["query"] = json!({"sort": ["name", "id"], "active": ["true"], "q": ["a b&c"]});
    let mut session = session(&json!([
        given("user 42 exists", get("user 42", "/users/42", 200)),
        get("a ping", "/ping", 204),
        list,
    ]));
    ask(&mut session, "GET /ping");
    ask(&mut session, "GET /users?active=true");
    ask(&mut session, "DELETE /ping");
    assert_eq!(
        session.report().to_string(),
        "\
expected, but never came: GET /users/42
    user 42 (given user 42 exists)
expected, but never came: GET /users?active=true&q=a+b%26c&sort=name&sort=id
    the active users
came, but was not expected: GET /users?active=true
    closest: the active users
      query q  expected [\"a b&c\"], got nothing  (rule: equality)
      query sort  expected [\"name\", \"id\"], got nothing  (rule: equality)
came, but was not expected: DELETE /ping
    closest: a ping
      method  expected GET, got DELETE  (rule: equality)
"
    );
}

#[test]
fn an_account_without_complaint_is_empty() {
    let mut session = session(&json!([get("a ping", "/ping", 204)]));
    ask(&mut session, "GET /ping");
    assert_eq!(session.report().to_string(), "");
}

#[test]
fn the_account_of_the_same_requests_is_the_same_every_time() {
    let account = || {
        let mut list = get("a list", "/list", 200);
        list["request"]["query"] = (0..9)
            .map(|n| (format!("q{n}"), json!(["1"])))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let mut session = session(&json!([list]));
        ask(&mut session, "GET /list?z=1&y=1&x=1");
        session.report().to_string()
    };
    let first = account();
    for _ in 0..50 {
        assert_eq!(account(), first);
    }
}

#[test]
fn what_a_response_has_besides_is_not_asked_of_the_request() {
    let mut session = session(&json!([get("a ping", "/ping", 204)]));
    ask(&mut session, "GET /ping");
    ask(&mut session, "GET /ping");
    let report = session.report();
    assert_eq!((report.answered, report.is_ok()), (2, true));
}

/// The document model's own writer of queries panics at some letters and writes others as other bytes.
#[test]
fn a_query_with_any_letter_and_any_half_escape_is_told() {
    for (query, told) in [
        ("q=%C5%A1", "q=%C5%A1"),
        ("q=%F0%9F%98%80", "q=%F0%9F%98%80"),
        ("q=%E6%97%A5+x", "q=%E6%97%A5+x"),
        ("q=100%", "q=100%25"),
        ("q=%2", "q=%252"),
        ("q=%zz", "q=%25zz"),
        ("q=%FF", "q=%25FF"),
        ("%C5%A1=1&flag&&=", "=&flag&%C5%A1=1"),
    ] {
        let mut session = session(&json!([]));
        assert_eq!(ask(&mut session, &format!("GET /search?{query}")), None);
        assert_eq!(
            session.report().unexpected[0].request,
            format!("GET /search?{told}")
        );
    }
}
