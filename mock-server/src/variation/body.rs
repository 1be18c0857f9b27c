//! Changes of a body: a JSON document, a form as an object of texts, or a text as a document of one string.

use std::fmt;

use pact_models::bodies::OptionalBody;
use pact_models::matchingrules::MatchingRules;
use pact_models::v4::http_parts::HttpResponse;
use serde_json::{Map, Value, json};

use super::values;
use crate::random::Seeded;

/// How many values of a document are varied.
const VALUES_MAX: usize = 200;

/// How many elements of a list are varied: the others are of the same kind.
const ELEMENTS_MAX: usize = 3;

/// The name of a member that no contract has.
const STRANGER: &str = "notInTheContract";

/// The longest value that is shown whole, in characters.
const SHOWN_CHARS_MAX: usize = 40;

/// A body that can be varied.
#[derive(Debug, Clone)]
pub(super) struct Document {
    value: Value,
    format: Format,
}

/// How a document is written.
#[derive(Debug, Clone)]
enum Format {
    Json,
    Text,
    /// `application/x-www-form-urlencoded`, its names in the order of the example.
    Form(Vec<String>),
}

/// A step from a value to one inside it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Member(String),
    Element(usize),
}

/// A change of one value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Edit {
    Other { was: Value, value: Value },
    Length { was: usize, length: usize },
    StrangeElement,
    StrangeMember,
    Removed(String),
    Renamed(String),
}

impl Document {
    pub(super) fn of(response: &HttpResponse) -> Option<Self> {
        let bytes = response.body.value().filter(|body| !body.is_empty())?;
        let content_type = response.content_type()?;
        if content_type.is_json() {
            let value = serde_json::from_slice(&bytes).ok()?;
            let format = Format::Json;
            return Some(Self { value, format });
        }
        let text = String::from_utf8(bytes.to_vec()).ok()?;
        match (&*content_type.main_type, &*content_type.sub_type) {
            ("text", "plain") => Some(Self {
                value: Value::String(text),
                format: Format::Text,
            }),
            ("application", "x-www-form-urlencoded") => Some(form(&text)),
            _ => None,
        }
    }

    pub(super) fn into_body(self, expected: &HttpResponse) -> OptionalBody {
        let bytes = match (self.value, self.format) {
            (Value::String(text), Format::Text) => text,
            (Value::Object(members), Format::Form(names)) => form_text(&members, &names),
            (value, _) => value.to_string(),
        };
        if bytes.is_empty() {
            return OptionalBody::Empty;
        }
        let content_type = expected.body.content_type();
        OptionalBody::Present(bytes.into(), content_type, None)
    }

    /// Every change that is worth asking the rules about.
    pub(super) fn edits(
        &self,
        rules: &MatchingRules,
        random: &mut Seeded,
    ) -> impl Iterator<Item = (Vec<Step>, Edit)> {
        let mut places = Vec::new();
        walk(&self.value, &mut Vec::new(), &mut places);
        let mut edits = Vec::new();
        for (path, value) in places {
            let names = names(&path);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let patterns = values::body_patterns(rules, &names);
            let of_value = edits_of(value, &patterns, random).into_iter();
            edits.extend(of_value.map(|edit| (path.clone(), edit)));
        }
        edits.into_iter()
    }

    /// The document with these changes; nothing if one of them has lost its place.
    pub(super) fn edited(mut self, mut edits: Vec<(&Vec<Step>, &Edit)>) -> Option<Self> {
        // What is inside comes first, so that longer lists repeat what was changed, and no place is gone too early.
        edits.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        for (path, edit) in edits {
            let place = path
                .iter()
                .try_fold(&mut self.value, |value, step| match step {
                    Step::Member(name) => value.get_mut(name),
                    Step::Element(position) => value.get_mut(position),
                });
            edit.apply(place?)?;
        }
        Some(self)
    }
}

/// A form as an object: a text for a name that stands there once, a list of texts for one that is repeated.
fn form(text: &str) -> Document {
    let mut members: Map<String, Value> = Map::new();
    let mut names = Vec::new();
    for (name, text) in form_urlencoded::parse(text.as_bytes()) {
        let text = json!(text);
        match members.get_mut(&*name) {
            Some(Value::Array(texts)) => texts.push(text),
            Some(one) => *one = json!([one.take(), text]),
            None => {
                names.push(name.to_string());
                members.insert(name.into_owned(), text);
            }
        }
    }
    Document {
        value: Value::Object(members),
        format: Format::Form(names),
    }
}

