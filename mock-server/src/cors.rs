//! What a browser asks of a server of another origin, and the headers that say yes.

use pact_models::v4::http_parts::{HttpRequest, HttpResponse};

/// The methods that a pre-flight allows: all that a pact can describe.
const METHODS: &str = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

/// The answer to a pre-flight request; nothing for any other request.
pub(crate) fn preflight(request: &HttpRequest) -> Option<HttpResponse> {
    let asks = request.method.eq_ignore_ascii_case("OPTIONS");
    header(request, "access-control-request-method").filter(|_| asks)?;
    header(request, "origin")?;
    let mut headers = vec![("access-control-allow-methods", METHODS.to_owned())];
    if let Some(wanted) = header(request, "access-control-request-headers") {
        headers.push(("access-control-allow-headers", wanted));
    }
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), vec![value]))
        .collect();
    Some(HttpResponse {
        status: 204,
        headers: Some(headers),
        ..HttpResponse::default()
    })
}

/// The headers that let a page of this origin read an answer with these headers.
pub(crate) fn allowing(origin: Option<&str>, exposed: &str) -> Vec<(&'static str, String)> {
    let Some(origin) = origin else {
        return vec![("access-control-allow-origin", "*".to_owned())];
    };
    // A wild card does not count for a request with credentials, so the origin is said back to who says it.
    vec![
        ("access-control-allow-origin", origin.to_owned()),
        ("access-control-allow-credentials", "true".to_owned()),
        ("access-control-expose-headers", exposed.to_owned()),
        ("vary", "Origin".to_owned()),
    ]
}

fn header(request: &HttpRequest, wanted: &str) -> Option<String> {
    let headers = request.headers.iter().flatten();
    let mut values = headers.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    values.next().map(|(_, values)| values.join(", "))
}
