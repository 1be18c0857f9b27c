//! `treaty publish`.

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;

use crate::broker::{each, fake};
use crate::command::Place;
use crate::golden;
use crate::provider::pact;

#[test]
fn pacts_of_files_directories_and_patterns_are_published() {
    each(|place| {
        place.write("pacts/a.json", &pact());
        for given in ["pacts/a.json", "pacts", "pac*/*.json"] {
            place
                .run(&format!(
                    "publish {given} --consumer-app-version 1 --branch main"
                ))
                .ends_with(0)
                .says("for OrderService version 1 and provider UserService");
        }
    });
}

#[test]
fn json_is_one_document() {
    each(|place| {
        place.write("a.json", &pact());
        let told = place
            .run("publish a.json -a 1 --tag dev,test -o json")
            .ends_with(0);
        assert!(told.json()["notices"].is_array());
    });
}

#[test]
fn a_pattern_that_matches_nothing_is_a_wrong_command_line() {
    let place = Place::new();
    let told = place.run("publish pacts/*.json -a 1").ends_with(2);
    golden::check("publish-nothing", &told.stderr);
    assert!(!place.path(".treaty").exists());
}

#[test]
fn an_empty_directory_is_a_wrong_command_line() {
    let place = Place::new();
    std::fs::create_dir(place.path("pacts")).unwrap();
    place
        .run("publish pacts -a 1")
        .ends_with(2)
        .complains("no pact file at pacts");
}

#[test]
fn a_bad_file_is_told_with_its_place_and_nothing_is_published() {
    let place = Place::new();
    place.write("a.json", "{\n  \"consumer\": }");
    let told = place.run("publish a.json -a 1").ends_with(2);
    golden::check("publish-bad-file", &told.stderr);
}

#[test]
fn files_of_one_pact_are_published_as_one() {
    each(|place| {
        place.write("a.json", &pact());
        place.write("b.json", &pact().replace("user 42", "user 43"));
        place.write("same.json", &pact());
        place
            .run("publish a.json b.json same.json --consumer-app-version 1 --branch main")
            .ends_with(0);
        let told = place
            .run("get-pacts --provider UserService --branch main -o json")
            .ends_with(0);
        let interactions = told.json()[0]["interactions"].clone();
        assert_eq!(interactions.as_array().unwrap().len(), 2);
    });
}

#[test]
fn files_of_one_pact_that_contradict_each_other_are_not_guessed_about() {
    let place = Place::new();
    place.write("a.json", &pact());
    place.write("c.json", &pact().replace("/users/42", "/users/43"));
    let told = place.run("publish a.json c.json -a 1").ends_with(2);
    golden::check("publish-contradiction", &told.stderr);
    assert!(!place.path(".treaty").exists());
}

#[test]
fn a_dry_run_shows_what_would_be_sent_and_sends_nothing() {
    let place = Place::new();
    place.write("a.json", &pact());
    let line =
        "publish a.json -a 1 --branch main --tag dev --build-url https://ci.example/1 --dry-run";
    let told = place.run(line).ends_with(0);
    assert_eq!(
        told.stdout,
        "Would publish the pact of OrderService version 1 with UserService, branch main, tag dev, build https://ci.example/1.\n"
    );
    let told = place.run(&format!("{line} --output json")).ends_with(0);
    assert_eq!(
        told.json()["dryRun"][0]["providers"],
        json!(["UserService"])
    );
    assert!(!place.path(".treaty").exists());
}

#[test]
fn a_file_with_mistakes_is_not_sent_by_whoever_is_strict() {
    let place = Place::new();
    place.write("a.json", &pact().replace("type", "typo"));
    place
        .run("publish a.json -a 1 --validate --strict")
        .ends_with(2)
        .complains("a.json");
    assert!(!place.path(".treaty").exists());
}

#[test]
fn a_machine_among_several_asks_the_broker_to_merge() {
    each(|place| {
        place.write("a.json", &pact());
        place.run("publish a.json -a 1").ends_with(0);
        place.write("a.json", &pact().replace("user 42", "user 43"));
        place.run("publish a.json -a 1 --merge").ends_with(0);
    });
}

#[test]
fn changed_content_for_the_same_version_is_refused_by_the_broker() {
    each(|place| {
        place.write("a.json", &pact());
        place.run("publish a.json -a 1").ends_with(0);
        place.write("a.json", &pact().replace("/users/42", "/users/43"));
        place
            .run("publish a.json -a 1")
            .ends_with(3)
            .complains("409 Conflict")
            .complains("new version number");
    });
}

#[test]
fn a_broker_that_refuses_is_not_a_success() {
    let index = json!({"_links": {"pb:publish-contracts": {"href": "/publish"}}});
    let refuse = async || (StatusCode::FORBIDDEN, Json(json!({"error": "read only"})));
    let router = Router::new()
        .route("/", get(async || Json(index)))
        .route("/publish", post(refuse));
    let place = fake(router);
    place.write("a.json", &pact());
    let told = place.run("publish a.json -a 1 -o json").ends_with(3);
    assert_eq!(told.json()["error"]["exitCode"], 3);
    told.complains("403 Forbidden: read only");
}

#[test]
fn properties_of_the_build_are_found_in_its_variables() {
    let mut place = Place::new();
    place.write("a.json", &pact());
    place.set("GITHUB_ACTIONS", "true");
    place.set("GITHUB_SHA", "abc123");
    place.set("GITHUB_REF_NAME", "feature");
    place
        .run("publish a.json -r -g -b sqlite:x.sqlite")
        .ends_with(0)
        .says("OrderService version abc123");
}

#[test]
fn without_a_build_machine_they_are_found_in_git() {
    let place = Place::new();
    place.write("a.json", &pact());
    let directory = place.path("");
    let git = |words: &[&str]| {
        let mut git = std::process::Command::new("git");
        let who = ["-c", "user.name=T", "-c", "user.email=t@example.com"];
        let told = git.current_dir(&directory).args(who).args(words).output();
        let told = told.unwrap();
        assert!(told.status.success(), "{told:?}");
        String::from_utf8(told.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q", "-b", "feat/x"]);
    git(&["commit", "-q", "--allow-empty", "-m", "first"]);
    let commit = git(&["rev-parse", "HEAD"]);
    place
        .run("publish a.json -r -b sqlite:x.sqlite")
        .ends_with(0)
        .says(&format!("OrderService version {commit}"));
}

#[test]
fn without_a_version_or_a_commit_nothing_is_published() {
    let place = Place::new();
    place.write("a.json", &pact());
    place
        .run("publish a.json")
        .ends_with(2)
        .complains("--consumer-app-version");
    place
        .run("publish a.json -r")
        .ends_with(2)
        .complains("no commit is found");
}

#[test]
fn a_directory_is_meant_with_those_below_it() {
    let place = Place::new();
    place.write("pacts/a.json", &pact());
    let other = pact().replace("UserService", "CouponService");
    place.write("pacts/deep/b.json", &other);
    place
        .run("publish pacts -a 1 --dry-run")
        .ends_with(0)
        .says("with UserService")
        .says("with CouponService");
}

#[test]
fn who_wants_it_quiet_is_told_no_next_steps() {
    let place = Place::new();
    place.write("a.json", &pact());
    let line = "publish a.json -a 1 -b sqlite:b.sqlite";
    place.run(line).ends_with(0).says("Next steps:");
    let told = place.run(&format!("{line} --quiet")).ends_with(0);
    assert!(!told.stdout.contains("Next steps:"), "{told:?}");
    assert_eq!(told.stderr, "");
    told.says("Pact successfully");
}
