//! Brings the schema of a database up to the one this release knows: numbered steps, each applied once and whole.

use super::sql::{Session, params};
use super::{SqlResult, StoreError};

/// The steps, in order. A step that was released never changes.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_spine.sql"),
    include_str!("migrations/0002_labels.sql"),
    include_str!("migrations/0003_webhooks.sql"),
    include_str!("migrations/0004_access.sql"),
    include_str!("migrations/0005_clean_up.sql"),
    include_str!("migrations/0006_imported_versions.sql"),
];

/// A table that the steps make.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Whether its rows have an `id`, as their first column.
    pub(super) has_id: bool,
}

/// How many steps there are.
pub(super) const KNOWN: usize = STEPS.len();

/// The tables of the first steps, each after those that it refers to.
pub(super) fn tables(steps: usize) -> Vec<Table> {
    let begun = STEPS
        .iter()
        .take(steps)
        .flat_map(|step| step.split("CREATE TABLE ").skip(1));
    begun
        .filter_map(|text| text.split_once(" ("))
        .map(|(name, columns)| Table {
            name,
            has_id: columns.trim_start().starts_with("id INTEGER PRIMARY KEY"),
        })
        .collect()
}

/// Applies the steps that this database lacks.
pub(super) fn apply(session: &mut dyn Session) -> SqlResult<()> {
    apply_first(session, KNOWN)
}

/// Applies those of the first steps that this database lacks.
pub(super) fn apply_first(session: &mut dyn Session, steps: usize) -> SqlResult<()> {
    session.begin_migrating()?;
    let applied = apply_missing(session, steps);
    session.run(if applied.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    })?;
    applied
}

/// Whether the database is a broker's, of whichever release.
pub(super) fn were_applied(session: &mut dyn Session) -> SqlResult<bool> {
    session.has_table("treaty_schema")
}

/// How many steps were applied to a broker's database, which stays as it is.
pub(super) fn applied(session: &mut dyn Session) -> SqlResult<usize> {
    let statement = "SELECT MAX(number) FROM treaty_schema";
    let row = session.first(statement, params![])?;
    let found = row.map_or(Ok(None), |row| row.optional_integer(0))?;
    known(found.unwrap_or(0))
}

/// Takes the steps back that were applied, and with them all that is in the database.
pub(super) fn take_back(session: &mut dyn Session) -> SqlResult<()> {
    for table in tables(applied(session)?).into_iter().rev() {
        session.run(&format!("DROP TABLE {}", table.name))?;
    }
    session.run("UPDATE treaty_schema SET number = 0")
}

fn known(found: i64) -> SqlResult<usize> {
    let steps = usize::try_from(found).ok();
    let known = i64::try_from(KNOWN).expect("there are few steps");
    let steps = steps.filter(|steps| *steps <= KNOWN);
    steps.ok_or(StoreError::NewerSchema { found, known })
}

fn apply_missing(session: &mut dyn Session, steps: usize) -> SqlResult<()> {
    let found = schema_number(session)?;
    known(found)?;
    for (step, number) in STEPS
        .iter()
        .take(steps)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::sql::Connector;
    use crate::store::sqlite::File;

    #[test]
    fn every_table_is_known() {
        let mut session = File::memory().connect().unwrap();
        apply(&mut *session).unwrap();
        let statement = "SELECT name FROM sqlite_master WHERE type = 'table' \
                         AND name NOT IN ('treaty_schema', 'sqlite_sequence')";
        let rows = session.query(statement, params![]).unwrap();
        let made: BTreeSet<String> = rows
            .into_iter()
            .map(|mut row| row.text(0).unwrap())
            .collect();
        let known: BTreeSet<String> = tables(KNOWN)
            .iter()
            .map(|table| table.name.to_owned())
            .collect();
        assert_eq!(known, made);
    }

    /// Clean-up deletes many of these rows at once, and each deletion looks for what refers to the row.
    #[test]
    fn what_refers_to_a_row_that_is_cleaned_up_is_found_by_an_index() {
        let mut session = File::memory().connect().unwrap();
        apply(&mut *session).unwrap();
        let statement = "SELECT m.name, f.\"from\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
                         WHERE m.type = 'table' AND f.\"table\" IN ('versions', 'results', 'contents')";
        let references = session.query(statement, params![]).unwrap();
        assert!(references.len() > 10);
        for mut reference in references {
            let (table, column) = (reference.text(0).unwrap(), reference.text(1).unwrap());
            let question =
                format!("EXPLAIN QUERY PLAN SELECT rowid FROM {table} WHERE {column} = 1");
            let plan = session.query(&question, params![]).unwrap();
            let plan = plan.into_iter().next().unwrap().text(3).unwrap();
            assert!(plan.starts_with("SEARCH"), "{table}.{column}: {plan}");
        }
    }
}
