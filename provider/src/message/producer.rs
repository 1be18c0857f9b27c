//! Closures that produce messages.

use std::fmt::Display;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::contents::Message;
use crate::state::{Plain, StateParams, Typed};

/// What a producer may return: a [`Message`], a JSON value, or a `Result` of either.
pub trait IntoMessage {
    /// The message, or why there is none.
    ///
    /// # Errors
    /// The producer's own failure, in words.
    fn into_message(self) -> Result<Message, String>;
}

impl IntoMessage for Message {
    fn into_message(self) -> Result<Message, String> {
        Ok(self)
    }
}

impl IntoMessage for Value {
    fn into_message(self) -> Result<Message, String> {
        Message::json(&self).map_err(|error| error.to_string())
    }
}

impl<T: IntoMessage, E: Display> IntoMessage for Result<T, E> {
    fn into_message(self) -> Result<Message, String> {
        self.map_err(|error| error.to_string())?.into_message()
    }
}

/// What a responder may return: whatever a producer may, or a list of messages.
pub trait IntoMessages {
    /// The messages, or why there are none.
    ///
    /// # Errors
    /// The responder's own failure, in words.
    fn into_messages(self) -> Result<Vec<Message>, String>;
}

impl IntoMessages for Message {
    fn into_messages(self) -> Result<Vec<Message>, String> {
        Ok(vec![self])
    }
}

impl IntoMessages for Value {
    fn into_messages(self) -> Result<Vec<Message>, String> {
        Ok(vec![self.into_message()?])
    }
}

impl IntoMessages for Vec<Message> {
    fn into_messages(self) -> Result<Vec<Message>, String> {
        Ok(self)
    }
}

impl<T: IntoMessages, E: Display> IntoMessages for Result<T, E> {
    fn into_messages(self) -> Result<Vec<Message>, String> {
        self.map_err(|error| error.to_string())?.into_messages()
    }
}

/// Something that produces a message that nobody answers: an async closure without a parameter, or with one that `serde`
/// can make from what stands in the message's description where the pattern has a placeholder, from the parameters of
/// the provider states, and from the values that they handed back.
///
/// The type parameter only tells the two kinds of closures apart; it is inferred.
pub trait MessageProducer<Kind>: Send + Sync + 'static {
    /// Produces the message once.
    fn call(&self, params: StateParams) -> BoxFuture<'static, Result<Message, String>>;
}

impl<C, F, R> MessageProducer<Plain<F>> for C
where
    C: FnOnce() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = R> + Send + 'static,
    R: IntoMessage + 'static,
{
    fn call(&self, _params: StateParams) -> BoxFuture<'static, Result<Message, String>> {
        self.clone()().map(R::into_message).boxed()
    }
}

impl<C, P, F, R> MessageProducer<Typed<P, F>> for C
where
    C: FnOnce(P) -> F + Clone + Send + Sync + 'static,
    P: DeserializeOwned,
    F: Future<Output = R> + Send + 'static,
    R: IntoMessage + 'static,
{
    fn call(&self, params: StateParams) -> BoxFuture<'static, Result<Message, String>> {
        match P::deserialize(params) {
            Ok(params) => self.clone()(params).map(R::into_message).boxed(),
            Err(error) => ready(Err(error.to_string())).boxed(),
        }
    }
}

/// Something that answers a message: an async closure with the [`Message`] as its parameter.
///
/// The type parameter is inferred.
pub trait MessageResponder<Kind>: Send + Sync + 'static {
    /// Answers the message once.
    fn call(&self, request: Message) -> BoxFuture<'static, Result<Vec<Message>, String>>;
}

impl<C, F, R> MessageResponder<Plain<F>> for C
where
    C: FnOnce(Message) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = R> + Send + 'static,
    R: IntoMessages + 'static,
{
    fn call(&self, request: Message) -> BoxFuture<'static, Result<Vec<Message>, String>> {
        self.clone()(request).map(R::into_messages).boxed()
    }
}
