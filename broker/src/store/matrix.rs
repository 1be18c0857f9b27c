//! What the matrix is made from: versions for selectors, pairs with a pact, and rows.

use std::collections::{HashMap, HashSet};

use super::publications::Pair;
use super::sql::{Param, params};
use super::{Row as SqlRow, Sql, SqlResult};
use crate::domain::matrix::{
    Choice, Integration, LatestBy, MatrixSelector, Resolved, Row, RowResult, Target, VersionRef,
};

fn version_ref(mut row: SqlRow) -> SqlResult<VersionRef> {
    Ok(VersionRef {
        id: row.integer(0)?,
        number: row.text(1)?,
    })
}

/// The versions of a pacticipant that fulfil every criterion of a selector, the latest first.
pub(crate) fn choose(
    sql: &mut dyn Sql,
    pacticipant_id: i64,
    selector: &MatrixSelector,
) -> SqlResult<Choice> {
    if selector.criteria() == 0 && !selector.latest {
        return Ok(Choice::Any);
    }
    // The head of a branch is what was put on it last, which need not be its latest version.
    let is_head = selector.latest && selector.criteria() == 1;
    let (on_branch, on_main_branch) = if is_head {
        (BRANCH_HEAD, MAIN_BRANCH_HEAD)
    } else {
        (ON_BRANCH, ON_MAIN_BRANCH)
    };
    let mut conditions = vec!["v.pacticipant_id = ?1".to_owned()];
    let mut values = params![pacticipant_id].to_vec();
    for (condition, value) in [
        ("v.number = :value", &selector.version),
        (TAGGED, &selector.tag),
        (on_branch, &selector.branch),
        (IN_ENVIRONMENT, &selector.environment),
    ] {
        if let Some(value) = value {
            values.push(value.as_str().into());
            conditions.push(condition.replace(":value", &format!("?{}", values.len())));
        }
    }
    if selector.main_branch {
        conditions.push(on_main_branch.to_owned());
    }
    let statement = format!(
        "SELECT v.id, v.number FROM versions v WHERE {} ORDER BY v.id DESC{}",
        conditions.join(" AND "),
        if selector.latest { " LIMIT 1" } else { "" },
    );
    let rows = sql.query(&statement, &values)?;
    Ok(Choice::Versions(
        rows.into_iter()
            .map(version_ref)
            .collect::<SqlResult<_>>()?,
    ))
}

const TAGGED: &str =
    "v.id IN (SELECT version_id FROM tags WHERE pacticipant_id = ?1 AND name = :value)";
const ON_BRANCH: &str = "v.id IN (SELECT x.version_id FROM branch_versions x JOIN branches b ON b.id = x.branch_id \
                         WHERE b.pacticipant_id = ?1 AND b.name = :value)";
const ON_MAIN_BRANCH: &str = "v.id IN (SELECT x.version_id FROM branch_versions x \
                              JOIN branches b ON b.id = x.branch_id JOIN pacticipants p ON p.id = b.pacticipant_id \
                              WHERE p.id = ?1 AND b.name = p.main_branch)";
const BRANCH_HEAD: &str =
    "v.id IN (SELECT head_version_id FROM branches WHERE pacticipant_id = ?1 AND name = :value)";
const MAIN_BRANCH_HEAD: &str = "v.id IN (SELECT b.head_version_id FROM branches b \
                                JOIN pacticipants p ON p.id = b.pacticipant_id \
                                WHERE p.id = ?1 AND b.name = p.main_branch)";
const IN_ENVIRONMENT: &str = "v.id IN (SELECT d.version_id FROM deployed_versions d \
                              JOIN environments e ON e.id = d.environment_id \
                              WHERE d.pacticipant_id = ?1 AND e.name = :value AND d.undeployed_at IS NULL \
                              UNION SELECT d.version_id FROM released_versions d \
                              JOIN environments e ON e.id = d.environment_id \
                              WHERE d.pacticipant_id = ?1 AND e.name = :value AND d.support_ended_at IS NULL)";

