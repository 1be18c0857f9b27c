//! What the broker remembers: SQL over one narrow trait, one file per group of tables.

pub(crate) mod branches;
pub(crate) mod deployments;
pub(crate) mod environments;
mod error;
pub(crate) mod heads;
pub(crate) mod integrations;
pub(crate) mod labels;
pub(crate) mod matrix;
pub(crate) mod metrics;
mod migrations;
pub(crate) mod pacticipants;
pub(crate) mod publications;
pub(crate) mod results;
pub(crate) mod sql;
mod sqlite;
pub(crate) mod tags;
pub(crate) mod verifiable;
pub(crate) mod versions;
mod writer;

pub use error::StoreError;
pub(crate) use sql::{Row, Sql, SqlResult};
pub(crate) use sqlite::Store;
