//! Values that a clock or a random number made, and that are compared exactly: they differ in the next run.

use pact_models::generators::GeneratorCategory;
use pact_models::matchingrules::Category;
use serde_json::Value;

use super::flaw::{Flaw, VolatileKind};
use super::places::child;
use super::run::Found;
use super::subject::{Exchange, FieldKind, Side, Subject};

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let mut found = Found::new();
    for exchange in &subject.exchanges {
        for side in &exchange.sides {
            let known = known_texts(exchange, side);
            let flaws = in_body(side).into_iter().chain(in_headers(side));
            found.extend(
                flaws
                    .filter(|(_, text, _)| !known.contains(text.as_str()))
                    .map(|(pointer, text, kind)| {
                        let value = Value::String(text).to_string();
                        (pointer, Flaw::VolatileValue { kind, value })
                    }),
            );
        }
    }
    found
}

/// What is given: the provider states' parameters and, for an answer, the request. A value from there is no surprise.
fn known_texts(exchange: &Exchange<'_>, side: &Side<'_>) -> String {
    let states = exchange.interaction.provider_states().iter();
    let mut known: String = states.map(|state| state.to_json().to_string()).collect();
    if side.is_response {
        known.push_str(&exchange.json["request"].to_string());
    }
    known
}

type Volatile = (String, String, VolatileKind);

fn in_body(side: &Side<'_>) -> Vec<Volatile> {
    let mut found = Vec::new();
    if let Some(body) = &side.body.json {
        walk(
            side,
            body,
            &mut vec!["$".to_owned()],
            &side.body.pointer,
            &mut found,
        );
    }
    found
}

fn walk(
    side: &Side<'_>,
    value: &Value,
    path: &mut Vec<String>,
    pointer: &str,
    found: &mut Vec<Volatile>,
) {
    let mut enter = |name: String, value: &Value| {
        let pointer = child(pointer, &name);
        path.push(name);
        walk(side, value, path, &pointer, found);
        path.pop();
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| enter(name.clone(), value)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| enter(index.to_string(), value));
        }
        Value::String(text) => {
            if let Some(kind) = kind_of(text)
                && !is_covered(side, path)
            {
                found.push((pointer.to_owned(), text.clone(), kind));
            }
        }
        _ => {}
    }
}

/// Whether a rule for the place, or for one around it, or a generator takes care of the value.
fn is_covered(side: &Side<'_>, path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let rules = side.rules.rules.get(&Category::BODY);
    let has_rule =
        rules.is_some_and(|rules| rules.rules.keys().any(|rule| rule.matches_path(&path)));
    let generators = side.generators.categories.get(&GeneratorCategory::BODY);
    has_rule || generators.is_some_and(|all| all.keys().any(|place| place.matches_path(&path)))
}

fn in_headers(side: &Side<'_>) -> Vec<Volatile> {
    let has_rule = |name: &str| {
        let rules = side.rules.rules.get(&Category::HEADER);
        rules.is_some_and(|rules| {
            rules
                .rules
                .keys()
                .any(|rule| is_named(rule.first_field(), name))
        })
    };
    let has_generator = |name: &str| {
        let generators = side.generators.categories.get(&GeneratorCategory::HEADER);
        generators.is_some_and(|all| all.keys().any(|place| is_named(place.first_field(), name)))
    };
    let headers = side
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Header);
    headers
        .filter_map(|header| {
            let text = header.value.as_str()?;
            let is_date = header.name.eq_ignore_ascii_case("date");
            let kind = if is_date {
                Some(VolatileKind::Timestamp)
            } else {
                kind_of(text)
            }?;
            let is_covered = has_rule(&header.name) || has_generator(&header.name);
            (!is_covered).then(|| (header.pointer.clone(), text.to_owned(), kind))
        })
        .collect()
}

fn is_named(field: Option<&str>, name: &str) -> bool {
    field.is_some_and(|field| field.eq_ignore_ascii_case(name))
}

fn kind_of(text: &str) -> Option<VolatileKind> {
    if is_random_uuid(text) {
        Some(VolatileKind::Uuid)
    } else if is_timestamp(text) {
        Some(VolatileKind::Timestamp)
    } else {
        None
    }
}

/// A UUID of version 4 or 7. One that a person made up, such as all zeros, has another version.
fn is_random_uuid(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => matches!(byte, b'4' | b'7'),
        19 => matches!(byte, b'8' | b'9' | b'a' | b'b' | b'A' | b'B'),
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(shape)
}

/// A date with a time of day. Midnight is a date that somebody chose.
pub(super) fn is_timestamp(text: &str) -> bool {
    const SHAPE: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let bytes = text.as_bytes();
    let Some((start, rest)) = bytes.split_at_checked(SHAPE.len()) else {
        return false;
    };
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'd' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        other => byte == other,
    };
    let is_zone = |byte: &u8| byte.is_ascii_digit() || b".+-:Z".contains(byte);
    start.iter().zip(SHAPE).all(fits) && rest.iter().all(is_zone) && &start[11..] != b"00:00:00"
}
