//! How a pact document is written: one canonical text for one content.

use serde_json::{Map, Value};

/// The same JSON with the members of every object in the order of their names.
///
/// `serde_json` sorts by itself, unless some crate in the build turns its `preserve_order` on; a pact file must not
/// depend on that.
#[must_use]
pub fn canonical(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            let sorted = members
                .into_iter()
                .map(|(name, value)| (name, canonical(value)));
            Value::Object(sorted.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(canonical).collect()),
        other => other,
    }
}

/// The text of a document as Treaty writes it: canonical, indented by two spaces, one line feed at the end.
///
/// ```
/// use treaty_core::document::render;
///
/// let document = serde_json::json!({"b": [1], "a": {}});
/// assert_eq!(render(document), "{\n  \"a\": {},\n  \"b\": [\n    1\n  ]\n}\n");
/// ```
#[must_use]
pub fn render(document: Value) -> String {
    format!("{:#}\n", canonical(document))
}
