//! Messages: who produces them in this process, and how they are asked for over HTTP.

mod contents;
mod producer;
mod producers;
mod proxy;

pub use contents::Message;
pub use producer::{IntoMessage, IntoMessages, MessageProducer, MessageResponder};

pub(crate) use producers::Producers;
pub(crate) use proxy::{Asked, asked, told};
