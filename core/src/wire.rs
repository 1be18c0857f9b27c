//! What came over HTTP, as the document model knows it. For whoever speaks to the network: no types of an HTTP library.

use std::collections::HashMap;

use bytes::Bytes;
use pact_models::bodies::OptionalBody;
use pact_models::headers::parse_header;
use pact_models::query_strings::parse_query_string;
use pact_models::v4::calc_content_type;
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A request that was received. `query` is the text behind the question mark.
///
/// ```
/// let headers = [("accept", b"text/plain".as_slice())];
/// let request = treaty_core::wire::request("GET", "/users", Some("id=1&id=2"), headers, Default::default());
/// assert_eq!(request.query.unwrap()["id"].len(), 2);
/// ```
pub fn request<'a>(
    method: &str,
    path: &str,
    query: Option<&str>,
    headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    body: Bytes,
) -> HttpRequest {
    let headers = self::headers(headers);
    HttpRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.and_then(parse_query_string),
        body: self::body(body, &headers),
        headers,
        ..HttpRequest::default()
    }
}

/// A response that was received.
pub fn response<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    body: Bytes,
) -> HttpResponse {
    let headers = self::headers(headers);
    HttpResponse {
        status,
        body: self::body(body, &headers),
        headers,
        ..HttpResponse::default()
    }
}

/// The text of a query, its parameters in the order of their names, from which [`request`] reads the same query again.
///
/// `pact_models` has a function for this, but it takes the code point of a letter for its bytes, and panics at some.
///
/// ```
/// let request = treaty_core::wire::request("GET", "/", Some("b=%C3%A9+%26&a&b=1"), [], Default::default());
/// assert_eq!(treaty_core::wire::query_text(&request.query.unwrap()), "a&b=%C3%A9+%26&b=1");
/// ```
#[must_use]
pub fn query_text(query: &HashMap<String, Vec<Option<String>>>) -> String {
    let mut parameters: Vec<_> = query.iter().collect();
    parameters.sort_unstable();
    let parameters = parameters.into_iter().flat_map(|(name, values)| {
        let name = encoded(name);
        values.iter().map(move |value| match value {
            Some(value) => format!("{name}={}", encoded(value)),
            None => name.clone(),
        })
    });
    parameters.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, ESCAPED)
        .to_string()
        .replace("%20", "+")
}

fn headers<'a>(
    pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Option<HashMap<String, Vec<String>>> {
    let mut headers: HashMap<String, Vec<String>> = HashMap::new();
    for (name, value) in pairs {
        let values = parse_header(name, &String::from_utf8_lossy(value));
        headers.entry(name.to_owned()).or_default().extend(values);
    }
    (!headers.is_empty()).then_some(headers)
}

fn body(bytes: Bytes, headers: &Option<HashMap<String, Vec<String>>>) -> OptionalBody {
    if bytes.is_empty() {
        return OptionalBody::Empty;
    }
    let body = OptionalBody::Present(bytes, None, None);
    let content_type = calc_content_type(&body, headers);
    body.with_content_type(content_type)
}
