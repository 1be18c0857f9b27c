//! The pacts that matter now: the latest of each pair, the latest with each tag, and those in an environment.

use std::collections::HashMap;

use super::publications::{self, Pair};
use super::sql::params;
use super::{Sql, SqlResult};
use crate::domain::model::Publication;

const LATEST: &str = "(SELECT o.id FROM publications o WHERE o.consumer_id = i.consumer_id \
                      AND o.provider_id = i.provider_id AND o.is_current = 1 \
                      ORDER BY o.consumer_version_id DESC LIMIT 1)";
const LATEST_WITH_TAG: &str = "(SELECT o.id FROM publications o JOIN tags t ON t.version_id = o.consumer_version_id \
                               AND t.name = h.name WHERE o.consumer_id = i.consumer_id \
                               AND o.provider_id = i.provider_id AND o.is_current = 1 \
                               ORDER BY o.consumer_version_id DESC LIMIT 1)";
const SOMEWHERE: &str = "(SELECT version_id FROM deployed_versions WHERE undeployed_at IS NULL \
                         UNION SELECT version_id FROM released_versions WHERE support_ended_at IS NULL)";

/// The pacts that matter now, of one pair or of all, by consumer; the latest version first.
pub(crate) fn heads(sql: &mut dyn Sql, pair: Option<Pair>) -> SqlResult<Vec<Publication>> {
    let (consumer_id, provider_id) =
        pair.map_or((0, 0), |pair| (pair.consumer_id, pair.provider_id));
    let statement = format!(
        "SELECT {} {} WHERE (?1 = 0 OR (p.consumer_id = ?1 AND p.provider_id = ?2)) AND p.id IN (\
         SELECT {LATEST} FROM integrations i \
         UNION SELECT {LATEST_WITH_TAG} FROM integrations i JOIN tag_heads h ON h.pacticipant_id = i.consumer_id \
         UNION SELECT o.id FROM publications o WHERE o.is_current = 1 AND o.consumer_version_id IN {SOMEWHERE}) \
         ORDER BY LOWER(c.name), c.name, p.consumer_version_id DESC, LOWER(r.name), r.name",
        publications::COLUMNS,
        publications::FROM,
    );
    let rows = sql.query(&statement, params![consumer_id, provider_id])?;
    rows.into_iter()
        .map(|mut row| publications::publication(&mut row, 0))
        .collect()
}

/// The tags of which each publication is the latest of its pair, by publication.
pub(crate) fn tags(sql: &mut dyn Sql, ids: &[i64]) -> SqlResult<HashMap<i64, Vec<String>>> {
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    if ids.is_empty() {
        return Ok(tags);
    }
    let statement = "SELECT p.id, t.name FROM publications p JOIN tags t ON t.version_id = p.consumer_version_id \
                     WHERE p.id IN (SELECT value FROM json_each(?1)) AND NOT EXISTS (SELECT 1 FROM publications o \
                     JOIN tags x ON x.version_id = o.consumer_version_id AND x.name = t.name \
                     WHERE o.consumer_id = p.consumer_id AND o.provider_id = p.provider_id AND o.is_current = 1 \
                     AND o.consumer_version_id > p.consumer_version_id) ORDER BY p.id, t.name";
    for mut row in sql.query(statement, params![ids])? {
        let id = row.integer(0)?;
        tags.entry(id).or_default().push(row.text(1)?);
    }
    Ok(tags)
}
