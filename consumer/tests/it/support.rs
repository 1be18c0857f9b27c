//! Pacts for tests, in directories of their own.

use std::path::Path;

use treaty_consumer::prelude::*;

/// A request for a user with a name and tags, whose pact goes into this directory.
pub(crate) fn user(pacts: &Path) -> PactBuilder {
    let mut builder = PactBuilder::new_v4("OrderService", "UserService");
    builder.with_output_dir(pacts);
    builder.interaction("a request for user 42", "", |mut i| {
        i.request.get().path("/users/42");
        i.response.ok().json_body(json_pattern!({
            "id": 42,
            "name": like!("Jane"),
            "tags": each_like!("new"),
        }));
        i
    });
    builder
}

/// The descriptions in the pact file, if there is one.
pub(crate) fn written(pacts: &Path) -> Vec<String> {
    let Ok(text) = std::fs::read_to_string(pacts.join("OrderService-UserService.json")) else {
        return Vec::new();
    };
    let pact: serde_json::Value = serde_json::from_str(&text).unwrap();
    let interactions = pact["interactions"].as_array().unwrap().iter();
    interactions
        .map(|i| i["description"].as_str().unwrap().to_owned())
        .collect()
}
