//! Brings the schema of a database up to the one this release knows: numbered steps, each applied once and whole.

use super::sql::{Session, params};
use super::{SqlResult, StoreError};

/// The steps, in order. A step that was released never changes.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_spine.sql"),
    include_str!("migrations/0002_labels.sql"),
    include_str!("migrations/0003_webhooks.sql"),
    include_str!("migrations/0004_access.sql"),
];

/// Applies the steps that this database lacks.
pub(super) fn apply(session: &mut dyn Session) -> SqlResult<()> {
    session.begin_migrating()?;
    let applied = apply_missing(session);
    session.run(if applied.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    })?;
    applied
}

fn apply_missing(session: &mut dyn Session) -> SqlResult<()> {
    let known = i64::try_from(STEPS.len()).expect("there are few steps");
    let found = schema_number(session)?;
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    for (step, number) in STEPS
        .iter()
        .zip(1..)
        .skip_while(|(_, number)| *number <= found)
    {
        session.run(step)?;
        let statement = "UPDATE treaty_schema SET number = ?1";
        session.execute(statement, params![number])?;
    }
    Ok(())
}

fn schema_number(session: &mut dyn Session) -> SqlResult<i64> {
    session.run("CREATE TABLE IF NOT EXISTS treaty_schema (number BIGINT NOT NULL)")?;
    let statement = "SELECT MAX(number) FROM treaty_schema";
    let number = match session.first(statement, params![])? {
        Some(row) => row.optional_integer(0)?,
        None => None,
    };
    if number.is_none() {
        let statement = "INSERT INTO treaty_schema (number) VALUES (0)";
        session.execute(statement, params![])?;
    }
    Ok(number.unwrap_or(0))
}
