//! Messages that a consumer's test hands to its handler.

use std::collections::HashMap;

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use pact_models::v4::message_parts::MessageContents;
use serde_json::Value;
use treaty_consumer::{Message, SyncMessage, Unhandled};

use crate::consumer::pact_builder;
use crate::content::Fixtures;
use crate::generating::{assert_is_a, assert_replaced};
use crate::table::{Row, row, rows};
use crate::world::World;

/// What the handler got, and how the test ended.
#[derive(Debug, Default)]
pub(crate) struct MessageTest {
    /// The message, or the request and the responses of a synchronous one, in this order.
    received: Vec<Message>,
    outcome: Option<Result<(), Unhandled>>,
}

impl MessageTest {
    /// Fails if a handler refused its message.
    #[track_caller]
    pub(crate) fn assert_passed(&self) {
        assert!(matches!(self.outcome, None | Some(Ok(()))), "{self:?}");
    }

    /// What the handler has at the end: the message, or the first response of a synchronous one.
    fn last(&self) -> &Message {
        self.received.last().expect("a message")
    }

    /// The request or the first response of a synchronous message.
    fn side(&self, side: &str) -> &Message {
        match side {
            "request" => &self.received[0],
            _ => &self.received[1],
        }
    }
}

/// Hands what was defined to a handler that keeps it, and fails with the error if there is one.
pub(crate) async fn handle(world: &mut World, error: Option<&str>) {
    let mut builder = pact_builder(world);
    let answer = || error.map_or(Ok(()), |error| Err(error.to_owned()));
    let mut received = Vec::new();
    let outcome = if let Some(message) = world.definition.message.take() {
        builder.message_interaction("", |_| message);
        let handler = async |message: Message| {
            received.push(message);
            answer()
        };
        builder.hand_to(handler).await
    } else if let Some(message) = world.definition.sync_message.take() {
        builder.synchronous_message_interaction("", |_| message);
        let handler = async |message: SyncMessage| {
            received.push(message.request);
            received.extend(message.responses);
            answer()
        };
        builder.hand_synchronous_to(handler).await
    } else {
        return;
    };
    world.messages = MessageTest {
        received,
        outcome: Some(outcome),
    };
}

/// The contents of a message in a table's row.
pub(crate) fn contents(row: &Row, fixtures: &Fixtures) -> MessageContents {
    let mut contents = MessageContents::default();
    if let Some(cell) = row.get("body") {
        contents.contents = fixtures.content(cell).body("text/plain");
    }
    if let Some(cell) = row.get("generators") {
        contents.generators = fixtures.generators(cell);
    }
    if let Some(cell) = row.get("matching rules") {
        contents.matching_rules = fixtures.rules(cell);
    }
    if let Some(cell) = row.get("metadata") {
        contents.metadata = metadata_cell(cell);
    }
    contents
}

/// Metadata in a cell: JSON, or `Origin=AXP-1000; TagData=JSON: {...}`.
fn metadata_cell(cell: &str) -> HashMap<String, Value> {
    if cell.starts_with('{') {
        return serde_json::from_str(cell).unwrap();
    }
    let pairs = cell
        .split(';')
        .map(|pair| pair.split_once('=').expect("a name and a value"));
    pairs
        .map(|(name, text)| (name.trim().to_owned(), value(text)))
        .collect()
}

/// Metadata in a table with a row for each.
pub(crate) fn metadata_table(step: &Step) -> HashMap<String, Value> {
    let rows = rows(step).into_iter();
    rows.map(|row| (row["key"].clone(), value(&row["value"])))
        .collect()
}

/// A value of metadata: JSON where it says so, else the text.
pub(crate) fn value(text: &str) -> Value {
    let text = text.replace("\\\"", "\"");
    match text.strip_prefix("JSON:") {
        Some(json) => serde_json::from_str(json).unwrap(),
        None => Value::from(text),
    }
}

#[given(expr = "the message payload contains the {string} JSON document")]
fn the_payload_is(world: &mut World, name: String) {
    let json = world.fixtures.json(&format!("{name}.json"));
    world.definition.message().json_body(json);
}

#[given("a message is defined")]
fn some_payload_is_there(world: &mut World) {
    let message = world.definition.message();
    message.body("a message", Some("text/plain".to_owned()));
}

#[given("the message contains the following metadata:")]
fn the_metadata_is(world: &mut World, step: &Step) {
    for (name, value) in metadata_table(step) {
        world.definition.message().metadata(name, value);
    }
}

#[given("the message is configured with the following:")]
fn the_message_is(world: &mut World, step: &Step) {
    let contents = contents(&row(step), &world.fixtures);
    let described = &mut world.definition.message().message_contents;
    described.body = contents.contents;
    described.metadata = Some(contents.metadata);
    described.generators = Some(contents.generators);
}

