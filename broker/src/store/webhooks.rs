//! The table of webhooks.

use super::sql::params;
use super::{Row, Sql, SqlResult, StoreError};
use crate::domain::webhook::{EventName, Party, Request, Webhook};

const COLUMNS: &str = "w.id, w.uuid, w.description, c.name, w.consumer_label, r.name, w.provider_label, w.enabled, \
                       w.events, w.request, w.secrets, w.created_at, w.updated_at";
const FROM: &str = "FROM webhooks w LEFT JOIN pacticipants c ON c.id = w.consumer_id \
                    LEFT JOIN pacticipants r ON r.id = w.provider_id";

fn webhook(mut row: Row) -> SqlResult<Webhook> {
    let events = row.text(8)?;
    Ok(Webhook {
        id: row.integer(0)?,
        uuid: row.text(1)?,
        description: row.optional_text(2)?,
        consumer: party(row.optional_text(3)?, row.optional_text(4)?),
        provider: party(row.optional_text(5)?, row.optional_text(6)?),
        enabled: row.boolean(7)?,
        events: events.split(' ').filter_map(EventName::parse).collect(),
        request: request(&row.text(9)?)?,
        secrets: row.optional_text(10)?,
        created_at: row.text(11)?,
        updated_at: row.optional_text(12)?,
    })
}

/// Reads a request as it is stored.
pub(super) fn request(text: &str) -> SqlResult<Request> {
    serde_json::from_str(text).map_err(|_| StoreError::Missing {
        what: "the request of a webhook",
    })
}

fn party(name: Option<String>, label: Option<String>) -> Party {
    match (name, label) {
        (Some(name), _) => Party::Named(name),
        (None, Some(label)) => Party::Labelled(label),
        (None, None) => Party::Any,
    }
}

fn all(rows: Vec<Row>) -> SqlResult<Vec<Webhook>> {
    rows.into_iter().map(webhook).collect()
}

/// Every webhook, in the order they were made.
pub(crate) fn list(sql: &mut dyn Sql) -> SqlResult<Vec<Webhook>> {
    all(sql.query(&format!("SELECT {COLUMNS} {FROM} ORDER BY w.id"), params![])?)
}

/// The webhook with a uuid.
pub(crate) fn find(sql: &mut dyn Sql, uuid: &str) -> SqlResult<Option<Webhook>> {
    let statement = format!("SELECT {COLUMNS} {FROM} WHERE w.uuid = ?1");
    sql.first(&statement, params![uuid])?
        .map(webhook)
        .transpose()
}

/// The webhooks that name just these pacticipants, or none where none is given.
pub(crate) fn with_scope(
    sql: &mut dyn Sql,
    consumer_id: Option<i64>,
    provider_id: Option<i64>,
) -> SqlResult<Vec<Webhook>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE COALESCE(w.consumer_id, 0) = ?1 AND COALESCE(w.provider_id, 0) = ?2 \
         AND w.consumer_label IS NULL AND w.provider_label IS NULL ORDER BY w.id"
    );
    let parameters = params![consumer_id.unwrap_or(0), provider_id.unwrap_or(0)];
    all(sql.query(&statement, parameters)?)
}

/// The webhooks that may be about a pact: those that name another pacticipant are left out.
pub(crate) fn for_pair(
    sql: &mut dyn Sql,
    consumer_id: i64,
    provider_id: i64,
) -> SqlResult<Vec<Webhook>> {
    let statement = format!(
        "SELECT {COLUMNS} {FROM} WHERE (w.consumer_id IS NULL OR w.consumer_id = ?1) \
         AND (w.provider_id IS NULL OR w.provider_id = ?2) ORDER BY w.id"
    );
    all(sql.query(&statement, params![consumer_id, provider_id])?)
}

/// Writes a webhook, known or new, by its uuid. Named pacticipants must exist.
pub(crate) fn put(sql: &mut dyn Sql, webhook: &Webhook) -> SqlResult<()> {
    let statement = "INSERT INTO webhooks (uuid, description, consumer_id, consumer_label, provider_id, \
                     provider_label, enabled, events, request, secrets, created_at) \
                     VALUES (?1, ?2, (SELECT id FROM pacticipants WHERE name = ?3), ?4, \
                     (SELECT id FROM pacticipants WHERE name = ?5), ?6, ?7, ?8, ?9, ?10, ?11) \
                     ON CONFLICT (uuid) DO UPDATE SET description = excluded.description, \
                     consumer_id = excluded.consumer_id, consumer_label = excluded.consumer_label, \
                     provider_id = excluded.provider_id, provider_label = excluded.provider_label, \
                     enabled = excluded.enabled, events = excluded.events, request = excluded.request, \
                     secrets = excluded.secrets, updated_at = ?12";
    let (consumer, consumer_label) = columns(&webhook.consumer);
    let (provider, provider_label) = columns(&webhook.provider);
    let events: Vec<&str> = webhook.events.iter().map(|event| event.as_str()).collect();
    let events = events.join(" ");
    let request = serde_json::to_string(&webhook.request).map_err(|_| StoreError::Missing {
        what: "the request of a webhook",
    })?;
    let parameters = params![
        &webhook.uuid,
        webhook.description.as_deref(),
        consumer,
        consumer_label,
        provider,
        provider_label,
        webhook.enabled,
        &events,
        &request,
        webhook.secrets.as_deref(),
        &webhook.created_at,
        webhook.updated_at.as_deref(),
    ];
    sql.execute(statement, parameters).map(drop)
}

fn columns(party: &Party) -> (Option<&str>, Option<&str>) {
    match party {
        Party::Any => (None, None),
        Party::Named(name) => (Some(name), None),
        Party::Labelled(label) => (None, Some(label)),
    }
}

/// Forgets a webhook. What it has triggered and not yet sent is not sent any more.
pub(crate) fn delete(sql: &mut dyn Sql, id: i64) -> SqlResult<()> {
    let statement = "UPDATE triggered_webhooks SET status = 'failure', next_attempt_at = NULL, claim = NULL \
                     WHERE webhook_id = ?1 AND next_attempt_at IS NOT NULL";
    sql.execute(statement, params![id])?;
    sql.execute("DELETE FROM webhooks WHERE id = ?1", params![id])
        .map(drop)
}
