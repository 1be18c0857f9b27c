//! Which interaction a request came closest to, and how that is told.

use serde_json::{Value, json};
use treaty_mock_server::Answer;

use crate::contract::{get, request, session, with_path_rule};

/// What a request that is not expected is told.
#[track_caller]
fn check(pact: &Value, line: &str, body: &str, expected: &str) {
    match session(pact).answer(&request(line, body)) {
        Answer::Unexpected(unexpected) => assert_eq!(unexpected.to_string(), expected),
        other => panic!("{other:?}"),
    }
}

fn sign_up() -> Value {
    json!({
        "description": "a sign-up", "providerStates": [{"name": "no users exist"}, {"name": "sign-up is open"}],
        "request": {
            "method": "POST", "path": "/users", "headers": {"Content-Type": "application/json"},
            "body": {"name": "Joe", "age": 7},
            "matchingRules": {"body": {"$.name": {"matchers": [{"match": "type"}]}}},
        },
        "response": {"status": 201},
    })
}

#[test]
fn where_nothing_is_expected_it_says_so() {
    check(
        &json!([]),
        "GET /",
        "",
        "GET /\n    this mock server expects no HTTP request at all",
    );
}

#[test]
fn a_request_with_a_wrong_body_is_told_what_is_wrong_in_it() {
    let pact = json!([
        get("a list", "/users", 200),
        sign_up(),
        get("user 42", "/users/42", 200)
    ]);
    check(
        &pact,
        "POST /users",
        r#"{"name":7,"age":"7","x":1}"#,
        "POST /users
    closest: a sign-up (given no users exist and sign-up is open)
      $.age  expected 7, got \"7\"  (rule: equality)
      $.name  expected a string, got 7  (rule: type)
      $.x  expected no such member, got 1  (rule: equality)",
    );
}

#[test]
fn a_request_without_its_body_is_told_that_it_is_missing() {
    check(
        &json!([sign_up()]),
        "POST /users",
        "",
        "POST /users
    closest: a sign-up (given no users exist and sign-up is open)
      header Content-Type  expected \"application/json\", got nothing  (rule: equality)
      $  expected {\"age\":7,\"name\":\"Joe\"}, got nothing  (rule: equality)",
    );
}

/// A path that differs means another request, whatever else is equal.
#[test]
fn the_right_path_with_many_differences_is_closer_than_a_wrong_path() {
    let many: Value = (0..150)
        .map(|number| (format!("m{number}"), json!(number)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut large = sign_up();
    large["description"] = json!("a large sign-up");
    large["request"]["body"] = many;
    let mut elsewhere = sign_up();
    elsewhere["request"]["path"] = json!("/user");
    let pact = json!([elsewhere, large]);
    let mut session = session(&pact);
    let Answer::Unexpected(unexpected) =
        session.answer(&request("POST /users", r#"{"name":"Joe","age":7}"#))
    else {
        panic!("the large body is missing");
    };
    let closest = unexpected.closest.unwrap();
    assert_eq!(
        closest.title,
        "a large sign-up (given no users exist and sign-up is open)"
    );
    assert_eq!(closest.mismatches.len(), 152);
}

#[test]
fn a_mistyped_path_is_told_beside_the_path_that_it_resembles() {
    let pact = json!([
        get("a list", "/users", 200),
        get("user 42", "/users/42", 200),
        get("orders", "/orders/42/items", 200)
    ]);
    check(
        &pact,
        "GET /user/42?page=2",
        "",
        "GET /user/42?page=2
    closest: user 42
      path  expected /users/42, got /user/42  (rule: equality)
      query page  expected nothing, got [\"2\"]  (rule: equality)",
    );
}

#[test]
fn a_path_that_breaks_its_rule_is_told_the_rule() {
    let pact = json!([with_path_rule(
        "^/users/[0-9]+$",
        get("any user", "/users/1", 200)
    )]);
    check(
        &pact,
        "DELETE /users/x",
        "",
        "DELETE /users/x
    closest: any user
      method  expected GET, got DELETE  (rule: equality)
      path  expected a string that matches /^/users/[0-9]+$/, got /users/x  (rule: regex)",
    );
}

#[test]
fn of_two_that_are_equally_close_the_one_described_first_is_told() {
    let pact = json!([get("b", "/b", 200), get("a", "/a", 200)]);
    check(
        &pact,
        "GET /c",
        "",
        "GET /c\n    closest: b\n      path  expected /b, got /c  (rule: equality)",
    );
}

/// Only the likeliest are compared in full; the right one is among them wherever it stands.
#[test]
fn the_closest_of_a_hundred_is_found() {
    let mut pact: Vec<Value> = (0..99)
        .map(|number| get("x", &format!("/x/{number}/y"), 200))
        .collect();
    pact.push(sign_up());
    check(
        &json!(pact),
        "PUT /users",
        r#"{"name":"Joe","age":7}"#,
        "PUT /users
    closest: a sign-up (given no users exist and sign-up is open)
      method  expected POST, got PUT  (rule: equality)",
    );
}
