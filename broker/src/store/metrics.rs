//! How much of everything there is.

use serde_json::{Map, Value, json};

use super::sql::params;
use super::{Sql, SqlResult};
use crate::time::shown;

fn count(sql: &mut dyn Sql, what: &str) -> SqlResult<i64> {
    let row = sql.first(&format!("SELECT COUNT(*) FROM {what}"), params![])?;
    row.map_or(Ok(0), |row| row.integer(0))
}

/// The first and the last moment in a column, as they are shown.
fn span(sql: &mut dyn Sql, table: &str) -> SqlResult<[Option<String>; 2]> {
    let statement = format!("SELECT MIN(created_at), MAX(created_at) FROM {table}");
    let Some(mut row) = sql.first(&statement, params![])? else {
        return Ok([None, None]);
    };
    let [first, last] = [row.optional_text(0)?, row.optional_text(1)?];
    Ok([first.as_deref().map(shown), last.as_deref().map(shown)])
}

/// How many groups there are of each size.
fn distribution(sql: &mut dyn Sql, groups: &str) -> SqlResult<Value> {
    let statement = format!(
        "SELECT size, COUNT(*) FROM (SELECT COUNT(*) AS size FROM {groups}) x GROUP BY size ORDER BY size"
    );
    let mut sizes = Map::new();
    for row in sql.query(&statement, params![])? {
        sizes.insert(row.integer(0)?.to_string(), row.integer(1)?.into());
    }
    Ok(sizes.into())
}

/// Interactions and messages of the latest pact of every pair.
fn interactions(sql: &mut dyn Sql) -> SqlResult<Value> {
    let latest = super::publications::latest(sql)?;
    let (mut interactions, mut messages) = (0, 0);
    for pact in latest {
        let document = super::publications::document(sql, pact.content_id)?;
        let document: Value = serde_json::from_str(&document).unwrap_or_default();
        let length = |list: &str| document[list].as_array().map_or(0, Vec::len);
        interactions += length("interactions");
        messages += length("messages");
    }
    Ok(json!({
        "latestInteractionsCount": interactions,
        "latestMessagesCount": messages,
        "latestInteractionsAndMessagesCount": interactions + messages,
    }))
}

/// The counts, under the names that clients know.
pub(crate) fn counts(sql: &mut dyn Sql) -> SqlResult<Value> {
    let [first_pact, last_pact] = span(sql, "publications")?;
    let [first_result, last_result] = span(sql, "results")?;
    let with_branch = count(sql, "(SELECT DISTINCT version_id FROM branch_versions) x")?;
    let revisions = distribution(
        sql,
        "publications GROUP BY consumer_version_id, provider_id",
    )?;
    let results = distribution(sql, "results GROUP BY content_id")?;
    Ok(json!({
        "interactions": interactions(sql)?,
        "pacticipants": {
            "count": count(sql, "pacticipants")?,
            "withMainBranchSetCount": count(sql, "pacticipants WHERE main_branch IS NOT NULL")?,
        },
        "integrations": { "count": count(sql, "integrations")? },
        "pactPublications": { "count": count(sql, "publications")?, "first": first_pact, "last": last_pact },
        "pactVersions": { "count": count(sql, "contents")? },
        "pactRevisionsPerConsumerVersion": { "distribution": revisions },
        "verificationResults": {
            "count": count(sql, "results")?,
            "successCount": count(sql, "results WHERE success = 1")?,
            "failureCount": count(sql, "results WHERE success = 0")?,
            "distinctCount":
                count(sql, "(SELECT DISTINCT provider_version_id, content_id, success FROM results) x")?,
            "first": first_result,
            "last": last_result,
        },
        "verificationResultsPerPactVersion": { "distribution": results },
        "pacticipantVersions": {
            "count": count(sql, "versions")?,
            "withUserCreatedBranchCount":
                count(sql, "(SELECT DISTINCT version_id FROM branch_versions WHERE auto_created = 0) x")?,
            "withBranchCount": with_branch,
            "withBranchSetCount": with_branch,
        },
        "tags": {
            "count": count(sql, "tags")?,
            "distinctCount": count(sql, "(SELECT DISTINCT name FROM tags) x")?,
            "distinctWithPacticipantCount": count(sql, "(SELECT DISTINCT pacticipant_id, name FROM tags) x")?,
        },
        "matrix": { "count": -1 },
        "environments": { "count": count(sql, "environments")? },
        "deployedVersions": {
            "count": count(sql, "deployed_versions")?,
            "userCreatedCount": count(sql, "deployed_versions")?,
            "currentlyDeployedCount": count(sql, "deployed_versions WHERE undeployed_at IS NULL")?,
        },
        "releasedVersions": {
            "count": count(sql, "released_versions")?,
            "currentlySupportedCount": count(sql, "released_versions WHERE support_ended_at IS NULL")?,
        },
    }))
}
