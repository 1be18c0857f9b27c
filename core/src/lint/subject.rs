//! A pact as the rules look at it: its exchanges, their sides, and where each part stands in the document.

use pact_models::bodies::OptionalBody;
use pact_models::content_types::ContentType;
use pact_models::generators::Generators;
use pact_models::matchingrules::MatchingRules;
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use pact_models::v4::message_parts::MessageContents;
use serde_json::Value;

use super::places::{child, field_pointers};
use crate::interaction::Interaction;
use crate::pact::Pact;

/// A pact and the document that it was read from.
pub(super) struct Subject<'a> {
    pub(super) document: &'a Value,
    pub(super) exchanges: Vec<Exchange<'a>>,
}

/// One interaction and its place.
pub(super) struct Exchange<'a> {
    pub(super) interaction: &'a Interaction,
    pub(super) pointer: String,
    pub(super) title: String,
    pub(super) json: &'a Value,
    pub(super) sides: Vec<Side<'a>>,
}

/// A request, a response or a message: what has a body and matching rules.
pub(super) struct Side<'a> {
    pub(super) pointer: String,
    pub(super) json: &'a Value,
    pub(super) is_response: bool,
    pub(super) path: Option<&'a str>,
    pub(super) fields: Vec<Field>,
    pub(super) body: Body,
    pub(super) rules: &'a MatchingRules,
    pub(super) generators: &'a Generators,
}

/// Where a named value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    Header,
    Query,
    Metadata,
}

/// One value of a header, a query parameter or a message's metadata.
pub(super) struct Field {
    pub(super) kind: FieldKind,
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) pointer: String,
}

/// The body of a side.
pub(super) struct Body {
    pub(super) pointer: String,
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) content_type: Option<ContentType>,
    /// The body as JSON, where it is JSON by its content type or has none and is an object or a list.
    pub(super) json: Option<Value>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(pact: &'a Pact, document: &'a Value) -> Self {
        let list = match document.get("interactions").and_then(Value::as_array) {
            Some(interactions) if interactions.len() == pact.interactions.len() => "interactions",
            _ => "messages",
        };
        let exchanges = pact
            .interactions
            .iter()
            .enumerate()
            .map(|(index, interaction)| {
                let json = document.get(list).and_then(|list| list.get(index));
                Exchange::new(
                    interaction,
                    format!("/{list}/{index}"),
                    json.unwrap_or(&Value::Null),
                )
            });
        Self {
            document,
            exchanges: exchanges.collect(),
        }
    }

    /// The sides of all exchanges.
    pub(super) fn sides(&self) -> impl Iterator<Item = &Side<'a>> {
        self.exchanges.iter().flat_map(|exchange| &exchange.sides)
    }

    /// The exchange in which a pointer's place is.
    pub(super) fn exchange_at(&self, pointer: &str) -> Option<&Exchange<'a>> {
        let index: usize = pointer.split('/').nth(2)?.parse().ok()?;
        let exchange = self.exchanges.get(index)?;
        pointer.starts_with(&exchange.pointer).then_some(exchange)
    }
}

impl<'a> Exchange<'a> {
    fn new(interaction: &'a Interaction, pointer: String, json: &'a Value) -> Self {
        let at = |member: &str| {
            (
                child(&pointer, member),
                json.get(member).unwrap_or(&Value::Null),
            )
        };
        let sides = match interaction {
            Interaction::Http(http) => vec![
                Side::request(&http.request, at("request")),
                Side::response(&http.response, at("response")),
            ],
            Interaction::AsyncMessage(message) => {
                vec![Side::message(
                    &message.contents,
                    (pointer.clone(), json),
                    false,
                )]
            }
            Interaction::SyncMessage(message) => {
                let (list, answers) = at("response");
                let answers = message
                    .response
                    .iter()
                    .enumerate()
                    .map(|(index, contents)| {
                        let json = answers.get(index).unwrap_or(&Value::Null);
                        Side::message(contents, (format!("{list}/{index}"), json), true)
                    });
                std::iter::once(Side::message(&message.request, at("request"), false))
                    .chain(answers)
                    .collect()
            }
        };
        Self {
            title: interaction.title(),
            interaction,
            pointer,
            json,
            sides,
        }
    }
}

