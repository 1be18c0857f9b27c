//! Publishing a pact: what `PUT` of a pact and the publication of contracts have in common.

use serde_json::Value;
use treaty_core::content::content_hash;

use super::triggering::{Trigger, Triggered};
use crate::domain::document;
use crate::domain::events::{Event, History, Previous, events};
use crate::domain::merge::{holds, merge};
use crate::domain::model::{Pacticipant, Publication, Version};
use crate::domain::notices::{self, Before};
use crate::domain::similar_names::similar_names;
use crate::http::{Call, Problem};
use crate::store::publications::{self, NewContent, Of, Pair};
use crate::store::{Sql, SqlResult, pacticipants, results, tags};

/// A pact that was read and can be stored.
#[derive(Debug, Clone)]
pub(super) struct ReadyPact {
    /// What was published.
    pub(super) value: Value,
    /// The document as it will be served.
    pub(super) document: String,
    /// The hash of the content.
    own_hash: String,
    /// What the content is to be known by, if nothing else is.
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
            own_hash: hash.clone(),
            hash,
        })
    }

    /// Takes the pact for one that a broker has served: the ids in it are the broker's, and no content.
    pub(super) fn as_served(&mut self) {
        if let Some(hash) = own_hash(&self.document) {
            self.own_hash.clone_from(&hash);
            self.hash = hash;
        }
    }

    /// Whether the other has the same content.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.own_hash == other.own_hash
    }

    /// The pact with the interactions of another, unless these would take the place of its own.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let joined = merge(self.value.clone(), &other.value).ok()?;
        let keeps_all = holds(&joined, &self.value);
        Self::read(&joined.to_string()).ok().filter(|_| keeps_all)
    }

    /// The pact, to be known by the hash of another.
    fn known_as(self, other: &Self) -> Self {
        Self {
            hash: other.own_hash.clone(),
            ..self
        }
    }

    fn has_content(&self, stored: &str) -> bool {
        self.document == stored || own_hash(stored) == own_hash(&self.document)
    }
}

fn own_hash(stored: &str) -> Option<String> {
    let pact = document::without_ids(stored).ok()?;
    Some(content_hash(&pact).to_string())
}

/// The hash by which a content will be known: the one asked for, unless another content has that.
///
/// A merged pact asks for the hash of what was sent to be merged, so that a hash need not be the content's own. Where
/// that would make two contents one, the merged one gives way.
fn settle_hash(sql: &mut dyn Sql, pair: Pair, pact: &ReadyPact) -> SqlResult<String> {
    let stored = publications::document_known_by(sql, pair, &pact.hash)?;
    let Some(stored) = stored.filter(|stored| !pact.has_content(stored)) else {
        return Ok(pact.hash.clone());
    };
    if pact.hash != pact.own_hash {
        let own = ReadyPact {
            hash: pact.own_hash.clone(),
            ..pact.clone()
        };
        return settle_hash(sql, pair, &own);
    }
    let mut free = own_hash(&stored).unwrap_or_default();
    while publications::document_known_by(sql, pair, &free)?.is_some() {
        free = content_hash(&Value::from(free)).to_string();
    }
    publications::rename_content(sql, pair, &pact.hash, &free)?;
    Ok(pact.hash.clone())
}

/// What is to be published by whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) consumer: &'a Pacticipant,
    pub(super) provider: &'a Pacticipant,
    pub(super) version: &'a Version,
    pub(super) pact: &'a ReadyPact,
    pub(super) now: &'a str,
    pub(super) trigger: &'a Trigger,
}

