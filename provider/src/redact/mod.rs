//! What nobody is to read: taken out of a report once, before anything shows, writes or publishes it.

mod path;
mod redaction;
mod report;
mod secrets;

pub use path::JsonPathError;
pub use redaction::{REDACTED, REDACTED_HEADERS, Redaction};
pub use report::redacted;

pub(crate) use report::{redacted_interaction, redacted_pacts};
pub(crate) use secrets::FOUND_BYTES_MIN;
