//! What stands in the pact file that a consumer's test wrote.

use cucumber::gherkin::Step;
use cucumber::then;
use pact_models::http_parts::HttpPart;
use pact_models::query_strings::parse_query_string;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;
use treaty_core::document;
use treaty_core::interaction::Interaction;

use crate::interactions::base_type;
use crate::table::row;
use crate::world::World;

/// The file as it stands there.
pub(crate) fn written(world: &World) -> Value {
    let path = world.consumer.pact_file().expect("a pact file");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The interactions of the file as Treaty reads them.
pub(crate) fn interactions(world: &World) -> Vec<Interaction> {
    let pact = document::load_json("the pact file", &written(world)).unwrap();
    pact.interactions
}

/// The interaction at the place that an English ordinal names.
pub(crate) fn interaction(world: &World, ordinal: &str) -> Interaction {
    interactions(world).swap_remove(place(ordinal))
}

/// The zero-based place that an English ordinal names.
pub(crate) fn place(ordinal: &str) -> usize {
    let ordinals = ["first", "second", "third"];
    let place = ordinals.iter().position(|word| *word == ordinal);
    place.unwrap_or_else(|| panic!("{ordinal:?} is no ordinal that is known here"))
}

fn http(world: &World, ordinal: &str) -> SynchronousHttp {
    match interaction(world, ordinal) {
        Interaction::Http(http) => *http,
        other => panic!("{other:?} is not HTTP"),
    }
}

#[then(regex = r"^the pact file will contain \{?(\d+)\}? (?:message )?interactions?$")]
fn there_are_so_many(world: &mut World, count: usize) {
    assert_eq!(interactions(world).len(), count);
}

#[then(regex = r#"^the \{(\w+)\} interaction request will be for a "(\w+)"$"#)]
fn the_method_is(world: &mut World, ordinal: String, method: String) {
    assert_eq!(http(world, &ordinal).request.method, method);
}

#[then(regex = r#"^the \{(\w+)\} interaction request query parameters will be "(.+)"$"#)]
fn the_query_is(world: &mut World, ordinal: String, query: String) {
    let expected = parse_query_string(&query);
    assert_eq!(http(world, &ordinal).request.query, expected);
}

#[then(
    regex = r#"^the \{(\w+)\} interaction request will contain the header "(.+)" with value "(.+)"$"#
)]
fn the_header_is(world: &mut World, ordinal: String, name: String, value: String) {
    let request = http(world, &ordinal).request;
    assert_eq!(request.lookup_header_value(&name), Some(value));
}

#[then(regex = r#"^the \{(\w+)\} interaction request content type will be "(.+)"$"#)]
fn the_type_is(world: &mut World, ordinal: String, content_type: String) {
    let actual = http(world, &ordinal).request.content_type();
    assert_eq!(base_type(actual), Some(content_type));
}

#[then(
    regex = r#"^the \{(\w+)\} interaction (request|response) will contain the "(.+)" document$"#
)]
fn the_body_is(world: &mut World, ordinal: String, side: String, name: String) {
    let http = http(world, &ordinal);
    let body = match side.as_str() {
        "request" => http.request.body,
        _ => http.response.body,
    };
    let content = world.fixtures.content(&format!("file: {name}"));
    content.check(&body);
}

#[then(
    regex = r"^the (?:interaction|first message) in the (?:P|p)act file will contain (\d+) provider states?$"
)]
fn there_are_so_many_states(world: &mut World, count: usize) {
    assert_eq!(interaction(world, "first").provider_states().len(), count);
}

#[then(
    regex = r#"^the (?:interaction|first message) in the Pact file will contain provider state "(.+)"$"#
)]
fn there_is_a_state(world: &mut World, name: String) {
    let interaction = interaction(world, "first");
    let mut states = interaction.provider_states().iter();
    assert!(states.any(|state| state.name == name), "{interaction:?}");
}

#[then(
    regex = r#"^the provider state "(.+)" (?:in the Pact file|for the message) will contain the following parameters:$"#
)]
fn the_state_has_parameters(world: &mut World, name: String, step: &Step) {
    let expected: Value = serde_json::from_str(&row(step)["parameters"]).unwrap();
    let interaction = interaction(world, "first");
    let mut states = interaction.provider_states().iter();
    let state = states.find(|state| state.name == name).expect("the state");
    let params = state.params.clone().into_iter().collect();
    assert_eq!(Value::Object(params), expected);
}

#[then(expr = "the {word} interaction in the Pact file will have a type of {string}")]
fn the_kind_is(world: &mut World, ordinal: String, kind: String) {
    let written = written(world);
    assert_eq!(written["interactions"][place(&ordinal)]["type"], kind);
}

#[then(expr = "there will be an interaction in the Pact file with a type of {string}")]
fn there_is_a_kind(world: &mut World, kind: String) {
    let written = written(world);
    let mut interactions = written["interactions"].as_array().unwrap().iter();
    assert!(
        interactions.any(|interaction| interaction["type"] == kind),
        "{written}"
    );
}

#[then(regex = r#"^the (\w+) interaction in the Pact file will have "(\w+)" = '(.+)'$"#)]
fn the_member_is(world: &mut World, ordinal: String, name: String, json: String) {
    let expected: Value = serde_json::from_str(&json).unwrap();
    let written = written(world);
    assert_eq!(written["interactions"][place(&ordinal)][&name], expected);
}
