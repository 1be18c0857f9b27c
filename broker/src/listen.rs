//! Connections: the only file that knows hyper.

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long a client may take to agree on TLS, and how long to send the head of a request.
const GREETING_MAX: Duration = Duration::from_secs(10);

/// How long requests that have begun may take once the broker is to stop.
const SHUTDOWN_MAX: Duration = Duration::from_secs(30);

/// How long the broker waits when the operating system has no more connections to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The address that a request came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What is served, and how.
#[derive(Clone)]
pub(crate) struct Served {
    /// What answers.
    pub(crate) router: Router,
    /// With what the connection is encrypted.
    pub(crate) tls: Option<Arc<rustls::ServerConfig>>,
}

/// Answers until it is told to stop, then until what has begun is answered. Dropping it drops every connection.
pub(crate) async fn serve(
    listener: TcpListener,
    served: Served,
    mut stopped: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stopped = pin!(async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    });
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let watcher = graceful.watcher();
                    connections.spawn(connection(stream, Peer(peer.ip()), served.clone(), watcher));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    if timeout(SHUTDOWN_MAX, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were broken off, because the broker stops");
    }
}

async fn connection(stream: TcpStream, peer: Peer, served: Served, watcher: Watcher) {
    let _ = stream.set_nodelay(true);
    let ended = match served.tls {
        None => answer(stream, peer, served.router, watcher).await,
        Some(tls) => match timeout(GREETING_MAX, TlsAcceptor::from(tls).accept(stream)).await {
            Ok(Ok(stream)) => answer(stream, peer, served.router, watcher).await,
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
        },
    };
    if let Err(error) = ended {
        tracing::debug!(error, peer = %peer.0, "a connection broke");
    }
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    watcher: Watcher,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(GREETING_MAX)
        .serve_connection(TokioIo::new(stream), service);
    Ok(watcher.watch(connection).await?)
}
