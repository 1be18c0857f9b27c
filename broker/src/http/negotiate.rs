//! What a client would rather have: a page, or a document.

use axum::body::Body;
use axum::extract::Request;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Uri, header};

/// The media types that only programs ask for.
const DOCUMENTS: [&str; 6] = [
    "application/hal+json",
    "application/json",
    "application/problem+json",
    "text/csv",
    "yaml",
    "text/plain",
];

/// Marks a request that is another reading of one that was counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reread;

/// What the end of a path stands for in place of an `Accept` header.
const ENDINGS: [(&str, &str); 2] = [(".json", "application/hal+json"), (".csv", "text/csv")];

/// The one document whose path ends like that by itself.
pub(crate) const OPENAPI: &str = "/openapi.json";

/// Whether an answer is to be a page: a browser asks for HTML, a program for something else or for anything.
pub(crate) fn accepts_pages(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    accept.contains("text/html") && !DOCUMENTS.iter().any(|document| accept.contains(document))
}

/// Below this path there are pages alone: what relations mean is told in no other form.
const EXPLANATIONS: &str = "/doc/";

/// Whether a request is to be answered by a page, if there is one.
pub(crate) fn wants_page(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
        && (accepts_pages(request.headers()) || request.uri().path().starts_with(EXPLANATIONS))
}

/// A path without the ending that names a form.
pub(super) fn without_ending(path: &str) -> &str {
    ending(path).map_or(path, |(path, _)| path)
}

/// A path without the ending that names a form, and what that stands for.
fn ending(path: &str) -> Option<(&str, &'static str)> {
    let found = |&(ending, accept)| Some((path.strip_suffix(ending)?, accept));
    ENDINGS.iter().find_map(found)
}

/// Whether a path ends with what a list is chosen by: of a name that nothing has there is an empty list, and no 404, so an
/// ending is always that of a form.
pub(crate) fn ends_with_filter(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    matches!(
        parts[..],
        ["pacticipants", "label", _]
            | ["pacts", "provider", _, "latest" | "tag" | "branch", _]
            | [.., "can-i-deploy", "to", _]
    )
}

/// The request that is meant if there is nothing of the name in the path: `.json` or `.csv` at its end is read as an
/// `Accept` header, so that a link can name a form.
pub(crate) fn without_form(request: &Request) -> Option<Request> {
    let uri = request.uri();
    if request.method() != Method::GET || uri.path() == OPENAPI {
        return None;
    }
    let (path, accept) = ending(uri.path()).filter(|(path, _)| !path.ends_with('/'))?;
    let query = uri
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = format!("{path}{query}").parse::<PathAndQuery>().ok();
    let mut meant = Request::new(Body::empty());
    *meant.uri_mut() = Uri::from_parts(parts).ok()?;
    meant.headers_mut().clone_from(request.headers());
    let accept = HeaderValue::from_static(accept);
    meant.headers_mut().insert(header::ACCEPT, accept);
    meant.extensions_mut().clone_from(request.extensions());
    meant.extensions_mut().insert(Reread);
    Some(meant)
}
