//! What is different between two pacts, as lines: `-` for what was, `+` for what is to be.

use std::time::Duration;

use serde_json::{Map, Value};
use similar::{Algorithm, TextDiff};

use super::document::LISTS;

/// How many lines that both have stand around those that differ.
const CONTEXT_LINES: usize = 3;

/// How long the shortest difference is looked for; after that a longer one is good enough. With what comes before and
/// after it, the difference of the largest pacts is told within fifteen seconds.
const SEARCH_MAX: Duration = Duration::from_secs(8);

/// What stands for an item that both have; no pact holds this text.
const SAME: &str = "\u{1}same";

/// The differing parts of two documents as lines.
pub(crate) fn difference(old: &Value, new: &Value) -> String {
    let (old, new) = (in_order(old), in_order(new));
    let (old, new) = differing_parts(&old, &new);
    let (old, new) = (pretty(&old), pretty(&new));
    let lines = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .timeout(SEARCH_MAX)
        .diff_lines(&old, &new);
    let hunks = lines
        .unified_diff()
        .context_radius(CONTEXT_LINES)
        .missing_newline_hint(false)
        .to_string();
    match hunks.split_once('\n') {
        Some((header, rest)) if header.starts_with("@@") => rest.trim_end().to_owned(),
        _ => hunks.trim_end().to_owned(),
    }
}

/// A pact with its interactions in the order in which contents are compared: that of their texts.
fn in_order(pact: &Value) -> Value {
    let mut pact = sorted(pact);
    for list in LISTS {
        if let Some(Value::Array(items)) = pact.get_mut(list) {
            items.sort_by_cached_key(ToString::to_string);
        }
    }
    pact
}

fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(&sorted(value)).unwrap_or_default();
    let same = Value::from(SAME).to_string();
    text.replace(&same, "... ") + "\n"
}

/// The value with its members in alphabetical order, however maps are built.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            Value::Object(
                members
                    .into_iter()
                    .map(|(name, value)| (name.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// Both sides without the members that are equal.
fn differing_parts(old: &Value, new: &Value) -> (Value, Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let (old, new) = differing_members(old, new);
            (Value::Object(old), Value::Object(new))
        }
        (Value::Array(old), Value::Array(new)) => {
            let (old, new) = differing_items(old, new);
            (Value::Array(old), Value::Array(new))
        }
        _ => (old.clone(), new.clone()),
    }
}

/// Items are compared by their place; one that both have is only hinted at.
fn differing_items(old: &[Value], new: &[Value]) -> (Vec<Value>, Vec<Value>) {
    let mut parts = (Vec::new(), Vec::new());
    for place in 0..old.len().max(new.len()) {
        let pair = match (old.get(place), new.get(place)) {
            (Some(old), Some(new)) if old == new => (Some(SAME.into()), Some(SAME.into())),
            (Some(old), Some(new)) => {
                let (old, new) = differing_parts(old, new);
                (Some(old), Some(new))
            }
            (old, new) => (old.cloned(), new.cloned()),
        };
        parts.0.extend(pair.0);
        parts.1.extend(pair.1);
    }
    parts
}

fn differing_members(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let mut parts = (Map::new(), Map::new());
    for (name, old_value) in old {
        match new.get(name) {
            Some(new_value) if new_value == old_value => {}
            Some(new_value) => {
                let (old_part, new_part) = differing_parts(old_value, new_value);
                parts.0.insert(name.clone(), old_part);
                parts.1.insert(name.clone(), new_part);
            }
            None => {
                parts.0.insert(name.clone(), old_value.clone());
            }
        }
    }
    for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        parts.1.insert(name.clone(), value.clone());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_differs_is_shown() {
        let old = json!({ "b": { "x": 1, "same": true }, "a": 1, "gone": null });
        let new = json!({ "b": { "x": 2, "same": true }, "a": 1 });
        let expected =
            " {\n   \"b\": {\n-    \"x\": 1\n-  },\n-  \"gone\": null\n+    \"x\": 2\n+  }\n }";
        assert_eq!(difference(&old, &new), expected);
    }

    #[test]
    fn an_item_that_did_not_change_is_only_hinted_at() {
        let old = json!([{ "a": 1 }, { "b": 1 }]);
        let new = json!([{ "a": 1 }, { "b": 2 }]);
        assert_eq!(
            difference(&old, &new),
            " [\n   ... ,\n   {\n-    \"b\": 1\n+    \"b\": 2\n   }\n ]"
        );
    }

    #[test]
    fn lines_far_from_a_change_are_left_out() {
        let long = |first: i64, last: i64| {
            let mut items: Vec<Value> = (0..20).map(|item| json!({ "deep": [item] })).collect();
            items[0] = json!({ "deep": [first] });
            items[19] = json!({ "deep": [last] });
            json!(items)
        };
        let text = difference(&long(100, 200), &long(101, 201));
        assert!(text.contains("\n@@ -"), "{text}");
        assert!(text.starts_with(" [\n   {\n"), "{text}");
    }

    #[test]
    fn equal_documents_differ_in_nothing() {
        assert_eq!(difference(&json!({ "a": [1] }), &json!({ "a": [1] })), "");
    }
}
