//! `treaty list-latest-pact-versions`, `treaty get-pacts` and `treaty provider-states`.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::broker::{each, fake};
use crate::command::Place;
use crate::provider::pact;

fn publish(place: &Place) {
    place.write("a.json", &pact());
    place
        .run("publish a.json -a 1 --branch feat/x")
        .ends_with(0);
}

#[test]
fn the_latest_pacts_are_listed() {
    each(|place| {
        place.run("create-environment --name test").ends_with(0);
        place
            .run("list-latest-pact-versions")
            .ends_with(0)
            .says("There are no pacts.");
        publish(place);
        place
            .run("list-latest-pact-versions -o table")
            .ends_with(0)
            .says("OrderService  1        UserService");
        let told = place
            .run("list-latest-pact-versions --output json")
            .ends_with(0);
        let first = &told.json()["pacts"][0];
        assert_eq!(first["_embedded"]["consumer"]["name"], "OrderService");
    });
}

#[test]
fn the_pacts_of_a_provider_are_listed_and_written() {
    each(|place| {
        publish(place);
        place
            .run("get-pacts --provider UserService --branch feat/x -o table")
            .ends_with(0)
            .says("OrderService  1        UserService");
        place
            .run("get-pacts --provider UserService --branch feat/x --consumer Other --latest")
            .ends_with(0)
            .says("There are no pacts with UserService there.");
        place
            .run("get-pacts --provider UserService --branch feat/x --latest --download --download-dir here -o json")
            .ends_with(0);
        let path = place.path("here/OrderService-UserService-1.json");
        let written: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(written["consumer"]["name"], "OrderService");
        assert_eq!(written.get("_links"), None);
        place.run("lint here").ends_with(0);
        place
            .run("get-pacts --provider Nobody")
            .ends_with(2)
            .complains("the broker has no provider \"Nobody\"");
    });
}

/// A broker that lists provider states, as the Pact Broker does.
fn with_states() -> Router {
    let index = json!({"_links": {"pb:environments": {"href": "/environments"}, "pb:environment": {"href": "/environments/{uuid}"}}});
    let environment = json!({"uuid": "e1", "name": "production"});
    let environments = json!({"_embedded": {"environments": [environment]}});
    let states = |name: &str| {
        let states = json!({"providerStates": [{"name": name, "consumers": ["A", "B"]}]});
        get(async || Json(states))
    };
    let place = "/pacts/provider/{provider}/provider-states";
    Router::new()
        .route("/", get(async || Json(index)))
        .route("/environments", get(async || Json(environments)))
        .route("/environments/e1", get(async || Json(environment)))
        .route(place, states("user 42 exists"))
        .route(&format!("{place}/branch/{{branch}}"), states("of a branch"))
        .route(
            &format!("{place}/environment/e1"),
            states("of an environment"),
        )
}

#[test]
fn provider_states_are_listed_with_those_who_ask_for_them() {
    let place = fake(with_states());
    place
        .run("provider-states list --provider B")
        .ends_with(0)
        .says("user 42 exists  A, B");
    place
        .run("provider-states list -r B --branch feat/x")
        .ends_with(0)
        .says("of a branch");
    place
        .run("provider-states list -r B --environment production")
        .ends_with(0)
        .says("of an environment");
    let told = place.run("provider-states list -r B --json").ends_with(0);
    assert_eq!(told.json()["providerStates"][0]["name"], "user 42 exists");
}
