//! Right answers, and answers that are wrong in exactly one place.

use bytes::Bytes;
use pact_models::v4::http_parts::HttpResponse;
use serde_json::{Value, json};

/// Framing is for the server to write.
const NOT_OURS_TO_SEND: [&str; 3] = ["content-length", "transfer-encoding", "connection"];

/// What a provider answers.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// An answer, and what is wrong with it.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) what: String,
    pub(crate) answer: Answer,
}

impl Answer {
    /// The expected response with its generators off.
    pub(crate) fn right(expected: &HttpResponse) -> Self {
        let mut headers = Vec::new();
        for (name, values) in expected.headers.iter().flatten() {
            let values = values.iter().map(|value| (name.clone(), value.clone()));
            headers.extend(values);
        }
        let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
        let has_type = headers.iter().any(|(name, _)| is(name, "content-type"));
        let content_type = expected.body.content_type().filter(|_| !has_type);
        headers.extend(content_type.map(|kind| ("Content-Type".to_owned(), kind.to_string())));
        headers.retain(|(name, _)| !NOT_OURS_TO_SEND.iter().any(|other| is(name, other)));
        headers.sort();
        Self {
            status: expected.status,
            headers,
            body: expected.body.value().unwrap_or_default(),
        }
    }
}

/// The right answer first.
pub(crate) fn variants(expected: &HttpResponse) -> Vec<Variant> {
    let right = Answer::right(expected);
    let mut variants = vec![Variant::new("right", &right)];
    let mut other = Variant::new("another status", &right);
    other.answer.status = if right.status < 500 { 500 } else { 200 };
    variants.push(other);
    for (index, (name, _)) in right.headers.iter().enumerate() {
        let mut missing = Variant::new(format!("without header {name}"), &right);
        missing.answer.headers.remove(index);
        let mut changed = Variant::new(format!("another {name}"), &right);
        changed.answer.headers[index].1.insert(0, 'x');
        variants.extend([missing, changed]);
    }
    let whole = |what: &str, body: Bytes| {
        let mut variant = Variant::new(what, &right);
        variant.answer.body = body;
        variant
    };
    if !right.body.is_empty() {
        variants.push(whole("without its body", Bytes::new()));
        variants.push(whole(
            "half its body",
            right.body.slice(..right.body.len() / 2),
        ));
        variants.push(whole(
            "more than its body",
            [&*right.body, b"x"].concat().into(),
        ));
    }
    match serde_json::from_slice::<Value>(&right.body) {
        Ok(body) => {
            variants.extend(edited(&body).map(|(what, body)| whole(&what, body.to_string().into())))
        }
        Err(_) => variants.extend(reworded(&right.body).map(|body| whole("another word", body))),
    }
    variants
}

impl Variant {
    fn new(what: impl Into<String>, answer: &Answer) -> Self {
        Self {
            what: what.into(),
            answer: answer.clone(),
        }
    }
}

/// The first text between two tags changed.
fn reworded(body: &Bytes) -> Option<Bytes> {
    let text = std::str::from_utf8(body).ok()?;
    let is_text = |(at, _): &(usize, &str)| text[at + 1..].starts_with(char::is_alphanumeric);
    let (at, _) = text.match_indices('>').find(is_text)?;
    Some(format!("{}>x{}", &text[..at], &text[at + 1..]).into())
}

/// The body with one edit at one place, for every edit at every place.
fn edited(body: &Value) -> impl Iterator<Item = (String, Value)> {
    let mut places = Vec::new();
    places_of(body, String::new(), &mut places);
    let mut bodies = Vec::new();
    for place in places {
        let value = body.pointer(&place).expect("the place is in the body");
        for (what, edited) in edits(value) {
            let mut whole = body.clone();
            *whole.pointer_mut(&place).expect("as above") = edited;
            bodies.push((format!("{what} at {place:?}"), whole));
        }
    }
    bodies.into_iter()
}

fn places_of(value: &Value, here: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places_of(member, format!("{here}/{name}"), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places_of(item, format!("{here}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(here);
}

/// What can become of one value.
fn edits(value: &Value) -> Vec<(String, Value)> {
    let mut edits = vec![("null".to_owned(), Value::Null)];
    let mut edit = |what: &str, value: Value| edits.push((what.to_owned(), value));
    match value {
        Value::Null => edit("retyped", json!("x")),
        Value::Bool(is) => {
            edit("retyped", json!("x"));
            edit("changed", json!(!is));
        }
        Value::Number(number) => {
            edit("retyped", json!(number.to_string()));
            let whole = number.as_i64().map(|number| json!(number ^ 1));
            let changed = whole.or(number.as_f64().map(|number| json!(number + 1.5)));
            edit("changed", changed.unwrap_or_default());
            edit("other kind of number", json!(0.5));
        }
        Value::String(text) => {
            edit("retyped", json!(7));
            edit("changed", json!(format!("x{text}")));
            edit("emptied", json!(""));
        }
        Value::Array(items) => {
            edit("retyped", json!({}));
            edit("emptied", json!([]));
            let (mut more, mut other) = (items.clone(), items.clone());
            more.push(items.last().cloned().unwrap_or_default());
            edit("an extra item", more.into());
            other.push(json!({ "unexpected": true }));
            edit("an item of another kind", other.into());
            if let Some((_, fewer)) = items.split_last() {
                edit("an item dropped", fewer.into());
            }
        }
        Value::Object(members) => {
            edit("retyped", json!([]));
            edit("emptied", json!({}));
            let mut more = members.clone();
            more.insert("unexpected".to_owned(), json!(1));
            edit("an extra member", more.into());
            for name in members.keys() {
                let fewer = members.iter().filter(|(other, _)| *other != name);
                let fewer = fewer.map(|(name, value)| (name.clone(), value.clone()));
                edit(&format!("{name:?} dropped"), Value::Object(fewer.collect()));
            }
        }
    }
    edits.retain(|(_, edited)| edited != value);
    edits
}
