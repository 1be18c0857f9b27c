//! What happens to every answer last: the headers all have in common, and the shape of errors.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, Method, StatusCode, header};

use super::cross_site;
use super::negotiate::accepts_pages;
use super::prefix::Prefix;
use super::problem::Problem;
use super::reply::{MediaType, Reply, set};
use super::request::base_url;
use super::traffic::Answered;
use crate::hal::Urls;
use crate::state::State as BrokerState;

/// The version that the header `X-Pact-Broker-Version` carries.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What it takes to finish answers.
#[derive(Clone)]
pub(crate) struct Finish {
    /// The broker's.
    pub(crate) state: BrokerState,
    /// The path of its base URL.
    pub(crate) prefix: Option<Arc<Prefix>>,
}

/// Renders errors for the client's `Accept`, and adds the headers that every answer carries.
pub(crate) async fn finish(
    State(Finish { state, prefix }): State<Finish>,
    mut request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let site = base_url(&state.config, request.headers());
    let base = accepts_problems(request.headers()).then(|| site.clone());
    let urls = accepts_pages(request.headers()).then(|| Urls::new(site.clone()).in_place());
    if let Some(prefix) = &prefix {
        prefix.strip(request.uri_mut());
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let foreign = cross_site::fault(&method, request.headers(), &site);
    let mut response = match foreign {
        Some(problem) => problem.into_response(),
        None => answer_in_time(state.config.request_timeout, request, next).await,
    };
    let route = response.extensions_mut().remove::<MatchedPath>();
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        let is_asked = method == Method::OPTIONS;
        response = method_not_allowed(response.headers()).render(base.as_deref());
        if is_asked {
            *response.status_mut() = StatusCode::OK;
        }
    } else if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.render(base.as_deref());
        if let Some(urls) = urls {
            let page = crate::pages::problem(&urls, response.status(), &problem.text());
            response = as_page(&response, page);
        }
    }
    set(&mut response, header::VARY, "Accept");
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    set(
        &mut response,
        HeaderName::from_static("x-pact-broker-version"),
        VERSION,
    );
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if method.is_safe() {
        tracing::debug!(%method, path, status, ms, "answered");
    } else {
        tracing::info!(%method, path, status, ms, "answered");
    }
    // What no route is asked for is counted as one, so that nobody makes the broker count without end.
    let (method, route) = route.map_or_else(Default::default, |route| {
        (method.to_string(), route.as_str().to_owned())
    });
    let answered = Answered {
        method,
        route,
        status,
    };
    state.traffic.count(answered, took);
    response
}

/// The answer with a page in place of its body.
fn as_page(answer: &Response, page: String) -> Response {
    let mut response = Reply::text(MediaType::Html, page).into_response();
    *response.status_mut() = answer.status();
    for name in [header::WWW_AUTHENTICATE, header::RETRY_AFTER] {
        if let Some(value) = answer.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

async fn answer_in_time(limit: Duration, request: Request, next: Next) -> Response {
    let timed_out = Problem::TimedOut {
        timeout_s: limit.as_secs(),
    };
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    answer.unwrap_or_else(|_| timed_out.into_response())
}

/// The answer to a path that no route knows.
pub(crate) async fn not_found() -> Problem {
    Problem::NotFound
}

/// The answer to a method that a route does not know, or to the question which it knows, made from the one of axum.
pub(crate) fn method_not_allowed(headers: &HeaderMap) -> Problem {
    let allowed = headers
        .get(header::ALLOW)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut methods: Vec<&str> = allowed
        .split(',')
        .map(str::trim)
        .filter(|method| !method.is_empty())
        .collect();
    methods.push("OPTIONS");
    Problem::MethodNotAllowed(methods.join(", "))
}

fn accepts_problems(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("application/problem+json"))
}
