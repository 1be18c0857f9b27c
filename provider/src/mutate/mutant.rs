//! Every answer or message that differs from the provider's in one place.

use bytes::Bytes;
use pact_models::bodies::OptionalBody;
use pact_models::path_exp::{DocPath, PathToken};
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use treaty_core::mismatch::Part;
use treaty_core::wire;

/// How many elements of a list are changed: the others are of the same kind.
const ELEMENTS_MAX: usize = 3;

/// The name of a member that no contract has, and the value of a header that none asks for.
const STRANGER: &str = "notInTheContract";

/// The same for a content type, of which the matching library warns where it cannot be read.
const STRANGE_TYPE: &str = "application/x-not-in-the-contract";

/// Headers that belong to the transport, or differ from answer to answer: no contract is about them.
const TRANSPORT: [&str; 6] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
];

/// One kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mutation {
    /// The member or header is not there.
    Dropped,
    /// The value is null.
    Null,
    /// The value is of another type.
    Retyped,
    /// The string, array, object or body is empty.
    Emptied,
    /// The status or header has another value.
    Changed,
    /// The object has one member more. Contracts let a provider add members, so this says nothing about a place.
    Added,
}

impl Mutation {
    /// The kind as it stands in texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Null => "null",
            Self::Retyped => "retyped",
            Self::Emptied => "emptied",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// A change that is not made yet.
#[derive(Debug, Clone)]
pub(super) struct Mutant {
    pub(super) part: Part,
    /// The place, its indices as stars: the elements of a list are of one kind.
    pub(super) path: String,
    pub(super) mutation: Mutation,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    Status(u16),
    /// A header, or an entry of the metadata.
    Named {
        name: String,
        value: Option<String>,
    },
    NoBody,
    Value {
        at: Vec<PathToken>,
        value: Value,
    },
    Drop {
        at: Vec<PathToken>,
    },
    Add {
        at: Vec<PathToken>,
    },
}

/// An answer or a message, taken apart so that it can be changed.
pub(super) struct Original {
    status: Option<u16>,
    /// The headers of an answer, or the metadata of a message, by name.
    part: Part,
    names: Vec<String>,
    body: Bytes,
    document: Option<Value>,
}

impl Original {
    pub(super) fn of_response(response: &HttpResponse) -> Self {
        let names = response.headers.iter().flat_map(|headers| headers.keys());
        let is_transport = |name: &str| TRANSPORT.iter().any(|t| t.eq_ignore_ascii_case(name));
        let names = names.filter(|name| !is_transport(name)).cloned().collect();
        Self::new(Some(response.status), Part::Header, names, &response.body)
    }

    pub(super) fn of_message(contents: &MessageContents) -> Self {
        let names = contents.metadata.keys().cloned().collect();
        Self::new(None, Part::Metadata, names, &contents.contents)
    }

    fn new(status: Option<u16>, part: Part, mut names: Vec<String>, body: &OptionalBody) -> Self {
        names.sort_unstable();
        let body = body.value().unwrap_or_default();
        Self {
            status,
            part,
            names,
            document: serde_json::from_slice(&body).ok(),
            body,
        }
    }

    pub(super) fn body_bytes(&self) -> usize {
        self.body.len()
    }

    /// Every change, in the order of status, headers by name, and body.
    pub(super) fn mutants(&self) -> Vec<Mutant> {
        let mut mutants = self.status.map(status_mutants).unwrap_or_default();
        for name in &self.names {
            mutants.push(self.named_mutant(name, Mutation::Dropped, None));
            mutants.push(self.named_mutant(name, Mutation::Changed, Some(stranger(name))));
        }
        match &self.document {
            Some(document) => walk(document, &mut Vec::new(), &mut mutants),
            None if self.body.is_empty() => {}
            None => mutants.push(Mutant {
                part: Part::Body,
                path: "$".to_owned(),
                mutation: Mutation::Emptied,
                change: Change::NoBody,
            }),
        }
        mutants
    }

    fn named_mutant(&self, name: &str, mutation: Mutation, value: Option<&str>) -> Mutant {
        Mutant {
            part: self.part,
            path: name.to_owned(),
            mutation,
            change: Change::Named {
                name: name.to_owned(),
                value: value.map(str::to_owned),
            },
        }
    }

    /// The body after the change, which may have been made elsewhere.
    fn changed_body(&self, change: &Change) -> Option<Bytes> {
        match change {
            Change::Status(_) | Change::Named { .. } => Some(self.body.clone()),
            Change::NoBody => Some(Bytes::new()),
            change => {
                let mut document = self.document.clone()?;
                change.make(&mut document)?;
                Some(document.to_string().into())
            }
        }
    }

