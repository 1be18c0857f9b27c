//! A provider in this process: any `tower` service, no socket.

use std::fmt;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Full};
use tower::Service;
use tower::util::{BoxCloneSyncService, ServiceExt};

use super::body::{Answer, BoxError};

/// The host that a request names, as every request over HTTP/1.1 does.
const SERVICE_HOST: HeaderValue = HeaderValue::from_static("localhost");

/// A service whose type is forgotten.
#[derive(Clone)]
pub(crate) struct ServiceTarget(BoxCloneSyncService<Request<Full<Bytes>>, Answer, BoxError>);

impl ServiceTarget {
    pub(crate) fn new<S, B>(service: S) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: BodyExt<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let erase = |response: Response<B>| response.map(|b| b.map_err(Into::into).boxed_unsync());
        let service = service.map_response(erase).map_err(Into::into);
        Self(BoxCloneSyncService::new(service))
    }

    /// Sends what a server would make of the request: with a host, and the length of its body.
    pub(crate) async fn send(&self, mut request: Request<Bytes>) -> Result<Answer, BoxError> {
        let length = request.body().len();
        let headers = request.headers_mut();
        headers.entry(HOST).or_insert(SERVICE_HOST);
        if length > 0 {
            headers.entry(CONTENT_LENGTH).or_insert(length.into());
        }
        self.0.clone().oneshot(request.map(Full::new)).await
    }
}

impl fmt::Debug for ServiceTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceTarget")
    }
}
