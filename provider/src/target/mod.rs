//! Where the provider answers: over the network, or in this process.

mod body;
mod http;
mod request;
mod service;
mod words;

pub(crate) use body::{Answer, BoxError, collect};
pub(crate) use http::{HttpTarget, answer, bare, client, web_url};
pub(crate) use request::{CustomHeaders, request};
pub(crate) use service::ServiceTarget;
pub(crate) use words::{chain, panic_text};
