//! A successful answer.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use serde_json::Value;

/// What a client accepts that wants more of a document than other tools can read.
pub(crate) const EXTENDED: &str = "application/vnd.pactbrokerextended.v1+json";

/// The media types the broker answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `text/css`.
    Css,
    /// `text/csv`.
    Csv,
    /// `application/vnd.pactbrokerextended.v1+json`.
    Extended,
    /// `text/vnd.graphviz`.
    Graphviz,
    /// `application/hal+json`.
    Hal,
    /// `text/html`.
    Html,
    /// `application/json`.
    Json,
    /// `application/problem+json`.
    Problem,
    /// `image/svg+xml`.
    Svg,
    /// `text/plain`, as clients know it where no encoding is named.
    Text,
    /// `text/plain` in UTF-8.
    PlainUtf8,
}

impl MediaType {
    /// The value of the `Content-Type` header.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Css => "text/css;charset=utf-8",
            Self::Html => "text/html;charset=utf-8",
            Self::Csv => "text/csv;charset=utf-8",
            Self::Graphviz => "text/vnd.graphviz;charset=utf-8",
            Self::Extended => "application/vnd.pactbrokerextended.v1+json;charset=utf-8",
            Self::Hal => "application/hal+json;charset=utf-8",
            Self::Json => "application/json;charset=utf-8",
            Self::Problem => "application/problem+json;charset=utf-8",
            Self::Svg => "image/svg+xml;charset=utf-8",
            Self::Text => "text/plain",
            Self::PlainUtf8 => "text/plain;charset=utf-8",
        }
    }
}

/// A successful answer: what every handler returns.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    media_type: MediaType,
    body: String,
    headers: Vec<(HeaderName, String)>,
}

/// What a page may load: its style and the broker's own pictures, and nothing that runs.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                           base-uri 'none'; frame-ancestors 'none'";

impl Reply {
    /// 200 with a document.
    pub(crate) fn ok(document: &Value) -> Self {
        let text = serde_json::to_string(document).expect("a document can be written");
        Self::text(MediaType::Hal, text)
    }

    /// 200 with a body that is already written.
    pub(crate) fn text(media_type: MediaType, body: String) -> Self {
        Self {
            status: StatusCode::OK,
            media_type,
            body,
            headers: Vec::new(),
        }
    }

    /// 201 with a document.
    pub(crate) fn created(document: &Value) -> Self {
        Self {
            status: StatusCode::CREATED,
            ..Self::ok(document)
        }
    }

    /// 202 with a document.
    pub(crate) fn accepted(document: &Value) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            ..Self::ok(document)
        }
    }

    /// 204.
    pub(crate) fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            ..Self::text(MediaType::Hal, String::new())
        }
    }

    /// Says where the thing created is.
    pub(crate) fn at(self, location: impl Into<String>) -> Self {
        self.header(header::LOCATION, location)
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Answers 201 instead of 200 if the thing is new.
    pub(crate) fn created_if(mut self, is_new: bool) -> Self {
        if is_new {
            self.status = StatusCode::CREATED;
        }
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        if self.status != StatusCode::NO_CONTENT {
            set(
                &mut response,
                header::CONTENT_TYPE,
                self.media_type.as_str(),
            );
        }
        if self.media_type == MediaType::Html {
            set(&mut response, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
            set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        }
        for (name, value) in self.headers {
            set(&mut response, name, &value);
        }
        response
    }
}

/// Sets a header, unless the text cannot be one.
pub(super) fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(name, value);
    }
}
