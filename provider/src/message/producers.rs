//! The producers that a provider's own code brings along, by the description of their messages.

use std::collections::HashMap;
use std::fmt;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::contents::Message;
use super::producer::{MessageProducer, MessageResponder};
use crate::state::{Pattern, StateParams, nearest};

type BoxProducer =
    Box<dyn Fn(StateParams) -> BoxFuture<'static, Result<Message, String>> + Send + Sync>;
type BoxResponder =
    Box<dyn Fn(Message) -> BoxFuture<'static, Result<Vec<Message>, String>> + Send + Sync>;

/// Producers and responders by the pattern of the descriptions that they know.
#[derive(Default)]
pub(crate) struct Producers {
    messages: Vec<(Pattern, BoxProducer)>,
    requests: Vec<(Pattern, BoxResponder)>,
}

impl Producers {
    pub(crate) fn on_message<K>(&mut self, pattern: String, producer: impl MessageProducer<K>) {
        let producer: BoxProducer = Box::new(move |params| producer.call(params));
        self.messages.push((Pattern::new(pattern), producer));
    }

    pub(crate) fn on_request<K>(&mut self, pattern: String, responder: impl MessageResponder<K>) {
        let responder: BoxResponder = Box::new(move |request| responder.call(request));
        self.requests.push((Pattern::new(pattern), responder));
    }

    /// The producer for the description, and what it is to know: the texts in the description, and these values.
    pub(crate) fn producer(
        &self,
        description: &str,
        values: &HashMap<String, Value>,
    ) -> Option<(&BoxProducer, StateParams)> {
        let (producer, captured) = find(&self.messages, description)?;
        Some((producer, StateParams::new(captured, values)))
    }

    pub(crate) fn responder(&self, description: &str) -> Option<&BoxResponder> {
        find(&self.requests, description).map(|(responder, _)| responder)
    }

    /// The descriptions of messages that are nearly this one.
    pub(crate) fn nearest_messages(&self, description: &str) -> Vec<String> {
        nearest(description, texts(&self.messages))
    }

    /// The descriptions of requests that are nearly this one.
    pub(crate) fn nearest_requests(&self, description: &str) -> Vec<String> {
        nearest(description, texts(&self.requests))
    }
}

/// The one with this very description, or the first whose pattern fits.
fn find<'p, T>(
    known: &'p [(Pattern, T)],
    description: &str,
) -> Option<(&'p T, Vec<(String, String)>)> {
    if let Some((_, found)) = known.iter().find(|(pattern, _)| pattern.is(description)) {
        return Some((found, Vec::new()));
    }
    let fitting =
        |(pattern, found): &'p (Pattern, T)| Some((found, pattern.captures(description)?));
    known.iter().find_map(fitting)
}

fn texts<T>(known: &[(Pattern, T)]) -> impl Iterator<Item = &str> {
    known.iter().map(|(pattern, _)| pattern.text())
}

impl fmt::Debug for Producers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Producers")
            .field("messages", &texts(&self.messages).collect::<Vec<_>>())
            .field("requests", &texts(&self.requests).collect::<Vec<_>>())
            .finish()
    }
}
