//! The table of environments.

use super::sql::params;
use super::{Row, Sql, SqlResult};
use crate::domain::model::Environment;

const COLUMNS: &str =
    "e.id, e.uuid, e.name, e.display_name, e.production, e.contacts, e.created_at, e.updated_at";

fn environment(row: &mut Row, first: usize) -> SqlResult<Environment> {
    Ok(Environment {
        id: row.integer(first)?,
        uuid: row.text(first + 1)?,
        name: row.text(first + 2)?,
        display_name: row.optional_text(first + 3)?,
        production: row.boolean(first + 4)?,
        contacts: row.optional_text(first + 5)?,
        created_at: row.text(first + 6)?,
        updated_at: row.optional_text(first + 7)?,
    })
}

/// The environments, by name.
pub(crate) fn list(sql: &mut dyn Sql) -> SqlResult<Vec<Environment>> {
    let statement = format!("SELECT {COLUMNS} FROM environments e ORDER BY LOWER(e.name), e.name");
    sql.query(&statement, params![])?
        .into_iter()
        .map(|mut row| environment(&mut row, 0))
        .collect()
}

/// The environment with a uuid.
pub(crate) fn find(sql: &mut dyn Sql, uuid: &str) -> SqlResult<Option<Environment>> {
    let statement = format!("SELECT {COLUMNS} FROM environments e WHERE e.uuid = ?1");
    sql.first(&statement, params![uuid])?
        .map(|mut row| environment(&mut row, 0))
        .transpose()
}

/// The environment with a name.
pub(crate) fn find_by_name(sql: &mut dyn Sql, name: &str) -> SqlResult<Option<Environment>> {
    let statement = format!("SELECT {COLUMNS} FROM environments e WHERE e.name = ?1");
    sql.first(&statement, params![name])?
        .map(|mut row| environment(&mut row, 0))
        .transpose()
}

/// Adds an environment; its id is ignored.
pub(crate) fn insert(sql: &mut dyn Sql, new: &Environment) -> SqlResult<()> {
    let statement = "INSERT INTO environments (uuid, name, display_name, production, contacts, created_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let parameters = params![
        &new.uuid,
        &new.name,
        new.display_name.as_deref(),
        new.production,
        new.contacts.as_deref(),
        &new.created_at,
    ];
    sql.execute(statement, parameters).map(drop)
}

/// Writes every member but the uuid and the id.
pub(crate) fn update(sql: &mut dyn Sql, changed: &Environment) -> SqlResult<()> {
    let statement = "UPDATE environments SET name = ?2, display_name = ?3, production = ?4, contacts = ?5, \
                     updated_at = ?6 WHERE id = ?1";
    let parameters = params![
        changed.id,
        &changed.name,
        changed.display_name.as_deref(),
        changed.production,
        changed.contacts.as_deref(),
        changed.updated_at.as_deref(),
    ];
    sql.execute(statement, parameters).map(drop)
}

/// Forgets an environment and what was deployed there.
pub(crate) fn delete(sql: &mut dyn Sql, id: i64) -> SqlResult<()> {
    sql.execute("DELETE FROM environments WHERE id = ?1", params![id])
        .map(drop)
}

/// Where each of the listed versions is now, as (version id, environment): first where it is deployed, then where it
/// is released.
pub(super) fn of_versions(sql: &mut dyn Sql, ids: &[i64]) -> SqlResult<Vec<(i64, Environment)>> {
    let statement = format!(
        "SELECT x.version_id, {COLUMNS} FROM (SELECT version_id, environment_id, MIN(kind) AS kind FROM (\
         SELECT version_id, environment_id, 0 AS kind FROM deployed_versions \
         WHERE version_id IN (SELECT value FROM json_each(?1)) AND undeployed_at IS NULL \
         UNION ALL SELECT version_id, environment_id, 1 AS kind FROM released_versions \
         WHERE version_id IN (SELECT value FROM json_each(?1)) AND support_ended_at IS NULL) y \
         GROUP BY version_id, environment_id) x JOIN environments e ON e.id = x.environment_id ORDER BY x.version_id, x.kind, e.id"
    );
    let rows = sql.query(&statement, params![ids])?;
    rows.into_iter()
        .map(|mut row| Ok((row.integer(0)?, environment(&mut row, 1)?)))
        .collect()
}