/// The versions that are in an environment, by pacticipant, the latest first.
pub(crate) fn in_environment(
    sql: &mut dyn Sql,
    environment: &str,
) -> SqlResult<HashMap<i64, Vec<VersionRef>>> {
    let statement = "SELECT v.id, v.number, v.pacticipant_id FROM versions v WHERE v.id IN (\
                     SELECT d.version_id FROM deployed_versions d JOIN environments e ON e.id = d.environment_id \
                     WHERE e.name = ?1 AND d.undeployed_at IS NULL \
                     UNION SELECT d.version_id FROM released_versions d \
                     JOIN environments e ON e.id = d.environment_id \
                     WHERE e.name = ?1 AND d.support_ended_at IS NULL) ORDER BY v.id DESC";
    let mut versions: HashMap<i64, Vec<VersionRef>> = HashMap::new();
    for row in sql.query(statement, params![environment])? {
        let pacticipant_id = row.integer(2)?;
        versions
            .entry(pacticipant_id)
            .or_default()
            .push(version_ref(row)?);
    }
    Ok(versions)
}

/// The selector that a target means for a pacticipant that the question does not name.
pub(crate) fn inferred(name: &str, target: Option<&Target>) -> MatrixSelector {
    let bare = MatrixSelector {
        pacticipant: name.to_owned(),
        ..MatrixSelector::default()
    };
    match target {
        None => bare,
        Some(Target::Latest) => MatrixSelector {
            latest: true,
            ..bare
        },
        Some(Target::Tag(tag)) => MatrixSelector {
            latest: true,
            tag: Some(tag.clone()),
            ..bare
        },
        Some(Target::Environment(name)) => MatrixSelector {
            environment: Some(name.clone()),
            ..bare
        },
        Some(Target::MainBranch) => MatrixSelector {
            latest: true,
            main_branch: true,
            ..bare
        },
    }
}

fn integration(mut row: SqlRow) -> SqlResult<Integration> {
    Ok(Integration {
        consumer_id: row.integer(0)?,
        consumer: row.text(1)?,
        provider_id: row.integer(2)?,
        provider: row.text(3)?,
        required: row.boolean(4)?,
    })
}

/// The pairs in which a pacticipant asked about is consumer (needed if one of the versions asked about has a pact)
/// or provider (not needed: no consumer may be there).
pub(crate) fn integrations_of(
    sql: &mut dyn Sql,
    resolved: &Resolved,
) -> SqlResult<Vec<Integration>> {
    let (is_asked, ids): (_, Vec<i64>) = match &resolved.choice {
        Choice::Any => ("p.consumer_id IN", vec![resolved.pacticipant_id]),
        Choice::Versions(versions) => (
            "p.consumer_version_id IN",
            versions.iter().map(|version| version.id).collect(),
        ),
    };
    let columns = "c.id, c.name, r.id, r.name";
    let from = "FROM integrations i JOIN pacticipants c ON c.id = i.consumer_id \
                JOIN pacticipants r ON r.id = i.provider_id";
    let statement = format!(
        "SELECT * FROM (SELECT {columns}, 1 AS required {from} WHERE i.consumer_id = ?1 AND EXISTS (\
         SELECT 1 FROM publications p WHERE {is_asked} (SELECT value FROM json_each(?2)) \
         AND p.provider_id = i.provider_id AND p.is_current = 1) \
         UNION ALL SELECT {columns}, 0 AS required {from} WHERE i.provider_id = ?1) x"
    );
    sql.query(&statement, params![resolved.pacticipant_id, &*ids])?
        .into_iter()
        .map(integration)
        .collect()
}

/// The ids of the versions and of the unrestricted pacticipants among selectors.
struct Allowed {
    versions: Vec<i64>,
    unrestricted: Vec<i64>,
}

fn allowed(resolved: &[Resolved]) -> Allowed {
    let mut allowed = Allowed {
        versions: Vec::new(),
        unrestricted: Vec::new(),
    };
    for resolved in resolved {
        match &resolved.choice {
            Choice::Any => allowed.unrestricted.push(resolved.pacticipant_id),
            Choice::Versions(versions) => allowed
                .versions
                .extend(versions.iter().map(|version| version.id)),
        }
    }
    allowed
}

