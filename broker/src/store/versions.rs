//! The table of versions, and what each is known by.

use std::collections::HashMap;

use super::sql::params;
use super::{Row, Sql, SqlResult, environments};
use crate::domain::model::{Labels, TagLabel, Version};

const COLUMNS: &str = "v.id, v.pacticipant_id, v.number, v.build_url, v.created_at, v.updated_at";

fn version(mut row: Row) -> SqlResult<Version> {
    Ok(Version {
        id: row.integer(0)?,
        pacticipant_id: row.integer(1)?,
        number: row.text(2)?,
        build_url: row.optional_text(3)?,
        created_at: row.text(4)?,
        updated_at: row.optional_text(5)?,
    })
}

/// The version of a pacticipant with this number.
pub(crate) fn find(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    number: &str,
) -> SqlResult<Option<Version>> {
    let statement =
        format!("SELECT {COLUMNS} FROM versions v WHERE v.pacticipant_id = ?1 AND v.number = ?2");
    sql.first(&statement, params![pacticipant_id, number])?
        .map(version)
        .transpose()
}

/// The version of a named pacticipant with this number.
pub(crate) fn find_by_name(
    sql: &mut dyn Sql,
    name: &str,
    number: &str,
) -> SqlResult<Option<Version>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM versions v JOIN pacticipants p ON p.id = v.pacticipant_id \
         WHERE p.name = ?1 AND v.number = ?2"
    );
    sql.first(&statement, params![name, number])?
        .map(version)
        .transpose()
}

/// The version with this number, made if it does not exist, and whether it was made.
pub(crate) fn find_or_create(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    number: &str,
    now: &str,
) -> SqlResult<(Version, bool)> {
    if let Some(found) = find(sql, pacticipant_id, number)? {
        return Ok((found, false));
    }
    let statement = "INSERT INTO versions (pacticipant_id, number, created_at) VALUES (?1, ?2, ?3)";
    sql.execute(statement, params![pacticipant_id, number, now])?;
    let made = find(sql, pacticipant_id, number)?
        .ok_or(super::StoreError::Missing { what: "a new row" })?;
    Ok((made, true))
}

/// Remembers when a version came from another broker.
pub(crate) fn mark_imported(sql: &mut dyn Sql, id: i64, at: &str) -> SqlResult<()> {
    let statement = "INSERT INTO imported_versions (version_id, imported_at) VALUES (?1, ?2) \
                     ON CONFLICT (version_id) DO NOTHING";
    sql.execute(statement, params![id, at]).map(drop)
}

/// Remembers that something about a version changed.
pub(crate) fn touch(sql: &mut dyn Sql, id: i64, now: &str) -> SqlResult<()> {
    sql.execute(
        "UPDATE versions SET updated_at = ?2 WHERE id = ?1",
        params![id, now],
    )
    .map(drop)
}

/// Sets where a version was built.
pub(crate) fn set_build_url(
    sql: &mut dyn Sql,
    id: i64,
    build_url: Option<&str>,
    now: &str,
) -> SqlResult<()> {
    let statement = "UPDATE versions SET build_url = ?2, updated_at = ?3 WHERE id = ?1";
    sql.execute(statement, params![id, build_url, now])
        .map(drop)
}

/// Forgets a version and everything that hangs on it.
pub(crate) fn delete(sql: &mut dyn Sql, id: i64) -> SqlResult<()> {
    sql.execute("DELETE FROM versions WHERE id = ?1", params![id])
        .map(drop)
}

/// Which versions of a pacticipant a list is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Among<'a> {
    /// All of them.
    All,
    /// Those on a branch, by its id.
    Branch(i64),
    /// Those with a tag.
    Tag(&'a str),
    /// Those that are in an environment, by its id.
    Environment(i64),
}

/// The latest versions first, from an offset on, at most so many.
pub(crate) fn list(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    among: Among<'_>,
    window: Window,
) -> SqlResult<Vec<Version>> {
    let (join, label) = join(among);
    let statement = format!(
        "SELECT {COLUMNS} FROM versions v {join} WHERE v.pacticipant_id = ?1 AND ?2 = ?2 \
         ORDER BY v.id DESC LIMIT ?3 OFFSET ?4"
    );
    let parameters = params![pacticipant_id, label.as_str(), window.size, window.offset];
    sql.query(&statement, parameters)?
        .into_iter()
        .map(version)
        .collect()
}

