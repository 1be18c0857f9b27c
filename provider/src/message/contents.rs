//! One message: its contents and its metadata.

use bytes::Bytes;
use pact_models::bodies::OptionalBody;
use pact_models::v4::calc_content_type;
use pact_models::v4::message_parts::MessageContents;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The name under which a message's content type stands among its metadata.
const CONTENT_TYPE: &str = "contentType";

/// A message as the provider's code makes it, or gets it.
///
/// ```
/// use treaty_provider::Message;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let message = Message::json(&serde_json::json!({ "id": 42 }))?.metadata("topic", "users");
/// assert_eq!(message.parse::<serde_json::Value>()?["id"], 42);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use]
pub struct Message {
    contents: Bytes,
    content_type: Option<String>,
    metadata: Map<String, Value>,
}

impl Message {
    /// A message of these bytes, about whose type nothing is said.
    pub fn new(contents: impl Into<Bytes>) -> Self {
        Self {
            contents: contents.into(),
            ..Self::default()
        }
    }

    /// A message whose contents are the value as JSON.
    ///
    /// # Errors
    /// If the value cannot be JSON.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        let contents = serde_json::to_vec(value)?;
        Ok(Self::new(contents).content_type("application/json"))
    }

    /// The type of the contents.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// One more entry of the metadata: a topic, a key, a header of the queue.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// The bytes of the contents.
    #[must_use]
    pub fn contents(&self) -> &Bytes {
        &self.contents
    }

    /// The value of an entry of the metadata.
    #[must_use]
    pub fn metadata_value(&self, name: &str) -> Option<&Value> {
        self.metadata.get(name)
    }

    /// The contents read as JSON.
    ///
    /// # Errors
    /// If they are no JSON, or not of this type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.contents)
    }

    pub(crate) fn from_pact(expected: &MessageContents) -> Self {
        let metadata = expected.metadata.iter();
        Self {
            contents: expected.contents.value().unwrap_or_default(),
            content_type: expected
                .contents
                .content_type()
                .map(|kind| kind.to_string()),
            metadata: metadata.map(|(n, v)| (n.clone(), v.clone())).collect(),
        }
    }

    /// The message as it is compared. Its content type is part of the metadata, as with every Pact verifier.
    pub(crate) fn into_actual(self) -> MessageContents {
        let content_type = self.content_type.as_deref();
        let parsed = content_type.and_then(|text| text.parse().ok());
        let contents = if self.contents.is_empty() {
            OptionalBody::Empty
        } else {
            let contents = OptionalBody::Present(self.contents, parsed, None);
            match contents.content_type() {
                Some(_) => contents,
                None => {
                    let found = calc_content_type(&contents, &None);
                    contents.with_content_type(found)
                }
            }
        };
        let mut metadata = self.metadata;
        if let Some(content_type) = self.content_type {
            metadata.entry(CONTENT_TYPE).or_insert(content_type.into());
        }
        MessageContents {
            contents,
            metadata: metadata.into_iter().collect(),
            ..MessageContents::default()
        }
    }
}
