//! `treaty lint`.

use serde_json::{Value, json};

use crate::command::Place;
use crate::golden;

/// A pact whose interactions have these requests, indented, so that lines can be counted.
fn pact(requests: &[Value]) -> String {
    let interactions: Vec<Value> = requests
        .iter()
        .enumerate()
        .map(|(place, request)| {
            json!({
                "type": "Synchronous/HTTP", "description": format!("a request {place}"),
                "request": request, "response": { "status": 200 },
            })
        })
        .collect();
    let pact = json!({
        "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
        "interactions": interactions,
        "metadata": { "pactSpecification": { "version": "4.0" } },
    });
    format!("{pact:#}\n")
}

fn good() -> String {
    pact(&[json!({ "method": "GET", "path": "/users" })])
}

/// A pact that works, and lists nothing to verify.
fn empty() -> String {
    pact(&[])
}

fn bad() -> String {
    pact(&[
        json!({ "method": "GTE", "path": "/users" }),
        json!({
            "method": "GET", "path": "/users",
            "headers": { "x-id": ["1"] },
            "matchingRules": { "header": { "x-id": {
                "combine": "AND", "matchers": [{ "match": "regex", "regex": "[a-z" }],
            } } },
        }),
    ])
}

fn place() -> Place {
    let place = Place::new();
    place.write("pacts/bad.json", &bad());
    place.write("pacts/empty.json", &empty());
    place.write("pacts/good.json", &good());
    place
}

#[test]
fn errors_are_told_with_their_lines_and_what_to_do_and_are_a_no() {
    let told = place().run("lint pacts").ends_with(1);
    golden::check("lint-errors", &told.stdout);
}

#[test]
fn warnings_are_a_no_only_if_they_are_denied() {
    let place = place();
    let told = place
        .run("lint pacts/empty.json pacts/good.json")
        .ends_with(0);
    golden::check("lint-warnings", &told.stdout);
    let denied = place
        .run("lint pacts/empty.json --deny-warnings")
        .ends_with(1);
    assert!(denied.stdout.contains("0 errors, 1 warning"));
}

#[test]
fn a_clean_file_says_that_it_was_looked_at() {
    let told = place().run("lint pacts/good.json --deny-warnings");
    assert_eq!(told.ends_with(0).stdout, "1 file: 0 errors, 0 warnings\n");
}

#[test]
fn a_file_that_several_arguments_lead_to_is_looked_at_once() {
    let place = place();
    place
        .run("lint pacts/good.json pacts/g*.json pacts/good.json")
        .ends_with(0)
        .says("1 file: ");
}

#[test]
fn json_is_one_document_with_the_same_verdict() {
    let place = place();
    let told = place.run("lint pacts/bad.json -o json").ends_with(1);
    let json = told.json();
    assert_eq!(json["verdict"], "no");
    golden::check("lint-json", &told.stdout);
    let told = place.run("lint pacts/good.json -o json").ends_with(0);
    assert_eq!(told.json()["files"][0]["findings"], json!([]));
}

#[test]
fn sarif_is_one_log_whose_places_are_the_paths_that_were_given() {
    let told = place().run("lint pacts --output sarif").ends_with(1);
    let log = told.json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(
        (&results[0]["level"], &place["artifactLocation"]["uri"]),
        (&json!("error"), &json!("pacts/bad.json"))
    );
}

#[test]
fn no_file_is_a_wrong_command_line() {
    let place = Place::new();
    std::fs::create_dir(place.path("pacts")).unwrap();
    for given in ["pacts", "pacts/*.json", "nothing.json"] {
        place
            .run(&format!("lint {given}"))
            .ends_with(2)
            .complains(&format!("no pact file at {given}"));
    }
    place.run("lint").ends_with(2).complains("FILE|DIR|GLOB");
}

#[test]
fn a_file_that_is_no_pact_is_a_wrong_input_and_is_told_with_its_place() {
    let place = Place::new();
    place.write("a.json", &good().replace("200", "\"200\""));
    let told = place.run("lint a.json -o json").ends_with(2);
    assert_eq!(told.json()["error"]["exitCode"], 2);
    golden::check("lint-no-pact", &told.stderr);
}

#[test]
fn what_cannot_be_read_is_told_in_sarif_too() {
    let place = Place::new();
    place.write("a.json", "{");
    let told = place.run("lint a.json -o sarif").ends_with(2);
    let run = &told.json()["runs"][0];
    assert_eq!(told.json()["version"], "2.1.0");
    assert_eq!(run["results"], json!([]));
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 2);
    let notification = &invocation["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], told.stderr.trim_end());
}

#[test]
fn a_directory_is_meant_with_those_below_it() {
    let place = Place::new();
    place.write("pacts/a.json", &good());
    place.write("pacts/deep/er/b.json", &good());
    place.run("lint pacts").ends_with(0).says("2 files: ");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_read_like_a_file() {
    use std::io::Write;
    use std::process::Stdio;
    let place = Place::new();
    let mut command = place.command(&["lint", "/dev/stdin"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(good().as_bytes()).unwrap();
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.starts_with(b"1 file: "), "{output:?}");
}
