//! What is different between two pacts, as lines: `-` for what was, `+` for what is to be.

use serde_json::{Map, Value};

/// The longest text whose lines are compared; a longer one is only said to be different.
const LINES_MAX: usize = 2_000;

/// The differing parts of two documents as lines.
pub(crate) fn difference(old: &Value, new: &Value) -> String {
    let (old, new) = (in_order(old), in_order(new));
    let (old, new) = differing_parts(&old, &new);
    let (old, new) = (pretty(&old), pretty(&new));
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    if old.len() > LINES_MAX || new.len() > LINES_MAX {
        return "The difference is too long to be shown.".to_owned();
    }
    compare(&old, &new).join("\n")
}

/// A pact with its interactions in the order in which contents are compared: that of their texts.
fn in_order(pact: &Value) -> Value {
    let mut pact = sorted(pact);
    for list in ["interactions", "messages"] {
        if let Some(Value::Array(items)) = pact.get_mut(list) {
            items.sort_by_cached_key(ToString::to_string);
        }
    }
    pact
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(&sorted(value)).unwrap_or_default()
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
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let parts = old
                .iter()
                .zip(new)
                .map(|(old, new)| differing_parts(old, new));
            let (old, new): (Vec<Value>, Vec<Value>) = parts.unzip();
            (Value::Array(old), Value::Array(new))
        }
        _ => (old.clone(), new.clone()),
    }
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

/// The lines of both, those of the longest common subsequence once.
fn compare(old: &[&str], new: &[&str]) -> Vec<String> {
    let lengths = common_lengths(old, new);
    let (mut left, mut right) = (0, 0);
    let mut lines = Vec::new();
    while left < old.len() || right < new.len() {
        if left < old.len() && right < new.len() && old[left] == new[right] {
            lines.push(format!(" {}", old[left]));
            left += 1;
            right += 1;
        } else if right == new.len()
            || (left < old.len() && lengths[left + 1][right] >= lengths[left][right + 1])
        {
            lines.push(format!("-{}", old[left]));
            left += 1;
        } else {
            lines.push(format!("+{}", new[right]));
            right += 1;
        }
    }
    lines
}

/// How long the longest common subsequence is from each pair of places on.
fn common_lengths(old: &[&str], new: &[&str]) -> Vec<Vec<u32>> {
    let mut lengths = vec![vec![0; new.len() + 1]; old.len() + 1];
    for left in (0..old.len()).rev() {
        for right in (0..new.len()).rev() {
            lengths[left][right] = if old[left] == new[right] {
                lengths[left + 1][right + 1] + 1
            } else {
                lengths[left + 1][right].max(lengths[left][right + 1])
            };
        }
    }
    lengths
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
}
