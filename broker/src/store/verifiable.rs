//! What a provider has verified already, and which heads it has not.

use std::collections::HashSet;

use super::publications::{COLUMNS, FROM, publication};
use super::sql::params;
use super::{Sql, SqlResult};
use crate::domain::model::Publication;
use crate::domain::wip::Head;

/// Whether successes of work in progress count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WipResults {
    Count,
    DoNotCount,
}

/// What the versions of a provider that succeeded have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By<'a> {
    /// Nothing.
    Provider,
    /// A branch; other branches count where they succeeded before this one was first seen.
    Branch(&'a str),
    /// A tag; other tags count where they succeeded before this one was first seen.
    Tag(&'a str),
}

/// Those of the contents that were verified with success.
pub(crate) fn verified(
    sql: &mut dyn Sql,
    provider_id: i64,
    content_ids: &[i64],
    by: By<'_>,
    wip: WipResults,
) -> SqlResult<HashSet<i64>> {
    if content_ids.is_empty() {
        return Ok(HashSet::new());
    }
    let (join, name) = match by {
        By::Provider => (
            "JOIN versions m ON m.id = s.provider_version_id AND ?1 = ?1 AND ?2 = ?2 AND ?3 = ?3",
            "",
        ),
        By::Branch(name) => (
            "JOIN branch_versions m ON m.version_id = s.provider_version_id JOIN branches b ON b.id = m.branch_id \
             AND b.pacticipant_id = ?1 AND (b.name = ?2 OR s.created_at < ?3)",
            name,
        ),
        By::Tag(name) => (
            "JOIN tags m ON m.version_id = s.provider_version_id AND m.pacticipant_id = ?1 \
             AND (m.name = ?2 OR s.created_at < ?3)",
            name,
        ),
    };
    let first_seen = first_seen(sql, provider_id, by)?;
    let without_wip = if wip == WipResults::DoNotCount {
        "AND s.wip = 0"
    } else {
        ""
    };
    let statement = format!(
        "SELECT k.id FROM contents k WHERE k.id IN (SELECT value FROM json_each(?4)) \
         AND EXISTS (SELECT 1 FROM results s {join} WHERE s.content_id = k.id AND s.success = 1 {without_wip})"
    );
    let rows = sql.query(
        &statement,
        params![provider_id, name, &first_seen, content_ids],
    )?;
    rows.into_iter().map(|row| row.integer(0)).collect()
}

/// When a branch or a tag of a provider was first seen; the end of time if never.
fn first_seen(sql: &mut dyn Sql, provider_id: i64, by: By<'_>) -> SqlResult<String> {
    let (statement, name) = match by {
        By::Provider => return Ok(String::new()),
        By::Branch(name) => (
            "SELECT MIN(created_at) FROM branches WHERE pacticipant_id = ?1 AND name = ?2",
            name,
        ),
        By::Tag(name) => (
            "SELECT MIN(created_at) FROM tags WHERE pacticipant_id = ?1 AND name = ?2",
            name,
        ),
    };
    let row = sql.first(statement, params![provider_id, name])?;
    let seen = row
        .map(|mut row| row.optional_text(0))
        .transpose()?
        .flatten();
    Ok(seen.unwrap_or_else(|| "9999".to_owned()))
}

/// The publications at the heads of the consumers' branches, published after a moment.
pub(crate) fn branch_heads(
    sql: &mut dyn Sql,
    provider_id: i64,
    since: &str,
) -> SqlResult<Vec<(Publication, Head)>> {
    let statement = format!(
        "SELECT {COLUMNS}, b.name {FROM} JOIN branches b ON b.head_version_id = p.consumer_version_id \
         WHERE p.provider_id = ?1 AND p.is_current = 1 AND p.created_at > ?2 AND p.consumer_version_id IN \
         (SELECT o.head_version_id FROM integrations i JOIN branches o ON o.pacticipant_id = i.consumer_id \
         WHERE i.provider_id = ?1) ORDER BY p.consumer_version_id, b.id"
    );
    heads(sql, &statement, provider_id, since, Head::Branch)
}

/// The publications of the latest version with each of the consumers' tags, published after a moment.
pub(crate) fn tag_heads(
    sql: &mut dyn Sql,
    provider_id: i64,
    since: &str,
) -> SqlResult<Vec<(Publication, Head)>> {
    let statement = format!(
        "SELECT {COLUMNS}, h.name {FROM} JOIN tag_heads h ON h.version_id = p.consumer_version_id \
         WHERE p.provider_id = ?1 AND p.is_current = 1 AND p.created_at > ?2 AND p.consumer_version_id IN \
         (SELECT o.version_id FROM integrations i JOIN tag_heads o ON o.pacticipant_id = i.consumer_id \
         WHERE i.provider_id = ?1) ORDER BY p.consumer_version_id, h.name"
    );
    heads(sql, &statement, provider_id, since, Head::Tag)
}

fn heads(
    sql: &mut dyn Sql,
    statement: &str,
    provider_id: i64,
    since: &str,
    head: fn(String) -> Head,
) -> SqlResult<Vec<(Publication, Head)>> {
    let rows = sql.query(statement, params![provider_id, since])?;
    rows.into_iter()
        .map(|mut row| Ok((publication(&mut row, 0)?, head(row.text(10)?))))
        .collect()
}

/// The publications for a provider that are in environments: (publication, environment, whether deployed).
pub(crate) fn in_environments(
    sql: &mut dyn Sql,
    provider_id: i64,
    kind: super::deployments::Kind,
) -> SqlResult<Vec<(Publication, String)>> {
    let (table, ended) = kind.place();
    let statement = format!(
        "SELECT DISTINCT {COLUMNS}, e.name, e.id {FROM} JOIN {table} d ON d.version_id = p.consumer_version_id \
         AND d.{ended} IS NULL JOIN environments e ON e.id = d.environment_id \
         WHERE p.provider_id = ?1 AND p.is_current = 1 \
         AND p.consumer_version_id IN (SELECT o.version_id FROM integrations i JOIN {table} o \
         ON o.pacticipant_id = i.consumer_id AND o.{ended} IS NULL WHERE i.provider_id = ?1) \
         ORDER BY e.id, p.consumer_version_id"
    );
    let rows = sql.query(&statement, params![provider_id])?;
    rows.into_iter()
        .map(|mut row| Ok((publication(&mut row, 0)?, row.text(10)?)))
        .collect()
}
