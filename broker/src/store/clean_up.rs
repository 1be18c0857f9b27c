//! What clean-up asks of the tables, and what it takes out of them.

use super::sql::params;
use super::{Row, Sql, SqlResult};
use crate::domain::clean_up::Facts;

/// The versions created before a moment, with all that decides whether they stay; of these ids only, if any are given.
pub(crate) fn facts(
    sql: &mut dyn Sql,
    oldest: &str,
    only: Option<&[i64]>,
) -> SqlResult<Vec<Facts>> {
    let (only, parameters) = match &only {
        Some(ids) => (
            "AND v.id IN (SELECT value FROM json_each(?2))",
            params![oldest, *ids] as &[_],
        ),
        None => ("", params![oldest] as &[_]),
    };
    let exists = |what: &str| format!("CASE WHEN EXISTS (SELECT 1 FROM {what}) THEN 1 ELSE 0 END");
    let latest = |moment: &str, table: &str, column: &str| {
        format!("(SELECT MAX(x.{moment}) FROM {table} x WHERE x.{column} = v.id)")
    };
    let statement = format!(
        "SELECT v.id, v.created_at, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {} FROM versions v \
         WHERE v.created_at < ?1 {only} ORDER BY v.id",
        latest("created_at", "publications", "consumer_version_id"),
        latest("created_at", "results", "provider_version_id"),
        latest("created_at", "deployed_versions", "version_id"),
        latest("undeployed_at", "deployed_versions", "version_id"),
        latest("created_at", "released_versions", "version_id"),
        latest("support_ended_at", "released_versions", "version_id"),
        latest("imported_at", "imported_versions", "version_id"),
        exists("versions n WHERE n.pacticipant_id = v.pacticipant_id AND n.id > v.id"),
        exists("branches b WHERE b.head_version_id = v.id"),
        exists("tag_heads t WHERE t.version_id = v.id"),
        exists("deployed_versions d WHERE d.version_id = v.id AND d.undeployed_at IS NULL"),
        exists("released_versions r WHERE r.version_id = v.id AND r.support_ended_at IS NULL"),
    );
    let fact = |mut row: Row| {
        let mut touched_at = row.text(1)?;
        for column in 2..=8 {
            touched_at = row
                .optional_text(column)?
                .unwrap_or_default()
                .max(touched_at);
        }
        Ok(Facts {
            id: row.integer(0)?,
            touched_at,
            is_latest: !row.boolean(9)?,
            heads_branch: row.boolean(10)?,
            heads_tag: row.boolean(11)?,
            is_in_environment: row.boolean(12)? || row.boolean(13)?,
        })
    };
    let rows = sql.query(&statement, parameters)?;
    rows.into_iter().map(fact).collect()
}

/// How many versions there are.
pub(crate) fn versions(sql: &mut dyn Sql) -> SqlResult<i64> {
    let row = sql.first("SELECT COUNT(*) FROM versions", params![])?;
    row.map_or(Ok(0), |row| row.integer(0))
}

/// Takes versions out, with all that belongs to them.
pub(crate) fn delete_versions(sql: &mut dyn Sql, ids: &[i64]) -> SqlResult<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let statement = "DELETE FROM versions WHERE id IN (SELECT value FROM json_each(?1))";
    sql.execute(statement, params![ids])
}

/// What superseded or unreachable rows there are from before a moment: table and condition. A result that succeeded
/// stays, because the first success decides for how long a pact counts as pending.
const LEFTOVERS: [(&str, &str); 3] = [
    ("publications", "is_current = 0 AND created_at < ?1"),
    (
        "results",
        "success = 0 AND created_at < ?1 AND NOT EXISTS (SELECT 1 FROM latest_results l WHERE l.result_id = results.id) \
         AND NOT EXISTS (SELECT 1 FROM imported_versions i \
         WHERE i.version_id = results.provider_version_id AND i.imported_at >= ?1)",
    ),
    (
        "contents",
        "created_at < ?1 AND NOT EXISTS (SELECT 1 FROM publications p WHERE p.content_id = contents.id)",
    ),
];

/// How many revisions, results and contents nothing refers to any more.
pub(crate) fn leftovers(sql: &mut dyn Sql, oldest: &str) -> SqlResult<u64> {
    count(sql, &LEFTOVERS, oldest)
}

/// Takes out what nothing refers to any more.
pub(crate) fn delete_leftovers(sql: &mut dyn Sql, oldest: &str) -> SqlResult<u64> {
    delete(sql, &LEFTOVERS, oldest)
}

/// What tells of the past alone, from before a moment: table and condition. A webhook that is still to be sent stays.
const HISTORY: [(&str, &str); 2] = [
    (
        "triggered_webhooks",
        "next_attempt_at IS NULL AND created_at < ?1",
    ),
    ("audit", "at < ?1"),
];

/// How many webhooks that were sent and how many entries of the audit log are from before a moment.
pub(crate) fn history(sql: &mut dyn Sql, oldest: &str) -> SqlResult<u64> {
    count(sql, &HISTORY, oldest)
}

/// Takes out webhooks that were sent, and entries of the audit log, from before a moment.
pub(crate) fn delete_history(sql: &mut dyn Sql, oldest: &str) -> SqlResult<u64> {
    delete(sql, &HISTORY, oldest)
}

fn count(sql: &mut dyn Sql, kinds: &[(&str, &str)], oldest: &str) -> SqlResult<u64> {
    let mut found = 0;
    for (table, condition) in kinds {
        let statement = format!("SELECT COUNT(*) FROM {table} WHERE {condition}");
        let row = sql.first(&statement, params![oldest])?;
        found += row.map_or(Ok(0), |row| row.integer(0))?.unsigned_abs();
    }
    Ok(found)
}

fn delete(sql: &mut dyn Sql, kinds: &[(&str, &str)], oldest: &str) -> SqlResult<u64> {
    let mut deleted = 0;
    for (table, condition) in kinds {
        let statement = format!("DELETE FROM {table} WHERE {condition}");
        deleted += sql.execute(&statement, params![oldest])?;
    }
    Ok(deleted)
}

/// Sets when the first clean-up is due, unless one is planned already.
pub(crate) fn plan(sql: &mut dyn Sql, due_at: &str) -> SqlResult<()> {
    let statement = "INSERT INTO clean_up (id, due_at) VALUES (1, ?1) ON CONFLICT (id) DO NOTHING";
    sql.execute(statement, params![due_at]).map(drop)
}

/// When the next clean-up is due, once the first is planned.
pub(crate) fn due_at(sql: &mut dyn Sql) -> SqlResult<Option<String>> {
    let row = sql.first("SELECT due_at FROM clean_up WHERE id = 1", params![])?;
    row.map(|mut row| row.text(0)).transpose()
}

/// Takes the clean-up that is due, so that no other process does it too; says whether there was one.
pub(crate) fn take(sql: &mut dyn Sql, now: &str, next: &str) -> SqlResult<bool> {
    let statement = "UPDATE clean_up SET due_at = ?2 WHERE id = 1 AND due_at <= ?1";
    Ok(sql.execute(statement, params![now, next])? == 1)
}
