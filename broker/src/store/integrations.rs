//! The table of integrations: which pacticipants have ever had a pact between them.

use super::publications::Pair;
use super::sql::params;
use super::{Row, Sql, SqlResult};

/// Two pacticipants that have a pact between them, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Integration {
    pub(crate) id: i64,
    pub(crate) consumer_id: i64,
    pub(crate) consumer: String,
    pub(crate) provider_id: i64,
    pub(crate) provider: String,
}

fn integration(mut row: Row) -> SqlResult<Integration> {
    Ok(Integration {
        id: row.integer(0)?,
        consumer_id: row.integer(1)?,
        consumer: row.text(2)?,
        provider_id: row.integer(3)?,
        provider: row.text(4)?,
    })
}

/// Every integration, the one with the latest pact or result first.
pub(crate) fn list(sql: &mut dyn Sql) -> SqlResult<Vec<Integration>> {
    let statement = "SELECT i.id, i.consumer_id, c.name, i.provider_id, r.name FROM integrations i \
                     JOIN pacticipants c ON c.id = i.consumer_id JOIN pacticipants r ON r.id = i.provider_id \
                     ORDER BY i.contract_data_updated_at DESC, i.id DESC";
    sql.query(statement, params![])?
        .into_iter()
        .map(integration)
        .collect()
}

/// Notes that there is news about the pacts of a content.
pub(crate) fn touch(sql: &mut dyn Sql, content_id: i64, now: &str) -> SqlResult<()> {
    let statement = "UPDATE integrations SET contract_data_updated_at = ?2 \
                     WHERE consumer_id = (SELECT consumer_id FROM contents WHERE id = ?1) \
                     AND provider_id = (SELECT provider_id FROM contents WHERE id = ?1)";
    sql.execute(statement, params![content_id, now]).map(drop)
}

/// Forgets the pacts between two pacticipants and their results; says whether there was an integration.
pub(crate) fn delete(sql: &mut dyn Sql, pair: Pair) -> SqlResult<bool> {
    let ids = params![pair.consumer_id, pair.provider_id];
    sql.execute(
        "DELETE FROM contents WHERE consumer_id = ?1 AND provider_id = ?2",
        ids,
    )?;
    let statement = "DELETE FROM integrations WHERE consumer_id = ?1 AND provider_id = ?2";
    Ok(sql.execute(statement, ids)? > 0)
}

/// Forgets every pact and every result.
pub(crate) fn delete_all(sql: &mut dyn Sql) -> SqlResult<()> {
    sql.execute("DELETE FROM contents", params![])?;
    sql.execute("DELETE FROM integrations", params![]).map(drop)
}
