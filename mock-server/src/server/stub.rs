//! A stub on a socket.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::{BODY_BYTES_MAX, accept, listen, unread};
use crate::respond::unreadable;
use crate::stub::Stub;

/// A running stub: HTTP/1 and HTTP/2 on one port. It stops when it is dropped.
#[derive(Debug)]
pub struct StubServer {
    address: SocketAddr,
    current: Arc<Current>,
    accepting: JoinHandle<()>,
}

/// The stub that answers now.
type Current = RwLock<Arc<Stub>>;

impl StubServer {
    /// Answers from the stub on a bound listener, in tasks of the given runtime. It answers when this returns.
    ///
    /// # Errors
    /// What the operating system says when the listener cannot be used.
    pub fn start(stub: Stub, listener: TcpListener, runtime: &Handle) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let listener = listen(listener, runtime)?;
        let current = Arc::new(RwLock::new(Arc::new(stub)));
        let accepting = runtime.spawn(accept(listener, Arc::clone(&current), converse));
        Ok(Self {
            address,
            current,
            accepting,
        })
    }

    /// Where it answers, `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers every further request from another stub; requests that came before keep theirs.
    pub fn replace(&self, stub: Stub) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(stub);
    }
}

impl Drop for StubServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn converse(stream: TcpStream, current: Arc<Current>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let service = service_fn(move |request| {
        let stub = Arc::clone(&current.read().unwrap_or_else(PoisonError::into_inner));
        serve(request, stub)
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    connection.await.map_err(io::Error::other)
}

async fn serve(
    request: Request<Incoming>,
    stub: Arc<Stub>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let response = match Limited::new(body, BODY_BYTES_MAX).collect().await {
        Ok(body) => stub.answer(&head, body.to_bytes()),
        Err(error) => unreadable(&unread(&*error)),
    };
    Ok(response.map(Full::new))
}
