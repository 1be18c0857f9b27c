//! `treaty verify` in a build: what it takes from the build machine, from the last run, and from other verifiers' flags.

use std::io::ErrorKind;
use std::net::TcpListener;

use serde_json::json;

use crate::broker::{Served, answering_results, fake};
use crate::command::Place;
use crate::provider::{broken, good, nobody, pact};
use crate::verify::{verify, with_pact};

#[test]
fn version_branch_and_build_are_those_of_the_build_machine_unless_they_are_given() {
    let place = Place::new();
    let broker = Served::start(&place);
    place.write("a.json", &pact());
    let url = &broker.url;
    place
        .run(&format!("publish a.json -a 1 -b {url}"))
        .ends_with(0);
    let mut build = Place::new();
    for (name, value) in [
        ("GITLAB_CI", "true"),
        ("CI_COMMIT_SHA", "3f9c2ab"),
        ("CI_COMMIT_REF_NAME", "main"),
        ("CI_JOB_URL", "https://ci.example/512"),
    ] {
        build.set(name, value);
    }
    verify(
        &build,
        &good(),
        &format!("-b {url} --publish --receipt r.json"),
    )
    .ends_with(0)
    .complains("the version of the provider is 3f9c2ab of the branch main");
    let question = "can-i-deploy --pacticipant UserService --version 3f9c2ab --to-environment x";
    place.run(&format!("create-environment --name x -b {url}"));
    place.run(&format!("{question} -b {url}")).ends_with(0);
    let published = "publish-results r.json";
    build
        .run(&format!("{published} -b {url}"))
        .ends_with(0)
        .complains("3f9c2ab of the branch main");
    let given = build.run(&format!(
        "{published} -b {url} --provider-version 4 --output json"
    ));
    assert_eq!(given.stderr, "");
    let at = &given.ends_with(0).json()["pacts"][0]["receipt"]["acknowledgement"];
    assert_eq!(
        at["provider_version"]
            .as_str()
            .or(at["providerVersion"].as_str()),
        Some("4")
    );
}

#[test]
fn a_webhook_s_pact_is_the_only_one_and_its_result_goes_where_its_link_says() {
    let mut place = Place::new();
    let broker = Served::start(&place);
    place.write("a.json", &pact());
    place.write("b.json", &pact().replace("OrderService", "CouponService"));
    let url = &broker.url;
    let publish = |file: &str| format!("publish {file} -a 1 -b {url}");
    place.run(&publish("a.json")).ends_with(0);
    place.run(&publish("b.json")).ends_with(0);
    let pact = format!("{url}/pacts/provider/UserService/consumer/OrderService/version/1");
    place.set("PACT_URL", &pact);
    let told = verify(
        &place,
        &good(),
        "--publish --provider-version 1 --output json",
    );
    let told = told.ends_with(0).complains("only that in PACT_URL");
    let pacts = told.json()["pacts"].clone();
    assert_eq!(pacts.as_array().unwrap().len(), 1);
    assert_eq!(pacts[0]["origin"], *pact);
    let at = pacts[0]["receipt"]["acknowledgement"]["url"]
        .as_str()
        .unwrap();
    assert!(
        at.starts_with(&pact.replace("/version/1", "/pact-version/")),
        "{at}"
    );
}

#[test]
fn a_flag_goes_before_the_variable_of_a_webhook() {
    let mut place = Place::new();
    let broker = Served::start(&place);
    place.write("a.json", &pact());
    let url = &broker.url;
    place
        .run(&format!("publish a.json -a 1 -b {url}"))
        .ends_with(0);
    place.set("PACT_URL", &nobody());
    let pact = format!("{url}/pacts/provider/UserService/consumer/OrderService/version/1");
    verify(
        &place,
        &good(),
        &format!("-b {url} --webhook-callback-url {pact}"),
    )
    .ends_with(0);
    place.set("PACT_URL", "");
    verify(&place, &good(), &format!("-b {url}")).ends_with(0);
}

