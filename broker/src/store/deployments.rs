//! The tables of deployed and of released versions.

use std::collections::HashMap;

use super::sql::params;
use super::{Row, Sql, SqlResult};
use crate::domain::model::{Deployment, Version};

/// The two ways a version can be in an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The next deployment replaces it.
    Deployed,
    /// It stays until its support ends.
    Released,
}

impl Kind {
    fn table(self) -> &'static str {
        match self {
            Self::Deployed => "deployed_versions",
            Self::Released => "released_versions",
        }
    }

    fn ended_column(self) -> &'static str {
        match self {
            Self::Deployed => "undeployed_at",
            Self::Released => "support_ended_at",
        }
    }

    /// The table, and the column that says since when a record of it is over.
    pub(super) fn place(self) -> (&'static str, &'static str) {
        (self.table(), self.ended_column())
    }

    fn instance_column(self) -> &'static str {
        match self {
            Self::Deployed => "d.application_instance",
            Self::Released => "NULL",
        }
    }
}

fn deployment(mut row: Row) -> SqlResult<Deployment> {
    Ok(Deployment {
        id: row.integer(0)?,
        uuid: row.text(1)?,
        pacticipant: row.text(2)?,
        version_id: row.integer(3)?,
        version_number: row.text(4)?,
        environment_id: row.integer(5)?,
        application_instance: row.optional_text(6)?,
        created_at: row.text(7)?,
        ended_at: row.optional_text(8)?,
    })
}

fn select(kind: Kind, condition: &str) -> String {
    format!(
        "SELECT d.id, d.uuid, p.name, d.version_id, v.number, d.environment_id, {instance}, d.created_at, d.{ended} \
         FROM {table} d JOIN versions v ON v.id = d.version_id JOIN pacticipants p ON p.id = d.pacticipant_id \
         WHERE {condition}",
        instance = kind.instance_column(),
        ended = kind.ended_column(),
        table = kind.table(),
    )
}

/// A record by its uuid.
pub(crate) fn find(sql: &mut dyn Sql, kind: Kind, uuid: &str) -> SqlResult<Option<Deployment>> {
    sql.first(&select(kind, "d.uuid = ?1"), params![uuid])?
        .map(deployment)
        .transpose()
}

/// What is in an environment now, the latest first.
pub(crate) fn current(
    sql: &mut dyn Sql,
    kind: Kind,
    environment_id: i64,
) -> SqlResult<Vec<Deployment>> {
    let condition = format!(
        "d.environment_id = ?1 AND d.{} IS NULL ORDER BY d.id DESC",
        kind.ended_column()
    );
    sql.query(&select(kind, &condition), params![environment_id])?
        .into_iter()
        .map(deployment)
        .collect()
}

/// Since when each version that is in an environment now is there, by version id.
pub(crate) fn since(sql: &mut dyn Sql, environment: &str) -> SqlResult<HashMap<i64, String>> {
    let statement = "SELECT version_id, MIN(since) FROM (\
                     SELECT d.version_id, d.created_at AS since FROM deployed_versions d \
                     JOIN environments e ON e.id = d.environment_id WHERE e.name = ?1 AND d.undeployed_at IS NULL \
                     UNION ALL SELECT d.version_id, d.created_at FROM released_versions d \
                     JOIN environments e ON e.id = d.environment_id WHERE e.name = ?1 AND d.support_ended_at IS NULL) x \
                     GROUP BY version_id";
    sql.query(statement, params![environment])?
        .into_iter()
        .map(|mut row| Ok((row.integer(0)?, row.text(1)?)))
        .collect()
}

/// Every record of a version in an environment, the latest first.
pub(crate) fn of_version_in(
    sql: &mut dyn Sql,
    kind: Kind,
    version_id: i64,
    environment_id: i64,
) -> SqlResult<Vec<Deployment>> {
    let condition = "d.version_id = ?1 AND d.environment_id = ?2 ORDER BY d.id DESC";
    sql.query(
        &select(kind, condition),
        params![version_id, environment_id],
    )?
    .into_iter()
    .map(deployment)
    .collect()
}

