//! A session on a socket: the only file that knows hyper.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use pact_models::v4::http_parts::HttpResponse;
use serde_json::json;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use treaty_core::interaction::Interaction;
use treaty_core::wire;

use crate::report::{Report, UnexpectedRequest};
use crate::session::{Answer, Session};

/// The largest request body that a mock server reads, in bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The header that every answer of this mock server carries: `matched`, `unexpected` or `unreadable`.
pub const ANSWER_HEADER: &str = "x-treaty-mock-server";

/// A running mock server: HTTP/1 and HTTP/2 on one port. It stops when it is dropped.
#[derive(Debug)]
pub struct MockServer {
    address: SocketAddr,
    session: Arc<Mutex<Session>>,
    accepting: JoinHandle<()>,
}

impl MockServer {
    /// Answers from these interactions on a bound listener, in tasks of the given runtime. It answers when this returns.
    ///
    /// # Errors
    /// What the operating system says when the listener cannot be used.
    pub fn start(
        interactions: Vec<Interaction>,
        listener: TcpListener,
        runtime: &Handle,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let session = Session::new(interactions, &url(address));
        let session = Arc::new(Mutex::new(session));
        let accepting = runtime.spawn(accept(listener, Arc::clone(&session)));
        Ok(Self {
            address,
            session,
            accepting,
        })
    }

    /// Where it answers, `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// The account so far. A request is in it before its answer is sent.
    #[must_use]
    pub fn report(&self) -> Report {
        self.session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .report()
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn accept(listener: tokio::net::TcpListener, session: Arc<Mutex<Session>>) {
    // The connections are children of this task: they end with it, when the server is dropped.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        while connections.try_join_next().is_some() {}
        let session = Arc::clone(&session);
        connections.spawn(async move {
            let service = service_fn(|request| serve(request, Arc::clone(&session)));
            // A connection that breaks is the client's affair; what was received is in the session.
            let builder = auto::Builder::new(TokioExecutor::new());
            builder
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

async fn serve(
    request: Request<Incoming>,
    session: Arc<Mutex<Session>>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return Ok(unreadable(&*error)),
    };
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let (path, query) = (head.uri.path(), head.uri.query());
    let request = wire::request(head.method.as_str(), path, query, headers, body);

    let answer = session
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .answer(&request);
    Ok(match answer {
        Answer::Matched(response) => matched(&response),
        Answer::Unexpected(unexpected) => explained(&unexpected),
    })
}

fn matched(expected: &HttpResponse) -> Response<Full<Bytes>> {
    let body = expected.body.value().unwrap_or_default();
    let status = StatusCode::from_u16(expected.status);
    let Ok(status) = status else {
        return unreadable(&format!("{} is not an HTTP status", expected.status));
    };
    let mut response = answered("matched", status, body);
    for (name, values) in expected.headers.iter().flatten() {
        for value in values {
            let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
            else {
                return unreadable(&format!("the header {name:?}: {value:?} cannot be sent"));
            };
            response.headers_mut().append(name, value);
        }
    }
    if let Some(content_type) = expected.body.content_type()
        && let Ok(value) = HeaderValue::from_str(&content_type.to_string())
    {
        response.headers_mut().entry(CONTENT_TYPE).or_insert(value);
    }
    response
}

fn explained(unexpected: &UnexpectedRequest) -> Response<Full<Bytes>> {
    let closest = unexpected.closest.as_ref().map(|closest| {
        let mismatches: Vec<String> = closest.mismatches.iter().map(ToString::to_string).collect();
        json!({"interaction": closest.title, "mismatches": mismatches})
    });
    let body = json!({
        "error": format!("no interaction expects {}", unexpected.request),
        "closest": closest,
    });
    failed("unexpected", &body)
}

fn unreadable(reason: &(impl std::fmt::Display + ?Sized)) -> Response<Full<Bytes>> {
    failed("unreadable", &json!({"error": reason.to_string()}))
}

fn failed(kind: &'static str, body: &serde_json::Value) -> Response<Full<Bytes>> {
    let body = Bytes::from(format!("{body:#}\n"));
    let mut response = answered(kind, StatusCode::INTERNAL_SERVER_ERROR, body);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn answered(kind: &'static str, status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(ANSWER_HEADER, HeaderValue::from_static(kind));
    response
}
