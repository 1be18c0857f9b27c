//! Labels of pacticipants.

use serde_json::{Value, json};

use crate::hal::{Urls, named};
use crate::time::shown;

/// A label of a pacticipant.
pub(crate) fn label(urls: &Urls, pacticipant: &str, name: &str, since: &str) -> Value {
    json!({
        "name": name,
        "createdAt": shown(since),
        "_links": {
            "self": named("Label", name, urls.label(pacticipant, name)),
            "pacticipant": named("Pacticipant", pacticipant, urls.pacticipant(pacticipant)),
        },
    })
}

/// The labels of a pacticipant, as its document lists them.
pub(crate) fn embedded(urls: &Urls, pacticipant: &str, names: &[String]) -> Vec<Value> {
    let item = |name: &String| {
        let own = named("Label", name, urls.label(pacticipant, name));
        json!({ "name": name, "_links": { "self": own } })
    };
    names.iter().map(item).collect()
}