/// What became of an order.
#[derive(Debug, Clone)]
pub(super) struct Published {
    pub(super) publication: Publication,
    /// What the version had published before.
    pub(super) before: Before,
    /// The events that were detected.
    pub(super) events: Vec<Event>,
    /// Whether any version of the provider ever verified a pact of this consumer.
    pub(super) was_verified: bool,
    /// The webhooks that were triggered.
    pub(super) triggered: Triggered,
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
    let Some(known) = publications::find(sql, order.version.id, order.provider.id)? else {
        return Ok(None);
    };
    let is_same = known.hash == order.pact.hash
        && order
            .pact
            .has_content(&publications::document(sql, known.content_id)?);
    let text = || {
        notices::content_conflict(
            &order.consumer.name,
            &order.version.number,
            &order.provider.name,
        )
    };
    Ok((!is_same).then(|| Conflict {
        known_content: known.content_id,
        text: text(),
    }))
}

/// The pact joined with what its version has published already, or why they cannot be joined.
pub(super) fn merged(
    sql: &mut dyn Sql,
    order: Order<'_>,
) -> Result<Result<ReadyPact, String>, Problem> {
    let known = publications::find(sql, order.version.id, order.provider.id)?;
    let Some(known) = known else {
        return Ok(Ok(order.pact.clone()));
    };
    let unreadable = |error| Problem::Unreadable(format!("The pact is not JSON: {error}"));
    let stored = publications::document(sql, known.content_id)?;
    let stored = document::without_ids(&stored).map_err(|error| unreadable(error.to_string()))?;
    match merge(stored, &order.pact.value) {
        Ok(merged) => {
            let merged = ReadyPact::read(&merged.to_string()).map_err(unreadable)?;
            Ok(Ok(merged.known_as(order.pact)))
        }
        Err(conflict) => Ok(Err(format!(
            "The interaction '{}' was published with a different request before.",
            conflict.description
        ))),
    }
}

/// Stores a pact, over what the version published before.
pub(super) fn publish(sql: &mut dyn Sql, order: Order<'_>) -> Result<Published, Problem> {
    let pair = Pair {
        consumer_id: order.consumer.id,
        provider_id: order.provider.id,
    };
    let known = publications::find(sql, order.version.id, order.provider.id)?;
    let hash = settle_hash(sql, pair, order.pact)?;
    let new = NewContent {
        hash: &hash,
        document: &order.pact.document,
        now: order.now,
    };
    publications::publish(sql, pair, order.version.id, new)?;
    let publication =
        publications::find(sql, order.version.id, order.provider.id)?.ok_or(Problem::NotFound)?;
    let before = match known {
        None => Before::Nothing,
        Some(known) if known.content_id == publication.content_id => Before::Same,
        Some(_) => Before::Other,
    };
    let history = match before {
        Before::Nothing => history(sql, pair, &publication)?,
        Before::Same => History::Republished,
        Before::Other => History::Modified {
            consumer: publication.consumer.clone(),
            number: publication.version_number.clone(),
        },
    };
    let waiting = if before == Before::Same {
        Vec::new()
    } else {
        results::versions_without_result(sql, pair.provider_id, publication.content_id)?
    };
    let events = events(&history, !waiting.is_empty());
    let triggered = order
        .trigger
        .publication(sql, &publication, &events, &waiting)?;
    Ok(Published {
        events,
        triggered,
        was_verified: results::any_between(sql, pair.consumer_id, pair.provider_id)?,
        publication,
        before,
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

/// Whether names are compared with those that are known, and where the broker is.
#[derive(Debug, Clone)]
pub(super) struct NameCheck {
    is_on: bool,
    base: String,
}

impl NameCheck {
    pub(super) fn of(call: &Call) -> Self {
        Self {
            is_on: call.state.config.duplicate_name_check,
            base: call.urls.base().to_owned(),
        }
    }
}

/// What a publisher is told about new names that are too similar to known ones.
pub(super) fn name_conflicts(
    sql: &mut dyn Sql,
    names: &[&str],
    check: &NameCheck,
) -> SqlResult<Vec<String>> {
    let mut conflicts = Vec::new();
    if !check.is_on {
        return Ok(conflicts);
    }
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
            conflicts.push(notices::name_conflict(name, &similar, &check.base));
        }
    }
    Ok(conflicts)
}
