//! What stands for a body in the suite: a fixture, JSON, XML or plain text in a table's cell.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::ContentType;
use pact_models::generators::{Generators, generators_from_json};
use pact_models::matchingrules::{MatchingRules, matchers_from_json};
use serde_json::{Value, json};

/// The folder of the fixtures.
#[derive(Debug, Default)]
pub(crate) struct Fixtures(PathBuf);

/// The bytes of a body and, unless it is bare text, their type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: Option<String>,
}

impl Content {
    fn new(bytes: impl Into<Bytes>, content_type: &str) -> Self {
        Self {
            bytes: bytes.into(),
            content_type: Some(content_type.to_owned()),
        }
    }

    /// The content as a body; bare text has the given type. A body without bytes is there all the same.
    pub(crate) fn body(self, otherwise: &str) -> OptionalBody {
        let content_type = self.content_type.as_deref().unwrap_or(otherwise);
        let content_type = ContentType::parse(content_type).unwrap();
        OptionalBody::Present(self.bytes, Some(content_type), None)
    }

    /// Whether a body holds this content: the same JSON, or the same bytes.
    #[track_caller]
    pub(crate) fn check(&self, body: &OptionalBody) {
        let actual = body.value().unwrap_or_default();
        let json = |bytes: &Bytes| serde_json::from_slice::<Value>(bytes).ok();
        match (json(&self.bytes), json(&actual)) {
            (Some(expected), Some(actual)) => assert_eq!(expected, actual),
            _ => assert_eq!(self.bytes, actual),
        }
    }
}

impl Fixtures {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The bytes of a fixture.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        let path = self.0.join(name.trim());
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// What a cell stands for: `file: basic.json`, `JSON: {...}`, `XML: <...>`, `EMPTY`, or itself.
    pub(crate) fn content(&self, cell: &str) -> Content {
        let kind = cell.split_once(':').map(|(kind, rest)| (kind, rest.trim()));
        match kind {
            Some(("file", name)) => self.file(name),
            Some(("JSON", text)) => Content::new(text.to_owned(), "application/json"),
            Some(("XML", text)) => Content::new(text.to_owned(), "application/xml"),
            _ => Content {
                bytes: Bytes::from(if cell == "EMPTY" { "" } else { cell }.to_owned()),
                content_type: None,
            },
        }
    }

    fn file(&self, name: &str) -> Content {
        let bytes = self.read(name);
        match name.rsplit('.').next() {
            _ if name.ends_with("-body.xml") => described(&String::from_utf8(bytes).unwrap()),
            Some("json") => Content::new(bytes, "application/json"),
            Some("jpg") => Content::new(bytes, "image/jpeg"),
            Some("pdf") => Content::new(bytes, "application/pdf"),
            other => panic!("{name}: nobody says what type {other:?} is"),
        }
    }

    /// JSON in a cell: `JSON: {...}`, or the name of a fixture.
    pub(crate) fn json(&self, cell: &str) -> Value {
        match cell.strip_prefix("JSON:") {
            Some(text) => serde_json::from_str(text).unwrap(),
            None => serde_json::from_slice(&self.read(cell)).unwrap(),
        }
    }

    /// The matching rules in a cell.
    pub(crate) fn rules(&self, cell: &str) -> MatchingRules {
        let rules = json!({ "matchingRules": self.json(cell) });
        matchers_from_json(&rules, &None).unwrap()
    }

    /// The generators in a cell.
    pub(crate) fn generators(&self, cell: &str) -> Generators {
        let generators = json!({ "generators": self.json(cell) });
        generators_from_json(&generators).unwrap()
    }
}

/// A fixture that describes a body: its type, and its text with the line ends and the encoding that it is to have.
fn described(text: &str) -> Content {
    let content_type = between(text, "<contentType>", "</contentType>").trim();
    let (attributes, rest) = between(text, "<contents", "</contents>")
        .split_once('>')
        .expect("the end of a tag");
    let contents = match rest.find("<![CDATA[") {
        Some(_) => between(rest, "<![CDATA[", "]]>"),
        None => rest,
    };
    if attributes.contains("base64") {
        let bytes = BASE64_STANDARD.decode(contents.trim()).unwrap();
        return Content::new(bytes, content_type);
    }
    if attributes.contains("CRLF") {
        return Content::new(contents.replace('\n', "\r\n"), content_type);
    }
    Content::new(contents.to_owned(), content_type)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let found = text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    found
        .unwrap_or_else(|| panic!("no text between {before} and {after}"))
        .0
}
