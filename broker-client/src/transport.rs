//! How requests travel: over the network, or to a service in this process. The only file that knows reqwest.

use std::error::Error;
use std::io;
use std::iter;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Limited};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};
use treaty_core::causes::causes;

use crate::answer::Answer;
use crate::error::ClientError;
use crate::options::{Options, Tls};

/// The largest answer that is read.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// How long a connection may take to come about; whoever listens takes it at once.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whatever goes wrong between here and the broker.
pub(crate) type TransportError = Box<dyn Error + Send + Sync>;

/// The way to the broker.
#[derive(Debug, Clone)]
pub(crate) enum Transport {
    Network(reqwest::Client),
    Service(BoxCloneSyncService<Request<Bytes>, Answer, TransportError>),
}

impl Transport {
    pub(crate) fn network(options: &Options) -> Result<Self, ClientError> {
        // A redirected POST would become a GET, whose answer is no answer to what was asked.
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT);
        let mut builder = match &options.tls {
            Tls::Public => builder,
            Tls::And { pem } => builder.tls_certs_merge(certificates(pem)?),
            Tls::Only { pem } => builder.tls_certs_only(certificates(pem)?),
            Tls::Unverified => builder.tls_danger_accept_invalid_certs(true),
        };
        if let Some(pem) = &options.identity {
            let identity = reqwest::Identity::from_pem(pem);
            builder = builder.identity(identity.map_err(|e| refused("client certificate", &e))?);
        }
        let client = builder.build();
        client
            .map(Self::Network)
            .map_err(|e| refused("certificate", &e))
    }

    pub(crate) fn service<S, B, R>(service: S) -> Self
    where
        S: Service<Request<B>, Response = Response<R>> + Clone + Send + Sync + 'static,
        S::Error: Into<TransportError>,
        S::Future: Send,
        B: From<Bytes> + Send + 'static,
        R: BodyExt + Send + 'static,
        R::Data: Send,
        R::Error: Into<TransportError>,
    {
        let service = service
            .map_request(|request: Request<Bytes>| with_host(request).map(B::from))
            .map_err(Into::into)
            .and_then(|response: Response<R>| read(response));
        Self::Service(BoxCloneSyncService::new(service))
    }

    /// Sends one request and reads the whole answer.
    pub(crate) async fn exchange(&self, request: Request<Bytes>) -> Result<Answer, TransportError> {
        match self {
            Self::Network(client) => {
                let request = reqwest::Request::try_from(request)?;
                let response = client.execute(request).await;
                read(response.map_err(reqwest::Error::without_url)?.into()).await
            }
            Self::Service(service) => service.clone().oneshot(request).await,
        }
    }
}

/// A service without a socket still makes its links from the host that was asked.
fn with_host(mut request: Request<Bytes>) -> Request<Bytes> {
    let host = request.uri().authority().map(|a| a.as_str().to_owned());
    if let Some(host) = host.and_then(|host| host.parse().ok()) {
        request.headers_mut().insert(header::HOST, host);
    }
    request
}

async fn read<R>(response: Response<R>) -> Result<Answer, TransportError>
where
    R: BodyExt,
    R::Error: Into<TransportError>,
{
    let (parts, body) = response.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await?;
    Ok(Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.to_bytes(),
    })
}

fn certificates(pem: &[u8]) -> Result<Vec<reqwest::Certificate>, ClientError> {
    let found = reqwest::Certificate::from_pem_bundle(pem);
    let found = found.map_err(|error| refused("certificate", &error))?;
    if found.is_empty() {
        return Err(ClientError::Option {
            what: "certificate".to_owned(),
            reason: "there is none in the file".to_owned(),
        });
    }
    Ok(found)
}

fn refused(what: &str, error: &reqwest::Error) -> ClientError {
    let reason = causes(error).last().map(ToString::to_string);
    ClientError::Option {
        what: what.to_owned(),
        reason: reason.unwrap_or_else(|| error.to_string()),
    }
}

/// Whether the connection broke after it was made: then, and only then, the same request may well succeed.
pub(crate) fn broke(error: &TransportError) -> bool {
    let error: &(dyn Error + 'static) = error.as_ref();
    for error in iter::once(error).chain(causes(error)) {
        if let Some(error) = error.downcast_ref::<reqwest::Error>() {
            let on_the_way = error.is_request() || error.is_body() || error.is_decode();
            return on_the_way && !error.is_connect() && !error.is_timeout();
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return breaks(error.kind());
        }
    }
    false
}

fn breaks(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        kind,
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}
