//! Which replays there are, when each of them runs, and what their results come to.

mod dependence;
mod pass;
mod plan;
mod rounds;

pub(crate) use plan::{Plan, Work, jobs};
pub(crate) use rounds::{Results, run};
