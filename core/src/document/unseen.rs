//! What the reference reader would pass over in silence, or stumble over: a document with it is refused.
//!
//! A JSON Schema cannot say these, because they depend on the version of the specification or on how a number is written.

use pact_models::PactSpecification;
use pact_models::pact::{determine_spec_version, parse_meta_data};
use serde_json::Value;

const MESSAGE_KINDS: [&str; 2] = ["Asynchronous/Messages", "Synchronous/Messages"];
const HTTP_KIND: &str = "Synchronous/HTTP";

/// The places and what is wrong there, of a document that keeps to the schema.
pub(super) fn unseen(document: &Value) -> Vec<(String, String)> {
    let version = determine_spec_version("a pact", &parse_meta_data(document));
    let is_v4 = version == PactSpecification::V4;
    let items = |list: &str| document.get(list).and_then(Value::as_array);

    let mut found = Vec::new();
    for (place, interaction) in items("interactions").into_iter().flatten().enumerate() {
        let at = |member: &str| format!("/interactions/{place}{member}");
        if let Some(what) = kind_problem(is_v4, interaction.get("type")) {
            found.push((at("/type"), what));
        }
        let status = interaction.pointer("/response/status");
        if let Some(status) = status.filter(|status| status.is_f64()) {
            found.push((
                at("/response/status"),
                format!("{status} is not written as an integer"),
            ));
        }
    }
    match (items("interactions"), items("messages")) {
        (_, Some(messages)) if is_v4 && !messages.is_empty() => {
            let what = "in specification version 4 messages belong into `interactions`";
            found.push(("/messages".to_owned(), what.to_owned()));
        }
        (Some(interactions), Some(_)) if !is_v4 && !interactions.is_empty() => {
            let what =
                "a pact before specification version 4 has `interactions` or `messages`, not both";
            found.push(("/messages".to_owned(), what.to_owned()));
        }
        _ => {}
    }
    found
}

fn kind_problem(is_v4: bool, kind: Option<&Value>) -> Option<String> {
    let is_message = kind.is_some_and(|kind| MESSAGE_KINDS.iter().any(|known| kind == known));
    if is_v4 && !is_message && kind.is_none_or(|kind| kind != HTTP_KIND) {
        let kind = kind.map_or_else(|| "no type".to_owned(), Value::to_string);
        let [one, other] = MESSAGE_KINDS;
        return Some(format!(
            "{kind} is none of {HTTP_KIND:?}, {one:?}, {other:?}"
        ));
    }
    let kind = kind.filter(|_| is_message && !is_v4)?;
    Some(format!("{kind} needs specification version 4"))
}