fn form_text(members: &Map<String, Value>, names: &[String]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    let strange = members.keys().filter(|name| !names.contains(name));
    for name in names.iter().chain(strange) {
        let texts = match members.get(name) {
            Some(Value::Array(texts)) => texts.as_slice(),
            one => one.map_or(&[][..], std::slice::from_ref),
        };
        for text in texts {
            match text {
                Value::String(text) => form.append_pair(name, text),
                other => form.append_pair(name, &other.to_string()),
            };
        }
    }
    form.finish()
}

impl Edit {
    fn apply(&self, place: &mut Value) -> Option<()> {
        match self {
            Self::Other { value, .. } => *place = value.clone(),
            Self::Length { length, .. } => {
                let elements = place.as_array_mut()?;
                let there = elements.clone();
                *elements = there.iter().cycle().take(*length).cloned().collect();
            }
            Self::StrangeElement => place.as_array_mut()?.insert(0, json!({ STRANGER: [] })),
            Self::StrangeMember => {
                let stranger = json!({"nested": [1, null]});
                place.as_object_mut()?.insert(STRANGER.to_owned(), stranger);
            }
            Self::Removed(name) => {
                place.as_object_mut()?.remove(name)?;
            }
            Self::Renamed(name) => {
                let members = place.as_object_mut()?;
                let value = members.remove(name)?;
                members.insert(STRANGER.to_owned(), value);
            }
        }
        Some(())
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other { was, value } => write!(f, "{} in place of {}", shown(value), shown(was)),
            Self::Length { was, length } => {
                write!(f, "{} in place of {was}", elements(*length))
            }
            Self::StrangeElement => f.write_str("one more element, of another kind"),
            Self::StrangeMember => write!(f, "one more member, {STRANGER:?}"),
            Self::Removed(name) => write!(f, "no member {name:?}"),
            Self::Renamed(name) => write!(f, "a member {STRANGER:?} in place of {name:?}"),
        }
    }
}

fn elements(length: usize) -> String {
    match length {
        0 => "no elements".to_owned(),
        1 => "1 element".to_owned(),
        n => format!("{n} elements"),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}

fn walk<'a>(value: &'a Value, path: &mut Vec<Step>, places: &mut Vec<(Vec<Step>, &'a Value)>) {
    if places.len() >= VALUES_MAX {
        return;
    }
    places.push((path.clone(), value));
    let mut into = |step: Step, inside: &'a Value| {
        path.push(step);
        walk(inside, path, places);
        path.pop();
    };
    match value {
        Value::Array(elements) => {
            for (position, element) in elements.iter().enumerate().take(ELEMENTS_MAX) {
                into(Step::Element(position), element);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                into(Step::Member(name.clone()), member);
            }
        }
        _ => {}
    }
}

fn edits_of(value: &Value, patterns: &[String], random: &mut Seeded) -> Vec<Edit> {
    let mut edits: Vec<Edit> = values::others(value, patterns, random)
        .into_iter()
        .map(|other| Edit::Other {
            was: value.clone(),
            value: other,
        })
        .collect();
    match value {
        Value::Array(elements) => {
            let was = elements.len();
            let lengths = [0, 1, 2, was + 1, was + 10].into_iter();
            let lengths = lengths.filter(|length| *length != was && (was > 0 || *length == 0));
            edits.extend(lengths.map(|length| Edit::Length { was, length }));
            edits.push(Edit::StrangeElement);
        }
        Value::Object(members) => {
            edits.push(Edit::StrangeMember);
            edits.extend(members.keys().cloned().map(Edit::Removed));
            edits.extend(members.keys().cloned().map(Edit::Renamed));
        }
        _ => {}
    }
    edits
}

fn names(path: &[Step]) -> Vec<String> {
    let steps = path.iter().map(|step| match step {
        Step::Member(name) => name.clone(),
        Step::Element(position) => position.to_string(),
    });
    std::iter::once("$".to_owned()).chain(steps).collect()
}

/// The path as people write it: `$.items[0]['first name']`.
pub(super) fn text(path: &[Step]) -> String {
    let mut text = "$".to_owned();
    for step in path {
        match step {
            Step::Element(position) => text.push_str(&format!("[{position}]")),
            Step::Member(name) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                text.push_str(&format!(".{name}"));
            }
            Step::Member(name) => text.push_str(&format!("['{name}']")),
        }
    }
    text
}
