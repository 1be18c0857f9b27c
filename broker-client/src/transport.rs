//! How requests travel: over the network, or to a service in this process. The only file that knows reqwest.

use std::error::Error;
use std::io;

use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt, Limited};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt};

use crate::answer::Answer;
use crate::error::ClientError;
use crate::options::Tls;

/// The largest answer that is read.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Whatever goes wrong between here and the broker.
pub(crate) type TransportError = Box<dyn Error + Send + Sync>;

/// The way to the broker.
#[derive(Debug, Clone)]
pub(crate) enum Transport {
    Network(reqwest::Client),
    Service(BoxCloneSyncService<Request<Bytes>, Answer, TransportError>),
}

impl Transport {
    pub(crate) fn network(tls: &Tls) -> Result<Self, ClientError> {
        let refused = |error: reqwest::Error| ClientError::Option {
            what: "certificate".to_owned(),
            reason: error.to_string(),
        };
        // A redirected POST would become a GET, whose answer is no answer to what was asked.
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        match tls {
            Tls::Public => {}
            Tls::And { pem } => {
                for certificate in reqwest::Certificate::from_pem_bundle(pem).map_err(refused)? {
                    builder = builder.add_root_certificate(certificate);
                }
            }
            Tls::Unverified => builder = builder.tls_danger_accept_invalid_certs(true),
        }
        builder.build().map(Self::Network).map_err(refused)
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

/// Whether the connection broke after it was made: then, and only then, the same request may well succeed.
pub(crate) fn broke(method: &Method, error: &TransportError) -> bool {
    let mut source: Option<&(dyn Error + 'static)> = Some(error.as_ref());
    while let Some(error) = source {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if let Some(kind) = kind {
            return method.is_safe() && breaks(kind);
        }
        source = error.source();
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
