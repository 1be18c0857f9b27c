//! Publishing a pact: what `PUT` of a pact and the publication of contracts have in common.

use serde_json::Value;
use treaty_core::content::content_hash;

use crate::domain::document;
use crate::domain::events::{History, Previous, events};
use crate::domain::model::{Pacticipant, Publication, Version};
use crate::domain::notices;
use crate::domain::similar_names::similar_names;
use crate::http::Problem;
use crate::store::publications::{self, NewContent, Of, Pair};
use crate::store::{Sql, SqlResult, pacticipants, results, tags};

/// A pact that was read and can be stored.
#[derive(Debug, Clone)]
pub(super) struct ReadyPact {
    /// What was published.
    pub(super) value: Value,
    /// The document as it will be served.
    pub(super) document: String,
    hash: String,
}

impl ReadyPact {
    /// Reads a pact from its text.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let document = document::with_ids(text).map_err(|error| error.to_string())?;
        let hash = content_hash(&value).to_string();
        Ok(Self {
            value,
            document,
            hash,
        })
    }
}

/// What is to be published by whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) consumer: &'a Pacticipant,
    pub(super) provider: &'a Pacticipant,
    pub(super) version: &'a Version,
    pub(super) pact: &'a ReadyPact,
    pub(super) now: &'a str,
}

/// What became of an order.
#[derive(Debug, Clone)]
pub(super) struct Published {
    pub(super) publication: Publication,
    /// Whether the version had published this pact before.
    pub(super) is_republished: bool,
    /// The events that were detected.
    pub(super) events: Vec<String>,
    /// Whether any version of the provider ever verified a pact of this consumer.
    pub(super) was_verified: bool,
}

/// Why an order is refused: the version published another content before.
#[derive(Debug, Clone)]
pub(super) struct Conflict {
    /// The id of the content that the version published.
    pub(super) known_content: i64,
    /// What the publisher is told.
    pub(super) text: String,
}

/// The conflict between an order and what the version published before, if there is one.
pub(super) fn conflict(sql: &mut dyn Sql, order: Order<'_>) -> SqlResult<Option<Conflict>> {
    let known = publications::find(sql, order.version.id, order.provider.id)?;
    let changed = known.filter(|known| known.hash != order.pact.hash);
    Ok(changed.map(|known| Conflict {
        known_content: known.content_id,
        text: notices::content_conflict(
            &order.consumer.name,
            &order.version.number,
            &order.provider.name,
        ),
    }))
}

/// Stores a pact that is known to have no conflict.
pub(super) fn publish(sql: &mut dyn Sql, order: Order<'_>) -> Result<Published, Problem> {
    let pair = Pair {
        consumer_id: order.consumer.id,
        provider_id: order.provider.id,
    };
    let is_republished = publications::find(sql, order.version.id, order.provider.id)?.is_some();
    let new = NewContent {
        hash: &order.pact.hash,
        document: &order.pact.document,
        now: order.now,
    };
    publications::publish(sql, pair, order.version.id, new)?;
    let publication =
        publications::find(sql, order.version.id, order.provider.id)?.ok_or(Problem::NotFound)?;
    let history = if is_republished {
        History::Republished
    } else {
        history(sql, pair, &publication)?
    };
    let waiting = results::versions_without_result(sql, pair.provider_id, publication.content_id)?;
    Ok(Published {
        events: events(&history, waiting > 0 && !is_republished),
        was_verified: results::any_between(sql, pair.consumer_id, pair.provider_id)?,
        publication,
        is_republished,
    })
}

fn history(sql: &mut dyn Sql, pair: Pair, publication: &Publication) -> SqlResult<History> {
    let names = tags::names(sql, publication.version_id)?;
    let mut compare = |of: Of<'_>| -> SqlResult<Previous> {
        let previous = publications::previous(sql, pair, publication.version_id, of)?;
        Ok(match previous {
            None => Previous::None,
            Some(previous) if previous.content_id == publication.content_id => Previous::Same,
            Some(_) => Previous::Different,
        })
    };
    if names.is_empty() {
        return Ok(History::Untagged(compare(Of::Untagged)?));
    }
    let mut tagged = Vec::new();
    for name in names {
        let previous = compare(Of::Tag(&name))?;
        tagged.push((name, previous));
    }
    Ok(History::Tagged(tagged))
}

/// What a publisher is told about new names that are too similar to known ones.
pub(super) fn name_conflicts(
    sql: &mut dyn Sql,
    names: &[&str],
    base: &str,
) -> SqlResult<Vec<String>> {
    let mut conflicts = Vec::new();
    let mut existing = None;
    for name in names {
        if pacticipants::find(sql, name)?.is_some() {
            continue;
        }
        if existing.is_none() {
            existing = Some(pacticipants::names(sql)?);
        }
        let similar = similar_names(name, existing.as_deref().unwrap_or_default());
        if !similar.is_empty() {
            conflicts.push(notices::name_conflict(name, &similar, base));
        }
    }
    Ok(conflicts)
}
