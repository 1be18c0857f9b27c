//! What the broker remembers: SQL over one narrow trait, one file per group of tables.

mod error;
pub(crate) mod migrations;
pub(crate) mod sql;
mod sqlite;
mod writer;

pub(crate) use error::StoreError;
pub(crate) use sql::{Row, Sql, SqlResult};
pub(crate) use sqlite::Store;
