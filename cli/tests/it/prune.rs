//! `treaty prune`, with a shell that copies files where a consumer's tests would write them.

use serde_json::{Value, json};

use crate::command::{Place, Told};
use crate::golden;

/// The pact between OrderService and another, with these descriptions.
fn pact(provider: &str, descriptions: &[&str]) -> String {
    let interactions: Vec<Value> = descriptions
        .iter()
        .map(|description| {
            json!({
                "type": "Synchronous/HTTP", "description": description,
                "providerStates": [
                    { "name": "a user exists", "params": { "id": 42 } }, { "name": "it is day" },
                ],
                "request": { "method": "GET", "path": format!("/{description}") },
                "response": { "status": 200 },
            })
        })
        .collect();
    let pact = json!({
        "consumer": { "name": "OrderService" }, "provider": { "name": provider },
        "interactions": interactions,
        "metadata": { "pactSpecification": { "version": "4.0" } },
    });
    pact.to_string()
}

/// A workspace whose pact file has two interactions, and whose tests write one of them and a new one.
fn place() -> Place {
    let place = Place::new();
    place.write("pacts/users.json", &pact("UserService", &["old", "kept"]));
    place.write("tests/users.json", &pact("UserService", &["kept", "new"]));
    place
}

/// As [`place`], with a pact file of which the tests write nothing.
fn place_with_whole_file() -> Place {
    let place = place();
    place.write("pacts/mails.json", &pact("MailService", &["a mail"]));
    place
}

fn prune(place: &Place, options: &str) -> Told {
    let line = format!("prune {options} -- cp -r tests/. $PACT_OUTPUT_DIR");
    let (words, script) = line.split_once(" -- ").unwrap();
    let mut words: Vec<&str> = words.split_whitespace().collect();
    words.extend(["--", "sh", "-c", script]);
    place.treaty(&words)
}

fn descriptions(place: &Place, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(place.path(file)).unwrap();
    let pact: Value = serde_json::from_str(&text).unwrap();
    let interactions = pact["interactions"].as_array().unwrap().iter();
    interactions
        .map(|i| i["description"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn what_no_test_writes_is_named_and_stays() {
    let place = place_with_whole_file();
    let told = prune(&place, "").ends_with(1);
    golden::check("prune-stale", &told.stdout);
    assert_eq!(descriptions(&place, "pacts/users.json"), ["old", "kept"]);
}

#[test]
fn what_no_test_writes_goes_when_that_is_asked() {
    let place = place();
    let told = prune(&place, "--write").ends_with(0);
    golden::check("prune-written", &told.stdout);
    assert_eq!(descriptions(&place, "pacts/users.json"), ["kept"]);
    let told = prune(&place, "").ends_with(0);
    assert_eq!(told.stdout, "The tests write all that is in 1 pact file.\n");
}

#[test]
fn a_file_that_no_test_writes_goes_only_when_that_is_asked_by_name() {
    let place = place_with_whole_file();
    let told = prune(&place, "--write").ends_with(1);
    golden::check("prune-whole-file-left", &told.stdout);
    assert_eq!(descriptions(&place, "pacts/mails.json"), ["a mail"]);
    assert_eq!(descriptions(&place, "pacts/users.json"), ["kept"]);

    prune(&place, "--write --whole-files").ends_with(0);
    assert!(!place.path("pacts/mails.json").exists());
    prune(&place, "").ends_with(0);
    prune(&place, "--whole-files").ends_with(2);
}

#[test]
fn json_is_one_document_whatever_the_tests_print() {
    let place = place();
    let mut words = vec!["prune", "-o", "json", "--", "sh", "-c"];
    words.push("echo noise; cp tests/users.json $PACT_OUTPUT_DIR");
    let told = place.treaty(&words).ends_with(1).complains("noise");
    golden::check("prune-json", &told.stdout);
    assert_eq!(told.json()["verdict"], "no");
}

#[test]
fn a_name_in_other_states_is_another_interaction() {
    let place = place();
    let other = pact("UserService", &["old", "kept"]).replace("42", "43");
    place.write("tests/users.json", &other);
    prune(&place, "")
        .ends_with(1)
        .says(r#"kept (given a user exists {"id":42} and it is day)"#);
}

#[test]
fn tests_that_fail_say_nothing_about_what_they_would_write() {
    let place = place();
    let words = ["prune", "--write", "--", "sh", "-c", "exit 7"];
    let told = place.treaty(&words).ends_with(3);
    golden::check("prune-failed", &told.stderr);
    assert_eq!(descriptions(&place, "pacts/users.json"), ["old", "kept"]);
}

#[test]
fn tests_that_write_nothing_are_not_all_the_tests() {
    let place = place();
    let told = place
        .run("prune --write --whole-files -- true")
        .ends_with(2);
    golden::check("prune-nothing-written", &told.stderr);
    place.write("tests/users.json", &pact("UserService", &[]));
    prune(&place, "--write --whole-files").ends_with(2);
    assert_eq!(descriptions(&place, "pacts/users.json"), ["old", "kept"]);
}

#[test]
fn a_command_that_is_none_is_a_wrong_command_line() {
    let place = place();
    place
        .run("prune -- no-such-command --all")
        .ends_with(2)
        .complains("cannot run no-such-command --all");
    place.run("prune").ends_with(2).complains("COMMAND");
}

#[test]
fn without_a_pact_file_or_with_one_that_is_none_no_test_runs() {
    let place = Place::new();
    let line = "prune --output-dir contracts -- touch ran";
    place
        .run(line)
        .ends_with(2)
        .complains("no pact file at contracts");
    place.write("contracts/a.json", "{}");
    place
        .run(line)
        .ends_with(2)
        .complains("contracts/a.json is not a pact");
    assert!(!place.path("ran").exists());
}

#[test]
fn what_is_typed_next_is_the_whole_command() {
    let place = place();
    std::fs::rename(place.path("pacts"), place.path("my pacts")).unwrap();
    let copy = "cp tests/users.json $PACT_OUTPUT_DIR";
    let words = ["prune", "--output-dir", "my pacts", "--", "sh", "-c", copy];
    let told = place.treaty(&words).ends_with(1);
    told.says(&format!(
        "next: treaty prune --write --output-dir 'my pacts' -- sh -c '{copy}'\n"
    ));
}

/// All that the command began holds its stderr, which ends with the last of them.
#[cfg(unix)]
#[test]
fn a_signal_to_the_command_alone_ends_the_tests_and_leaves_nothing() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, Signal, kill_process};

    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let place = place();
        std::fs::create_dir(place.path("tmp")).unwrap();
        let script = "echo started; sleep 600; true";
        let mut command = place.command(&["prune", "--", "sh", "-c", script]);
        let command = command
            .env("TMPDIR", place.path("tmp"))
            .stdin(Stdio::null());
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        assert_eq!(line, "started\n");
        let started = Instant::now();
        let id = i32::try_from(process.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
        stderr.read_to_string(&mut line).unwrap();
        assert_eq!(process.wait().unwrap().code(), Some(code), "{line}");
        assert!(started.elapsed() < Duration::from_secs(300), "{line}");
        assert_eq!(std::fs::read_dir(place.path("tmp")).unwrap().count(), 0);
    }
}
