//! What every command prints for programs: one document on stdout, in which no member has two types.

use serde_json::{Value, json};

use crate::command::Place;
use crate::provider::{good, pact};

/// A place with pacts, one of them published.
fn place() -> Place {
    let mut place = Place::new();
    place.set("PACT_BROKER_BASE_URL", "sqlite:b.sqlite");
    place.write("a.json", &pact());
    place.write("pacts/a.json", &pact());
    let changed = pact().replace("/users/42", "/users/43");
    place.write("b.json", &changed);
    place.run("publish a.json -a 1 --branch main").ends_with(0);
    place
}

#[track_caller]
fn check_error(document: &Value, code: i32) {
    let members = document.as_object().unwrap();
    assert_eq!(members.keys().collect::<Vec<_>>(), ["error"], "{document}");
    let error = &document["error"];
    assert_eq!(error["exitCode"], code, "{document}");
    assert!(error["message"].is_string(), "{document}");
    assert!(error["causes"].is_array(), "{document}");
    assert!(
        error["fix"].is_string() || error["fix"].is_null(),
        "{document}"
    );
    assert_eq!(error.as_object().unwrap().len(), 4, "{document}");
}

#[test]
fn a_failure_is_told_in_one_form_by_every_command() {
    let place = Place::new();
    place.write("a.json", "{");
    place.write("pacts/a.json", &pact());
    for (line, code) in [
        ("verify -f none.json --output json", 2),
        ("verify -f a.json --output json", 2),
        ("lint a.json -o json", 2),
        ("publish a.json -a 1 -o json", 2),
        ("diff a.json a.json -o json", 2),
        ("who-uses GET / -f a.json -o json", 2),
        ("matrix -a Nobody -b http://127.0.0.1:1 -o json", 3),
        ("status -a A -b http://127.0.0.1:1 -o json", 3),
        ("can-i-deploy -a A -e 1 -b foo -o json", 2),
        ("can-i-merge -a A -e 1 -b http://127.0.0.1:1 -o json", 3),
        ("list-environments -b http://127.0.0.1:1 -o json", 3),
        ("publish-results a.json -o json", 2),
        ("prune -o json -- false", 3),
        ("mock list -p 1 --output json", 3),
    ] {
        let told = place.run(line).ends_with(code);
        check_error(&told.json(), code);
        let message = told.json()["error"]["message"].clone();
        let first = message.as_str().unwrap().lines().next().unwrap();
        told.complains(&format!("error: {first}"));
    }
}

#[test]
fn a_command_line_that_is_wrong_is_told_in_that_form_too() {
    let place = Place::new();
    for line in [
        "verify --jobs 0 --output json",
        "verify --output=json --no-such-flag",
        "lint -ojson",
        "can-i-deploy -o json",
    ] {
        let told = place.run(line).ends_with(2);
        check_error(&told.json(), 2);
        let message = told.json()["error"]["message"].clone();
        assert!(!message.as_str().unwrap().contains("Usage:"), "{message}");
        told.complains("error: ");
    }
    place.write("treaty.toml", "pacts = 1");
    check_error(&place.run("lint x -o json").ends_with(2).json(), 2);
    std::fs::remove_file(place.path("treaty.toml")).unwrap();
    for line in ["verify --jobs 0", "prune -- sh -o json", "lint"] {
        assert_eq!(place.run(line).ends_with(2).stdout, "", "{line}");
    }
}

#[test]
fn a_verdict_is_a_word() {
    let place = place();
    let verify = format!("verify --file a.json --provider-base-url {}", good());
    for (line, code, verdict) in [
        (format!("{verify} --output json"), 0, json!("yes")),
        ("lint a.json -o json".to_owned(), 0, json!("yes")),
        ("diff a.json a.json -o json".to_owned(), 0, json!("yes")),
        ("diff a.json b.json -o json".to_owned(), 1, json!("no")),
        ("who-uses GET /nowhere -o json".to_owned(), 1, json!("no")),
        ("who-uses GET /users/42 -o json".to_owned(), 0, json!("yes")),
        (
            "can-i-deploy -a OrderService -e 1 -o json".to_owned(),
            1,
            json!("no"),
        ),
        (
            "can-i-merge -a OrderService -e 1 -o json".to_owned(),
            1,
            json!("no"),
        ),
        (
            "prune -o json -- cp a.json pacts".to_owned(),
            2,
            Value::Null,
        ),
    ] {
        let told = place.run(&line).ends_with(code);
        assert_eq!(told.json()["verdict"], verdict, "{line}");
    }
}
