//! How `treaty verify` gets at the pacts that stand in the way of a deployment.

use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};

use serde_json::json;
use treaty_core::shell::word;

use super::selection;
use crate::domain::matrix::Row;
use crate::domain::model::Labels;
use crate::hal::Urls;
use crate::store::{Sql, SqlResult, pacticipants, versions};

/// The arguments that choose the pacts of the rows which are no success, by the ids of the consumer version and the
/// provider; none for a pact that is verified without them.
pub(super) fn choosing(
    sql: &mut dyn Sql,
    urls: &Urls,
    rows: &[Row],
) -> SqlResult<HashMap<(i64, i64), String>> {
    let open = rows.iter().filter(|row| row.success() != Some(true));
    let open: Vec<&Row> = open.collect();
    let ids: Vec<i64> = open.iter().map(|row| row.consumer_version.id).collect();
    let labels = versions::labels(sql, &ids)?;
    let mut by_default: HashMap<i64, HashSet<i64>> = HashMap::new();
    let mut choosing = HashMap::new();
    for row in open {
        let chosen = match by_default.entry(row.provider_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(contents(sql, &row.provider)?),
        };
        if chosen.contains(&row.content_id) {
            continue;
        }
        let labels = labels.get(&row.consumer_version.id);
        let arguments = labels
            .and_then(|labels| selector(&row.consumer, labels))
            .unwrap_or_else(|| {
                let number = &row.consumer_version.number;
                format!(
                    "--url {}",
                    word(&urls.pact(&row.provider, &row.consumer, number))
                )
            });
        choosing.insert((row.consumer_version.id, row.provider_id), arguments);
    }
    Ok(choosing)
}

/// The contents that a provider gets to verify if it asks for none by name.
fn contents(sql: &mut dyn Sql, provider: &str) -> SqlResult<HashSet<i64>> {
    let Some(provider) = pacticipants::find(sql, provider)? else {
        return Ok(HashSet::new());
    };
    let selected = selection::select(sql, &provider, &[])?;
    let contents = selected.iter().map(|one| one.publication.content_id);
    Ok(contents.collect())
}

/// The selector by which the version is found, if it is the last of a branch or the last with a tag.
fn selector(consumer: &str, labels: &Labels) -> Option<String> {
    let mut branches = labels.branches.iter().filter(|(_, is_head)| *is_head);
    let mut tags = labels.tags.iter().filter(|tag| tag.latest);
    let selector = match (branches.next(), tags.next()) {
        (Some((branch, _)), _) => json!({ "consumer": consumer, "branch": branch }),
        (None, Some(tag)) => json!({ "consumer": consumer, "tag": tag.name, "latest": true }),
        (None, None) => return None,
    };
    let selector = word(&selector.to_string());
    Some(format!("--consumer-version-selectors {selector}"))
}
