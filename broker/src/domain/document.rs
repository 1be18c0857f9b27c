//! The text of a pact, with its members in the order in which they were published.
//!
//! A pact is served as it came, but for the `_id` that every interaction gets. Going through a map would sort the
//! members of every body, so this file moves pieces of text instead.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use treaty_core::content::interaction_id;

/// The members that hold interactions.
pub(crate) const LISTS: [&str; 2] = ["interactions", "messages"];

/// The members that the broker adds to a pact that it serves.
const ADDED: [&str; 2] = ["createdAt", "_links"];

/// The members of an object, in order; of two with one name, the last.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            match members.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = value,
                None => members.push((name, value)),
            }
        }
        Ok(Members(members))
    }
}

/// The text of a pact as it is stored: what was published, with an `_id` first in every interaction.
pub(crate) fn with_ids(published: &str) -> serde_json::Result<String> {
    let members: Members = serde_json::from_str(published)?;
    let kept = members
        .0
        .into_iter()
        .filter(|(name, _)| !ADDED.contains(&name.as_str()));
    let mut parts = Vec::new();
    for (name, value) in kept {
        let value = if LISTS.contains(&name.as_str()) {
            list_with_ids(value.get())?
        } else {
            value.get().to_owned()
        };
        parts.push(format!("{}:{value}", serde_json::to_string(&name)?));
    }
    Ok(format!("{{{}}}", parts.join(",")))
}

fn list_with_ids(list: &str) -> serde_json::Result<String> {
    let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(list) else {
        return Ok(list.to_owned());
    };
    let items = items
        .iter()
        .map(|item| item_with_id(item.get()))
        .collect::<serde_json::Result<Vec<_>>>()?;
    Ok(format!("[{}]", items.join(",")))
}

fn item_with_id(item: &str) -> serde_json::Result<String> {
    let Ok(members) = serde_json::from_str::<Members>(item) else {
        return Ok(item.to_owned());
    };
    let id = interaction_id(&serde_json::from_str::<Value>(item)?);
    let mut text = format!("{{\"_id\":\"{id}\"");
    for (name, value) in members.0.iter().filter(|(name, _)| name != "_id") {
        text.push_str(&format!(
            ",{}:{}",
            serde_json::to_string(name)?,
            value.get()
        ));
    }
    text.push('}');
    Ok(text)
}

/// A stored pact with members added behind its own.
pub(crate) fn with_members(stored: &str, added: &[(&str, &Value)]) -> String {
    let open = stored.trim_end().strip_suffix('}').unwrap_or(stored);
    let mut text = String::with_capacity(stored.len() + 4096);
    text.push_str(open);
    for (name, value) in added {
        if !text.ends_with('{') {
            text.push(',');
        }
        text.push_str(&format!("\"{name}\":{value}"));
    }
    text.push('}');
    text
}

/// A stored pact without what the broker put into it.
pub(crate) fn without_ids(stored: &str) -> serde_json::Result<Value> {
    let mut pact: Value = serde_json::from_str(stored)?;
    for list in LISTS {
        for item in pact
            .get_mut(list)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(members) = item.as_object_mut() {
                members.remove("_id");
            }
        }
    }
    Ok(pact)
}

/// A provider state with its parameters, if the pact gives any.
pub(crate) type State = (String, Option<Value>);

/// The interactions of a pact, of whichever kind.
pub(crate) fn interactions(pact: &Value) -> impl Iterator<Item = &Value> {
    let lists = LISTS.iter().flat_map(|list| pact[list].as_array());
    lists.flatten()
}

/// The provider states that the interactions of a stored pact name, with their parameters.
pub(crate) fn provider_states(stored: &str) -> Vec<State> {
    let pact: Value = serde_json::from_str(stored).unwrap_or_default();
    interactions(&pact).flat_map(states).collect()
}

/// The provider states of an interaction, in the form of any version of the specification.
pub(crate) fn states(interaction: &Value) -> Vec<State> {
    let one = ["providerState", "provider_state"].map(|member| interaction[member].as_str());
    let mut states: Vec<State> = one
        .into_iter()
        .flatten()
        .map(|name| (name.to_owned(), None))
        .collect();
    let several = interaction["providerStates"].as_array();
    for state in several.into_iter().flatten() {
        if let Some(name) = state["name"].as_str() {
            states.push((name.to_owned(), state.get("params").cloned()));
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_members_stays_and_ids_come_first() {
        let stored = with_ids(
            r#"{ "z": 1, "interactions": [{"b":1.0,"a":{"d":1,"c":2}}, 7], "createdAt": 1 }"#,
        )
        .unwrap();
        let id = interaction_id(&serde_json::json!({ "b": 1.0, "a": { "d": 1, "c": 2 } }));
        assert_eq!(
            stored,
            format!(r#"{{"z":1,"interactions":[{{"_id":"{id}","b":1.0,"a":{{"d":1,"c":2}}}},7]}}"#)
        );
    }

    #[test]
    fn an_id_that_was_there_is_replaced() {
        let once = with_ids(r#"{"messages":[{"a":1}]}"#).unwrap();
        assert_eq!(with_ids(&once).unwrap(), once);
        assert_eq!(
            without_ids(&once).unwrap(),
            serde_json::json!({ "messages": [{ "a": 1 }] })
        );
    }

    #[test]
    fn members_are_added_at_the_end() {
        assert_eq!(with_members("{}", &[("a", &Value::from(1))]), r#"{"a":1}"#);
        assert_eq!(
            with_members(r#"{"b":2}"#, &[("a", &Value::from(1))]),
            r#"{"b":2,"a":1}"#
        );
    }
}
