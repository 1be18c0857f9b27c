//! Between axum and the handlers: what a request says, and what an answer looks like.

mod body;
mod credentials;
mod cross_site;
mod finish;
mod guard;
mod negotiate;
mod prefix;
mod problem;
mod query;
mod reply;
mod request;
mod routes;
mod traffic;
mod validation;

pub(crate) use body::{JsonBody, describe_not_utf8};
pub(crate) use credentials::NewToken;
pub(crate) use finish::{Finish, VERSION, finish, not_found};
pub(crate) use guard::{Need, Permit, Place};
pub(crate) use negotiate::{OPENAPI, ends_with_filter, wants_page, without_form};
pub(crate) use prefix::Prefix;
pub(crate) use problem::Problem;
pub(crate) use query::{Query, Record};
pub(crate) use reply::{EXTENDED, MediaType, Reply};
pub(crate) use request::{Call, Outcome};
pub use routes::Route;
pub(crate) use routes::{Routes, delete, get, post};
pub(crate) use traffic::Traffic;
pub(crate) use validation::{Violations, name_fault};
