//! A provider that answers what it is told to: each request names the answer that it wants in a header.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::variant::Answer;

/// The header by which a request names its answer, and the path that sets up provider states.
pub(crate) const ANSWER: &str = "x-oracle-answer";
pub(crate) const STATES: &str = "/__states";
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// The path and the query.
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, Vec<String>>,
    pub(crate) body: Vec<u8>,
}

/// It listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) port: u16,
    told: Arc<Mutex<Told>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Told {
    answers: Vec<Answer>,
    /// What every provider state hands back.
    values: Map<String, Value>,
    asked: BTreeMap<usize, Asked>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let told = Arc::new(Mutex::new(Told::default()));
        let shared = Arc::clone(&told);
        let router = Router::new().fallback(async move |request| answer(&shared, request).await);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, told, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn states_url(&self) -> String {
        self.url() + STATES
    }

    /// What to answer from now on.
    pub(crate) fn tell(&self, answers: Vec<Answer>, values: Map<String, Value>) {
        *self.told.lock().unwrap() = Told {
            answers,
            values,
            asked: BTreeMap::new(),
        };
    }

    /// What it was asked since it was last called, by the number of the answer.
    pub(crate) fn asked(&self) -> BTreeMap<usize, Asked> {
        std::mem::take(&mut self.told.lock().unwrap().asked)
    }
}

async fn answer(told: &Mutex<Told>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if head.uri.path() == STATES {
        let values = told.lock().unwrap().values.clone();
        return axum::Json(values).into_response();
    }
    let body = to_bytes(body, BODY_BYTES_MAX).await.unwrap();
    let number = head
        .headers
        .get(ANSWER)
        .and_then(|number| number.to_str().ok());
    let number: Option<usize> = number.and_then(|number| number.parse().ok());
    let mut told = told.lock().unwrap();
    let answer = number.and_then(|number| told.answers.get(number).cloned());
    let (Some(number), Some(answer)) = (number, answer) else {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    };
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &head.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        headers.entry(name.to_string()).or_default().push(value);
    }
    let asked = Asked {
        method: head.method.to_string(),
        target: head.uri.to_string(),
        headers,
        body: body.to_vec(),
    };
    told.asked.insert(number, asked);
    drop(told);
    sent(&answer)
}

fn sent(answer: &Answer) -> Response {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    let response = response.body(Body::from(answer.body.clone()));
    // A response that nobody can send: both verifiers get this one.
    response.unwrap_or_else(|_| StatusCode::NOT_EXTENDED.into_response())
}
