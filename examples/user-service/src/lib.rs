//! The example provider: a service that knows users. Its contract tests are in `tests/contract.rs`.

mod routes;
mod store;

pub use routes::app;
pub use store::{NewUser, Store, User};
