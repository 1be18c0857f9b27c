//! What the broker remembers: SQL over one narrow trait, one file per group of tables.

pub(crate) mod audit;
pub(crate) mod branches;
pub(crate) mod clean_up;
mod copy;
pub(crate) mod deployments;
pub(crate) mod environments;
mod error;
pub(crate) mod heads;
pub(crate) mod integrations;
pub(crate) mod labels;
pub(crate) mod matrix;
pub(crate) mod metrics;
mod migrations;
mod open;
pub(crate) mod pacticipants;
mod postgres;
#[cfg(test)]
#[path = "../../tests/it/postgres_server.rs"]
mod postgres_server;
pub(crate) mod publications;
mod readers;
pub(crate) mod results;
pub(crate) mod sql;
mod sqlite;
pub(crate) mod tags;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;
pub(crate) mod triggered_webhooks;
pub(crate) mod verifiable;
pub(crate) mod versions;
pub(crate) mod webhooks;
mod writer;

pub use copy::{Copied, CopyError, backup, restore};
pub use error::StoreError;
pub(crate) use open::Store;
pub(crate) use postgres::PostgresUrl;
pub(crate) use sql::{Row, Sql, SqlResult};
