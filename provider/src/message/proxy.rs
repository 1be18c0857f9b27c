//! Messages over HTTP: the message URL that Pact verifiers share. It is told which message is wanted, and answers with
//! the contents as its body and the metadata in a header.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request};
use pact_models::http_parts::HttpPart;
use pact_models::provider_states::ProviderState;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use serde_json::{Map, Value, json};

/// The header with the metadata: a JSON object in base64.
const METADATA: &str = "pact-message-metadata";

/// The message that is wanted.
#[derive(Debug)]
pub(crate) struct Asked<'i> {
    pub(crate) description: &'i str,
    pub(crate) states: &'i [ProviderState],
    /// What is to be answered, for a synchronous message.
    pub(crate) request: Option<&'i MessageContents>,
}

/// The question for a message. Its path is the root, below whatever the URL's own path is.
pub(crate) fn asked(asked: &Asked<'_>) -> Request<Bytes> {
    let mut body = json!({ "description": asked.description });
    if !asked.states.is_empty() {
        let states: Vec<Value> = asked.states.iter().map(ProviderState::to_json).collect();
        body["providerStates"] = Value::Array(states);
    }
    if let Some(request) = asked.request {
        body["request"] = request.to_json();
    }
    let mut request = Request::new(Bytes::from(body.to_string()));
    *request.method_mut() = Method::POST;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, json);
    request
}

/// The message in the answer.
pub(crate) fn told(answer: HttpResponse) -> Result<MessageContents, String> {
    if !(200..300).contains(&answer.status) {
        return Err(format!("the message URL answered {}", answer.status));
    }
    let mut metadata = Map::new();
    if let Some(content_type) = answer.lookup_content_type() {
        metadata.insert("contentType".to_owned(), content_type.into());
    }
    for (name, values) in answer.headers.iter().flatten() {
        if name.eq_ignore_ascii_case(METADATA)
            && let Some(value) = values.first()
        {
            metadata.extend(decoded(value)?);
        }
    }
    Ok(MessageContents {
        contents: answer.body,
        metadata: metadata.into_iter().collect(),
        ..MessageContents::default()
    })
}

fn decoded(header: &str) -> Result<Map<String, Value>, String> {
    let broken =
        |what: String| format!("the header {METADATA} is not a JSON object in base64: {what}");
    let bytes = BASE64_STANDARD.decode(header.trim());
    let bytes = bytes.map_err(|error| broken(error.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn answer(status: u16, headers: &[(&str, &str)]) -> HttpResponse {
        let headers = headers.iter();
        let headers = headers.map(|(n, v)| ((*n).to_owned(), vec![(*v).to_owned()]));
        HttpResponse {
            status,
            headers: Some(headers.collect::<HashMap<_, _>>()),
            ..HttpResponse::default()
        }
    }

    #[test]
    fn metadata_that_cannot_be_read_is_no_message() {
        let header = |value| told(answer(200, &[("Pact-Message-Metadata", value)])).unwrap_err();
        let named = "the header pact-message-metadata is not a JSON object in base64: ";
        assert!(header("?").starts_with(named), "{}", header("?"));
        assert!(header("W10=").starts_with(named), "{}", header("W10="));
        assert_eq!(
            told(answer(404, &[])).unwrap_err(),
            "the message URL answered 404"
        );
    }

    #[test]
    fn the_content_type_is_metadata_unless_the_header_says_otherwise() {
        let plain = [("content-type", "application/json")];
        assert_eq!(
            told(answer(200, &plain)).unwrap().metadata["contentType"],
            "application/json"
        );
        let both = [
            plain[0],
            (METADATA, "eyJjb250ZW50VHlwZSI6InRleHQvcGxhaW4ifQ=="),
        ];
        assert_eq!(
            told(answer(200, &both)).unwrap().metadata["contentType"],
            "text/plain"
        );
    }
}
