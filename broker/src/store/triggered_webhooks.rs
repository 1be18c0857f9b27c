//! The queue of triggered webhooks, and what came of each attempt.

use super::sql::params;
use super::{Row, Sql, SqlResult, StoreError, webhooks};
use crate::domain::retry::Status;
use crate::domain::template::Parameters;
use crate::domain::webhook::Request;

/// A webhook that something has triggered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TriggeredWebhook {
    pub(crate) uuid: String,
    /// The uuid of the webhook, unless it was deleted since.
    pub(crate) webhook_uuid: Option<String>,
    pub(crate) name: String,
    pub(crate) event: String,
    pub(crate) status: Status,
    pub(crate) attempts: usize,
    pub(crate) created_at: String,
    pub(crate) consumer: String,
    pub(crate) provider: String,
    pub(crate) consumer_version: String,
}

const COLUMNS: &str =
    "t.uuid, w.uuid, t.name, t.event, t.status, t.attempts, t.created_at, c.name, r.name, v.number";
const FROM: &str = "FROM triggered_webhooks t LEFT JOIN webhooks w ON w.id = t.webhook_id \
                    JOIN pacticipants c ON c.id = t.consumer_id JOIN pacticipants r ON r.id = t.provider_id \
                    JOIN versions v ON v.id = t.consumer_version_id";

fn triggered(mut row: Row) -> SqlResult<TriggeredWebhook> {
    let status = Status::parse(&row.text(4)?).ok_or(StoreError::Missing {
        what: "the status of a triggered webhook",
    })?;
    Ok(TriggeredWebhook {
        uuid: row.text(0)?,
        webhook_uuid: row.optional_text(1)?,
        name: row.text(2)?,
        event: row.text(3)?,
        status,
        attempts: count(row.integer(5)?),
        created_at: row.text(6)?,
        consumer: row.text(7)?,
        provider: row.text(8)?,
        consumer_version: row.text(9)?,
    })
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

/// Something to be sent.
#[derive(Debug)]
pub(crate) struct NewTrigger<'a> {
    pub(crate) uuid: &'a str,
    pub(crate) webhook_id: i64,
    pub(crate) name: &'a str,
    pub(crate) event: &'a str,
    pub(crate) consumer_id: i64,
    pub(crate) provider_id: i64,
    pub(crate) consumer_version_id: i64,
    pub(crate) result_id: Option<i64>,
    pub(crate) base_url: &'a str,
    pub(crate) parameters: &'a Parameters,
    pub(crate) due_at: &'a str,
    pub(crate) now: &'a str,
}

/// Puts something into the queue.
pub(crate) fn enqueue(sql: &mut dyn Sql, new: &NewTrigger<'_>) -> SqlResult<()> {
    let statement = "INSERT INTO triggered_webhooks (uuid, webhook_id, name, event, consumer_id, provider_id, \
                     consumer_version_id, result_id, base_url, parameters, status, attempts, next_attempt_at, \
                     created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, ?13)";
    let names = new.parameters.iter();
    let object: serde_json::Map<_, _> = names
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let parameters = serde_json::Value::Object(object).to_string();
    let parameters = params![
        new.uuid,
        new.webhook_id,
        new.name,
        new.event,
        new.consumer_id,
        new.provider_id,
        new.consumer_version_id,
        new.result_id,
        new.base_url,
        &parameters,
        Status::NotRun.as_str(),
        new.due_at,
        new.now,
    ];
    sql.execute(statement, parameters).map(drop)
}

/// What is due, the longest waiting first.
pub(crate) fn due(sql: &mut dyn Sql, now: &str, limit: usize) -> SqlResult<Vec<i64>> {
    let statement = "SELECT id FROM triggered_webhooks WHERE next_attempt_at <= ?1 \
                     ORDER BY next_attempt_at, id LIMIT ?2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    sql.query(statement, params![now, limit])?
        .into_iter()
        .map(|row| row.integer(0))
        .collect()
}

/// How many are to be sent, now or later.
pub(crate) fn waiting(sql: &mut dyn Sql) -> SqlResult<i64> {
    let statement = "SELECT COUNT(*) FROM triggered_webhooks WHERE next_attempt_at IS NOT NULL";
    match sql.first(statement, params![])? {
        Some(row) => row.integer(0),
        None => Ok(0),
    }
}

/// When the next attempt is due.
pub(crate) fn next_attempt_at(sql: &mut dyn Sql) -> SqlResult<Option<String>> {
    let statement =
        "SELECT MIN(next_attempt_at) FROM triggered_webhooks WHERE next_attempt_at IS NOT NULL";
    match sql.first(statement, params![])? {
        Some(mut row) => row.optional_text(0),
        None => Ok(None),
    }
}

/// An attempt that only its holder makes.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    id: i64,
    token: String,
    pub(crate) uuid: String,
    pub(crate) webhook_uuid: String,
    pub(crate) event: String,
    pub(crate) base_url: String,
    pub(crate) parameters: Parameters,
    /// Which attempt it is; the first is 1.
    pub(crate) attempts: usize,
    /// The request, with stars in the place of its secrets.
    pub(crate) request: Request,
    pub(crate) secrets: Option<String>,
}

