//! The table of pacticipants.

use std::collections::HashMap;

use super::sql::params;
use super::{Row, Sql, SqlResult};
use crate::domain::model::Pacticipant;

const COLUMNS: &str = "id, name, display_name, repository_url, repository_name, repository_namespace, main_branch, \
                       created_at, updated_at";

fn pacticipant(mut row: Row) -> SqlResult<Pacticipant> {
    Ok(Pacticipant {
        id: row.integer(0)?,
        name: row.text(1)?,
        display_name: row.optional_text(2)?,
        repository_url: row.optional_text(3)?,
        repository_name: row.optional_text(4)?,
        repository_namespace: row.optional_text(5)?,
        main_branch: row.optional_text(6)?,
        created_at: row.text(7)?,
        updated_at: row.optional_text(8)?,
    })
}

/// The pacticipant of this very name.
pub(crate) fn find(sql: &mut dyn Sql, name: &str) -> SqlResult<Option<Pacticipant>> {
    let statement = format!("SELECT {COLUMNS} FROM pacticipants WHERE name = ?1");
    sql.first(&statement, params![name])?
        .map(pacticipant)
        .transpose()
}

/// The pacticipant of this name, made if it does not exist.
pub(crate) fn find_or_create(sql: &mut dyn Sql, name: &str, now: &str) -> SqlResult<Pacticipant> {
    if let Some(found) = find(sql, name)? {
        return Ok(found);
    }
    let statement =
        format!("INSERT INTO pacticipants (name, created_at) VALUES (?1, ?2) RETURNING {COLUMNS}");
    let row = sql
        .first(&statement, params![name, now])?
        .ok_or(super::StoreError::Missing { what: "a new row" })?;
    pacticipant(row)
}

/// Writes every member but the name and the id.
pub(crate) fn update(sql: &mut dyn Sql, changed: &Pacticipant, now: Option<&str>) -> SqlResult<()> {
    let statement = "UPDATE pacticipants SET display_name = ?2, repository_url = ?3, repository_name = ?4, \
                     repository_namespace = ?5, main_branch = ?6, updated_at = ?7 WHERE id = ?1";
    let parameters = params![
        changed.id,
        changed.display_name.as_deref(),
        changed.repository_url.as_deref(),
        changed.repository_name.as_deref(),
        changed.repository_namespace.as_deref(),
        changed.main_branch.as_deref(),
        now,
    ];
    sql.execute(statement, parameters).map(drop)
}

/// Makes a branch the main one if the pacticipant has none yet.
pub(crate) fn set_main_branch_if_unset(
    sql: &mut dyn Sql,
    id: i64,
    branch: &str,
    now: &str,
) -> SqlResult<()> {
    let statement = "UPDATE pacticipants SET main_branch = ?2, updated_at = ?3 WHERE id = ?1 AND main_branch IS NULL";
    sql.execute(statement, params![id, branch, now]).map(drop)
}

/// The pacticipants whose name contains a text, by name.
pub(crate) fn list(sql: &mut dyn Sql, part: Option<&str>) -> SqlResult<Vec<Pacticipant>> {
    let statement = format!("SELECT {COLUMNS} FROM pacticipants ORDER BY LOWER(name), id");
    let all = sql
        .query(&statement, params![])?
        .into_iter()
        .map(pacticipant)
        .collect::<SqlResult<Vec<_>>>()?;
    let Some(part) = part.map(str::to_lowercase) else {
        return Ok(all);
    };
    Ok(all
        .into_iter()
        .filter(|pacticipant| pacticipant.name.to_lowercase().contains(&part))
        .collect())
}

/// The main branches of pacticipants, by pacticipant id, of those that have one.
pub(crate) fn main_branches(sql: &mut dyn Sql, ids: &[i64]) -> SqlResult<HashMap<i64, String>> {
    let statement = "SELECT id, main_branch FROM pacticipants \
                     WHERE id IN (SELECT value FROM json_each(?1)) AND main_branch IS NOT NULL";
    sql.query(statement, params![ids])?
        .into_iter()
        .map(|mut row| Ok((row.integer(0)?, row.text(1)?)))
        .collect()
}

/// Every name there is.
pub(crate) fn names(sql: &mut dyn Sql) -> SqlResult<Vec<String>> {
    sql.query("SELECT name FROM pacticipants ORDER BY id", params![])?
        .into_iter()
        .map(|mut row| row.text(0))
        .collect()
}

/// Forgets a pacticipant and everything that hangs on it.
pub(crate) fn delete(sql: &mut dyn Sql, id: i64) -> SqlResult<()> {
    sql.execute("DELETE FROM pacticipants WHERE id = ?1", params![id])
        .map(drop)
}
