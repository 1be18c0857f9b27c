//! A request or response that was received, compared with the one that is expected.

use std::collections::HashMap;

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use regex::Regex;
use treaty_core::matching::{match_request, match_response};
use treaty_core::mismatch::{Mismatch, Part};

use crate::interactions::{as_response, change_request, change_response};
use crate::table::{Row, row, rows};
use crate::world::World;

/// What is compared with what, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    expected_request: HttpRequest,
    requests: Vec<HttpRequest>,
    expected_response: HttpResponse,
    responses: Vec<HttpResponse>,
    mismatches: Option<Vec<Mismatch>>,
}

impl Comparison {
    fn mismatches(&self) -> &[Mismatch] {
        let mismatches = self.mismatches.as_ref();
        mismatches.expect("the comparison comes before its result")
    }
}

/// The part of an exchange as the suite calls it.
pub(crate) fn part(name: &str) -> Part {
    match name {
        "query" => Part::Query,
        "header" => Part::Header,
        "body" => Part::Body,
        "body-content-type" => Part::ContentType,
        "status" => Part::Status,
        "metadata" => Part::Metadata,
        other => panic!("nobody says what part of an exchange {other:?} is"),
    }
}

/// Fails unless there is a mismatch that fits, and shows what there is.
#[track_caller]
pub(crate) fn assert_contains(mismatches: &[Mismatch], fits: impl Fn(&Mismatch) -> bool) {
    assert!(mismatches.iter().any(fits), "it is none of {mismatches:#?}");
}

/// Whether the library's sentence is, or holds, the one in the feature, in which `\s*` stands for any space.
pub(crate) fn says(mismatch: &Mismatch, error: &str) -> bool {
    let error = error.replace("\\\"", "\"");
    let parts: Vec<String> = error.split(r"\s*").map(regex::escape).collect();
    let sentence = Regex::new(&parts.join(r"\s*")).expect("an escaped sentence");
    sentence.is_match(&mismatch.description)
}

fn headed(name: String, value: &str) -> Option<HashMap<String, Vec<String>>> {
    let values = value.split(',').map(|value| value.trim().to_owned());
    Some(HashMap::from([(name, values.collect())]))
}

#[given(expr = "an expected request with a(n) {string} header of {string}")]
fn a_header_is_expected(world: &mut World, name: String, value: String) {
    world.comparison.expected_request.headers = headed(name, &value);
}

#[given(expr = "a request is received with a(n) {string} header of {string}")]
fn a_header_is_received(world: &mut World, name: String, value: String) {
    let headers = headed(name, &value);
    let request = HttpRequest {
        headers,
        ..HttpRequest::default()
    };
    world.comparison.requests.push(request);
}

#[given("an expected request configured with the following:")]
fn a_request_is_expected(world: &mut World, step: &Step) {
    let request = &mut world.comparison.expected_request;
    change_request(request, &row(step), &world.fixtures);
}

#[given("a request is received with the following:")]
#[given("the following requests are received:")]
fn requests_are_received(world: &mut World, step: &Step) {
    let request = |row: &Row| {
        let mut request = HttpRequest::default();
        change_request(&mut request, row, &world.fixtures);
        request
    };
    world.comparison.requests = rows(step).iter().map(request).collect();
}

#[given("an expected response configured with the following:")]
fn a_response_is_expected(world: &mut World, step: &Step) {
    let response = &mut world.comparison.expected_response;
    change_response(response, &as_response(&row(step)), &world.fixtures);
}

#[given(expr = "a status {int} response is received")]
fn a_status_is_received(world: &mut World, status: u16) {
    let response = HttpResponse {
        status,
        ..HttpResponse::default()
    };
    world.comparison.responses.push(response);
}

#[when("the request is compared to the expected one")]
#[when("the requests are compared to the expected one")]
fn requests_are_compared(world: &mut World) {
    let comparison = &mut world.comparison;
    let expected = &comparison.expected_request;
    let requests = comparison.requests.iter();
    let mismatches = requests.flat_map(|actual| match_request(expected, actual).unwrap());
    comparison.mismatches = Some(mismatches.collect());
}

#[when("the response is compared to the expected one")]
fn responses_are_compared(world: &mut World) {
    let comparison = &mut world.comparison;
    let expected = &comparison.expected_response;
    let responses = comparison.responses.iter();
    let mismatches = responses.flat_map(|actual| match_response(expected, actual).unwrap());
    comparison.mismatches = Some(mismatches.collect());
}

#[then("the comparison should be OK")]
#[then("the response comparison should be OK")]
fn nothing_differs(world: &mut World) {
    assert_eq!(world.comparison.mismatches(), []);
}

#[then("the comparison should NOT be OK")]
#[then("the response comparison should NOT be OK")]
fn something_differs(world: &mut World) {
    assert_ne!(world.comparison.mismatches(), []);
}

#[then(regex = r#"^the mismatches will contain a mismatch with error "(.+)" -> "(.+)"$"#)]
fn a_path_differs(world: &mut World, path: String, error: String) {
    assert_contains(world.comparison.mismatches(), |mismatch| {
        mismatch.path == path && says(mismatch, &error)
    });
}

#[then(regex = r#"^the response mismatches will contain a "(.+)" mismatch with error "(.+)"$"#)]
fn a_part_of_the_response_differs(world: &mut World, name: String, error: String) {
    assert_contains(world.comparison.mismatches(), |mismatch| {
        mismatch.part == part(&name) && says(mismatch, &error)
    });
}
