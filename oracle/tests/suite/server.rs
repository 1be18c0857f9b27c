//! What listens on a socket for a scenario of a provider: the provider itself, a broker, a state callback.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use treaty_core::interaction::Interaction;
use treaty_core::wire;
use treaty_mock_server::{Answer, Session};

/// The largest body of the suite is a picture of 31 kB.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A server that stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Something that was heard on a socket, with the name of who heard it.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) by: String,
    pub(crate) request: HttpRequest,
    pub(crate) status: u16,
}

/// All that was heard in a scenario, in its order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Heard>>>);

impl Log {
    pub(crate) fn heard(&self) -> MutexGuard<'_, Vec<Heard>> {
        self.0.lock().expect("nobody panics while listening")
    }

    /// What this one heard, each with its place in the order of all.
    pub(crate) fn heard_by(&self, by: &str) -> Vec<(usize, Heard)> {
        let heard = self.heard();
        let places = heard.iter().cloned().enumerate();
        places.filter(|(_, heard)| heard.by == by).collect()
    }
}

/// A server that answers by the function, and writes down what it hears. The function is made with the server's URL.
pub(crate) async fn listen<F>(by: &str, log: &Log, answering: impl FnOnce(&str) -> F) -> Server
where
    F: FnMut(&HttpRequest) -> HttpResponse + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let (by, log) = (by.to_owned(), log.clone());
    let answer = Arc::new(Mutex::new(answering(&url)));
    let router = Router::new().fallback(async move |request: Request| {
        let request = received(request).await;
        let response = (answer.lock().expect("nobody panics while answering"))(&request);
        let status = response.status;
        log.heard().push(Heard {
            by,
            request,
            status,
        });
        sent(&response)
    });
    let task = tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
    Server { url, task }
}

/// Answers as the interactions say, and 500 to what they do not know.
pub(crate) fn answers_of(
    interactions: Vec<Interaction>,
    url: &str,
) -> impl FnMut(&HttpRequest) -> HttpResponse + use<> {
    let mut session = Session::new(interactions, url);
    move |request| match session.answer(request) {
        Answer::Matched(response) => *response,
        unexpected => {
            let body = format!("{unexpected:#?}").into();
            wire::response(500, [("content-type", b"text/plain".as_slice())], body)
        }
    }
}

async fn received(request: Request) -> HttpRequest {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, BODY_BYTES_MAX).await.expect("a whole body");
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let (path, query) = (head.uri.path(), head.uri.query());
    wire::request(head.method.as_str(), path, query, headers, body)
}

fn sent(response: &HttpResponse) -> Response {
    let mut sent = Response::builder().status(response.status);
    for (name, values) in response.headers.iter().flatten() {
        for value in values {
            sent = sent.header(name, value);
        }
    }
    let body = response.body.value().unwrap_or_default();
    sent.body(Body::from(body))
        .expect("a response that can be sent")
}

/// A client that asks no proxy.
pub(crate) fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().build();
    client.expect("an HTTP client")
}