/// How many versions a list has in all.
pub(crate) fn count(sql: &mut dyn Sql, pacticipant_id: i64, among: Among<'_>) -> SqlResult<i64> {
    let (join, label) = join(among);
    let statement =
        format!("SELECT COUNT(*) FROM versions v {join} WHERE v.pacticipant_id = ?1 AND ?2 = ?2");
    sql.first(&statement, params![pacticipant_id, label.as_str()])?
        .map_or(Ok(0), |row| row.integer(0))
}

/// A part of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// How many to skip.
    pub(crate) offset: i64,
    /// How many to return at most.
    pub(crate) size: i64,
}

impl Window {
    /// The whole list.
    pub(crate) const ALL: Self = Self {
        offset: 0,
        size: i64::MAX,
    };
    /// The first of the list.
    pub(crate) const FIRST: Self = Self { offset: 0, size: 1 };
}

fn join(among: Among<'_>) -> (String, String) {
    match among {
        Among::All => (String::new(), String::new()),
        Among::Branch(id) => (
            format!("JOIN branch_versions b ON b.version_id = v.id AND b.branch_id = {id}"),
            String::new(),
        ),
        Among::Tag(name) => (
            "JOIN tags t ON t.version_id = v.id AND t.name = ?2".to_owned(),
            name.to_owned(),
        ),
        Among::Environment(id) => (
            format!(
                "JOIN (SELECT version_id FROM deployed_versions \
                 WHERE environment_id = {id} AND undeployed_at IS NULL \
                 UNION SELECT version_id FROM released_versions \
                 WHERE environment_id = {id} AND support_ended_at IS NULL) x ON x.version_id = v.id"
            ),
            String::new(),
        ),
    }
}

/// The latest version of a pacticipant among those asked for.
pub(crate) fn latest(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    among: Among<'_>,
) -> SqlResult<Option<Version>> {
    Ok(list(sql, pacticipant_id, among, Window::FIRST)?
        .into_iter()
        .next())
}

/// The version with this id.
pub(crate) fn by_id(sql: &mut dyn Sql, id: i64) -> SqlResult<Option<Version>> {
    let statement = format!("SELECT {COLUMNS} FROM versions v WHERE v.id = ?1");
    sql.first(&statement, params![id])?.map(version).transpose()
}

/// The latest version number of every pacticipant that has one, by pacticipant id.
pub(crate) fn latest_numbers(sql: &mut dyn Sql) -> SqlResult<HashMap<i64, String>> {
    let statement = "SELECT v.pacticipant_id, v.number FROM versions v \
                     WHERE v.id IN (SELECT MAX(id) FROM versions GROUP BY pacticipant_id)";
    let rows = sql.query(statement, params![])?;
    rows.into_iter()
        .map(|mut row| Ok((row.integer(0)?, row.text(1)?)))
        .collect()
}

/// Branches, tags and environments of many versions, by version id.
pub(crate) fn labels(sql: &mut dyn Sql, ids: &[i64]) -> SqlResult<HashMap<i64, Labels>> {
    let mut labels: HashMap<i64, Labels> = ids.iter().map(|id| (*id, Labels::default())).collect();
    if ids.is_empty() {
        return Ok(labels);
    }
    let statement = "SELECT bv.version_id, b.name, b.head_version_id FROM branch_versions bv \
                     JOIN branches b ON b.id = bv.branch_id \
                     WHERE bv.version_id IN (SELECT value FROM json_each(?1)) \
                     ORDER BY bv.version_id, bv.created_at, b.id";
    for mut row in sql.query(statement, params![ids])? {
        let id = row.integer(0)?;
        let is_head = row.optional_integer(2)? == Some(id);
        let name = row.text(1)?;
        labels.entry(id).or_default().branches.push((name, is_head));
    }
    add_tags(sql, ids, &mut labels)?;
    for (id, environment) in environments::of_versions(sql, ids)? {
        labels.entry(id).or_default().environments.push(environment);
    }
    Ok(labels)
}

fn add_tags(sql: &mut dyn Sql, ids: &[i64], labels: &mut HashMap<i64, Labels>) -> SqlResult<()> {
    let statement = "SELECT t.version_id, t.name, h.version_id FROM tags t LEFT JOIN tag_heads h \
                     ON h.pacticipant_id = t.pacticipant_id AND h.name = t.name \
                     WHERE t.version_id IN (SELECT value FROM json_each(?1)) ORDER BY t.id";
    for mut row in sql.query(statement, params![ids])? {
        let id = row.integer(0)?;
        let latest = row.optional_integer(2)? == Some(id);
        let name = row.text(1)?;
        labels
            .entry(id)
            .or_default()
            .tags
            .push(TagLabel { name, latest });
    }
    Ok(())
}
