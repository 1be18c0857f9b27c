//! The lines that differences are told in: one file of `tests/cases/matching` for each kind of difference.
//!
//! `UPDATE_GOLDEN=1` writes the lines that came into the files; the change is to be reviewed like code.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};
use treaty_core::document::{load_json, render};
use treaty_core::interaction::Interaction;
use treaty_core::matching::{
    NotCompared, generate_request, generate_response, match_request, match_response,
};
use treaty_core::mismatch::{Mismatch, VALUE_CHARS_MAX};
use treaty_core::wire;

const UPDATE_VARIABLE: &str = "UPDATE_GOLDEN";

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/matching");
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The request and response of a pact document, version 3, in which every other member has its default.
fn expected(request: &Value, response: &Value) -> (HttpRequest, HttpResponse) {
    let document = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"},
        "interactions": [{"description": "x", "request": request, "response": response}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    });
    match load_json("a case", &document)
        .unwrap()
        .interactions
        .remove(0)
    {
        Interaction::Http(http) => (http.request, http.response),
        other => panic!("{other:?}"),
    }
}

fn headers(actual: &Value) -> Vec<(&str, &[u8])> {
    let headers = actual["headers"].as_object().into_iter().flatten();
    headers
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap().as_bytes()))
        .collect()
}

fn body(actual: &Value) -> bytes::Bytes {
    let json = actual.get("json").map(Value::to_string);
    json.or_else(|| Some(actual["text"].as_str()?.to_owned()))
        .unwrap_or_default()
        .into()
}

fn actual_request(actual: &Value) -> HttpRequest {
    let text = |name: &str| actual[name].as_str();
    let (method, path) = (text("method").unwrap_or("GET"), text("path").unwrap_or("/"));
    wire::request(method, path, text("query"), headers(actual), body(actual))
}

fn actual_response(actual: &Value) -> HttpResponse {
    let status = actual["status"].as_u64().unwrap_or(200);
    wire::response(status.try_into().unwrap(), headers(actual), body(actual))
}

fn mismatches(case: &Value) -> Vec<Mismatch> {
    if let Some(request) = case.get("request") {
        let (expected, _) = expected(&request["expected"], &json!({}));
        return match_request(&expected, &actual_request(&request["actual"])).unwrap();
    }
    let response = &case["response"];
    let (_, expected) = expected(&json!({}), &response["expected"]);
    match_response(&expected, &actual_response(&response["actual"])).unwrap()
}

fn lines(mismatches: &[Mismatch]) -> Vec<String> {
    mismatches.iter().map(ToString::to_string).collect()
}

