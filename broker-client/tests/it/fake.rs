//! A broker that answers from a table and remembers what it was asked.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::Service;
use treaty_broker_client::{Bytes, Client};

/// Where every fake stands.
pub(crate) const BASE: &str = "http://broker.local/pacts";

#[derive(Clone)]
struct Planned {
    method: &'static str,
    path: &'static str,
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
}

/// One request that came in.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: Value,
}

/// A broker under a path prefix, with the index given and nothing else until `on` adds it.
#[derive(Clone, Default)]
pub(crate) struct Fake {
    planned: Vec<Planned>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// A broker whose index has these links, each relative to the base.
    pub(crate) fn with_links(links: &[(&str, &str)]) -> Self {
        let links = links.iter().map(|(relation, path)| {
            let link = json!({ "href": format!("{BASE}{path}"), "title": "ignored" });
            ((*relation).to_owned(), link)
        });
        let links: serde_json::Map<String, Value> = links.collect();
        Self::default().on(
            "GET",
            "/pacts",
            200,
            &json!({ "_links": links, "unknown": 1 }),
        )
    }

    /// Answers the request; of several plans for one request, each is used once and the last one for good.
    pub(crate) fn on(
        self,
        method: &'static str,
        path: &'static str,
        status: u16,
        body: &Value,
    ) -> Self {
        self.on_text(method, path, status, &[], &body.to_string())
    }

    pub(crate) fn on_text(
        mut self,
        method: &'static str,
        path: &'static str,
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &str,
    ) -> Self {
        self.planned.push(Planned {
            method,
            path,
            status,
            headers: headers.to_vec(),
            body: body.to_owned(),
        });
        self
    }

    pub(crate) fn client(&self) -> Client {
        Client::over(self.clone(), BASE).unwrap()
    }

    /// The requests so far, the index left out.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .filter(|s| s.line != "GET /pacts")
            .cloned()
            .collect()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    fn answer(&self, request: &Request<Bytes>) -> Response<String> {
        let path = request.uri().path_and_query().unwrap().as_str();
        let line = format!("{} {path}", request.method());
        let mut seen = self.seen.lock().unwrap();
        let earlier = seen.iter().filter(|s| s.line == line).count();
        let authorization = request.headers().get("authorization");
        seen.push(Seen {
            line: line.clone(),
            authorization: authorization.map(|a| a.to_str().unwrap().to_owned()),
            body: serde_json::from_slice(request.body()).unwrap_or_default(),
        });
        let path = path.split('?').next().unwrap();
        let plans = self.planned.iter();
        let mut plans = plans.filter(|p| p.method == request.method() && p.path == path);
        let last = plans.clone().last().cloned();
        let Some(plan) = plans.nth(earlier).cloned().or(last) else {
            let text = format!(r#"{{"error": "nothing at {line}"}}"#);
            return response(404, text);
        };
        let mut answer = response(plan.status, plan.body);
        for (name, value) in plan.headers {
            answer.headers_mut().insert(name, value.parse().unwrap());
        }
        answer
    }
}

fn response(status: u16, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

impl Service<Request<Bytes>> for Fake {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        ready(Ok(self.answer(&request)))
    }
}