    /// The message with the change made.
    pub(super) fn changed_message(
        &self,
        contents: &MessageContents,
        mutant: &Mutant,
    ) -> Option<MessageContents> {
        let mut changed = contents.clone();
        if let Change::Named { name, value } = &mutant.change {
            changed.metadata.remove(name);
            let value = value.clone().map(|value| (name.clone(), value.into()));
            changed.metadata.extend(value);
        }
        let body = self.changed_body(&mutant.change)?;
        changed.contents = match contents.contents.clone() {
            _ if body.is_empty() => OptionalBody::Empty,
            OptionalBody::Present(_, kind, hint) => OptionalBody::Present(body, kind, hint),
            other => other,
        };
        Some(changed)
    }

    /// The answer with the change made.
    pub(super) fn changed_response(
        &self,
        response: &HttpResponse,
        mutant: &Mutant,
    ) -> Option<HttpResponse> {
        let mut status = response.status;
        let mut headers: Vec<(&str, String)> = Vec::new();
        for (name, values) in response.headers.iter().flatten() {
            headers.extend(values.iter().map(|value| (name.as_str(), value.clone())));
        }
        match &mutant.change {
            Change::Status(other) => status = *other,
            Change::Named { name, value } => {
                headers.retain(|(other, _)| other != name);
                headers.extend(value.clone().map(|value| (name.as_str(), value)));
            }
            _ => {}
        }
        let body = self.changed_body(&mutant.change)?;
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, value.as_bytes()));
        Some(wire::response(status, headers, body))
    }
}

impl Change {
    fn make(&self, document: &mut Value) -> Option<()> {
        match self {
            Self::Value { at, value } => *place(document, at)? = value.clone(),
            Self::Drop { at } => {
                let (PathToken::Field(name), around) = at.split_last()? else {
                    return None;
                };
                place(document, around)?.as_object_mut()?.remove(name)?;
            }
            Self::Add { at } => {
                let members = place(document, at)?.as_object_mut()?;
                members.insert(STRANGER.to_owned(), json!(true));
            }
            Self::Status(_) | Self::Named { .. } | Self::NoBody => return None,
        }
        Some(())
    }
}

/// What no contract asks for under the name.
fn stranger(name: &str) -> &'static str {
    let is_type = ["content-type", "contentType"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name));
    if is_type { STRANGE_TYPE } else { STRANGER }
}

fn place<'v>(document: &'v mut Value, at: &[PathToken]) -> Option<&'v mut Value> {
    at.iter().try_fold(document, |value, step| match step {
        PathToken::Field(name) => value.get_mut(name),
        PathToken::Index(index) => value.get_mut(index),
        _ => None,
    })
}

/// Another status of the same class, which a client may take for the same, and one that it may not.
fn status_mutants(status: u16) -> Vec<Mutant> {
    let same_class = match status % 100 {
        99 => status - 1,
        _ => status - status % 100 + 99,
    };
    let other_class = if status < 500 { 500 } else { 200 };
    let mutant = |status| Mutant {
        part: Part::Status,
        path: "status".to_owned(),
        mutation: Mutation::Changed,
        change: Change::Status(status),
    };
    vec![mutant(same_class), mutant(other_class)]
}

fn walk(value: &Value, at: &mut Vec<PathToken>, mutants: &mut Vec<Mutant>) {
    let path = path_of(at);
    let mut add = |mutation, change| {
        mutants.push(Mutant {
            part: Part::Body,
            path: path.clone(),
            mutation,
            change,
        });
    };
    if matches!(at.last(), Some(PathToken::Field(_))) {
        add(Mutation::Dropped, Change::Drop { at: at.clone() });
    }
    for (mutation, value) in replacements(value) {
        let at = at.clone();
        add(mutation, Change::Value { at, value });
    }
    match value {
        Value::Object(members) => {
            add(Mutation::Added, Change::Add { at: at.clone() });
            for (name, member) in members {
                at.push(PathToken::Field(name.clone()));
                walk(member, at, mutants);
                at.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().take(ELEMENTS_MAX) {
                at.push(PathToken::Index(index));
                walk(item, at, mutants);
                at.pop();
            }
        }
        _ => {}
    }
}

/// What may stand in the place of a value.
fn replacements(value: &Value) -> Vec<(Mutation, Value)> {
    let (other, empty) = match value {
        Value::String(text) => (json!(1), (!text.is_empty()).then(|| json!(""))),
        Value::Array(items) => (json!({}), (!items.is_empty()).then(|| json!([]))),
        Value::Object(members) => (json!([]), (!members.is_empty()).then(|| json!({}))),
        Value::Null | Value::Bool(_) | Value::Number(_) => (json!("text"), None),
    };
    let null = (!value.is_null()).then_some((Mutation::Null, Value::Null));
    let empty = empty.map(|empty| (Mutation::Emptied, empty));
    let retyped = (Mutation::Retyped, other);
    null.into_iter().chain([retyped]).chain(empty).collect()
}

fn path_of(at: &[PathToken]) -> String {
    let mut path = DocPath::root();
    for step in at {
        path.push(match step {
            PathToken::Index(_) => PathToken::StarIndex,
            step => step.clone(),
        });
    }
    path.to_string()
}
