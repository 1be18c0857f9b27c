//! `treaty verify` of a pact that needs a plugin, in a build that runs none.

use serde_json::Value;

use crate::command::Place;
use crate::provider::{good, pact};

#[test]
fn a_pact_that_needs_a_plugin_is_refused_and_the_plugin_named() {
    let mut needs: Value = serde_json::from_str(&pact()).unwrap();
    needs["metadata"] = serde_json::json!({
        "pactSpecification": { "version": "4.0" },
        "plugins": [{ "name": "protobuf", "version": "0.3.5" }],
    });
    needs["interactions"][0]["type"] = "Synchronous/HTTP".into();
    needs["interactions"][0]["response"] = serde_json::json!({ "status": 200 });
    let place = Place::new();
    place.write("a.json", &needs.to_string());
    place
        .run(&format!("verify -f a.json --provider-base-url {}", good()))
        .ends_with(2)
        .says("a.json needs the plugin protobuf 0.3.5, and this build of Treaty runs no plugins");
}

#[test]
fn a_transport_of_a_plugin_is_refused_by_name() {
    Place::new()
        .run("verify -f a.json --transport grpc --port 1")
        .ends_with(2)
        .complains("invalid value 'grpc' for '--scheme <SCHEME>': it is neither http nor https, and this build of")
        .complains("Treaty runs no plugins");
}
