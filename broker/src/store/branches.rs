//! The tables of branches and of the versions on them.

use super::sql::params;
use super::{Row, Sql, SqlResult};
use crate::domain::model::{Branch, Mark, Version};

const COLUMNS: &str = "id, name, head_version_id, created_at, updated_at";

fn branch(mut row: Row) -> SqlResult<Branch> {
    Ok(Branch {
        id: row.integer(0)?,
        name: row.text(1)?,
        head_version_id: row.optional_integer(2)?,
        created_at: row.text(3)?,
        updated_at: row.optional_text(4)?,
    })
}

/// A branch of a pacticipant by name.
pub(crate) fn find(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    name: &str,
) -> SqlResult<Option<Branch>> {
    let statement =
        format!("SELECT {COLUMNS} FROM branches WHERE pacticipant_id = ?1 AND name = ?2");
    sql.first(&statement, params![pacticipant_id, name])?
        .map(branch)
        .transpose()
}

/// The branches of a pacticipant, the newest first.
pub(crate) fn list(sql: &mut dyn Sql, pacticipant_id: i64) -> SqlResult<Vec<Branch>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM branches WHERE pacticipant_id = ?1 ORDER BY COALESCE(updated_at, created_at) DESC, id DESC"
    );
    sql.query(&statement, params![pacticipant_id])?
        .into_iter()
        .map(branch)
        .collect()
}

fn find_or_create(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    name: &str,
    now: &str,
) -> SqlResult<Branch> {
    let statement = format!(
        "INSERT INTO branches (pacticipant_id, name, created_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (pacticipant_id, name) DO UPDATE SET updated_at = ?3 RETURNING {COLUMNS}"
    );
    let row = sql
        .first(&statement, params![pacticipant_id, name, now])?
        .ok_or(super::StoreError::Missing { what: "a new row" })?;
    branch(row)
}

/// Whether the broker put a version on a branch by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A client asked for it.
    Asked,
    /// The first tag of a young version became its branch.
    Guessed,
}

/// Puts a version on a branch, of which it becomes the head if it is new there.
pub(crate) fn add_version(
    sql: &mut dyn Sql,
    version: &Version,
    name: &str,
    origin: Origin,
    now: &str,
) -> SqlResult<Mark> {
    let branch = find_or_create(sql, version.pacticipant_id, name, now)?;
    if let Some(known) = find_version(sql, branch.id, version.id)? {
        let statement =
            "UPDATE branch_versions SET updated_at = ?3 WHERE branch_id = ?1 AND version_id = ?2";
        sql.execute(statement, params![branch.id, version.id, now])?;
        return Ok(Mark {
            updated_at: Some(now.to_owned()),
            ..known
        });
    }
    let statement = "INSERT INTO branch_versions (branch_id, version_id, auto_created, created_at) \
                     VALUES (?1, ?2, ?3, ?4)";
    sql.execute(
        statement,
        params![branch.id, version.id, origin == Origin::Guessed, now],
    )?;
    sql.execute(
        "UPDATE branches SET head_version_id = ?2 WHERE id = ?1",
        params![branch.id, version.id],
    )?;
    Ok(Mark {
        created_at: now.to_owned(),
        updated_at: None,
        is_new: true,
    })
}

/// Since when a version is on a branch, if it is.
pub(crate) fn find_version(
    sql: &mut dyn Sql,
    branch_id: i64,
    version_id: i64,
) -> SqlResult<Option<Mark>> {
    let statement = "SELECT created_at, updated_at FROM branch_versions WHERE branch_id = ?1 AND version_id = ?2";
    let mark = |mut row: Row| {
        Ok(Mark {
            created_at: row.text(0)?,
            updated_at: row.optional_text(1)?,
            is_new: false,
        })
    };
    sql.first(statement, params![branch_id, version_id])?
        .map(mark)
        .transpose()
}

/// Takes a version off a branch; the latest version that is left becomes the head.
pub(crate) fn remove_version(sql: &mut dyn Sql, branch_id: i64, version_id: i64) -> SqlResult<()> {
    let statement = "DELETE FROM branch_versions WHERE branch_id = ?1 AND version_id = ?2";
    sql.execute(statement, params![branch_id, version_id])?;
    let statement = "UPDATE branches SET head_version_id = \
                     (SELECT MAX(version_id) FROM branch_versions WHERE branch_id = ?1) \
                     WHERE id = ?1 AND (head_version_id = ?2 OR head_version_id IS NULL)";
    sql.execute(statement, params![branch_id, version_id])
        .map(drop)
}

/// The ids of the branches whose head is a version.
pub(crate) fn headed_by(sql: &mut dyn Sql, version_id: i64) -> SqlResult<Vec<i64>> {
    let rows = sql.query(
        "SELECT id FROM branches WHERE head_version_id = ?1",
        params![version_id],
    )?;
    rows.into_iter().map(|row| row.integer(0)).collect()
}

/// Forgets a branch; its versions stay.
pub(crate) fn delete(sql: &mut dyn Sql, id: i64) -> SqlResult<()> {
    sql.execute("DELETE FROM branches WHERE id = ?1", params![id])
        .map(drop)
}

/// Whether a version is on any branch.
pub(crate) fn is_on_any(sql: &mut dyn Sql, version_id: i64) -> SqlResult<bool> {
    Ok(sql
        .first(
            "SELECT 1 FROM branch_versions WHERE version_id = ?1 LIMIT 1",
            params![version_id],
        )?
        .is_some())
}
