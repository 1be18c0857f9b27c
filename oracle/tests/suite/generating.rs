//! Requests and responses whose generators are applied before they are used.

use std::collections::HashMap;

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use regex::Regex;
use serde_json::Value;
use treaty_core::matching::{generate_request, generate_response};

use crate::interactions::{as_response, change_request, change_response};
use crate::table::{raw, row};
use crate::world::World;

/// What is prepared, and what it became.
#[derive(Debug, Default)]
pub(crate) struct Preparation {
    request: HttpRequest,
    response: HttpResponse,
    /// Whether the generators are those of a consumer's test. Only a response is prepared in one.
    is_for_consumer: bool,
    body_before: Value,
    prepared: HashMap<String, Value>,
}

#[given("a request configured with the following generators:")]
fn a_request_has_generators(world: &mut World, step: &Step) {
    change_request(&mut world.preparation.request, &row(step), &world.fixtures);
}

#[given("a response configured with the following generators:")]
fn a_response_has_generators(world: &mut World, step: &Step) {
    let row = row(step);
    let response = &mut world.preparation.response;
    change_response(response, &as_response(&row), &world.fixtures);
    if let Some(cell) = row.get("generators") {
        response.generators = world.fixtures.generators(cell);
    }
}

#[given(expr = "the generator test mode is set as {string}")]
fn the_mode_is(world: &mut World, mode: String) {
    world.preparation.is_for_consumer = mode == "Consumer";
}

#[when("the request is prepared for use")]
fn the_request_is_prepared(world: &mut World) {
    prepare_request(world, &HashMap::new());
}

#[when(expr = "the request is prepared for use with a {string} context:")]
fn the_request_is_prepared_with(world: &mut World, kind: String, step: &Step) {
    let context: HashMap<String, Value> = serde_json::from_str(&raw(step)[0][0]).unwrap();
    match kind.as_str() {
        "providerState" => prepare_request(world, &context),
        "mockServer" => prepare_for_mock_server(world, context["href"].as_str().unwrap()),
        other => panic!("nobody says what context {other:?} is"),
    }
}

#[when("the response is prepared for use")]
fn the_response_is_prepared(world: &mut World) {
    let before = world.preparation.response.clone();
    keep_response(world, &before, "http://127.0.0.1:1");
}

fn prepare_request(world: &mut World, state_values: &HashMap<String, Value>) {
    let preparation = &mut world.preparation;
    assert!(
        !preparation.is_for_consumer,
        "a consumer's test prepares no request"
    );
    let request = generate_request(&preparation.request, state_values).unwrap();
    preparation.body_before = json(&preparation.request.body);
    let prepared = &mut preparation.prepared;
    prepared.insert("path".to_owned(), Value::from(request.path.clone()));
    prepared.insert("body".to_owned(), json(&request.body));
    for (name, values) in request.headers.iter().flatten() {
        prepared.insert(format!("header[{name}]"), Value::from(values.join(", ")));
    }
    for (name, values) in request.query.iter().flatten() {
        let values: Vec<String> = values.iter().flatten().cloned().collect();
        prepared.insert(
            format!("queryParameter[{name}]"),
            Value::from(values.join(", ")),
        );
    }
}

/// What the mock server's own address goes into is what the mock server sends: the request's body in a response.
fn prepare_for_mock_server(world: &mut World, url: &str) {
    assert!(
        world.preparation.is_for_consumer,
        "only a consumer's test has a mock server"
    );
    let request = &world.preparation.request;
    let before = HttpResponse {
        headers: request.headers.clone(),
        body: request.body.clone(),
        generators: request.generators.clone(),
        ..HttpResponse::default()
    };
    keep_response(world, &before, url);
}

fn keep_response(world: &mut World, before: &HttpResponse, mock_server_url: &str) {
    let response = generate_response(before, mock_server_url);
    world.preparation.body_before = json(&before.body);
    let prepared = &mut world.preparation.prepared;
    prepared.insert(
        "status".to_owned(),
        Value::from(response.status.to_string()),
    );
    prepared.insert("body".to_owned(), json(&response.body));
    for (name, values) in response.headers.iter().flatten() {
        prepared.insert(format!("header[{name}]"), Value::from(values.join(", ")));
    }
}

