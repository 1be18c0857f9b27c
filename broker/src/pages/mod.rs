//! Pages for browsers: HTML made here, one style sheet, no script, and nothing from another site. A page stands at the
//! address of what it shows; the `Accept` header decides. `maud` escapes every name.

pub(crate) mod dashboard;
pub(crate) mod diff;
pub(crate) mod docs;
pub(crate) mod index;
mod layout;
pub(crate) mod matrix;
mod network;
pub(crate) mod pact;
pub(crate) mod pacticipant;
pub(crate) mod result;
mod router;

pub(crate) use layout::{problem, style};
pub(crate) use router::routes;
