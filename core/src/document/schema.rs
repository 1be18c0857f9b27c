//! The JSON Schemas of the versions of the Pact specification, one for each, and what they say about a document.
//!
//! A schema says both what its version asks for and what readers of pact files forgive: the keywords that a subschema
//! lists as `x-tolerated` do not keep a document from being read, but the linter tells their violations.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Registry, ValidationError, Validator};
use serde_json::Value;

use crate::content::specification_version;

/// The longest value that a violation quotes, in characters; the schema library would quote pages.
const QUOTED_CHARS_MAX: usize = 60;
/// How many of the known members a violation lists.
const KNOWN_MAX: usize = 12;

const PARTS: &str = include_str!("../../schemas/pact-parts.json");
const TEXTS: [&str; 4] = [
    include_str!("../../schemas/pact-v1.json"),
    include_str!("../../schemas/pact-v2.json"),
    include_str!("../../schemas/pact-v3.json"),
    include_str!("../../schemas/pact-v4.json"),
];

static PARTS_SCHEMA: LazyLock<Value> = LazyLock::new(|| parsed(PARTS));
static SCHEMAS: LazyLock<[Schema; 4]> = LazyLock::new(|| TEXTS.map(Schema::new));

struct Schema {
    text: Value,
    validator: Validator,
}

/// One place where a document is not as its version of the specification says.
pub(super) struct Violation {
    /// The JSON pointer of the place.
    pub(super) pointer: String,
    /// What was expected there, and what is there.
    pub(super) what: String,
    /// Whether readers make sense of it all the same.
    pub(super) tolerated: bool,
}

/// Every violation of the schema that the document's version chooses.
pub(super) fn violations(document: &Value) -> Vec<Violation> {
    let schema = &SCHEMAS[version(document) - 1];
    if schema.validator.is_valid(document) {
        return Vec::new();
    }
    let errors = schema.validator.iter_errors(document);
    errors.flat_map(|error| schema.explain(&error)).collect()
}

/// The version, 1 to 4, whose schema a document is held against: the one that it declares. A document that declares
/// none is of the version whose members it uses, because many old tools did not write it.
fn version(document: &Value) -> usize {
    let declared = specification_version(document).map(|version| match version {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    match declared
        .as_deref()
        .and_then(|version| version.chars().next())
    {
        Some('1') => 1,
        Some('2') => 2,
        Some('4') => 4,
        Some(_) => 3,
        None => version_in_use(document),
    }
}

fn version_in_use(document: &Value) -> usize {
    let interactions = document.get("interactions").and_then(Value::as_array);
    let mut interactions = interactions.into_iter().flatten();
    if interactions
        .clone()
        .any(|interaction| interaction.get("type").is_some())
    {
        return 4;
    }
    let of_version_3 = |interaction: &Value| {
        let request = &interaction["request"];
        let by_category = |part: &Value| part["matchingRules"].get("body").is_some();
        interaction.get("providerStates").is_some()
            || request.get("generators").is_some()
            || request["query"].is_object()
            || by_category(request)
            || interaction["response"].get("generators").is_some()
            || by_category(&interaction["response"])
    };
    let has_messages = document.get("messages").is_some();
    if has_messages || interactions.any(of_version_3) {
        3
    } else {
        2
    }
}

impl Schema {
    fn new(text: &str) -> Self {
        let text = parsed(text);
        let id = PARTS_SCHEMA["$id"].as_str().unwrap_or_default();
        let registry = Registry::new()
            .add(id, PARTS_SCHEMA.clone())
            .and_then(jsonschema::RegistryBuilder::prepare)
            .expect("the schemas in this crate refer to each other");
        let validator = jsonschema::options()
            .with_registry(&registry)
            .build(&text)
            .expect("the schemas in this crate are JSON Schemas");
        Self { text, validator }
    }

    fn explain(&self, error: &ValidationError<'_>) -> Vec<Violation> {
        let (subschema, keyword) = self.subschema(error);
        let tolerated = subschema["x-tolerated"].as_array();
        let tolerated = tolerated.is_some_and(|keywords| keywords.iter().any(|k| k == &keyword));
        let at = |member: &str, what: String| Violation {
            pointer: child(error.instance_path().as_str(), member),
            what,
            tolerated,
        };
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known = known_members(subschema);
                let unknown =
                    |name: &String| at(name, format!("nothing reads `{name}` here{known}"));
                unexpected.iter().map(unknown).collect()
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                vec![at("", format!("`{name}` is missing"))]
            }
            ValidationErrorKind::AnyOf { .. } if error.instance_path().as_str().is_empty() => {
                vec![at(
                    "",
                    "neither `interactions` nor `messages` is there".to_owned(),
                )]
            }
            _ => vec![at("", unexpected_value(subschema, error))],
        }
    }

    /// The subschema that an error is of, and the keyword in it.
    fn subschema(&self, error: &ValidationError<'_>) -> (&Value, String) {
        let location = error.absolute_keyword_location();
        let in_parts = location.is_some_and(|uri| uri.as_str().contains("pact-parts.json"));
        let schema = if in_parts { &*PARTS_SCHEMA } else { &self.text };
        let path = error.schema_path().as_str();
        let (parent, keyword) = path.rsplit_once('/').unwrap_or_default();
        (
            schema.pointer(parent).unwrap_or(&Value::Null),
            keyword.to_owned(),
        )
    }
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the schemas in this crate are JSON")
}

/// The pointer of a member, or of the object itself if the name is empty.
fn child(pointer: &str, name: &str) -> String {
    if name.is_empty() {
        return pointer.to_owned();
    }
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn known_members(subschema: &Value) -> String {
    let members = subschema["properties"].as_object();
    let names: Vec<&str> = members
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    if names.is_empty() || names.len() > KNOWN_MAX {
        return expected(subschema)
            .map(|text| format!(", expected {text}"))
            .unwrap_or_default();
    }
    format!(", known are {}", names.join(", "))
}

fn expected(subschema: &Value) -> Option<&str> {
    subschema["description"].as_str()
}

/// `expected an integer from 100 to 599, got "200"`
fn unexpected_value(subschema: &Value, error: &ValidationError<'_>) -> String {
    let got = match error.instance().as_ref() {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        other => quoted(&other.to_string()),
    };
    match expected(subschema) {
        Some(expected) => format!("expected {expected}, got {got}"),
        None => error.masked_with(got).to_string(),
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