fn json(body: &pact_models::bodies::OptionalBody) -> Value {
    let bytes = body.value().unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

fn prepared(world: &World, part: &str) -> String {
    let part = world.preparation.prepared.get(part);
    part.and_then(Value::as_str).expect("that part").to_owned()
}

#[then(expr = "the request/response {string} will be set as {string}")]
fn the_part_is(world: &mut World, part: String, value: String) {
    assert_eq!(prepared(world, &part), value);
}

#[then(expr = "the request/response {string} will match {string}")]
fn the_part_matches(world: &mut World, part: String, pattern: String) {
    assert_looks_like(&Value::from(prepared(world, &part)), &pattern);
}

#[then(expr = "the request/response {string} will not be {string}")]
fn the_part_is_not(world: &mut World, part: String, value: String) {
    assert_ne!(prepared(world, &part), value);
}

#[then(expr = "the body value for {string} will have been replaced with a(n) {string}")]
fn the_body_has_a(world: &mut World, path: String, kind: String) {
    let body = &world.preparation.prepared["body"];
    assert_replaced(&world.preparation.body_before, body, &path, &kind);
}

#[then(expr = "the body value for {string} will have been replaced with {string}")]
fn the_body_has(world: &mut World, path: String, value: String) {
    let body = &world.preparation.prepared["body"];
    assert_eq!(text(at(body, &path)), value);
}

/// Fails unless the value at the path is another one than before, and of the kind that the suite names.
#[track_caller]
pub(crate) fn assert_replaced(before: &Value, after: &Value, path: &str, kind: &str) {
    let (before, after) = (at(before, path), at(after, path));
    assert_ne!(before, after, "nothing was replaced");
    assert_is_a(after, kind);
}

/// Fails unless the value is of the kind that the suite names.
#[track_caller]
pub(crate) fn assert_is_a(value: &Value, kind: &str) {
    const HYPHENATED: &str = "{8}-X{4}-X{4}-X{4}-X{12}";
    let uuid = |digit: &str| format!("{digit}{}", HYPHENATED.replace('X', digit));
    match kind {
        "boolean" => assert!(value.is_boolean(), "{value}"),
        "integer" => assert_looks_like(value, r"\d+"),
        "decimal number" => assert_looks_like(value, r"\d+\.\d+"),
        "hexadecimal number" => assert_looks_like(value, "[0-9a-fA-F]+"),
        "random string" => assert_looks_like(value, "[0-9a-zA-Z]+"),
        "string from the regex" => assert_looks_like(value, r"\d{1,8}"),
        "date" => assert_looks_like(value, r"\d{4}-\d{2}-\d{2}"),
        "time" => assert_looks_like(value, r"\d{2}:\d{2}:\d{2}"),
        "date-time" => assert_looks_like(
            value,
            r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{4})?",
        ),
        "UUID" | "lower-case-hyphenated UUID" => assert_looks_like(value, &uuid("[0-9a-f]")),
        "upper-case-hyphenated UUID" => assert_looks_like(value, &uuid("[0-9A-F]")),
        "simple UUID" => assert_looks_like(value, "[0-9a-f]{32}"),
        "URN UUID" => assert_looks_like(value, &format!("urn:uuid:{}", uuid("[0-9a-f]"))),
        other => panic!("nobody says what a value of the kind {other:?} is"),
    }
}

/// Fails unless the whole text of the value matches.
#[track_caller]
fn assert_looks_like(value: &Value, pattern: &str) {
    let regex = Regex::new(&format!("^(?:{pattern})$")).unwrap();
    let text = text(value);
    assert!(regex.is_match(&text), "{text:?} does not match {pattern}");
}

fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    let pointer = path.replacen('$', "", 1).replace('.', "/");
    value.pointer(&pointer).expect("a value at that path")
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
