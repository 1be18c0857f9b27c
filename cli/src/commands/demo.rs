//! `treaty demo`: the whole story on the real parts, in a temporary directory.

mod consumer;
mod provider;
mod steps;
mod story;

pub(crate) use story::run;
