//! One request to the provider and its answer, within their limits.

use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::FutureExt;
use http::Request;
use pact_models::v4::http_parts::HttpResponse;
use treaty_core::outcome::Cause;
use treaty_core::wire;

use crate::options::VerifyOptions;
use crate::target::{Answer, BoxError, HttpTarget, ServiceTarget, chain, collect, panic_text};

/// Where requests go in this run.
#[derive(Debug)]
pub(crate) enum Transport {
    Http(HttpTarget),
    Service(ServiceTarget),
}

impl Transport {
    async fn send(&self, request: Request<Bytes>) -> Result<Answer, BoxError> {
        match self {
            Self::Http(target) => target.send(request).await,
            Self::Service(target) => target.send(request).await,
        }
    }
}

/// The provider's whole answer, or why there is none.
pub(crate) async fn exchange(
    transport: &Transport,
    request: Request<Bytes>,
    options: &VerifyOptions,
) -> Result<HttpResponse, Cause> {
    let answer = whole_answer(transport, request, options.body_bytes_max);
    let answer = AssertUnwindSafe(answer).catch_unwind();
    let answer = match tokio::time::timeout(options.request_timeout, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(panic)) => Err(format!("it panicked: {}", panic_text(&*panic))),
        Err(_) => Err(format!(
            "none within {} ms",
            options.request_timeout.as_millis()
        )),
    };
    answer.map_err(|reason| Cause::NoAnswer { reason })
}

async fn whole_answer(
    transport: &Transport,
    request: Request<Bytes>,
    body_bytes_max: usize,
) -> Result<HttpResponse, String> {
    let answer = transport.send(request).await;
    let (head, body) = answer.map_err(|error| chain(&*error))?.into_parts();
    let body = collect(body, body_bytes_max).await?;
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    Ok(wire::response(head.status.as_u16(), headers, body))
}
