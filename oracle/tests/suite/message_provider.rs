//! A provider of messages: a message URL, as Pact verifiers share it, and the pacts that it is to honour.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use cucumber::gherkin::Step;
use cucumber::given;
use pact_models::provider_states::ProviderState;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use pact_models::v4::message_parts::MessageContents;
use serde_json::{Value, json};
use treaty_core::interaction::Interaction;
use treaty_core::wire;

use crate::message::{contents, metadata_table};
use crate::provider::{PROVIDER, add_document, comments};
use crate::server::listen;
use crate::table::{Row, raw};
use crate::world::World;

/// The messages that the provider of a scenario can generate, by their descriptions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Messages(Arc<Mutex<BTreeMap<String, HttpResponse>>>);

impl Messages {
    /// The answer to the question for a message: `POST {"description": "..."}`.
    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let question = request.body.value().unwrap_or_default();
        let question: Value = serde_json::from_slice(&question).unwrap_or_default();
        let description = question["description"].as_str().unwrap_or_default();
        let messages = self.0.lock().expect("nobody panics while answering");
        let unknown = || wire::response(404, [], "no such message".into());
        messages.get(description).cloned().unwrap_or_else(unknown)
    }
}

/// The message as a message URL answers with it: its metadata is JSON in base64, in a header.
fn told(message: &MessageContents) -> HttpResponse {
    let content_type = message.message_content_type().map(|kind| kind.to_string());
    let metadata = json!(message.metadata).to_string();
    let metadata = BASE64_STANDARD.encode(metadata);
    let mut headers = vec![("pact-message-metadata", metadata.as_bytes())];
    headers.extend(
        content_type
            .as_ref()
            .map(|text| ("content-type", text.as_bytes())),
    );
    wire::response(200, headers, message.contents.value().unwrap_or_default())
}

#[given(regex = r#"^a provider is started that can generate the "([^"]+)" message with "(.+)"$"#)]
async fn the_provider_is_started(world: &mut World, description: String, cell: String) {
    add_message(world, description, cell, HashMap::new()).await;
}

#[given(
    regex = r#"^a provider is started that can generate the "([^"]+)" message with "(.+)" and the following metadata:$"#
)]
async fn the_provider_is_started_with_metadata(
    world: &mut World,
    description: String,
    cell: String,
    step: &Step,
) {
    add_message(world, description, cell, metadata_table(step)).await;
}

/// The provider can generate one more message; it is started with the first.
async fn add_message(
    world: &mut World,
    description: String,
    cell: String,
    metadata: HashMap<String, Value>,
) {
    let message = MessageContents {
        metadata,
        ..body(world, cell)
    };
    let messages = world.provider.messages.clone();
    if world.provider.provider.is_none() {
        let messages = messages.clone();
        let answer = move |request: &HttpRequest| messages.answer(request);
        let server = listen(PROVIDER, &world.provider.log, |_| answer).await;
        world.provider.provider = Some(server);
    }
    let mut known = messages.0.lock().expect("nobody panics while answering");
    known.insert(description, told(&message));
}

/// A message of which only the body is known, from a cell in quotes.
fn body(world: &World, cell: String) -> MessageContents {
    let cell = cell.replace("\\\"", "\"");
    contents(&Row::from([("body".to_owned(), cell)]), &world.fixtures)
}

/// Adds a pact with the one message, changed as the step says.
fn add_pact(
    world: &mut World,
    description: String,
    contents: MessageContents,
    change: impl FnOnce(&mut AsynchronousMessage),
) {
    let consumer = format!("c_{description}");
    let mut message = AsynchronousMessage {
        description,
        contents,
        ..AsynchronousMessage::default()
    };
    change(&mut message);
    add_document(
        world,
        &consumer,
        Interaction::AsyncMessage(Box::new(message)),
    );
}

#[given(regex = r#"^a Pact file for "([^"]+)":"(.+)" is to be verified$"#)]
fn a_pact_is_verified(world: &mut World, description: String, cell: String) {
    let contents = body(world, cell);
    add_pact(world, description, contents, |_| ());
}

#[given(
    regex = r#"^a Pact file for "([^"]+)":"(.+)" is to be verified with provider state "(.+)"$"#
)]
fn a_pact_with_a_state_is_verified(
    world: &mut World,
    description: String,
    cell: String,
    state: String,
) {
    let contents = body(world, cell);
    add_pact(world, description, contents, |message| {
        message.provider_states.push(ProviderState::default(state));
    });
}

#[given(
    regex = r#"^a Pact file for "([^"]+)":"(.+)" is to be verified with the following metadata:$"#
)]
fn a_pact_with_metadata_is_verified(
    world: &mut World,
    description: String,
    cell: String,
    step: &Step,
) {
    let contents = MessageContents {
        metadata: metadata_table(step),
        ..body(world, cell)
    };
    add_pact(world, description, contents, |_| ());
}

#[given(regex = r#"^a Pact file for "([^"]+)" is to be verified with the following:$"#)]
fn a_described_pact_is_verified(world: &mut World, description: String, step: &Step) {
    let pairs = raw(step).iter().map(|row| (row[0].clone(), row[1].clone()));
    let contents = contents(&pairs.collect(), &world.fixtures);
    add_pact(world, description, contents, |_| ());
}

#[given(regex = r#"^a Pact file for "([^"]+)":"(.+)" is to be verified, but is marked pending$"#)]
fn a_pending_pact_is_verified(world: &mut World, description: String, cell: String) {
    let contents = body(world, cell);
    add_pact(world, description, contents, |message| {
        message.pending = true
    });
}

#[given(
    regex = r#"^a Pact file for "([^"]+)":"(.+)" is to be verified with the following comments:$"#
)]
fn a_pact_with_comments_is_verified(
    world: &mut World,
    description: String,
    cell: String,
    step: &Step,
) {
    let contents = body(world, cell);
    add_pact(world, description, contents, |message| {
        message.comments = comments(step)
    });
}
