//! What a stub answers, and how it says that it does not.

use std::net::TcpListener;

use http::request::Parts;
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use treaty_mock_server::{ANSWER_HEADER, NamePattern, Stub, StubOptions, StubServer, Stubbed};

use crate::support::interactions;

const URL: &str = "http://127.0.0.1:1234";

fn users() -> Vec<Stubbed> {
    let user = |state: Value, status: u16| {
        json!({
            "type": "Synchronous/HTTP", "description": "a request for user 42", "providerStates": state,
            "request": {"method": "GET", "path": "/users/42"}, "response": {"status": status},
        })
    };
    let all = json!([
        user(json!([{"name": "user 42 exists"}]), 200),
        user(json!([{"name": "user 42 is locked"}]), 423),
        user(json!([]), 404),
    ]);
    interactions(&all).into_iter().map(Into::into).collect()
}

fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn asked(stub: &Stub, path: &str, headers: &[(&str, &str)]) -> Response<Value> {
    let response = stub.answer(&head("GET", path, headers), Default::default());
    response.map(|body| serde_json::from_slice(&body).unwrap_or_default())
}

fn kind<T>(response: &Response<T>) -> &str {
    response.headers()[ANSWER_HEADER].to_str().unwrap()
}

/// Twice each, because the second time the stub remembers.
#[track_caller]
fn check(stub: &Stub, headers: &[(&str, &str)], status: u16) {
    for _ in 0..2 {
        assert_eq!(asked(stub, "/users/42", headers).status(), status);
    }
}

#[test]
fn the_first_of_several_that_match_answers_every_time() {
    check(&Stub::new(users(), StubOptions::default(), URL), &[], 200);
}

#[test]
fn a_request_chooses_the_provider_state_by_name_or_expression() {
    let stub = Stub::new(users(), StubOptions::default(), URL);
    check(&stub, &[("x-provider-state", "user 42 is locked")], 423);
    check(&stub, &[("X-Provider-State", "lock")], 423);
    check(&stub, &[("x-provider-state", "^user .* exists$")], 200);
    check(&stub, &[], 200);
}

#[test]
fn the_header_that_chooses_the_state_may_have_another_name() {
    let options = StubOptions::default().state_header("X-State");
    let stub = Stub::new(users(), options, URL);
    check(
        &stub,
        &[("x-state", "locked"), ("x-provider-state", "exists")],
        423,
    );
}

#[test]
fn the_stub_has_a_state_that_a_request_can_override() {
    let options = StubOptions::default().state(NamePattern::new("locked"));
    let stub = Stub::new(users(), options.clone(), URL);
    check(&stub, &[], 423);
    check(&stub, &[("x-provider-state", "exists")], 200);

    let nowhere = options.state(NamePattern::new("deleted"));
    check(&Stub::new(users(), nowhere.clone(), URL), &[], 404);
    let or_none = Stub::new(users(), nowhere.or_stateless(), URL);
    let answer = asked(&or_none, "/users/42", &[]);
    assert_eq!((answer.status().as_u16(), kind(&answer)), (404, "matched"));
}

#[test]
fn a_state_in_which_the_request_is_not_expected_is_told_with_those_in_which_it_is() {
    let stub = Stub::new(users(), StubOptions::default(), URL);
    let answer = asked(&stub, "/users/42", &[("x-provider-state", "deleted")]);
    assert_eq!(
        (answer.status().as_u16(), kind(&answer)),
        (404, "unexpected")
    );
    assert_eq!(
        *answer.body(),
        json!({
            "error": "GET /users/42 is expected, but not in a provider state like \"deleted\"",
            "expectedIn": [
                "a request for user 42 (given user 42 exists)",
                "a request for user 42 (given user 42 is locked)",
                "a request for user 42",
            ],
        })
    );
}

#[test]
fn a_state_that_no_interaction_has_is_told_with_those_that_there_are() {
    let stub = Stub::new(users(), StubOptions::default(), URL);
    let answer = asked(&stub, "/orders", &[("x-provider-state", "deleted")]);
    assert_eq!(
        answer.body()["error"],
        "no interaction has a provider state like \"deleted\"; \
         there are: \"user 42 exists\", \"user 42 is locked\""
    );
}

