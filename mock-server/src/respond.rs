//! Answers as HTTP knows them.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use pact_models::v4::http_parts::HttpResponse;
use serde_json::{Value, json};

use crate::cors;
use crate::report::{Closest, UnexpectedRequest};

/// The header that every answer of this mock server carries: `matched`, `faulty`, `preflight`, `unexpected`,
/// `unverified` or `unreadable`.
pub const ANSWER_HEADER: &str = "x-treaty-mock-server";

/// A response of the document model on its way out, or why HTTP has no such response.
pub(crate) fn sent(kind: &'static str, response: &HttpResponse) -> Result<Response<Bytes>, String> {
    let body = response.body.value().unwrap_or_default();
    let status = StatusCode::from_u16(response.status)
        .map_err(|_| format!("{} is not an HTTP status", response.status))?;
    let mut sent = answered(kind, status, body);
    for (name, values) in response.headers.iter().flatten() {
        for value in values {
            let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
            else {
                return Err(format!("the header {name:?}: {value:?} cannot be sent"));
            };
            sent.headers_mut().append(name, value);
        }
    }
    if let Some(content_type) = response.body.content_type()
        && let Ok(value) = HeaderValue::from_str(&content_type.to_string())
    {
        sent.headers_mut().entry(CONTENT_TYPE).or_insert(value);
    }
    Ok(sent)
}

/// What the sender of a request that nobody expects can read about it.
pub(crate) fn explained(unexpected: &UnexpectedRequest) -> Response<Bytes> {
    let closest = unexpected.closest.as_ref().map(closest_json);
    let body = json!({
        "error": format!("no interaction expects {}", unexpected.request),
        "closest": closest,
    });
    failed("unexpected", StatusCode::INTERNAL_SERVER_ERROR, &body)
}

/// What a request came closest to, as a document.
pub(crate) fn closest_json(closest: &Closest) -> Value {
    let mismatches: Vec<String> = closest.mismatches.iter().map(ToString::to_string).collect();
    json!({"interaction": closest.title, "mismatches": mismatches})
}

/// The answer to a request that cannot be read, or with a response that cannot be written.
pub(crate) fn unreadable(reason: &str) -> Response<Bytes> {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    failed("unreadable", status, &json!({"error": reason}))
}

/// Lets a page of this origin read the answer. What the interaction itself says about that stays.
pub(crate) fn allow(origin: Option<&str>, headers: &mut HeaderMap) {
    let exposed: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
    for (name, value) in cors::allowing(origin, &exposed.join(", ")) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.entry(name).or_insert(value);
        }
    }
}

/// An answer that no interaction gave.
pub(crate) fn failed(kind: &'static str, status: StatusCode, body: &Value) -> Response<Bytes> {
    let body = Bytes::from(format!("{body:#}\n"));
    let mut response = answered(kind, status, body);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn answered(kind: &'static str, status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(ANSWER_HEADER, HeaderValue::from_static(kind));
    response
}
