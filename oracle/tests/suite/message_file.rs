//! What stands of messages in the pact file that a consumer test wrote.

use cucumber::then;
use pact_models::v4::message_parts::MessageContents;
use treaty_core::interaction::Interaction;

use crate::message::value;
use crate::pact_file::{interaction, place};
use crate::world::World;

/// The message, or the request of a synchronous one.
fn message(world: &World, ordinal: &str) -> MessageContents {
    match interaction(world, ordinal) {
        Interaction::AsyncMessage(message) => message.contents,
        Interaction::SyncMessage(message) => message.request,
        other => panic!("{other:?} is no message"),
    }
}

/// The responses of a synchronous message.
fn responses(world: &World, ordinal: &str) -> Vec<MessageContents> {
    match interaction(world, ordinal) {
        Interaction::SyncMessage(message) => message.response,
        other => panic!("{other:?} has no responses"),
    }
}

#[track_caller]
fn check_document(world: &World, cell: &str, contents: &MessageContents) {
    world.fixtures.content(cell).check(&contents.contents);
}

#[track_caller]
fn check_type(contents: &MessageContents, content_type: &str) {
    let actual = contents.message_content_type();
    assert_eq!(
        actual.map(|actual| actual.to_string()),
        Some(content_type.to_owned())
    );
}

#[then("a Pact file for the message interaction will have been written")]
fn a_file_is_written(world: &mut World) {
    world.messages.assert_passed();
    assert!(world.consumer.pact_file().is_some());
}

#[then("a Pact file for the message interaction will NOT have been written")]
fn no_file_is_written(world: &mut World) {
    assert_eq!(world.consumer.pact_file(), None);
}

#[then(regex = r#"^the (\w+) message in the pact file will contain the "(.+)" document$"#)]
fn the_document_is(world: &mut World, ordinal: String, name: String) {
    let contents = message(world, &ordinal);
    check_document(world, &format!("file: {name}"), &contents);
}

#[then(regex = r#"^the (\w+) message in the pact file content type will be "(.+)"$"#)]
fn the_type_is(world: &mut World, ordinal: String, content_type: String) {
    check_type(&message(world, &ordinal), &content_type);
}

#[then(
    regex = r#"^the (\w+) message in the pact file will contain the (?:request )?message metadata "(.+)" == "(.+)"$"#
)]
fn the_metadata_is(world: &mut World, ordinal: String, name: String, text: String) {
    assert_eq!(message(world, &ordinal).metadata[&name], value(&text));
}

#[then(
    regex = r#"^the (\w+) interaction in the pact file will contain the "(.+)" document as the request$"#
)]
fn the_request_is(world: &mut World, ordinal: String, cell: String) {
    check_document(world, &cell, &message(world, &ordinal));
}

#[then(regex = r#"^the (\w+) interaction in the pact file request content type will be "(.+)"$"#)]
fn the_type_of_the_request_is(world: &mut World, ordinal: String, content_type: String) {
    check_type(&message(world, &ordinal), &content_type);
}

#[then(
    regex = r#"^the (\w+) interaction in the pact file will contain the "(.+)" document as a response$"#
)]
fn the_response_is(world: &mut World, ordinal: String, cell: String) {
    check_document(world, &cell, &responses(world, &ordinal)[0]);
}

#[then(regex = r#"^the (\w+) interaction in the pact file response content type will be "(.+)"$"#)]
fn the_type_of_the_response_is(world: &mut World, ordinal: String, content_type: String) {
    check_type(&responses(world, &ordinal)[0], &content_type);
}

#[then(expr = "the {word} interaction in the pact file will contain {int} response messages")]
fn there_are_so_many_responses(world: &mut World, ordinal: String, count: usize) {
    assert_eq!(responses(world, &ordinal).len(), count);
}

#[then(
    regex = r#"^the (\w+) interaction in the pact file will contain the "(.+)" document as the (\w+) response message$"#
)]
fn one_response_is(world: &mut World, ordinal: String, cell: String, which: String) {
    let responses = responses(world, &ordinal);
    check_document(world, &cell, &responses[place(&which)]);
}