/// The rows of pairs: what the consumer versions asked about published, with the results of the provider versions
/// asked about; a row without result where there is none.
pub(crate) fn rows(
    sql: &mut dyn Sql,
    resolved: &[Resolved],
    pairs: &[Pair],
    latest_by: LatestBy,
) -> SqlResult<Vec<Row>> {
    let mut providers: Vec<i64> = pairs.iter().map(|pair| pair.provider_id).collect();
    providers.sort_unstable();
    providers.dedup();
    let allowed = allowed(resolved);
    let Allowed {
        versions,
        unrestricted,
    } = &allowed;
    let mut parameters = vec![Param::Ids(&providers), Param::Ids(versions)];
    if !unrestricted.is_empty() {
        parameters.push(Param::Ids(unrestricted));
    }
    let joined = results(&allowed, latest_by);
    let everything = latest_by == LatestBy::Everything;
    let revisions = if everything {
        "1 = 1"
    } else {
        "p.is_current = 1"
    };
    let mut found = Vec::new();
    for (column, placeholder, ids) in [
        ("p.consumer_version_id", "?2", versions),
        ("p.consumer_id", "?3", unrestricted),
    ] {
        if ids.is_empty() || providers.is_empty() {
            continue;
        }
        let statement = format!(
            "SELECT p.consumer_id, c.name, v.id, v.number, p.provider_id, r.name, k.hash, p.content_id, \
             p.created_at, s.id, s.success, s.executed_at, pv.id, pv.number \
             FROM publications p JOIN pacticipants c ON c.id = p.consumer_id \
             JOIN pacticipants r ON r.id = p.provider_id JOIN versions v ON v.id = p.consumer_version_id \
             JOIN contents k ON k.id = p.content_id {joined} LEFT JOIN versions pv ON pv.id = s.provider_version_id \
             WHERE {column} IN (SELECT value FROM json_each({placeholder})) \
             AND p.provider_id IN (SELECT value FROM json_each(?1)) AND {revisions} ORDER BY p.id DESC"
        );
        for row in sql.query(&statement, &parameters)? {
            found.push(read(row)?);
        }
    }
    let is_paired = |row: &Row| {
        pairs
            .iter()
            .any(|pair| pair.consumer_id == row.consumer_id && pair.provider_id == row.provider_id)
    };
    let mut seen = HashSet::new();
    let mut is_new = |row: &Row| {
        let result = row.result.as_ref().map(|result| result.id);
        seen.insert((row.consumer_version.id, row.content_id, result))
    };
    found.retain(|row| is_paired(row) && is_new(row));
    Ok(found)
}

fn results(allowed: &Allowed, latest_by: LatestBy) -> String {
    let (source, result_id) = if latest_by == LatestBy::Everything {
        ("results", "l.id")
    } else {
        ("latest_results", "l.result_id")
    };
    let restriction = if allowed.unrestricted.is_empty() {
        "l.provider_version_id IN (SELECT value FROM json_each(?2))"
    } else {
        "(l.provider_version_id IN (SELECT value FROM json_each(?2)) \
         OR p.provider_id IN (SELECT value FROM json_each(?3)))"
    };
    format!(
        "LEFT JOIN {source} l ON l.content_id = p.content_id AND {restriction} LEFT JOIN results s ON s.id = {result_id}"
    )
}

fn read(mut row: SqlRow) -> SqlResult<Row> {
    let result = match row.optional_integer(9)? {
        None => None,
        Some(id) => Some(RowResult {
            id,
            success: row.boolean(10)?,
            verified_at: row.text(11)?,
            provider_version: VersionRef {
                id: row.integer(12)?,
                number: row.text(13)?,
            },
        }),
    };
    Ok(Row {
        consumer_id: row.integer(0)?,
        consumer: row.text(1)?,
        consumer_version: VersionRef {
            id: row.integer(2)?,
            number: row.text(3)?,
        },
        provider_id: row.integer(4)?,
        provider: row.text(5)?,
        hash: row.text(6)?,
        content_id: row.integer(7)?,
        published_at: row.text(8)?,
        result,
    })
}