#[test]
fn every_difference_is_told_as_its_case_says() {
    let mut wrong = Vec::new();
    for file in case_files() {
        let mut case: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let lines = json!(lines(&mismatches(&case)));
        if lines == case["mismatches"] {
            continue;
        }
        wrong.push(format!(
            "{}\n{lines:#}\ninstead of\n{:#}",
            file.display(),
            case["mismatches"]
        ));
        if env::var_os(UPDATE_VARIABLE).is_some() {
            case["mismatches"] = lines;
            fs::write(&file, render(case)).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn object(prefix: &str, members: usize) -> Value {
    let member = |number: usize| (format!("{prefix}{number:03}"), json!(number));
    Value::Object((0..members).map(member).collect::<Map<_, _>>())
}

fn json_response(body: &Value) -> HttpResponse {
    let headers = [("content-type", b"application/json".as_slice())];
    wire::response(200, headers, body.to_string().into())
}

/// The reference counts mismatches in eight bits.
#[test]
fn three_hundred_differences_are_three_hundred_lines() {
    let expected = json_response(&object("m", 300));
    let found = match_response(&expected, &json_response(&json!({}))).unwrap();
    assert_eq!(found.len(), 300);
    assert_eq!(
        found[7].to_string(),
        "$.m007  expected 7, got nothing  (rule: equality)"
    );
}

#[test]
fn a_difference_is_no_longer_than_its_limit_whatever_came() {
    let long = "é".repeat(10 * VALUE_CHARS_MAX);
    let expected = json_response(&json!({"a": 1, "b": long}));
    let found = match_response(&expected, &json_response(&json!({"a": long, "b": 1}))).unwrap();
    assert_eq!(found.len(), 2);
    for mismatch in found {
        for text in [mismatch.expected, mismatch.actual, mismatch.description] {
            assert!(text.chars().count() < VALUE_CHARS_MAX + 40, "{text}");
        }
    }
}

#[test]
fn the_order_of_the_differences_is_the_same_every_time() {
    let case = |number: usize| {
        let query: Vec<String> = (0..8)
            .map(|n| format!("q{}={number}", (n * 5 + number) % 8))
            .collect();
        json!({
            "method": "PUT", "path": "/b", "query": query.join("&"),
            "headers": {"Content-Type": "application/json", "X-B": "2", "X-A": "2", "X-C": "2"},
            "json": object("m", 20),
        })
    };
    let expected = json!({
        "method": "GET", "path": "/a", "query": {"q9": ["1"], "p": ["1"]},
        "headers": {"Content-Type": "application/json", "X-A": "1", "X-C": "1", "X-B": "1"},
        "body": object("n", 20),
    });
    let (expected, _) = self::expected(&expected, &json!({}));
    let paths = |number: usize| -> Vec<(&'static str, String)> {
        let found = match_request(&expected, &actual_request(&case(number))).unwrap();
        found
            .into_iter()
            .map(|mismatch| (mismatch.part.as_str(), mismatch.path))
            .collect()
    };
    let first = paths(0);
    assert_eq!(first.len(), 1 + 1 + 10 + 3 + 40);
    for number in 1..50 {
        assert_eq!(paths(number), first);
    }
}

#[test]
fn a_difference_is_the_same_after_a_trip_through_json() {
    let found = match_response(
        &json_response(&object("m", 3)),
        &json_response(&object("n", 3)),
    )
    .unwrap();
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Mismatch>>(&text).unwrap(), found);
}

/// A body so many levels deep, and two rules for its top, which hold for every level.
fn two_rules_at_the_top(levels: usize) -> Result<Vec<Mismatch>, NotCompared> {
    let deep = (0..levels).fold(json!("x"), |inside, _| json!({ "a": inside }));
    let two = json!({"combine": "AND", "matchers": [{"match": "type"}, {"match": "notEmpty"}]});
    let response = json!({"status": 200, "body": deep, "matchingRules": {"body": {"$.a": two}}});
    let (_, expected) = expected(&json!({"method": "GET", "path": "/"}), &response);
    match_response(&expected, &expected.clone())
}

#[test]
fn a_comparison_that_would_never_end_is_not_begun() {
    assert_eq!(two_rules_at_the_top(8), Ok(vec![]));
    let refused = two_rules_at_the_top(100);
    assert!(
        matches!(
            refused,
            Err(NotCompared::TooManySteps {
                steps_max: 1_000_000,
                ..
            })
        ),
        "{refused:?}"
    );
}

#[test]
fn a_generator_that_panics_leaves_the_example() {
    let link = json!({"type": "MockServerURL", "example": "http://there/a", "regex": ".*"});
    let response = json!({
        "status": 200,
        "body": {"link": "http://there/a"},
        "generators": {"body": {"$.link": link}},
    });
    let (_, expected) = expected(&json!({"method": "GET", "path": "/"}), &response);
    let generated = generate_response(&expected, "http://here");
    assert_eq!(generated.body, expected.body);
}

#[test]
fn no_request_is_made_where_a_generator_panics() {
    let never = json!({"type": "Date", "format": "yyyy", "expression": "today + 100000000 days"});
    let request = json!({"method": "GET", "path": "/2026", "generators": {"path": never}});
    let (expected, _) = expected(&request, &json!({"status": 200}));
    assert_eq!(generate_request(&expected, &HashMap::new()), None);
}
