//! Interactions that a consumer's test defines with the DSL, and the pact file that the test leaves.

use cucumber::gherkin::Step;
use cucumber::{given, when};
use treaty_consumer::builders::{
    InteractionBuilder, MessageInteractionBuilder, SyncMessageInteractionBuilder,
};

use crate::consumer::pact_builder;
use crate::message;
use crate::server::client;
use crate::table::json_row;
use crate::world::World;

/// What was defined so far: at most one interaction of each kind.
#[derive(Debug, Default)]
pub(crate) struct Definition {
    http: Option<InteractionBuilder>,
    pub(crate) message: Option<MessageInteractionBuilder>,
    pub(crate) sync_message: Option<SyncMessageInteractionBuilder>,
}

impl Definition {
    fn http(&mut self) -> &mut InteractionBuilder {
        self.http.as_mut().expect("an HTTP interaction")
    }

    pub(crate) fn message(&mut self) -> &mut MessageInteractionBuilder {
        self.message.as_mut().expect("a message")
    }

    pub(crate) fn sync_message(&mut self) -> &mut SyncMessageInteractionBuilder {
        self.sync_message.as_mut().expect("a synchronous message")
    }
}

#[given("an integration is being defined for a consumer test")]
#[given("an HTTP interaction is being defined for a consumer test")]
fn an_http_interaction_is_defined(world: &mut World) {
    world.definition.http = Some(InteractionBuilder::new("an HTTP interaction", ""));
}

#[given("a message integration is being defined for a consumer test")]
#[given("a message interaction is being defined for a consumer test")]
fn a_message_is_defined(world: &mut World) {
    world.definition.message = Some(MessageInteractionBuilder::new("a message"));
}

#[given("a synchronous message interaction is being defined for a consumer test")]
fn a_sync_message_is_defined(world: &mut World) {
    let builder = SyncMessageInteractionBuilder::new("a synchronous message");
    world.definition.sync_message = Some(builder);
}

#[given(expr = "a provider state {string} is specified")]
fn a_state_is_given(world: &mut World, name: String) {
    world.definition.http().given(name);
}

#[given(expr = "a provider state {string} for the message is specified")]
fn a_state_is_given_for_the_message(world: &mut World, name: String) {
    world.definition.message().given(name);
}

#[given(expr = "a provider state {string} for the synchronous message is specified")]
fn a_state_is_given_for_the_sync_message(world: &mut World, name: String) {
    world.definition.sync_message().given(name);
}

#[given(expr = "a provider state {string} is specified with the following data:")]
fn a_state_has_data(world: &mut World, name: String, step: &Step) {
    let http = world.definition.http();
    http.given_with_params(name, &json_row(step));
}

#[given(expr = "a provider state {string} for the message is specified with the following data:")]
fn a_state_for_the_message_has_data(world: &mut World, name: String, step: &Step) {
    let message = world.definition.message();
    message.given_with_params(name, &json_row(step));
}

#[given(
    expr = "a provider state {string} for the synchronous message is specified with the following data:"
)]
fn a_state_for_the_sync_message_has_data(world: &mut World, name: String, step: &Step) {
    let message = world.definition.sync_message();
    message.given_with_params(name, &json_row(step));
}

#[given(expr = "a key of {string} is specified for the HTTP interaction")]
fn a_key_is_given(world: &mut World, key: String) {
    world.definition.http().with_key(key);
}

#[given(expr = "a key of {string} is specified for the message interaction")]
fn a_key_is_given_for_the_message(world: &mut World, key: String) {
    world.definition.message().with_key(key);
}

#[given(expr = "a key of {string} is specified for the synchronous message interaction")]
fn a_key_is_given_for_the_sync_message(world: &mut World, key: String) {
    world.definition.sync_message().with_key(key);
}

#[given("the HTTP interaction is marked as pending")]
fn it_is_pending(world: &mut World) {
    world.definition.http().pending(true);
}

#[given("the message interaction is marked as pending")]
fn the_message_is_pending(world: &mut World) {
    world.definition.message().pending(true);
}

#[given("the synchronous message interaction is marked as pending")]
fn the_sync_message_is_pending(world: &mut World) {
    world.definition.sync_message().pending(true);
}

#[given(expr = "a comment {string} is added to the HTTP interaction")]
fn a_comment_is_given(world: &mut World, comment: String) {
    world.definition.http().comment(comment);
}

#[given(expr = "a comment {string} is added to the message interaction")]
fn a_comment_is_given_for_the_message(world: &mut World, comment: String) {
    world.definition.message().comment(comment);
}

#[given(expr = "a comment {string} is added to the synchronous message interaction")]
fn a_comment_is_given_for_the_sync_message(world: &mut World, comment: String) {
    world.definition.sync_message().comment(comment);
}

/// The test runs: its client asks what the interaction expects, its handlers take their messages, and all is well.
#[when("the Pact file for the test is generated")]
async fn the_test_runs(world: &mut World) {
    if let Some(http) = world.definition.http.take() {
        let mut builder = pact_builder(world);
        builder.interaction("", "", |_| http);
        let server = builder.mock_server();
        let response = client().get(server.url()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        server.finish().unwrap();
    }
    message::handle(world, None).await;
    world.messages.assert_passed();
}
