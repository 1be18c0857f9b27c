//! What came back: the document of a yes, the words of a no.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::error::BrokerWords;

/// The longest text of a broker that an error keeps, in characters.
const WORDS_CHARS_MAX: usize = 4000;

/// A whole answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the broker wants to be left alone, where it says so in seconds.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(header::RETRY_AFTER)?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    fn is_web_page(&self) -> bool {
        let kind = self.header(header::CONTENT_TYPE).unwrap_or_default();
        let start = self.body.trim_ascii_start();
        let looks = |mark: &[u8]| {
            let start = start.get(..mark.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(mark))
        };
        kind.starts_with("text/html") || looks(b"<!doctype html") || looks(b"<html")
    }

    /// What the broker, or whoever answered in its place, says.
    pub(crate) fn words(&self) -> BrokerWords {
        let text = String::from_utf8_lossy(&self.body);
        if self.is_web_page() {
            return BrokerWords::WebPage {
                title: title(&text),
            };
        }
        let texts = self
            .json()
            .map_or_else(|| vec![text.trim().to_owned()], |document| texts(&document));
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        BrokerWords::Texts(texts.map(|text| capped(&text)).collect())
    }
}

fn capped(text: &str) -> String {
    text.chars().take(WORDS_CHARS_MAX).collect()
}

fn title(page: &str) -> Option<String> {
    let start = page.find("<title>")? + "<title>".len();
    let length = page[start..].find("</title>")?;
    Some(page[start..start + length].trim().to_owned())
}

/// The texts in an error document of any of the shapes that brokers have.
fn texts(document: &Value) -> Vec<String> {
    let mut texts = notices(document);
    let error = document.get("error").map(error_texts).unwrap_or_default();
    let errors = document.get("errors").map(|e| field_texts("", e));
    for text in error.into_iter().chain(errors.unwrap_or_default()) {
        let told = texts.iter().any(|told| text.ends_with(told.as_str()));
        if !told {
            texts.push(text);
        }
    }
    if texts.is_empty() {
        let detail = document.get("detail").or_else(|| document.get("title"));
        texts.extend(detail.and_then(Value::as_str).map(str::to_owned));
    }
    texts
}

fn notices(document: &Value) -> Vec<String> {
    let notices = document.get("notices").and_then(Value::as_array);
    let text = |notice: &Value| Some(notice.get("text")?.as_str()?.to_owned());
    notices.into_iter().flatten().filter_map(text).collect()
}

fn error_texts(error: &Value) -> Vec<String> {
    let message = error.get("message").and_then(Value::as_str);
    let text = error.as_str().or(message);
    text.map(str::to_owned).into_iter().collect()
}

/// `{"field": ["text"]}`, `["text"]` or a list of problems with a title and a detail, each as `field: text`.
fn field_texts(field: &str, value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if field.is_empty() => vec![text.clone()],
        Value::String(text) => vec![format!("{field}: {text}")],
        Value::Array(items) => items.iter().flat_map(|i| field_texts(field, i)).collect(),
        Value::Object(members) => {
            let detail = members.get("detail").or_else(|| members.get("title"));
            if let Some(Value::String(detail)) = detail {
                let pointer = members.get("pointer").and_then(Value::as_str);
                return field_texts(pointer.unwrap_or(field), &Value::String(detail.clone()));
            }
            let nested = members.iter();
            nested
                .flat_map(|(name, value)| match field {
                    "" => field_texts(name, value),
                    field => field_texts(&format!("{field}.{name}"), value),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        let answer = Answer {
            status: StatusCode::BAD_REQUEST,
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        assert_eq!(answer.words().to_string(), expected);
    }

    #[test]
    fn every_shape_of_error_is_read() {
        check(r#"{"error": "No provider"}"#, "No provider");
        check(
            r#"{"errors": {"a.b": ["is missing", "is odd"]}}"#,
            "a.b: is missing\na.b: is odd",
        );
        check(r#"{"errors": ["the limit"]}"#, "the limit");
        check(
            r#"{"error": {"message": "see Oz", "reference": "Oz"}}"#,
            "see Oz",
        );
        check(
            r#"{"title": "Not found", "detail": "gone", "status": 404}"#,
            "gone",
        );
        check(
            r#"{"title": "Bad", "errors": [{"title": "t", "detail": "is blank", "pointer": "/name"}]}"#,
            "/name: is blank",
        );
        check(
            r#"{"notices": [{"type": "error", "text": "Cannot"}], "errors": {"contracts": ["Cannot"]}}"#,
            "Cannot",
        );
        check("plain words\n", "plain words");
        check("", "no explanation");
        check(r#"{"unknown": 1}"#, "no explanation");
    }

    #[test]
    fn a_proxys_page_is_recognised() {
        check(
            "<html><head><title>502 Bad Gateway</title>",
            "a web page, \"502 Bad Gateway\"",
        );
        check("\n<!DOCTYPE HTML>", "a web page");
    }
}