#[given(expr = "the message request payload contains the {string} JSON document")]
fn the_request_is(world: &mut World, name: String) {
    let json = world.fixtures.json(&format!("{name}.json"));
    world.definition.sync_message().request_json_body(json);
}

#[given(expr = "the message response payload contains the {string} document")]
fn the_response_is(world: &mut World, cell: String) {
    let content = world.fixtures.content(&cell);
    let message = world.definition.sync_message();
    message.response_body(content.bytes, content.content_type);
}

#[given("the message request contains the following metadata:")]
fn the_metadata_of_the_request_is(world: &mut World, step: &Step) {
    for (name, value) in metadata_table(step) {
        world
            .definition
            .sync_message()
            .request_metadata(name, value);
    }
}

#[given(regex = "^the message (request|response) is configured with the following:$")]
fn the_side_is(world: &mut World, side: String, step: &Step) {
    let contents = contents(&row(step), &world.fixtures);
    let message = world.definition.sync_message();
    match side.as_str() {
        "request" => message.request_contents(&contents),
        _ => message.response_contents(&contents),
    };
}

#[when("the message is successfully processed")]
async fn the_handler_takes_it(world: &mut World) {
    handle(world, None).await;
}

#[when(expr = "the message is NOT successfully processed with a {string} exception")]
async fn the_handler_fails(world: &mut World, error: String) {
    handle(world, Some(&error)).await;
}

#[then("the consumer test will have passed")]
fn the_test_passed(world: &mut World) {
    let outcome = &world.messages.outcome;
    assert!(matches!(outcome, Some(Ok(()))), "{outcome:?}");
}

#[then("the consumer test will have failed")]
fn the_test_failed(world: &mut World) {
    let outcome = &world.messages.outcome;
    assert!(
        matches!(outcome, Some(Err(Unhandled::Failed { .. }))),
        "{outcome:?}"
    );
}

#[then(expr = "the consumer test error will be {string}")]
fn the_error_is(world: &mut World, error: String) {
    let Some(Err(Unhandled::Failed { failures, .. })) = &world.messages.outcome else {
        panic!("{:?}", world.messages.outcome);
    };
    assert!(
        failures.iter().any(|failure| failure.error == error),
        "{failures:?}"
    );
}

#[then(expr = "the received message payload will contain the {string} JSON document")]
fn the_received_payload_is(world: &mut World, name: String) {
    let expected = world.fixtures.json(&format!("{name}.json"));
    assert_eq!(world.messages.last().json::<Value>().unwrap(), expected);
}

#[then(expr = "the received message payload will contain the {string} document")]
fn the_received_document_is(world: &mut World, cell: String) {
    let expected = world.fixtures.content(&cell).bytes;
    assert_eq!(world.messages.last().bytes(), expected);
}

#[then(expr = "the received message content type will be {string}")]
fn the_received_type_is(world: &mut World, content_type: String) {
    assert_eq!(world.messages.last().content_type(), Some(content_type));
}

#[then(regex = r#"^the received message metadata will contain "(.+)" == "(.+)"$"#)]
fn the_received_metadata_is(world: &mut World, name: String, text: String) {
    assert_eq!(world.messages.last().metadata()[&name], value(&text));
}

#[then(
    regex = r#"^the received message (request|response) metadata will contain "(.+)" == "(.+)"$"#
)]
fn the_received_metadata_of_the_side_is(
    world: &mut World,
    side: String,
    name: String,
    text: String,
) {
    assert_eq!(world.messages.side(&side).metadata()[&name], value(&text));
}

#[then(expr = "the received message metadata will contain {string} replaced with a(n) {string}")]
fn the_received_metadata_is_a(world: &mut World, name: String, kind: String) {
    assert_is_a(&world.messages.last().metadata()[&name], &kind);
}

#[then(
    regex = r#"^the received message (request|response) metadata will contain "(.+)" replaced with an? "(.+)"$"#
)]
fn the_received_metadata_of_the_side_is_a(
    world: &mut World,
    side: String,
    name: String,
    kind: String,
) {
    assert_is_a(&world.messages.side(&side).metadata()[&name], &kind);
}

#[then(regex = r#"^the message contents for "(.+)" will have been replaced with an? "(.+)"$"#)]
fn the_contents_have_a(world: &mut World, path: String, kind: String) {
    check_replaced(world, world.messages.last(), &path, &kind);
}

#[then(
    regex = r#"^the message (request|response) contents for "(.+)" will have been replaced with an? "(.+)"$"#
)]
fn the_contents_of_the_side_have_a(world: &mut World, side: String, path: String, kind: String) {
    check_replaced(world, world.messages.side(&side), &path, &kind);
}

/// Every message whose contents the suite generates began as the same fixture.
#[track_caller]
fn check_replaced(world: &World, message: &Message, path: &str, kind: &str) {
    let before = world.fixtures.json("basic.json");
    assert_replaced(&before, &message.json().unwrap(), path, kind);
}
