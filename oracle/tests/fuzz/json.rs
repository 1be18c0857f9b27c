//! Changes of JSON: what is left is JSON, and often still a pact.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Deeper than any example, and less deep than the JSON parser goes.
const DEPTH: usize = 100;
const TEXTS: [&str; 28] = [
    "",
    "\0",
    "é\u{10FFFF}",
    "[a-z",
    "(a{900}){900}",
    "(?i)^.*$",
    "\\p{L}+\\",
    "$",
    "$.",
    "$.*",
    "$[*]",
    "$['a",
    "$.a[0].b",
    "$..a",
    "GET",
    "200",
    "application/json",
    "application/xml",
    "multipart/form-data; boundary=",
    "type",
    "regex",
    "yyyy-MM-dd'T'HH:mm:ssXXX",
    "'",
    "Synchronous/HTTP",
    "Asynchronous/Messages",
    "4.0",
    "base64",
    "${a} ${",
];
const NAMES: [&str; 26] = [
    "match",
    "regex",
    "min",
    "max",
    "matchers",
    "combine",
    "value",
    "values",
    "variants",
    "matchingRules",
    "generators",
    "body",
    "header",
    "headers",
    "path",
    "query",
    "status",
    "type",
    "digits",
    "size",
    "format",
    "expression",
    "example",
    "content",
    "encoded",
    "contentType",
];

/// Changes a few places of the document; `other` is where pieces to put in come from.
pub(crate) fn change(document: &mut Value, other: &Value, random: &mut Rng) {
    for _ in 0..=random.usize(..4) {
        let piece = if random.bool() {
            interesting(random)
        } else {
            somewhere(&mut other.clone(), random).clone()
        };
        change_one(somewhere(document, random), piece, random);
    }
}

/// A place of the document, deep ones as likely as others.
fn somewhere<'a>(mut value: &'a mut Value, random: &mut Rng) -> &'a mut Value {
    while random.u8(..8) > 0 {
        let children = match &*value {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            _ => 0,
        };
        if children == 0 {
            return value;
        }
        let chosen = random.usize(..children);
        value = match value {
            Value::Array(items) => &mut items[chosen],
            Value::Object(members) => members.values_mut().nth(chosen).unwrap(),
            _ => unreachable!("only lists and objects have children"),
        };
    }
    value
}

fn change_one(place: &mut Value, piece: Value, random: &mut Rng) {
    match place {
        Value::Object(members) if random.bool() => change_object(members, piece, random),
        Value::Array(items) if random.bool() => match random.u8(..3) {
            0 => items.push(piece),
            1 => drop(items.pop()),
            _ => items.extend(items.clone()),
        },
        place => *place = piece,
    }
}

fn change_object(members: &mut Map<String, Value>, piece: Value, random: &mut Rng) {
    let names: Vec<String> = members.keys().cloned().collect();
    let name = random.choice(&names).cloned().unwrap_or_default();
    let other = (*random.choice(NAMES).unwrap()).to_owned();
    match random.u8(..4) {
        0 => drop(members.remove(&name)),
        1 => drop(members.insert(name, piece)),
        2 => drop(members.insert(other, piece)),
        _ => {
            let value = members.remove(&name).unwrap_or_default();
            members.insert(other, value);
        }
    }
}

fn interesting(random: &mut Rng) -> Value {
    match random.u8(..10) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(
            random
                .choice([0, -1, 1, 65_536, i64::MAX, i64::MIN])
                .unwrap()
        ),
        3 => json!(u64::MAX),
        4 => json!(random.choice([0.5, -1e308, 1e308, 200.1]).unwrap()),
        5 => (0..DEPTH).fold(json!(1), |inner, _| json!([inner])),
        6 => (0..DEPTH).fold(json!(1), |inner, _| json!({"a": inner})),
        7 => json!(random.choice([json!([]), json!({})]).unwrap()),
        8 => json!("a".repeat(random.usize(..10_000))),
        _ => json!(random.choice(TEXTS).unwrap()),
    }
}
