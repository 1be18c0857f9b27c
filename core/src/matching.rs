//! Comparing what a pact expects with what came over the wire: with `message` below it, all that calls
//! `pact_matching`.
//!
//! Its functions are `async` for the sake of plugins alone, and who compares by a plugin does not ask here: nothing in
//! them waits, so here they are plain functions.

mod cost;
mod message;
mod not_compared;
mod values;
mod words;

use std::collections::HashMap;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;
use pact_matching::Mismatch as Raw;
use pact_models::bodies::OptionalBody;
use pact_models::generators::GeneratorTestMode;
use pact_models::interaction::Interaction as _;
use pact_models::matchingrules::MatchingRules;
use pact_models::pact::Pact as _;
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use pact_models::v4::pact::V4Pact;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;

use crate::mismatch::{Mismatch, Part, capped};
use words::BodyWords;

pub use message::{generate_message, generate_message_request, match_message};
pub use not_compared::NotCompared;
pub use values::{missing_values, unusable_values};

/// The environment variable by which `pact_matching`, on its own, switches to an engine that Treaty does not test.
/// Whoever runs a verification warns where it is set.
pub const ENGINE_VARIABLE: &str = "PACT_MATCHING_ENGINE";

/// Every difference between a request that came and the one expected; none if it matches.
///
/// The list is in a fixed order: by part, then by path.
///
/// # Errors
/// [`NotCompared`] if that cannot be found out.
pub fn match_request(
    expected: &HttpRequest,
    actual: &HttpRequest,
) -> Result<Vec<Mismatch>, NotCompared> {
    cost::check(&expected.matching_rules, &expected.body, &actual.body)?;
    let pact = V4Pact::default().boxed();
    let interaction = SynchronousHttp::default().boxed();
    let result =
        pact_matching::match_request(expected.clone(), actual.clone(), &pact, &interaction);
    let raw = now(result)?.mismatches();
    let (rules, body) = (&expected.matching_rules, &expected.body);
    Ok(told(raw, rules, body, &actual.body))
}

/// Every difference between a response that came and the one expected; none if it matches.
///
/// ```
/// use pact_models::v4::http_parts::HttpResponse;
/// use treaty_core::matching::match_response;
///
/// let expected = HttpResponse::default();
/// let actual = HttpResponse { status: 404, ..HttpResponse::default() };
/// let mismatches = match_response(&expected, &actual)?;
/// assert_eq!(mismatches[0].to_string(), "status  expected 200, got 404  (rule: equality)");
/// # Ok::<(), treaty_core::matching::NotCompared>(())
/// ```
///
/// # Errors
/// [`NotCompared`] if that cannot be found out.
pub fn match_response(
    expected: &HttpResponse,
    actual: &HttpResponse,
) -> Result<Vec<Mismatch>, NotCompared> {
    cost::check(&expected.matching_rules, &expected.body, &actual.body)?;
    let pact = V4Pact::default().boxed();
    let interaction = SynchronousHttp::default().boxed();
    let result =
        pact_matching::match_response(expected.clone(), actual.clone(), &pact, &interaction);
    let (rules, body) = (&expected.matching_rules, &expected.body);
    Ok(told(now(result)?, rules, body, &actual.body))
}

/// The request to send to a provider: the expected one, its generators applied with values from provider states. Nothing
/// where a generator panics: a request about the example of the pact would prove nothing.
#[must_use]
pub fn generate_request(
    expected: &HttpRequest,
    state_values: &HashMap<String, Value>,
) -> Option<HttpRequest> {
    let context = state_values
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    made(|| {
        at_once(pact_matching::generate_request(
            expected,
            &GeneratorTestMode::Provider,
            &context,
        ))
    })
}

/// The response that a mock server gives: the expected one, its generators applied.
///
/// ```
/// use std::collections::HashMap;
///
/// use pact_models::generators::generators_from_json;
/// use pact_models::v4::http_parts::HttpResponse;
/// use treaty_core::matching::generate_response;
///
/// let location = serde_json::json!({"type": "MockServerURL", "regex": ".*(/a)$", "example": "http://there/a"});
/// let generators = serde_json::json!({"generators": {"header": {"Location": location}}});
/// let expected = HttpResponse {
///     generators: generators_from_json(&generators).unwrap(),
///     ..HttpResponse::default()
/// };
/// let headers = generate_response(&expected, "http://here").headers.unwrap();
/// assert_eq!(headers["Location"], ["http://here/a"]);
/// ```
#[must_use]
pub fn generate_response(expected: &HttpResponse, mock_server_url: &str) -> HttpResponse {
    // The library knows the URL by one name in bodies, and by another in headers.
    let mock_server = serde_json::json!({"href": mock_server_url, "url": mock_server_url});
    let context = HashMap::from([("mockServer", mock_server)]);
    let response = made(|| {
        at_once(pact_matching::generate_response(
            expected,
            &GeneratorTestMode::Consumer,
            &context,
        ))
    });
    response.unwrap_or_else(|| expected.clone())
}