#[test]
fn only_what_did_not_pass_runs_again_and_all_when_all_passed() {
    let place = Place::new();
    place.write("a.json", &pact());
    place.write(
        "b.json",
        &pact()
            .replace("42", "43")
            .replace("OrderService", "CouponService"),
    );
    let run = |url: &str| {
        verify(
            &place,
            url,
            "-f a.json -f b.json --json r.json --last-failed",
        )
    };
    run(&good())
        .ends_with(1)
        .complains("there is no report of a last run in r.json: all interactions run")
        .says("2 replayed");
    let again = run(&good()).ends_with(1).says("1 replayed");
    again.says("left out: 1 interaction, by the filter");
    place.write("b.json", &pact());
    let all = "left out: 2 interactions, by the filter";
    run(&good()).ends_with(2).says(all);
    run(&good())
        .complains("nothing failed in the last run: all interactions run")
        .ends_with(0);
    place.write("r.json", "{}");
    run(&good())
        .ends_with(2)
        .complains("r.json is not the report of a verification");
    verify(&place, &good(), "-f a.json --last-failed")
        .ends_with(2)
        .complains("--json");
}

#[test]
fn a_rerun_of_failures_is_not_published() {
    let place = fake(answering_results(201, json!({})));
    verify(&place, &broken(), "--json r.json").ends_with(1);
    let more = "--json r.json --last-failed --publish --provider-version 1";
    verify(&place, &good(), more)
        .ends_with(2)
        .says("not published");
}

#[test]
fn a_log_has_the_form_that_is_asked_for() {
    let place = with_pact();
    let log = |form: &str| {
        let line = format!("-d pacts -l debug {form}");
        verify(&place, &good(), &line).ends_with(0).stderr
    };
    let lines = |text: &str| {
        text.lines()
            .filter(|line| line.contains("interaction done"))
            .count()
    };
    assert_eq!(lines(&log("--full-log")), 1);
    assert_eq!(lines(&log("--compact-log")), 1);
    let pretty = log("--pretty-log");
    assert!(pretty.contains("    at provider/src/replay.rs"), "{pretty}");
    assert!(!pretty.contains('\u{1b}'), "{pretty}");
    let both = "-d pacts --pretty-log --compact-log";
    verify(&place, &good(), both)
        .ends_with(2)
        .complains("cannot be used with");
}

#[test]
fn a_stylesheet_for_the_page_is_refused_with_another_way() {
    verify(
        &with_pact(),
        &good(),
        "-d pacts --html a.html --xslt a.xslt",
    )
    .ends_with(2)
    .complains("apply a stylesheet to the XML of --junit instead");
}

#[test]
fn the_links_of_a_broker_in_a_file_are_readable_and_in_json_they_are_links() {
    let place = Place::new();
    place.write("a.json", &pact());
    let broker = "-b sqlite:broker.sqlite";
    place
        .run(&format!("publish a.json -a 1 {broker}"))
        .ends_with(0);
    let told = verify(&place, &broken(), &format!("{broker} --html a.html"));
    told.ends_with(1)
        .says("pact with OrderService  (broker file: /pacts/provider/UserService/consumer/");
    let page = std::fs::read_to_string(place.path("a.html")).unwrap();
    assert!(!page.contains("in-file.invalid"), "{page}");
    let json = verify(&place, &broken(), &format!("{broker} --output json")).json();
    let origin = json["pacts"][0]["origin"].as_str().unwrap();
    assert!(
        origin.starts_with("http://in-file.invalid/pacts/"),
        "{origin}"
    );
}

#[test]
fn a_verification_calls_nobody_but_those_it_is_about() {
    let black_hole = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", black_hole.local_addr().unwrap());
    let mut place = with_pact();
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        place.set(name, &proxy);
        place.set(&name.to_lowercase(), &proxy);
    }
    verify(&place, &good(), "-d pacts").ends_with(0);
    std::fs::create_dir(place.path("empty")).unwrap();
    verify(&place, &good(), "-d empty --ignore-no-pacts-error").ends_with(0);

    black_hole.set_nonblocking(true).unwrap();
    let call = black_hole.accept().map(|_| "somebody called");
    assert_eq!(call.unwrap_err().kind(), ErrorKind::WouldBlock);
}