impl<'a> Side<'a> {
    fn request(request: &'a HttpRequest, (pointer, json): (String, &'a Value)) -> Self {
        let headers = request.headers.iter().flatten().flat_map(|(name, values)| {
            field_pointers(&pointer, json, "headers", name, texts(values))
        });
        let query = request.query.iter().flatten().flat_map(|(name, values)| {
            let values = values
                .iter()
                .flatten()
                .map(|value| Value::String(value.clone()));
            field_pointers(&pointer, json, "query", name, values.collect())
        });
        let fields = headers.map(|place| place.of(FieldKind::Header));
        Self {
            fields: fields
                .chain(query.map(|place| place.of(FieldKind::Query)))
                .collect(),
            body: Body::new(
                &request.body,
                request.content_type(),
                (&pointer, json),
                "body",
            ),
            path: Some(&request.path),
            is_response: false,
            rules: &request.matching_rules,
            generators: &request.generators,
            pointer,
            json,
        }
    }

    fn response(response: &'a HttpResponse, (pointer, json): (String, &'a Value)) -> Self {
        let headers = response
            .headers
            .iter()
            .flatten()
            .flat_map(|(name, values)| {
                field_pointers(&pointer, json, "headers", name, texts(values))
            });
        Self {
            fields: headers.map(|place| place.of(FieldKind::Header)).collect(),
            body: Body::new(
                &response.body,
                response.content_type(),
                (&pointer, json),
                "body",
            ),
            path: None,
            is_response: true,
            rules: &response.matching_rules,
            generators: &response.generators,
            pointer,
            json,
        }
    }

    fn message(
        message: &'a MessageContents,
        (pointer, json): (String, &'a Value),
        is_response: bool,
    ) -> Self {
        let list = if json.get("metaData").is_some() {
            "metaData"
        } else {
            "metadata"
        };
        let metadata = message.metadata.iter().flat_map(|(name, value)| {
            field_pointers(&pointer, json, list, name, vec![value.clone()])
        });
        let content_type = message.message_content_type();
        Self {
            fields: metadata
                .map(|place| place.of(FieldKind::Metadata))
                .collect(),
            body: Body::new(
                &message.contents,
                content_type,
                (&pointer, json),
                "contents",
            ),
            path: None,
            is_response,
            rules: &message.matching_rules,
            generators: &message.generators,
            pointer,
            json,
        }
    }

    /// The values of a field, whatever the case of its name.
    pub(super) fn field<'s>(
        &'s self,
        kind: FieldKind,
        name: &'s str,
    ) -> impl Iterator<Item = &'s Field> {
        let is_it =
            move |field: &&Field| field.kind == kind && field.name.eq_ignore_ascii_case(name);
        self.fields.iter().filter(is_it)
    }
}

impl Body {
    fn new(
        body: &OptionalBody,
        content_type: Option<ContentType>,
        (pointer, json): (&str, &Value),
        member: &str,
    ) -> Self {
        let bytes = body.value().map(|bytes| bytes.to_vec());
        let parsed = bytes
            .as_deref()
            .and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        let is_json = |value: &Value| match &content_type {
            Some(content_type) => content_type.is_json(),
            None => value.is_object() || value.is_array(),
        };
        let raw = json.get(member).unwrap_or(&Value::Null);
        // Version 4 wraps a body into an object with `content`; an earlier body may be such an object itself.
        let is_wrapped = raw.get("content").is_some() && parsed.as_ref() != Some(raw);
        let wrapped = if is_wrapped { "/content" } else { "" };
        Self {
            pointer: format!("{pointer}/{member}{wrapped}"),
            json: parsed.filter(is_json),
            bytes,
            content_type,
        }
    }
}

fn texts(values: &[String]) -> Vec<Value> {
    values
        .iter()
        .map(|value| Value::String(value.clone()))
        .collect()
}
