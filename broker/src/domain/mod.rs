//! The decisions of the broker: functions from data to data. Nothing here knows HTTP, SQL or the time.

pub(crate) mod access;
pub(crate) mod clean_up;
pub(crate) mod deployable;
pub(crate) mod difference;
pub(crate) mod document;
pub(crate) mod events;
pub(crate) mod explain;
pub(crate) mod firing;
pub(crate) mod matrix;
pub(crate) mod merge;
pub(crate) mod metadata;
pub(crate) mod model;
pub(crate) mod notices;
pub(crate) mod outgoing;
pub(crate) mod rate;
pub(crate) mod retry;
pub(crate) mod segment;
pub(crate) mod selectors;
pub(crate) mod similar_names;
pub(crate) mod template;
pub(crate) mod test_results;
pub(crate) mod verifiable;
pub(crate) mod webhook;
pub(crate) mod wip;
mod words;
