//! What resources look like: HAL documents made from the nouns of the broker.

pub(crate) mod badges;
pub(crate) mod dashboard;
pub(crate) mod deployments;
pub(crate) mod environments;
pub(crate) mod index;
pub(crate) mod integrations;
pub(crate) mod labels;
pub(crate) mod matrix;
pub(crate) mod pacticipants;
pub(crate) mod pacts;
pub(crate) mod pages;
pub(crate) mod results;
mod table;
pub(crate) mod triggered_webhooks;
pub(crate) mod verifiable;
pub(crate) mod versions;
pub(crate) mod webhook_execution;
pub(crate) mod webhooks;

use serde_json::{Map, Value};

use crate::time::shown;

/// Adds `updatedAt` (if there was a change) and `createdAt`.
pub(crate) fn add_moments(
    document: &mut Map<String, Value>,
    created_at: &str,
    updated_at: Option<&str>,
) {
    if let Some(updated_at) = updated_at {
        document.insert("updatedAt".to_owned(), shown(updated_at).into());
    }
    document.insert("createdAt".to_owned(), shown(created_at).into());
}

/// Adds a text member if there is one.
pub(crate) fn add_text(document: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        document.insert(name.to_owned(), text.into());
    }
}

/// The members of a document that is written as an object.
pub(crate) fn members(document: Value) -> Map<String, Value> {
    match document {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
