//! The tables of verification results.

use std::collections::HashMap;

use super::sql::params;
use super::{Row, Sql, SqlResult, StoreError};
use crate::domain::model::VerificationResult;

const COLUMNS: &str = "s.id, s.content_id, s.provider_version_id, v.number, s.success, s.build_url, s.test_results, \
                       s.verified_by, s.executed_at, s.created_at";
const FROM: &str = "FROM results s JOIN versions v ON v.id = s.provider_version_id";

fn result(mut row: Row) -> SqlResult<VerificationResult> {
    Ok(VerificationResult {
        id: row.integer(0)?,
        content_id: row.integer(1)?,
        provider_version_id: row.integer(2)?,
        provider_version_number: row.text(3)?,
        success: row.boolean(4)?,
        build_url: row.optional_text(5)?,
        test_results: row.optional_text(6)?,
        verified_by: row.optional_text(7)?,
        executed_at: row.text(8)?,
        created_at: row.text(9)?,
    })
}

/// A result to be stored.
#[derive(Debug, Clone)]
pub(crate) struct NewResult {
    /// What was verified.
    pub(crate) content_id: i64,
    /// What it was verified with.
    pub(crate) provider_version_id: i64,
    /// Whether it was honoured.
    pub(crate) success: bool,
    /// Whether it was verified as work in progress.
    pub(crate) wip: bool,
    /// Where it was verified.
    pub(crate) build_url: Option<String>,
    /// The details, in whatever form the verifier gives them.
    pub(crate) test_results: Option<String>,
    /// Who verified it.
    pub(crate) verified_by: Option<String>,
    /// When it was verified.
    pub(crate) executed_at: String,
    /// When it is stored.
    pub(crate) now: String,
}

/// Stores a result, which from now on is the one that counts.
pub(crate) fn insert(sql: &mut dyn Sql, new: &NewResult) -> SqlResult<VerificationResult> {
    let statement = "INSERT INTO results (content_id, provider_version_id, success, wip, build_url, test_results, \
                     verified_by, executed_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id";
    let parameters = params![
        new.content_id,
        new.provider_version_id,
        new.success,
        new.wip,
        new.build_url.as_deref(),
        new.test_results.as_deref(),
        new.verified_by.as_deref(),
        &new.executed_at,
        &new.now,
    ];
    let missing = StoreError::Missing { what: "a new row" };
    let id = sql
        .first(statement, parameters)?
        .ok_or(missing)?
        .integer(0)?;
    let statement = "INSERT INTO latest_results (content_id, provider_version_id, result_id) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (content_id, provider_version_id) DO UPDATE SET result_id = ?3";
    sql.execute(
        statement,
        params![new.content_id, new.provider_version_id, id],
    )?;
    super::integrations::touch(sql, new.content_id, &new.now)?;
    find(sql, id)?.ok_or(StoreError::Missing { what: "a new row" })
}

/// Forgets a result; the one before it counts again.
pub(crate) fn delete(sql: &mut dyn Sql, result: &VerificationResult) -> SqlResult<()> {
    sql.execute("DELETE FROM results WHERE id = ?1", params![result.id])?;
    let statement = "INSERT INTO latest_results (content_id, provider_version_id, result_id) \
                     SELECT content_id, provider_version_id, MAX(id) FROM results \
                     WHERE content_id = ?1 AND provider_version_id = ?2 GROUP BY content_id, provider_version_id \
                     ON CONFLICT (content_id, provider_version_id) DO UPDATE SET result_id = excluded.result_id";
    let ids = params![result.content_id, result.provider_version_id];
    sql.execute(statement, ids).map(drop)
}

/// A result by its number.
pub(crate) fn find(sql: &mut dyn Sql, id: i64) -> SqlResult<Option<VerificationResult>> {
    let statement = format!("SELECT {COLUMNS} {FROM} WHERE s.id = ?1");
    sql.first(&statement, params![id])?.map(result).transpose()
}

/// The last result of each content, by content.
pub(crate) fn latest_of(
    sql: &mut dyn Sql,
    content_ids: &[i64],
) -> SqlResult<Vec<VerificationResult>> {
    if content_ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE s.id IN (SELECT (SELECT MAX(l.result_id) FROM latest_results l \
         WHERE l.content_id = k.id) FROM contents k WHERE k.id IN (SELECT value FROM json_each(?1)))"
    );
    sql.query(&statement, params![content_ids])?
        .into_iter()
        .map(result)
        .collect()
}

