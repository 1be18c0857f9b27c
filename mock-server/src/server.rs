//! A session on a socket. This file and those below it are the only ones that know hyper.

mod stub;

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::ORIGIN;
use hyper::http::request::Parts;
use hyper::http::uri::PathAndQuery;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use treaty_core::interaction::Interaction;
use treaty_core::wire;

use crate::disturb::{Disturbed, Ending};
use crate::fault::FaultError;
use crate::options::MockServerOptions;
use crate::report::Report;
use crate::respond::{allow, explained, sent, unreadable};
use crate::session::{Answer, Session};

pub use stub::StubServer;

/// The largest request body that a mock server reads, in bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long to wait when the operating system has no connection to give, because the process has too many open files.
const ACCEPT_AGAIN: Duration = Duration::from_millis(5);

/// A running mock server: HTTP/1 and HTTP/2 on one port. It stops when it is dropped.
#[derive(Debug)]
pub struct MockServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// Why a mock server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The listener cannot be used.
    #[error("nothing can listen here")]
    Listener(#[from] io::Error),
    /// A fault could never happen.
    #[error("a fault cannot happen")]
    Fault(#[from] FaultError),
}

#[derive(Debug)]
struct Shared {
    session: Mutex<Session>,
    options: MockServerOptions,
    received: watch::Sender<usize>,
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
    ) -> Result<Self, StartError> {
        Self::start_with(
            interactions,
            listener,
            MockServerOptions::default(),
            runtime,
        )
    }

    /// As [`MockServer::start`], with faults or other options.
    ///
    /// ```
    /// use treaty_mock_server::{Fault, MockServer, MockServerOptions, StartError};
    ///
    /// let runtime = tokio::runtime::Runtime::new().unwrap();
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    /// let options = MockServerOptions::default().fault(Fault::reset().on("a request that nobody described"));
    ///
    /// let refused = MockServer::start_with(Vec::new(), listener, options, runtime.handle());
    /// assert!(matches!(refused, Err(StartError::Fault(_))));
    /// ```
    ///
    /// # Errors
    /// As [`MockServer::start`], and for a fault that could never happen.
    pub fn start_with(
        interactions: Vec<Interaction>,
        listener: TcpListener,
        options: MockServerOptions,
        runtime: &Handle,
    ) -> Result<Self, StartError> {
        let address = listener.local_addr()?;
        let listener = listen(listener, runtime)?;
        let session = Session::with_options(interactions, &url(address, &options), &options)?;
        let shared = Arc::new(Shared {
            session: Mutex::new(session),
            options,
            received: watch::Sender::new(0),
        });
        let accepting = runtime.spawn(accept(listener, Arc::clone(&shared), converse));
        Ok(Self {
            address,
            shared,
            accepting,
        })
    }

    /// Where it answers, `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        url(self.address, &self.shared.options)
    }

    /// The account so far. A request is in it before its answer is sent.
    #[must_use]
    pub fn report(&self) -> Report {
        self.shared.session().report()
    }

    /// Waits until so many requests have come, counted from the start.
    pub async fn received(&self, requests: usize) {
        let mut received = self.shared.received.subscribe();
        // It fails only if the server has gone, and it is borrowed here.
        received.wait_for(|count| *count >= requests).await.ok();
    }

    /// How it started.
    #[must_use]
    pub fn options(&self) -> &MockServerOptions {
        &self.shared.options
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn url(address: SocketAddr, options: &MockServerOptions) -> String {
    let scheme = if options.tls.is_some() {
        "https"
    } else {
        "http"
    };
    format!("{scheme}://{address}")
}

/// The listener, for tasks of the runtime.
fn listen(listener: TcpListener, runtime: &Handle) -> io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    let _context = runtime.enter();
    tokio::net::TcpListener::from_std(listener)
}

async fn accept<S, F>(
    listener: tokio::net::TcpListener,
    shared: Arc<S>,
    converse: fn(TcpStream, Arc<S>) -> F,
) where
    S: Send + Sync + 'static,
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    // The connections are children of this task: they end with it, when the server is dropped.
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // The system is out of descriptors for now, and says nothing when it has some again.
            tokio::time::sleep(ACCEPT_AGAIN).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let shared = Arc::clone(&shared);
        // A connection that breaks is the client's affair; what was received is in the session.
        connections.spawn(async move { converse(stream, shared).await.ok() });
    }
}

/// One connection, until its end or until a fault breaks it.
async fn converse(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (breaker, mut broken) = mpsc::unbounded_channel();
    if shared.options.faults.is_empty() {
        return speak(stream, shared, breaker).await;
    }
    // A second handle on the socket: the first one belongs to the connection and is gone with it.
    let stream = stream.into_std()?;
    let handle = TcpStream::from_std(stream.try_clone()?)?;
    let stream = TcpStream::from_std(stream)?;
    tokio::select! {
        end = speak(stream, shared, breaker) => end,
        Some(bytes) = broken.recv() => break_off(&handle, &bytes),
    }
}

