//! A pattern for a whole body from what the consumer has already: a value of its own type, or a JSON Schema.

use std::collections::HashMap;

use pact_consumer::patterns::{JsonPattern, Like};
use serde::Serialize;
use serde_json::{Value, json};

use super::lists::at_least;
use super::texts::{date, datetime, regex, uuid};
use super::values::{boolean, decimal, integer, null};

/// How deep a schema is followed; below, anything of the right type will do.
const SCHEMA_DEPTH_MAX: usize = 32;

/// The types of a value: numbers, texts and flags match by type, lists by the type of their first element.
///
/// With a value of the type that the consumer reads its answers into, a contract for forty members is one line.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// #[derive(serde::Serialize)]
/// struct User { id: u64, name: String, tags: Vec<String> }
///
/// let jane = User { id: 42, name: "Jane".into(), tags: vec!["new".into()] };
/// assert!(accepts(shape_of(&jane), &json!({"id": 7, "name": "Joe", "tags": ["a", "b"]})));
/// assert!(!accepts(shape_of(&jane), &json!({"id": 7, "tags": ["a"]})));
/// ```
///
/// # Panics
/// If the value cannot be serialised as JSON.
#[must_use]
pub fn shape_of(value: &impl Serialize) -> JsonPattern {
    match serde_json::to_value(value) {
        Ok(value) => shape(&value),
        Err(error) => panic!("the example cannot be written as JSON: {error}"),
    }
}

fn shape(value: &Value) -> JsonPattern {
    match value {
        Value::Null => JsonPattern::Json(Value::Null),
        Value::Number(number) if number.is_f64() => decimal(number.as_f64().unwrap_or(0.5)).into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => integer(number).into(),
            None => Like::new(JsonPattern::Json(value.clone())).into(),
        },
        Value::Bool(_) | Value::String(_) => Like::new(JsonPattern::Json(value.clone())).into(),
        Value::Array(items) => match items.first() {
            Some(first) => at_least(1, shape(first)).into(),
            None => Like::new(JsonPattern::Json(json!([]))).into(),
        },
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| (name.clone(), shape(value)));
            JsonPattern::Object(members.collect())
        }
    }
}

/// What a JSON Schema requires: its required members with their types, formats and patterns. Members that it does not
/// require are left out, because a contract says what the consumer needs.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let schema = json!({
///     "type": "object", "required": ["id", "mail"],
///     "properties": {
///         "id": { "type": "integer" },
///         "mail": { "type": "string", "pattern": "@", "examples": ["jane@example.com"] },
///         "nickname": { "type": "string" }
///     }
/// });
/// assert!(accepts(shape_of_schema(&schema), &json!({"id": 7, "mail": "joe@example.com"})));
/// assert!(!accepts(shape_of_schema(&schema), &json!({"id": "7", "mail": "joe@example.com"})));
/// ```
///
/// # Panics
/// If a text must match a pattern and the schema gives no example of it.
#[must_use]
pub fn shape_of_schema(schema: &Value) -> JsonPattern {
    from_schema(schema, schema, 0)
}

fn from_schema(root: &Value, schema: &Value, depth: usize) -> JsonPattern {
    if let Some(pointer) = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.strip_prefix('#'))
    {
        let target = root.pointer(pointer).unwrap_or(&Value::Null);
        if depth < SCHEMA_DEPTH_MAX {
            return from_schema(root, target, depth + 1);
        }
    }
    if let Some(fixed) = schema.get("const") {
        return JsonPattern::Json(fixed.clone());
    }
    if let Some(choices) = schema["enum"].as_array() {
        return one_of(choices);
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .find(|kind| *kind != "null")
            .unwrap_or(&Value::Null),
        kind => kind,
    };
    let example = example(schema);
    match kind.as_str() {
        Some("integer") => integer(example.as_ref().and_then(Value::as_i64).unwrap_or(1)).into(),
        Some("number") => super::values::number(number_of(example)).into(),
        Some("boolean") => {
            boolean(example.as_ref().and_then(Value::as_bool).unwrap_or(true)).into()
        }
        Some("null") => null().into(),
        Some("string") => text(schema, example.as_ref()),
        Some("array") => {
            let min = schema["minItems"]
                .as_u64()
                .and_then(|min| usize::try_from(min).ok())
                .unwrap_or(0);
            at_least(min, from_schema(root, &schema["items"], depth + 1)).into()
        }
        _ if schema["properties"].is_object() => members(root, schema, depth),
        _ => Like::new(JsonPattern::Json(example.unwrap_or_else(|| json!({})))).into(),
    }
}

fn members(root: &Value, schema: &Value, depth: usize) -> JsonPattern {
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let members = required.map(|name| {
        let member = &schema["properties"][name];
        (name.to_owned(), from_schema(root, member, depth + 1))
    });
    JsonPattern::Object(members.collect::<HashMap<_, _>>())
}

fn text(schema: &Value, example: Option<&Value>) -> JsonPattern {
    let given = example.and_then(Value::as_str).map(str::to_owned);
    if let Some(pattern) = schema["pattern"].as_str() {
        let Some(example) = given else {
            panic!(
                "the schema asks for /{pattern}/ and gives no example of it: add `examples` there"
            );
        };
        return regex(whole(pattern), example).into();
    }
    let or = |default: &str| given.clone().unwrap_or_else(|| default.to_owned());
    match schema["format"].as_str() {
        Some("uuid") => uuid(or("00000000-0000-4000-8000-000000000000")).into(),
        Some("date") => date("yyyy-MM-dd", or("2000-01-31")).into(),
        Some("date-time") => datetime("yyyy-MM-dd'T'HH:mm:ssX", or("2000-01-31T12:00:00Z")).into(),
        _ => Like::new(JsonPattern::Json(Value::String(or("text")))).into(),
    }
}

/// A schema's pattern may stand anywhere in a text, a matching rule's has to match all of it.
fn whole(pattern: &str) -> String {
    if pattern.starts_with('^') && pattern.ends_with('$') {
        pattern.to_owned()
    } else {
        format!(".*(?:{pattern}).*")
    }
}

fn number_of(example: Option<Value>) -> serde_json::Number {
    match example {
        Some(Value::Number(number)) => number,
        _ => 1.into(),
    }
}

fn one_of(choices: &[Value]) -> JsonPattern {
    let texts: Option<Vec<&str>> = choices.iter().map(Value::as_str).collect();
    match texts.as_deref() {
        Some([first, ..]) => {
            let choices: Vec<String> = texts.iter().flatten().map(|text| escaped(text)).collect();
            regex(format!("^({})$", choices.join("|")), *first).into()
        }
        _ => Like::new(JsonPattern::Json(
            choices.first().cloned().unwrap_or_default(),
        ))
        .into(),
    }
}

fn escaped(text: &str) -> String {
    let special = |c: char| !(c.is_alphanumeric() || c == '_' || c == ' ' || c == '-');
    text.chars()
        .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]))
        .collect()
}

fn example(schema: &Value) -> Option<Value> {
    let first = schema["examples"]
        .as_array()
        .and_then(|examples| examples.first());
    first
        .or_else(|| schema.get("example"))
        .or_else(|| schema.get("default"))
        .cloned()
}
