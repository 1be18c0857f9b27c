//! `treaty publish-results`.

use serde_json::{Value, json};

use crate::broker::{answering_results, each, fake};
use crate::command::{Place, Told};
use crate::golden;
use crate::provider::{broken, good, pact};

const PUBLISH: &str = "publish-results --provider-version 7 --provider-branch main";

/// The pact of the other tests, and an interaction that every provider of these tests keeps.
fn two() -> String {
    let mut pact: Value = serde_json::from_str(&pact()).unwrap();
    let missing = json!({
        "description": "something else",
        "request": { "method": "GET", "path": "/missing" },
        "response": { "status": 404 },
    });
    pact["interactions"].as_array_mut().unwrap().push(missing);
    pact.to_string()
}

/// Puts the pact into the place's broker.
fn publish_pact(place: &Place, version: u32, pact: &str) {
    place.write("a.json", pact);
    let line = format!("publish a.json -a {version} --branch main");
    place.run(&line).ends_with(0);
}

/// Writes the report of a run.
fn verify(place: &Place, url: &str, more: &str) -> Told {
    place.run(&format!(
        "verify --provider-name UserService --provider-base-url {url} {more}"
    ))
}

fn can_i_deploy(place: &Place, version: u32) -> Told {
    place.run(&format!(
        "can-i-deploy --pacticipant OrderService --version {version} --pacticipant UserService --version 7"
    ))
}

/// Two shards, each replayed against the provider.
fn shards(place: &Place, url: &str) {
    for number in ["1", "2"] {
        verify(
            place,
            url,
            &format!("--shard {number}/2 --receipt {number}.json"),
        );
    }
}

#[test]
fn the_shards_of_a_verification_are_joined_and_published() {
    each(|place| {
        publish_pact(place, 1, &two());
        shards(place, &good());
        let told = place.run(&format!("{PUBLISH} 1.json 2.json")).ends_with(0);
        told.says("2 interactions").says("1 result acknowledged");
        can_i_deploy(place, 1).ends_with(0);
    });
}

#[test]
fn the_report_of_a_whole_run_is_published_too() {
    each(|place| {
        publish_pact(place, 1, &two());
        verify(place, &good(), "--receipt all.json").ends_with(0);
        let told = place.run(&format!(
            "{PUBLISH} all.json --provider-tags dev --output json"
        ));
        let told = told.ends_with(0).json();
        assert_eq!(told["verdict"], "yes");
        let receipt = &told["pacts"][0]["receipt"];
        assert_eq!(receipt["acknowledgement"]["providerVersion"], "7");
    });
}

#[test]
fn a_failure_is_published_and_is_a_no() {
    each(|place| {
        publish_pact(place, 1, &two());
        shards(place, &broken());
        let told = place.run(&format!("{PUBLISH} 1.json 2.json")).ends_with(1);
        told.says("1 result acknowledged");
        can_i_deploy(place, 1).ends_with(1);
    });
}

#[test]
fn a_shard_without_the_others_is_not_published() {
    each(|place| {
        publish_pact(place, 1, &two());
        shards(place, &good());
        let told = place.run(&format!("{PUBLISH} 1.json")).ends_with(2);
        golden::check("results-not-whole", &told.stderr);
        place
            .run(&format!("{PUBLISH} 1.json 1.json"))
            .ends_with(2)
            .complains("is in several reports, each time shard 1/2");
        can_i_deploy(place, 1).ends_with(1);
    });
}

#[test]
fn a_file_that_is_no_report_is_a_wrong_command_line() {
    let place = Place::new();
    place.write("a.json", "{}");
    let told = place.run(&format!("{PUBLISH} a.json -b sqlite::memory:"));
    golden::check("results-not-a-report", &told.ends_with(2).stderr);
    place
        .run(&format!("{PUBLISH} missing.json -b sqlite::memory:"))
        .ends_with(2)
        .complains("cannot read missing.json");
}

#[test]
fn what_was_not_read_from_the_broker_is_not_published_in_silence() {
    each(|place| {
        publish_pact(place, 1, &two());
        let empty = Place::new();
        empty.write("a.json", &two());
        verify(&empty, &good(), "-f a.json --receipt all.json").ends_with(0);
        let report = std::fs::read_to_string(empty.path("all.json")).unwrap();
        place.write("all.json", &report);
        place
            .run(&format!("{PUBLISH} all.json"))
            .ends_with(2)
            .complains("none of the pacts was read from the broker");
    });
}

#[test]
fn a_result_that_the_broker_refuses_is_not_a_success() {
    let place = fake(answering_results(
        500,
        json!({"error": {"message": "disk full"}}),
    ));
    verify(&place, &good(), "--receipt good.json").ends_with(0);
    place
        .run("publish-results --provider-version 7 good.json")
        .ends_with(3)
        .says("disk full");
    verify(&place, &broken(), "--receipt broken.json").ends_with(1);
    place
        .run("publish-results --provider-version 7 broken.json")
        .ends_with(1);
}

#[test]
fn a_broker_that_is_gone_is_not_a_success() {
    let mut place = fake(answering_results(200, json!({})));
    verify(&place, &good(), "--receipt a.json").ends_with(0);
    let report = std::fs::read_to_string(place.path("a.json")).unwrap();
    let gone = crate::provider::nobody();
    let report: Value = serde_json::from_str(&report).unwrap();
    let origin = report["pacts"][0]["origin"].as_str().unwrap().to_owned();
    let host = origin.trim_end_matches("/pact").to_owned();
    place.write("a.json", &report.to_string().replace(&host, &gone));
    place.set("PACT_BROKER_BASE_URL", &gone);
    place.run(&format!("{PUBLISH} a.json")).ends_with(3);
}

#[test]
fn a_pact_that_is_another_one_by_now_has_no_result() {
    let place = fake(answering_results(200, json!({})));
    verify(&place, &good(), "--receipt a.json").ends_with(0);
    let report = std::fs::read_to_string(place.path("a.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let hash = report["pacts"][0]["receipt"]["pactHash"].as_str().unwrap();
    let other = report.to_string().replace(hash, &"0".repeat(hash.len()));
    place.write("a.json", &other);
    let told = place.run(&format!("{PUBLISH} a.json")).ends_with(3);
    told.says("1 of 1 pacts changed in the broker since");
}