#[test]
fn a_miss_is_explained_by_the_closest_interaction() {
    let stub = Stub::new(users(), StubOptions::default(), URL);
    let answer = asked(&stub, "/users/7", &[]);
    assert_eq!(answer.status(), 404);
    let closest = &answer.body()["closest"];
    assert_eq!(
        closest["interaction"],
        "a request for user 42 (given user 42 exists)"
    );
    assert_eq!(
        closest["mismatches"][0],
        "path  expected /users/42, got /users/7  (rule: equality)"
    );
}

#[test]
fn an_interaction_that_may_not_answer_is_told_with_the_reason_and_another_one_goes_before_it() {
    let mut all = users();
    all[0].withheld = Some("UserService 7 has not passed it".to_owned());
    let stub = Stub::new(all.clone(), StubOptions::default(), URL);
    check(&stub, &[], 423);
    let answer = asked(&stub, "/users/42", &[("x-provider-state", "exists")]);
    assert_eq!(
        (answer.status().as_u16(), kind(&answer)),
        (404, "unverified")
    );
    assert_eq!(
        answer.body()["error"],
        "GET /users/42 is expected, but nothing shows that the provider answers it: \
         UserService 7 has not passed it"
    );
}

#[test]
fn a_header_that_the_matching_asks_for_is_not_forgotten_by_the_memory() {
    let all = interactions(&json!([{
        "type": "Synchronous/HTTP", "description": "a secret",
        "request": {"method": "GET", "path": "/secret", "headers": {"X-Key": ["1"]}},
        "response": {"status": 200},
    }]));
    let all = all.into_iter().map(Into::into).collect();
    let stub = Stub::new(all, StubOptions::default(), URL);
    for (key, status) in [("1", 200), ("2", 404), ("1", 200)] {
        assert_eq!(asked(&stub, "/secret", &[("x-key", key)]).status(), status);
    }
}

#[test]
fn generators_work_anew_for_each_answer() {
    let generated = json!({"body": {"$.id": {"type": "Uuid"}}});
    let all = interactions(&json!([{
        "type": "Synchronous/HTTP", "description": "an id", "request": {"method": "GET", "path": "/id"},
        "response": {
            "status": 200, "generators": generated,
            "body": {"contentType": "application/json", "encoded": false, "content": {"id": "x"}},
        },
    }]));
    let all = all.into_iter().map(Into::into).collect();
    let stub = Stub::new(all, StubOptions::default(), URL);
    let (one, other) = (asked(&stub, "/id", &[]), asked(&stub, "/id", &[]));
    assert_ne!(one.body()["id"], "x");
    assert_ne!(one.body()["id"], other.body()["id"]);
}

#[test]
fn browsers_are_answered_only_where_that_is_asked_for() {
    let browser = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "GET"),
    ];
    let preflight = head("OPTIONS", "/users/42", &browser);
    let allowed = |stub: &Stub, head: &Parts| {
        let response = stub.answer(head, Default::default());
        let origin = response.headers().get("access-control-allow-origin");
        (
            response.status().as_u16(),
            origin.map(|origin| origin.to_str().unwrap().to_owned()),
        )
    };
    let closed = Stub::new(users(), StubOptions::default(), URL);
    assert_eq!(allowed(&closed, &preflight), (404, None));

    let open = Stub::new(users(), StubOptions::default().cors(), URL);
    let origin = Some("http://localhost:3000".to_owned());
    assert_eq!(allowed(&open, &preflight), (204, origin.clone()));
    assert_eq!(
        allowed(&open, &head("GET", "/users/42", &browser)),
        (200, origin.clone())
    );

    let by_referer = Stub::new(users(), StubOptions::default().cors_by_referer(), URL);
    let from_page = head(
        "GET",
        "/users/42",
        &[("referer", "http://localhost:3000/page?x=1")],
    );
    assert_eq!(allowed(&by_referer, &from_page), (200, origin));
    assert_eq!(allowed(&open, &from_page), (200, Some("*".to_owned())));
}

#[tokio::test]
async fn another_stub_takes_over_without_a_new_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stub = Stub::new(users(), StubOptions::default(), URL);
    let server = StubServer::start(stub, listener, &Handle::current()).unwrap();
    let client = reqwest::Client::new();
    let status = async || {
        let answer = client
            .get(format!("{}/users/42", server.url()))
            .send()
            .await;
        answer.unwrap().status().as_u16()
    };
    assert_eq!(status().await, 200);
    server.replace(Stub::new(users().split_off(1), StubOptions::default(), URL));
    assert_eq!(status().await, 423);
}
