//! Brings the schema of a database up to the one this release knows: numbered steps, each applied once and whole.

use rusqlite::Connection;

use super::sqlite::run;
use super::{SqlResult, StoreError};

/// The steps, in order. A step that was released never changes.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_spine.sql"),
    include_str!("migrations/0002_labels.sql"),
];

/// Applies the steps that this database lacks.
pub(super) fn apply(connection: &mut Connection) -> SqlResult<()> {
    run(connection, "BEGIN IMMEDIATE")?;
    let applied = apply_missing(connection);
    run(
        connection,
        if applied.is_ok() {
            "COMMIT"
        } else {
            "ROLLBACK"
        },
    )?;
    applied
}

fn apply_missing(connection: &Connection) -> SqlResult<()> {
    let known = i64::try_from(STEPS.len()).expect("there are few steps");
    let found = schema_number(connection)?;
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    for (step, number) in STEPS
        .iter()
        .zip(1..)
        .skip_while(|(_, number)| *number <= found)
    {
        run(connection, step)?;
        run(
            connection,
            &format!("UPDATE treaty_schema SET number = {number}"),
        )?;
    }
    Ok(())
}

fn schema_number(connection: &Connection) -> SqlResult<i64> {
    run(
        connection,
        "CREATE TABLE IF NOT EXISTS treaty_schema (number BIGINT NOT NULL)",
    )?;
    let statement = "SELECT COALESCE(MAX(number), -1) FROM treaty_schema";
    let number: i64 = connection
        .query_row(statement, [], |row| row.get(0))
        .map_err(|source| StoreError::Statement {
            statement: statement.to_owned(),
            source: source.into(),
        })?;
    if number >= 0 {
        return Ok(number);
    }
    run(connection, "INSERT INTO treaty_schema (number) VALUES (0)")?;
    Ok(0)
}
