//! Everything that a verifier was told except where the provider answers.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Request;

use crate::filter::Filter;
use crate::instance::Handlers;
use crate::options::VerifyOptions;
use crate::publish::Publish;
use crate::redact::{FOUND_BYTES_MIN, Redaction};
use crate::report::{InteractionReport, Refusal};
use crate::state::{Executor, StateChange};
use crate::target::{Connection, CustomHeaders};

/// A request filter whose type is forgotten.
pub(super) type RequestFilter =
    Box<dyn Fn(Request<Bytes>) -> BoxFuture<'static, Result<Request<Bytes>, String>> + Send + Sync>;

/// A reset whose type is forgotten.
pub(super) type Reset = Box<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// An observer whose type is forgotten.
pub(super) type Observer = Box<dyn Fn(&Progress<'_>) + Send + Sync>;

/// One replay that is over, told while others still run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'r> {
    /// How many replays are over, this one included.
    pub done: usize,
    /// How many there are to be.
    pub total: usize,
    /// What came of it, before repeats of it are counted together.
    pub interaction: &'r InteractionReport,
}

pub(crate) struct Settings {
    pub(crate) provider: String,
    pub(crate) handlers: Handlers,
    pub(crate) executor: Option<Executor>,
    pub(crate) state_change: Option<StateChange>,
    pub(crate) headers: CustomHeaders,
    pub(crate) request_filter: Option<RequestFilter>,
    pub(crate) reset: Option<Reset>,
    pub(crate) observer: Option<Observer>,
    pub(crate) connection: Connection,
    pub(crate) filter: Filter,
    pub(crate) publish: Option<Publish>,
    pub(crate) options: VerifyOptions,
    pub(crate) redaction: Redaction,
    /// The first thing that was wrong with what the verifier was told.
    pub(crate) refusal: Option<Refusal>,
}

impl Settings {
    pub(super) fn new(provider: String) -> Self {
        Self {
            provider,
            handlers: Handlers::default(),
            executor: None,
            state_change: None,
            headers: CustomHeaders::default(),
            request_filter: None,
            reset: None,
            observer: None,
            connection: Connection::default(),
            filter: Filter::new(),
            publish: None,
            options: VerifyOptions::default(),
            redaction: Redaction::default(),
            refusal: None,
        }
    }

    /// What is redacted, the headers among it that every request is sent with.
    pub(crate) fn redaction(&self) -> Redaction {
        let headers = self.headers.iter();
        let secret = headers.filter(|(name, _)| self.redaction.is_redacted(name));
        // A token may stand somewhere without the scheme before it.
        let texts =
            secret.flat_map(|(_, value)| [value, value.rsplit(' ').next().unwrap_or(value)]);
        let texts = texts.filter(|text| text.len() >= FOUND_BYTES_MIN);
        texts.fold(self.redaction.clone(), Redaction::text)
    }

    pub(super) fn note<T>(&mut self, checked: Result<T, Refusal>) {
        if let Err(refusal) = checked {
            self.refusal.get_or_insert(refusal);
        }
    }
}
