//! Interactions that a consumer's test defines with the DSL, and the pact file that the test leaves.

use cucumber::gherkin::Step;
use cucumber::{given, when};
use treaty_consumer::builders::InteractionBuilder;

use crate::consumer::pact_builder;
use crate::server::client;
use crate::table::json_row;
use crate::world::World;

/// What was defined so far.
#[derive(Debug, Default)]
pub(crate) struct Definition {
    http: Option<InteractionBuilder>,
}

impl Definition {
    fn http(&mut self) -> &mut InteractionBuilder {
        self.http.as_mut().expect("an HTTP interaction")
    }
}

#[given("an integration is being defined for a consumer test")]
#[given("an HTTP interaction is being defined for a consumer test")]
fn an_http_interaction_is_defined(world: &mut World) {
    world.definition.http = Some(InteractionBuilder::new("an HTTP interaction", ""));
}

#[given(expr = "a provider state {string} is specified")]
fn a_state_is_given(world: &mut World, name: String) {
    world.definition.http().given(name);
}

#[given(expr = "a provider state {string} is specified with the following data:")]
fn a_state_is_given_with_data(world: &mut World, name: String, step: &Step) {
    world
        .definition
        .http()
        .given_with_params(name, &json_row(step));
}

#[given(expr = "a key of {string} is specified for the HTTP interaction")]
fn a_key_is_given(world: &mut World, key: String) {
    world.definition.http().with_key(key);
}

#[given("the HTTP interaction is marked as pending")]
fn it_is_pending(world: &mut World) {
    world.definition.http().pending(true);
}

#[given(expr = "a comment {string} is added to the HTTP interaction")]
fn a_comment_is_given(world: &mut World, comment: String) {
    world.definition.http().comment(comment);
}

/// The test runs: its client asks what the interaction expects, and everything was met.
#[when("the Pact file for the test is generated")]
async fn the_test_runs(world: &mut World) {
    let mut builder = pact_builder(world);
    if let Some(http) = world.definition.http.take() {
        builder.interaction("", "", |_| http);
    }
    let server = builder.mock_server();
    let response = client().get(server.url()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    server.finish().unwrap();
}
