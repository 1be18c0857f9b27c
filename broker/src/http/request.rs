//! What a handler is told about the request.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use chrono::{DateTime, Utc};
use http::request::Parts;
use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;

use super::guard::Permit;
use super::problem::Problem;
use super::query::Query;
use super::reply::Reply;
use crate::Config;
use crate::hal::Urls;
use crate::state::State;
use crate::store::audit::Entry;

/// What every handler returns.
pub(crate) type Outcome = Result<Reply, Problem>;

/// The circumstances of a request: the store, where links go, what was asked for.
pub(crate) struct Call {
    /// The store and the configuration.
    pub(crate) state: State,
    /// What the caller may do.
    pub(crate) permit: Permit,
    /// When the request was begun, if it changes something.
    began_at: Option<DateTime<Utc>>,
    /// Makes links.
    pub(crate) urls: Urls,
    /// The query string.
    pub(crate) query: Query,
    /// The path and the query as they were sent.
    pub(crate) target: String,
    /// The media type of the body, without parameters.
    pub(crate) content_type: Option<String>,
    /// The `Accept` header.
    pub(crate) accept: Option<String>,
}

impl Call {
    /// The URL of this very request.
    pub(crate) fn own_url(&self) -> String {
        format!("{}{}", self.urls.base(), self.target)
    }

    /// Tells the audit log what the path does not.
    pub(crate) fn about(&mut self, what: impl Into<String>) {
        self.state.store = self.state.store.about(what.into());
    }

    /// What time it is, as it is stored.
    pub(crate) fn now(&self) -> String {
        let now = self.began_at;
        crate::time::stored(now.unwrap_or_else(|| self.state.config.clock.now()))
    }

    /// Whether the client names a media type among those that it accepts.
    pub(crate) fn accepts(&self, media_type: &str) -> bool {
        let accepted = self.accept.as_deref().unwrap_or_default();
        accepted
            .split(',')
            .filter_map(|range| range.split(';').next())
            .any(|range| range.trim().eq_ignore_ascii_case(media_type))
    }

    /// Whether the client names a media type before it names any that a document has.
    pub(crate) fn prefers(&self, media_type: &str) -> bool {
        let accepted = self.accept.as_deref().unwrap_or_default();
        let accepted = accepted.to_ascii_lowercase();
        let ranges = accepted
            .split(',')
            .filter_map(|range| range.split(';').next());
        let of_document = |range: &str| range.ends_with("json") || range.ends_with("/*");
        let mut decisive = ranges
            .map(str::trim)
            .filter(|range| *range == media_type || of_document(range));
        decisive.next() == Some(media_type)
    }

    /// Refuses a body whose media type is not one of those given.
    pub(crate) fn require_content_type(&self, accepted: &[&str]) -> Result<(), Problem> {
        match &self.content_type {
            Some(content_type) if !accepted.contains(&content_type.as_str()) => {
                Err(Problem::UnsupportedMediaType(accepted.join(", ")))
            }
            _ => Ok(()),
        }
    }
}

impl FromRequestParts<State> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let essence = |value: &str| {
            value
                .split(';')
                .next()
                .unwrap_or_default()
                .trim()
                .to_ascii_lowercase()
        };
        let permit = parts.extensions.get::<Permit>().cloned();
        let permit = permit.unwrap_or_else(Permit::nobody);
        let mut state = state.clone();
        let began_at = (!parts.method.is_safe()).then(|| state.config.clock.now());
        if let Some(moment) = began_at.filter(|_| state.config.history.is_none()) {
            state.store = state
                .store
                .recording(entry(parts, moment, &permit, &state.config));
        }
        Ok(Self {
            permit,
            began_at,
            urls: Urls::new(base_url(&state.config, &parts.headers)),
            state,
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            target: parts
                .uri
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default(),
            content_type: text(header::CONTENT_TYPE).map(essence),
            accept: text(header::ACCEPT).map(str::to_owned),
        })
    }
}

/// What the audit log says about a request that changes something.
fn entry(parts: &Parts, moment: DateTime<Utc>, permit: &Permit, config: &Config) -> Entry {
    Entry {
        at: crate::time::stored(moment),
        who: permit.who().unwrap_or(&config.anybody).to_owned(),
        method: parts.method.to_string(),
        path: percent_decode_str(parts.uri.path())
            .decode_utf8_lossy()
            .into_owned(),
        about: None,
    }
}

/// What links start with: the configured URL, else the address the client used, as proxies report it.
pub(super) fn base_url(config: &Config, headers: &HeaderMap) -> String {
    if let Some(base) = &config.base_url {
        return base.clone();
    }
    let first = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?.split(',').next()?.trim();
        (!value.is_empty()).then_some(value)
    };
    let is_web = |scheme: &&str| ["http", "https"].contains(scheme);
    let scheme = first("x-forwarded-proto")
        .or_else(|| first("x-forwarded-scheme"))
        .filter(is_web)
        .unwrap_or(if config.tls.is_some() {
            "https"
        } else {
            "http"
        });
    let host = first("x-forwarded-host")
        .or_else(|| first("host"))
        .unwrap_or("localhost");
    match first("x-forwarded-port") {
        Some(port) if !host.contains(':') && !is_default_port(scheme, port) => {
            format!("{scheme}://{host}:{port}")
        }
        _ => format!("{scheme}://{host}"),
    }
}

fn is_default_port(scheme: &str, port: &str) -> bool {
    matches!((scheme, port), ("http", "80") | ("https", "443"))
}