/// Every record of a version, the oldest first.
pub(crate) fn of_version(
    sql: &mut dyn Sql,
    kind: Kind,
    version_id: i64,
) -> SqlResult<Vec<Deployment>> {
    let condition = "d.version_id = ?1 ORDER BY d.id";
    sql.query(&select(kind, condition), params![version_id])?
        .into_iter()
        .map(deployment)
        .collect()
}

/// What of a pacticipant is anywhere now, the oldest first.
pub(crate) fn current_of(
    sql: &mut dyn Sql,
    kind: Kind,
    pacticipant_id: i64,
) -> SqlResult<Vec<Deployment>> {
    let condition = format!(
        "d.pacticipant_id = ?1 AND d.{} IS NULL ORDER BY d.id",
        kind.ended_column()
    );
    sql.query(&select(kind, &condition), params![pacticipant_id])?
        .into_iter()
        .map(deployment)
        .collect()
}

/// A new record of a version in an environment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRecord<'a> {
    /// The version.
    pub(crate) version: &'a Version,
    /// Where it is now.
    pub(crate) environment_id: i64,
    /// Which of several installations, if they are told apart.
    pub(crate) application_instance: Option<&'a str>,
    /// The identifier, if a record has to be made.
    pub(crate) uuid: &'a str,
    /// When.
    pub(crate) now: &'a str,
}

/// Records a deployment: ends the one it replaces, and repeats nothing that is recorded already.
pub(crate) fn record_deployment(sql: &mut dyn Sql, new: NewRecord<'_>) -> SqlResult<String> {
    let same_place = "pacticipant_id = ?1 AND environment_id = ?2 AND undeployed_at IS NULL \
                      AND COALESCE(application_instance, '') = COALESCE(?3, '')";
    let place = params![
        new.version.pacticipant_id,
        new.environment_id,
        new.application_instance
    ];
    let statement = format!("SELECT uuid, version_id FROM deployed_versions WHERE {same_place}");
    if let Some(mut known) = sql.first(&statement, place)?
        && known.integer(1)? == new.version.id
    {
        return known.text(0);
    }
    let statement = format!("UPDATE deployed_versions SET undeployed_at = ?4 WHERE {same_place}");
    let parameters = params![
        new.version.pacticipant_id,
        new.environment_id,
        new.application_instance,
        new.now
    ];
    sql.execute(&statement, parameters)?;
    let statement = "INSERT INTO deployed_versions \
                     (uuid, version_id, pacticipant_id, environment_id, application_instance, created_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let parameters = params![
        new.uuid,
        new.version.id,
        new.version.pacticipant_id,
        new.environment_id,
        new.application_instance,
        new.now,
    ];
    sql.execute(statement, parameters)?;
    Ok(new.uuid.to_owned())
}

/// Records a release, or takes up the support of one that ended; says whether it is new.
pub(crate) fn record_release(sql: &mut dyn Sql, new: NewRecord<'_>) -> SqlResult<(String, bool)> {
    let statement =
        "SELECT uuid FROM released_versions WHERE version_id = ?1 AND environment_id = ?2";
    if let Some(mut known) = sql.first(statement, params![new.version.id, new.environment_id])? {
        let statement = "UPDATE released_versions SET support_ended_at = NULL \
                         WHERE version_id = ?1 AND environment_id = ?2";
        sql.execute(statement, params![new.version.id, new.environment_id])?;
        return Ok((known.text(0)?, false));
    }
    let statement = "INSERT INTO released_versions (uuid, version_id, pacticipant_id, environment_id, created_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5)";
    let parameters = params![
        new.uuid,
        new.version.id,
        new.version.pacticipant_id,
        new.environment_id,
        new.now
    ];
    sql.execute(statement, parameters)?;
    Ok((new.uuid.to_owned(), true))
}

/// Ends a deployment or the support of a release, if it has not ended.
pub(crate) fn end(sql: &mut dyn Sql, kind: Kind, id: i64, now: &str) -> SqlResult<()> {
    let statement = format!(
        "UPDATE {table} SET {ended} = ?2 WHERE id = ?1 AND {ended} IS NULL",
        table = kind.table(),
        ended = kind.ended_column(),
    );
    sql.execute(&statement, params![id, now]).map(drop)
}