/// What generators make; nothing where the library panics over one of them, or would wait.
///
/// It leaves the example in place for a generator that fails with an error, but some panic instead: a `MockServerURL`
/// does whose pattern matches without its first group.
fn made<T>(generate: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(generate)).ok().flatten()
}

/// What the library finds, or why it finds nothing.
fn now<T, E: Display>(matching: impl Future<Output = Result<T, E>>) -> Result<T, NotCompared> {
    let found = at_once(matching).ok_or(NotCompared::TakenOver)?;
    found.map_err(|error| NotCompared::Library {
        reason: error.to_string(),
    })
}

/// What comes without waiting. Only where another pact of this process has started a plugin does the library ever wait:
/// it then asks that plugin about every body of the plugin's content types, whichever pact the body is of.
fn at_once<T>(matching: impl Future<Output = T>) -> Option<T> {
    matching.now_or_never()
}

/// The differences that the library found, in our words; bodies are read only where there is one to tell of.
fn told(
    raw: Vec<Raw>,
    rules: &MatchingRules,
    expected: &OptionalBody,
    actual: &OptionalBody,
) -> Vec<Mismatch> {
    if raw.is_empty() {
        return Vec::new();
    }
    let body = BodyWords::new(rules, expected.value(), actual.value());
    typed(raw, rules, &body)
}

fn typed(raw: Vec<Raw>, rules: &MatchingRules, body: &BodyWords<'_>) -> Vec<Mismatch> {
    let mut mismatches: Vec<Mismatch> = raw
        .into_iter()
        .flat_map(|raw| one(raw, rules, body))
        .collect();
    mismatches.sort();
    // The library tells some differences twice, each time in another sentence.
    mismatches.dedup_by(|a, b| a.part == b.part && a.to_string() == b.to_string());
    mismatches
}

fn one(raw: Raw, rules: &MatchingRules, body: &BodyWords<'_>) -> Vec<Mismatch> {
    let (part, path, expected, actual, description) = match raw {
        Raw::MethodMismatch {
            expected,
            actual,
            mismatch,
        } => (Part::Method, None, expected, actual, mismatch),
        Raw::PathMismatch {
            expected,
            actual,
            mismatch,
        } => (Part::Path, None, expected, actual, mismatch),
        Raw::StatusMismatch {
            expected,
            actual,
            mismatch,
        } => {
            let expected = words::status(rules).unwrap_or_else(|| expected.to_string());
            (Part::Status, None, expected, actual.to_string(), mismatch)
        }
        Raw::QueryMismatch {
            parameter,
            expected,
            actual,
            mismatch,
        } => (Part::Query, Some(parameter), expected, actual, mismatch),
        Raw::HeaderMismatch {
            key,
            expected,
            actual,
            mismatch,
        } => (Part::Header, Some(key), expected, actual, mismatch),
        Raw::MetadataMismatch {
            key,
            expected,
            actual,
            mismatch,
        } => (Part::Metadata, Some(key), expected, actual, mismatch),
        Raw::BodyTypeMismatch {
            expected,
            actual,
            mismatch,
            ..
        } => (Part::ContentType, None, expected, actual, mismatch),
        Raw::BodyMismatch {
            path,
            expected,
            actual,
            mismatch,
        } => {
            return body.mismatches(&path, expected.as_deref(), actual.as_deref(), mismatch);
        }
    };
    let rule = words::rule(rules, part, path.as_deref());
    let is_there = !(actual.is_empty() && description.contains("but was missing"));
    let actual = is_there.then_some(actual.as_str());
    let (expected, actual) = words::sides(part, rule.as_ref(), &expected, actual);
    let path = path.unwrap_or_else(|| part.as_str().to_owned());
    vec![Mismatch {
        rule: words::rule_name(rule.as_ref()),
        description: capped(description),
        ..Mismatch::new(part, path, expected, actual)
    }]
}
