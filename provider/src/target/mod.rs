//! Where the provider answers: over the network, or in this process.

mod body;
mod connection;
mod http;
mod request;
mod service;
mod words;

pub(crate) use body::{Answer, BodyError, BoxError, collect};
pub(crate) use connection::Connection;
pub(crate) use http::{HttpTarget, answer, bare, web_url};
pub(crate) use request::{CustomHeaders, request};
pub(crate) use service::ServiceTarget;
pub(crate) use words::panic_text;
