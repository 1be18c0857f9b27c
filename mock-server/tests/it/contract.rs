//! Pacts and requests for the other files.

use bytes::Bytes;
use pact_models::v4::http_parts::HttpRequest;
use serde_json::{Value, json};
use treaty_core::document::load_json;
use treaty_core::interaction::Interaction;
use treaty_core::wire;
use treaty_mock_server::{Answer, Session};

pub(crate) const URL: &str = "http://127.0.0.1:1234";

/// The interactions of a pact, version 3, from its JSON.
pub(crate) fn interactions(interactions: &Value) -> Vec<Interaction> {
    let document = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    });
    load_json("a test", &document).unwrap().interactions
}

/// An interaction in which `GET` of a path gets a status.
pub(crate) fn get(description: &str, path: &str, status: u16) -> Value {
    json!({"description": description, "request": {"method": "GET", "path": path}, "response": {"status": status}})
}

/// The same in a provider state.
pub(crate) fn given(state: &str, mut interaction: Value) -> Value {
    interaction["providerStates"] = json!([{"name": state}]);
    interaction
}

/// The same with a regular expression for the path.
pub(crate) fn with_path_rule(regex: &str, mut interaction: Value) -> Value {
    let rule = json!({"matchers": [{"match": "regex", "regex": regex}]});
    interaction["request"]["matchingRules"]["path"] = rule;
    interaction
}

/// A request from its first line, `GET /users?id=1`, and its body, which is JSON if it is anything.
pub(crate) fn request(line: &str, body: &str) -> HttpRequest {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let json = ("content-type", b"application/json".as_slice());
    let headers = (!body.is_empty()).then_some(json);
    wire::request(
        method,
        path,
        query,
        headers,
        Bytes::copy_from_slice(body.as_bytes()),
    )
}

/// The status of the answer; nothing where the request was not expected.
pub(crate) fn ask(session: &mut Session, line: &str) -> Option<u16> {
    match session.answer(&request(line, "")) {
        Answer::Matched(response) => Some(response.status),
        _ => None,
    }
}

pub(crate) fn session(pact: &Value) -> Session {
    Session::new(interactions(pact), URL)
}
