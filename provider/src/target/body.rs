//! Bodies from outside: read whole, up to a limit.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use treaty_core::causes::with_causes;

/// What a service or a connection may fail with.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A body that is still to be read.
pub(crate) type UnreadBody = UnsyncBoxBody<Bytes, BoxError>;

/// An answer whose body is still to be read.
pub(crate) type Answer = http::Response<UnreadBody>;

/// Why there is no whole body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is larger than {bytes_max} bytes")]
    TooLarge { bytes_max: usize },
    #[error("{reason}")]
    BrokenOff { reason: String },
}

/// The whole body, or why there is no whole body.
pub(crate) async fn collect(mut body: UnreadBody, bytes_max: usize) -> Result<Bytes, BodyError> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| BodyError::BrokenOff {
            reason: with_causes(&*error),
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > bytes_max {
            return Err(BodyError::TooLarge { bytes_max });
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}