/// Ends a connection against the rules: with these bytes, or with a reset where there are none.
fn break_off(socket: &TcpStream, bytes: &[u8]) -> io::Result<()> {
    if bytes.is_empty() {
        return socket.set_zero_linger();
    }
    // A few bytes always have room in the socket's buffer, behind answers that are all sent.
    socket.try_write(bytes).map(|_| ())
}

async fn speak(stream: TcpStream, shared: Arc<Shared>, breaker: Breaker) -> io::Result<()> {
    match &shared.options.tls {
        Some(tls) => {
            let stream = tls.accept(stream).await?;
            answer_all(stream, shared, breaker).await;
        }
        None => answer_all(stream, shared, breaker).await,
    }
    Ok(())
}

/// Asks for the end of the connection, with the bytes to send before it.
type Breaker = mpsc::UnboundedSender<Vec<u8>>;

async fn answer_all(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    shared: Arc<Shared>,
    breaker: Breaker,
) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .keep_alive(!shared.options.closes_connections);
    let service = service_fn(move |request| serve(request, Arc::clone(&shared), breaker.clone()));
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    connection.await.ok();
}

async fn serve(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    breaker: Breaker,
) -> Result<Response<AnswerBody>, Infallible> {
    let (head, body) = request.into_parts();
    let (response, cut) = match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => respond(&head, body.to_bytes(), &shared, &breaker).await,
        Err(error) => (Err(unread(&*error)), None),
    };
    let mut response = response.unwrap_or_else(|reason| {
        shared.session().fail(line(&head), reason.clone());
        unreadable(&reason)
    });
    if shared.options.cors {
        let origin = head.headers.get(ORIGIN);
        let origin = origin.and_then(|origin| origin.to_str().ok());
        allow(origin, response.headers_mut());
    }
    Ok(response.map(|bytes| AnswerBody::new(bytes, cut)))
}

fn unread(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    if error.is::<LengthLimitError>() {
        return format!("its body has more than {BODY_BYTES_MAX} bytes");
    }
    format!("its body broke off: {error}")
}

fn line(head: &Parts) -> String {
    let target = head.uri.path_and_query().map(PathAndQuery::as_str);
    format!("{} {}", head.method, target.unwrap_or("/"))
}

/// An answer or why it cannot be sent, and behind how many bytes of its body the connection is to break.
type Cut = (Result<Response<Bytes>, String>, Option<usize>);

async fn respond(head: &Parts, body: Bytes, shared: &Shared, breaker: &Breaker) -> Cut {
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let (path, query) = (head.uri.path(), head.uri.query());
    let request = wire::request(head.method.as_str(), path, query, headers, body);

    let answer = shared.session().answer(&request);
    shared.received.send_modify(|count| *count += 1);
    let response = match answer {
        Answer::Matched(response) => sent("matched", &response),
        Answer::Preflight(response) => sent("preflight", &response),
        Answer::Unexpected(unexpected) => Ok(explained(&unexpected)),
        Answer::Disturbed(disturbed) => return hold_up(&disturbed, shared, breaker).await,
    };
    (response, None)
}

/// An answer that faults have changed; it may never come.
async fn hold_up(disturbed: &Disturbed, shared: &Shared, breaker: &Breaker) -> Cut {
    if !disturbed.delay().is_zero() {
        tokio::time::sleep(disturbed.delay()).await;
    }
    let broken = match disturbed.ending() {
        Ending::Whole => {
            shared.session().delivered(disturbed);
            return (sent("faulty", disturbed.response()), None);
        }
        Ending::CutAt(bytes) => return (sent("faulty", disturbed.response()), Some(*bytes)),
        Ending::Never => None,
        Ending::Reset => Some(Vec::new()),
        Ending::Garbage(bytes) => Some(bytes.clone()),
    };
    if let Some(bytes) = broken {
        // If nobody listens any more, the connection is broken already.
        breaker.send(bytes).ok();
    }
    std::future::pending().await
}

/// The body of an answer. One that is cut promises more than it gives and then breaks the connection.
struct AnswerBody {
    left: Bytes,
    promised: u64,
    cut: bool,
    flushed: bool,
}

impl AnswerBody {
    fn new(mut left: Bytes, cut: Option<usize>) -> Self {
        let promised = left.len().try_into().unwrap_or(u64::MAX);
        left.truncate(cut.unwrap_or(left.len()));
        Self {
            left,
            promised,
            cut: cut.is_some(),
            flushed: false,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if !self.left.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.left)))));
        }
        if !self.cut {
            return Poll::Ready(None);
        }
        if !self.flushed {
            // The connection writes what it has when there is nothing more to take at the moment.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && !self.cut
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}
