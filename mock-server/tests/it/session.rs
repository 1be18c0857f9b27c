//! Which interaction answers.

use serde_json::{Value, json};
use treaty_core::interaction::Interaction;
use treaty_mock_server::{Answer, Session};

use crate::contract::{URL, ask, get, given, request, session, with_path_rule};

#[test]
fn a_session_without_interactions_expects_nothing() {
    let mut session = session(&json!([]));
    assert!(session.report().is_ok());
    assert_eq!(ask(&mut session, "GET /"), None);
    assert!(!session.report().is_ok());
}

#[test]
fn an_unexpected_request_is_remembered_even_if_all_others_were_met() {
    let mut session = session(&json!([get("a ping", "/ping", 204)]));
    assert_eq!(ask(&mut session, "GET /ping"), Some(204));
    assert!(session.report().is_ok());
    assert_eq!(ask(&mut session, "GET /pong"), None);
    let report = session.report();
    assert_eq!(
        (report.answered, report.unmet.len(), report.unexpected.len()),
        (1, 0, 1)
    );
    assert!(!report.is_ok());
}

#[test]
fn a_path_that_only_begins_like_an_expected_one_is_unexpected() {
    let mut session = session(&json!([get("a user", "/users/4", 200)]));
    for line in [
        "GET /users/42",
        "GET /users",
        "GET /users/4/",
        "GET /Users/4",
        "POST /users/4",
        "GET /users/4?x=1",
    ] {
        assert_eq!(ask(&mut session, line), None, "{line}");
    }
}

/// One request in two states: the reference lets one of them stand for both, and never asks for the second.
#[test]
fn two_of_one_request_in_different_states_are_both_required_in_their_order() {
    let mut session = session(&json!([
        given("user 42 exists", get("user 42", "/users/42", 200)),
        given("nobody exists", get("user 42", "/users/42", 404)),
    ]));
    assert_eq!(ask(&mut session, "GET /users/42"), Some(200));
    let unmet: Vec<String> = session
        .report()
        .unmet
        .into_iter()
        .map(|unmet| unmet.title)
        .collect();
    assert_eq!(unmet, ["user 42 (given nobody exists)"]);
    assert_eq!(ask(&mut session, "GET /users/42"), Some(404));
    assert!(session.report().is_ok());
}

#[test]
fn when_all_were_met_the_last_one_answers_again() {
    let mut session = session(&json!([
        given("one", get("user 42", "/users/42", 201)),
        given("two", get("user 42", "/users/42", 202)),
        given("three", get("user 42", "/users/42", 203)),
    ]));
    let answers = [(); 5].map(|()| ask(&mut session, "GET /users/42").unwrap());
    assert_eq!(answers, [201, 202, 203, 203, 203]);
    assert_eq!(session.report().answered, 5);
}

#[test]
fn a_rule_for_the_path_and_a_plain_path_answer_in_the_order_of_their_description() {
    let rule = with_path_rule(r"/users/\d+", get("any user", "/users/1", 200));
    let plain = get("user 42", "/users/42", 201);
    let mut rule_first = session(&json!([rule, plain]));
    assert_eq!(ask(&mut rule_first, "GET /users/42"), Some(200));
    assert_eq!(ask(&mut rule_first, "GET /users/42"), Some(201));
    let mut plain_first = session(&json!([plain, rule]));
    assert_eq!(ask(&mut plain_first, "GET /users/42"), Some(201));
    assert_eq!(ask(&mut plain_first, "GET /users/42"), Some(200));
    assert_eq!(ask(&mut plain_first, "GET /users/7"), Some(200));
    assert_eq!(ask(&mut plain_first, "GET /users/x"), None);
}

#[test]
fn a_method_is_the_same_in_small_letters() {
    let mut small = get("a ping", "/ping", 204);
    small["request"]["method"] = json!("get");
    assert_eq!(ask(&mut session(&json!([small])), "GET /ping"), Some(204));
}

#[test]
fn requests_that_differ_in_query_or_body_get_their_own_answers() {
    let search = |query: &str, status: u16| {
        let mut interaction = get(&format!("a search for {query}"), "/search", status);
        interaction["request"]["query"] = json!(query);
        interaction["request"]["query"] = json!({"q": [query]});
        interaction
    };
    let sign_up = |name: &str, status: u16| {
        json!({
            "description": format!("a sign-up of {name}"), "response": {"status": status},
            "request": {"method": "POST", "path": "/users", "body": {"name": name},
                        "headers": {"Content-Type": "application/json"}},
        })
    };
    let pact = json!([
        search("a", 201),
        search("b", 202),
        sign_up("Jane", 203),
        sign_up("Joe", 204)
    ]);
    let mut session = session(&pact);
    let mut answers = Vec::new();
    for (line, body) in [
        ("POST /users", r#"{"name":"Joe"}"#),
        ("GET /search?q=b", ""),
        ("POST /users", r#"{"name":"Jane"}"#),
        ("GET /search?q=a", ""),
    ] {
        match session.answer(&request(line, body)) {
            Answer::Matched(response) => answers.push(response.status),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(answers, [204, 202, 203, 201]);
    assert!(session.report().is_ok());
}

#[test]
fn the_last_of_five_hundred_interactions_answers_as_the_first() {
    let pact: Vec<Value> = (0..500)
        .map(|number| get("a user", &format!("/users/{number}"), 200 + number % 10))
        .collect();
    let mut session = session(&json!(pact));
    for number in (0..500).rev() {
        assert_eq!(
            ask(&mut session, &format!("GET /users/{number}")),
            Some(200 + number % 10)
        );
    }
    assert!(session.report().is_ok());
}

#[test]
fn a_message_is_neither_asked_for_nor_missing() {
    let message = Interaction::AsyncMessage(Box::default());
    let mut session = Session::new(vec![message], URL);
    assert!(session.report().is_ok());
    assert_eq!(ask(&mut session, "GET /"), None);
}

#[test]
fn a_generated_value_is_made_for_each_answer() {
    let mut pact = get("a token", "/token", 200);
    pact["response"] = json!({
        "status": 200, "headers": {"Content-Type": "application/json"}, "body": {"token": "x", "next": "http://x/next"},
        "generators": {"body": {
            "$.token": {"type": "RandomString", "size": 20},
            "$.next": {"type": "MockServerURL", "example": "http://x/next", "regex": ".*(/next)$"},
        }},
    });
    let mut session = session(&json!([pact]));
    let mut answer = || match session.answer(&request("GET /token", "")) {
        Answer::Matched(response) => {
            serde_json::from_slice::<Value>(&response.body.value().unwrap()).unwrap()
        }
        other => panic!("{other:?}"),
    };
    let (one, other) = (answer(), answer());
    assert_eq!(one["token"].as_str().unwrap().len(), 20);
    assert_ne!(one["token"], other["token"]);
    assert_eq!(one["next"], format!("{URL}/next"));
}
