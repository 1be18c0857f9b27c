//! Between axum and the handlers: what a request says, and what an answer looks like.

mod body;
mod finish;
mod problem;
mod query;
mod reply;
mod request;
mod validation;

pub(crate) use body::{JsonBody, describe_not_utf8};
pub(crate) use finish::{finish, not_found};
pub(crate) use problem::Problem;
pub(crate) use query::{Query, Record};
pub(crate) use reply::{EXTENDED, MediaType, Reply};
pub(crate) use request::{Call, Outcome};
pub(crate) use validation::Violations;
