//! One request to the provider and its answer, within their limits.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use http::Request;
use pact_models::v4::http_parts::HttpResponse;
use treaty_core::causes::with_causes;
use treaty_core::outcome::Cause;
use treaty_core::wire;

use crate::options::VerifyOptions;
use crate::target::{Answer, BodyError, BoxError, HttpTarget, ServiceTarget, collect, panic_text};

/// Where requests go.
#[derive(Debug)]
pub(crate) enum Transport<'r> {
    Http(&'r HttpTarget),
    Service(&'r ServiceTarget),
}

impl Transport<'_> {
    async fn send(&self, request: Request<Bytes>) -> Result<Answer, BoxError> {
        match self {
            Self::Http(target) => target.send(request).await,
            Self::Service(target) => target.send(request).await,
        }
    }
}

/// The provider's whole answer, or why there is none.
pub(crate) async fn exchange(
    transport: &Transport<'_>,
    request: Request<Bytes>,
    options: &VerifyOptions,
) -> Result<HttpResponse, Cause> {
    let (head, body) = begun(transport, request, options.request_timeout)
        .await?
        .into_parts();
    let body = AssertUnwindSafe(collect(body, options.body_bytes_max)).catch_unwind();
    let body = match tokio::time::timeout(options.body_timeout, body).await {
        Ok(Ok(Ok(body))) => body,
        Ok(Ok(Err(BodyError::TooLarge { bytes_max }))) => {
            return Err(Cause::AnswerTooLarge { bytes_max });
        }
        Ok(Ok(Err(BodyError::BrokenOff { reason }))) => {
            return Err(Cause::AnswerBrokenOff { reason });
        }
        Ok(Err(panic)) => {
            let reason = format!("it panicked: {}", panic_text(&*panic));
            return Err(Cause::AnswerBrokenOff { reason });
        }
        Err(_) => {
            let limit_ms = millis(options.body_timeout);
            return Err(Cause::BodyDeadline { limit_ms });
        }
    };
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    Ok(wire::response(head.status.as_u16(), headers, body))
}

/// The answer as far as its head.
async fn begun(
    transport: &Transport<'_>,
    request: Request<Bytes>,
    timeout: Duration,
) -> Result<Answer, Cause> {
    let answer = AssertUnwindSafe(transport.send(request)).catch_unwind();
    let reason = match tokio::time::timeout(timeout, answer).await {
        Ok(Ok(Ok(answer))) => return Ok(answer),
        Ok(Ok(Err(error))) => with_causes(&*error),
        Ok(Err(panic)) => format!("it panicked: {}", panic_text(&*panic)),
        Err(_) => {
            let limit_ms = millis(timeout);
            return Err(Cause::AnswerDeadline { limit_ms });
        }
    };
    Err(Cause::NoAnswer { reason })
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
