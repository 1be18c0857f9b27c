//! The table of tags.

use super::sql::params;
use super::{Row, Sql, SqlResult};
use crate::domain::model::{Mark, Version};

fn mark(mut row: Row) -> SqlResult<Mark> {
    Ok(Mark {
        created_at: row.text(0)?,
        updated_at: row.optional_text(1)?,
        is_new: false,
    })
}

/// A tag of a version.
pub(crate) fn find(sql: &mut dyn Sql, version_id: i64, name: &str) -> SqlResult<Option<Mark>> {
    let statement = "SELECT created_at, updated_at FROM tags WHERE version_id = ?1 AND name = ?2";
    sql.first(statement, params![version_id, name])?
        .map(mark)
        .transpose()
}

/// Tags a version.
pub(crate) fn add(sql: &mut dyn Sql, version: &Version, name: &str, now: &str) -> SqlResult<Mark> {
    if let Some(known) = find(sql, version.id, name)? {
        return Ok(known);
    }
    let statement =
        "INSERT INTO tags (version_id, name, pacticipant_id, created_at) VALUES (?1, ?2, ?3, ?4)";
    sql.execute(
        statement,
        params![version.id, name, version.pacticipant_id, now],
    )?;
    refresh_head(sql, version.pacticipant_id, name)?;
    Ok(Mark {
        created_at: now.to_owned(),
        updated_at: None,
        is_new: true,
    })
}

/// Takes a tag off a version; says whether it was there.
pub(crate) fn remove(sql: &mut dyn Sql, version: &Version, name: &str) -> SqlResult<bool> {
    let statement = "DELETE FROM tags WHERE version_id = ?1 AND name = ?2";
    let was_there = sql.execute(statement, params![version.id, name])? > 0;
    refresh_head(sql, version.pacticipant_id, name)?;
    Ok(was_there)
}

/// Looks up again which version is the latest with a tag.
fn refresh_head(sql: &mut dyn Sql, pacticipant_id: i64, name: &str) -> SqlResult<()> {
    let statement = "DELETE FROM tag_heads WHERE pacticipant_id = ?1 AND name = ?2";
    sql.execute(statement, params![pacticipant_id, name])?;
    let statement = "INSERT INTO tag_heads (pacticipant_id, name, version_id) \
                     SELECT pacticipant_id, name, version_id FROM tags \
                     WHERE pacticipant_id = ?1 AND name = ?2 ORDER BY version_id DESC LIMIT 1";
    sql.execute(statement, params![pacticipant_id, name])
        .map(drop)
}

/// The tags of a version, in the order they were given.
pub(crate) fn names(sql: &mut dyn Sql, version_id: i64) -> SqlResult<Vec<String>> {
    let statement = "SELECT name FROM tags WHERE version_id = ?1 ORDER BY id";
    sql.query(statement, params![version_id])?
        .into_iter()
        .map(|mut row| row.text(0))
        .collect()
}