/// How many consumer versions have each content as their current one.
pub(crate) fn publishers_of(
    sql: &mut dyn Sql,
    content_ids: &[i64],
) -> SqlResult<HashMap<i64, usize>> {
    if content_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let statement = "SELECT content_id, COUNT(*) FROM publications \
                     WHERE content_id IN (SELECT value FROM json_each(?1)) AND is_current = 1 GROUP BY content_id";
    let rows = sql.query(statement, params![content_ids])?;
    let count = |row: Row| {
        Ok((
            row.integer(0)?,
            usize::try_from(row.integer(1)?).unwrap_or(1),
        ))
    };
    rows.into_iter().map(count).collect()
}

/// Whether any result was ever stored for a pair.
pub(crate) fn any_between(
    sql: &mut dyn Sql,
    consumer_id: i64,
    provider_id: i64,
) -> SqlResult<bool> {
    let statement = "SELECT 1 FROM contents k JOIN latest_results l ON l.content_id = k.id \
                     WHERE k.consumer_id = ?1 AND k.provider_id = ?2 LIMIT 1";
    Ok(sql
        .first(statement, params![consumer_id, provider_id])?
        .is_some())
}

/// A provider version that matters and has no result for a content.
#[derive(Debug, Clone)]
pub(crate) struct VersionWithoutResult {
    /// The version's id.
    pub(crate) id: i64,
    /// Why it matters: because it is the latest of the main branch, or where it is deployed or released.
    pub(crate) descriptions: Vec<String>,
}

/// The provider versions that matter (head of the main branch, deployed, released) and have no result for a content.
pub(crate) fn versions_without_result(
    sql: &mut dyn Sql,
    provider_id: i64,
    content_id: i64,
) -> SqlResult<Vec<VersionWithoutResult>> {
    let statement = "SELECT x.id, x.reason FROM (\
                     SELECT b.head_version_id AS id, 'latest from main branch' AS reason FROM branches b \
                     JOIN pacticipants p ON p.id = b.pacticipant_id \
                     WHERE p.id = ?1 AND b.name = p.main_branch AND b.head_version_id IS NOT NULL \
                     UNION SELECT d.version_id, 'deployed to ' || e.name FROM deployed_versions d \
                     JOIN environments e ON e.id = d.environment_id \
                     WHERE d.pacticipant_id = ?1 AND d.undeployed_at IS NULL \
                     UNION SELECT d.version_id, 'released to ' || e.name FROM released_versions d \
                     JOIN environments e ON e.id = d.environment_id \
                     WHERE d.pacticipant_id = ?1 AND d.support_ended_at IS NULL) x \
                     WHERE NOT EXISTS (SELECT 1 FROM latest_results l \
                     WHERE l.content_id = ?2 AND l.provider_version_id = x.id) ORDER BY x.id, x.reason";
    let mut versions: Vec<VersionWithoutResult> = Vec::new();
    for mut row in sql.query(statement, params![provider_id, content_id])? {
        let (id, reason) = (row.integer(0)?, row.text(1)?);
        match versions.last_mut().filter(|version| version.id == id) {
            Some(version) => version.descriptions.push(reason),
            None => versions.push(VersionWithoutResult {
                id,
                descriptions: vec![reason],
            }),
        }
    }
    Ok(versions)
}

/// What a result says besides yes or no.
#[derive(Debug, Clone)]
pub(crate) struct ResultDetails {
    /// The number of the result.
    pub(crate) id: i64,
    /// The details, in whatever form the verifier gave them.
    pub(crate) test_results: Option<String>,
    /// Where it was verified.
    pub(crate) build_url: Option<String>,
}

/// The details of many results.
pub(crate) fn details(sql: &mut dyn Sql, ids: &[i64]) -> SqlResult<Vec<ResultDetails>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = "SELECT id, test_results, build_url FROM results \
                     WHERE id IN (SELECT value FROM json_each(?1))";
    let details = |mut row: Row| {
        Ok(ResultDetails {
            id: row.integer(0)?,
            test_results: row.optional_text(1)?,
            build_url: row.optional_text(2)?,
        })
    };
    sql.query(statement, params![ids])?
        .into_iter()
        .map(details)
        .collect()
}