/// Claims what is due, unless another replica was faster. The claim ends by itself.
pub(crate) fn claim(
    sql: &mut dyn Sql,
    id: i64,
    now: &str,
    until: &str,
    token: &str,
) -> SqlResult<Option<Claim>> {
    let statement = "UPDATE triggered_webhooks SET next_attempt_at = ?3, claim = ?4, attempts = attempts + 1 \
                     WHERE id = ?1 AND next_attempt_at <= ?2 AND webhook_id IS NOT NULL";
    if sql.execute(statement, params![id, now, until, token])? == 0 {
        return Ok(None);
    }
    let statement = "SELECT t.uuid, w.uuid, t.event, t.base_url, t.parameters, t.attempts, w.request, w.secrets \
                     FROM triggered_webhooks t JOIN webhooks w ON w.id = t.webhook_id WHERE t.id = ?1";
    let Some(mut row) = sql.first(statement, params![id])? else {
        return Ok(None);
    };
    Ok(Some(Claim {
        id,
        token: token.to_owned(),
        uuid: row.text(0)?,
        webhook_uuid: row.text(1)?,
        event: row.text(2)?,
        base_url: row.text(3)?,
        parameters: serde_json::from_str(&row.text(4)?).unwrap_or_default(),
        attempts: count(row.integer(5)?),
        request: webhooks::request(&row.text(6)?)?,
        secrets: row.optional_text(7)?,
    }))
}

/// What came of an attempt.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) success: bool,
    pub(crate) logs: String,
    pub(crate) status: Status,
    pub(crate) next_attempt_at: Option<String>,
    pub(crate) now: String,
}

/// Writes down what came of an attempt. When its claim has ended since, the next attempt is another's.
pub(crate) fn finish(sql: &mut dyn Sql, claim: &Claim, attempt: &Attempt) -> SqlResult<()> {
    let statement = "INSERT INTO webhook_attempts (triggered_webhook_id, success, logs, created_at) \
                     SELECT id, ?2, ?3, ?4 FROM triggered_webhooks WHERE id = ?1";
    let logs = attempt.logs.as_str();
    sql.execute(
        statement,
        params![claim.id, attempt.success, logs, &attempt.now],
    )?;
    let statement = "UPDATE triggered_webhooks SET status = ?3, next_attempt_at = ?4, claim = NULL \
                     WHERE id = ?1 AND claim = ?2";
    let parameters = params![
        claim.id,
        &claim.token,
        attempt.status.as_str(),
        attempt.next_attempt_at.as_deref(),
    ];
    sql.execute(statement, parameters).map(drop)
}

/// Makes a triggered webhook due again, as if it had just been triggered. Says whether its webhook is still there.
pub(crate) fn trigger_again(sql: &mut dyn Sql, uuid: &str, due_at: &str) -> SqlResult<bool> {
    let statement = "UPDATE triggered_webhooks SET status = ?2, attempts = 0, next_attempt_at = ?3, claim = NULL \
                     WHERE uuid = ?1 AND webhook_id IS NOT NULL";
    let parameters = params![uuid, Status::NotRun.as_str(), due_at];
    Ok(sql.execute(statement, parameters)? > 0)
}

/// A triggered webhook.
pub(crate) fn find(sql: &mut dyn Sql, uuid: &str) -> SqlResult<Option<TriggeredWebhook>> {
    let statement = format!("SELECT {COLUMNS} {FROM} WHERE t.uuid = ?1");
    sql.first(&statement, params![uuid])?
        .map(triggered)
        .transpose()
}

/// What was written down about the attempts of a triggered webhook.
pub(crate) fn logs(sql: &mut dyn Sql, uuid: &str) -> SqlResult<Vec<String>> {
    let statement = "SELECT a.logs FROM webhook_attempts a \
                     JOIN triggered_webhooks t ON t.id = a.triggered_webhook_id WHERE t.uuid = ?1 ORDER BY a.id";
    sql.query(statement, params![uuid])?
        .into_iter()
        .map(|mut row| row.text(0))
        .collect()
}

/// Which triggered webhooks a list is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Of {
    /// The last one of each webhook and event for a pact, of webhooks that are still there.
    LatestOfPair { consumer_id: i64, provider_id: i64 },
    /// Those of the publication of a pact.
    Publication { version_id: i64, provider_id: i64 },
    /// Those of a result.
    Result(i64),
}

/// Triggered webhooks, in the order in which they were triggered.
pub(crate) fn list(sql: &mut dyn Sql, of: Of) -> SqlResult<Vec<TriggeredWebhook>> {
    let (condition, first, second) = match of {
        Of::LatestOfPair {
            consumer_id,
            provider_id,
        } => (
            "t.id IN (SELECT MAX(x.id) FROM triggered_webhooks x WHERE x.consumer_id = ?1 AND x.provider_id = ?2 \
             AND x.webhook_id IS NOT NULL GROUP BY x.webhook_id, x.event)",
            consumer_id,
            provider_id,
        ),
        Of::Publication {
            version_id,
            provider_id,
        } => (
            "t.consumer_version_id = ?1 AND t.provider_id = ?2 AND t.result_id IS NULL",
            version_id,
            provider_id,
        ),
        Of::Result(id) => ("t.result_id = ?1 AND ?2 = ?2", id, id),
    };
    let statement = format!("SELECT {COLUMNS} {FROM} WHERE {condition} ORDER BY t.id");
    sql.query(&statement, params![first, second])?
        .into_iter()
        .map(triggered)
        .collect()
}
