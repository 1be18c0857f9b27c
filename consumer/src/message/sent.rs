//! A message that the consumer itself sends.

use pact_models::bodies::OptionalBody;
use pact_models::v4::message_parts::MessageContents;
use serde::Serialize;
use serde_json::Value;
use treaty_core::mismatch::Mismatch;

/// What a consumer puts into a request message.
///
/// ```
/// use treaty_consumer::Sent;
///
/// let sent = Sent::new("7", "text/plain").metadata("trace", "a1");
/// assert_eq!(sent, Sent::new(*b"7", "text/plain").metadata("trace", "a1"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    contents: MessageContents,
}

impl Sent {
    /// Bytes of this content type.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>, content_type: &str) -> Self {
        let bytes: Vec<u8> = bytes.into();
        let body = OptionalBody::Present(bytes.into(), Some(content_type.into()), None);
        let contents = MessageContents {
            contents: body,
            ..MessageContents::default()
        };
        Self { contents }.metadata("contentType", content_type)
    }

    /// What `serde` makes of this value, in JSON.
    ///
    /// # Panics
    /// If the value cannot be JSON, such as a map whose keys are no texts.
    #[must_use]
    pub fn json(value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => Self::new(bytes, "application/json"),
            Err(error) => panic!("a request message cannot be written as JSON: {error}"),
        }
    }

    /// Adds metadata: a header, property or attribute beside the contents.
    #[must_use]
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.contents.metadata.insert(name.into(), value.into());
        self
    }

    pub(super) fn contents(&self) -> &MessageContents {
        &self.contents
    }
}

/// The consumer's request is not the one that the pact describes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request is not the one of the pact: {}", list(mismatches))]
#[non_exhaustive]
pub struct NotRequested {
    /// Every difference, at least one.
    pub mismatches: Vec<Mismatch>,
}

fn list(mismatches: &[Mismatch]) -> String {
    let texts: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
    texts.join("; ")
}
