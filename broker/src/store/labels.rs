//! The table of labels: words by which pacticipants are grouped.

use std::collections::HashMap;

use super::sql::params;
use super::{Sql, SqlResult};

/// When a pacticipant was given a label, if it was.
pub(crate) fn find(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    name: &str,
) -> SqlResult<Option<String>> {
    let statement = "SELECT created_at FROM labels WHERE pacticipant_id = ?1 AND name = ?2";
    sql.first(statement, params![pacticipant_id, name])?
        .map(|mut row| row.text(0))
        .transpose()
}

/// Labels a pacticipant; says whether it had no such label.
pub(crate) fn add(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    name: &str,
    now: &str,
) -> SqlResult<bool> {
    let statement = "INSERT INTO labels (pacticipant_id, name, created_at) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (pacticipant_id, name) DO NOTHING";
    Ok(sql.execute(statement, params![pacticipant_id, name, now])? > 0)
}

/// Takes a label off a pacticipant; says whether it was there.
pub(crate) fn remove(sql: &mut dyn Sql, pacticipant_id: i64, name: &str) -> SqlResult<bool> {
    let statement = "DELETE FROM labels WHERE pacticipant_id = ?1 AND name = ?2";
    Ok(sql.execute(statement, params![pacticipant_id, name])? > 0)
}

/// The labels of a pacticipant, in the order they were given.
pub(crate) fn of_pacticipant(sql: &mut dyn Sql, pacticipant_id: i64) -> SqlResult<Vec<String>> {
    let statement = "SELECT name FROM labels WHERE pacticipant_id = ?1 ORDER BY id";
    sql.query(statement, params![pacticipant_id])?
        .into_iter()
        .map(|mut row| row.text(0))
        .collect()
}

/// The labels of every pacticipant that has any.
pub(crate) fn by_pacticipant(sql: &mut dyn Sql) -> SqlResult<HashMap<i64, Vec<String>>> {
    let mut all: HashMap<i64, Vec<String>> = HashMap::new();
    let statement = "SELECT pacticipant_id, name FROM labels ORDER BY id";
    for mut row in sql.query(statement, params![])? {
        all.entry(row.integer(0)?).or_default().push(row.text(1)?);
    }
    Ok(all)
}

/// Every label there is, by name.
pub(crate) fn names(sql: &mut dyn Sql) -> SqlResult<Vec<String>> {
    sql.query("SELECT DISTINCT name FROM labels ORDER BY name", params![])?
        .into_iter()
        .map(|mut row| row.text(0))
        .collect()
}
