//! An answer that cannot be written: nobody may take silence for a yes.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::command::Place;
use crate::provider::pact;

/// The device that takes nothing, which not every system has.
const FULL: &str = "/dev/full";

fn with_pacts() -> Place {
    let mut place = Place::new();
    place.set("PACT_BROKER_BASE_URL", "sqlite:broker.sqlite");
    place.write("a.json", &pact());
    place.run("publish a.json -a 1 --branch main").ends_with(0);
    place
}

#[test]
fn an_answer_that_cannot_be_written_is_no_yes() {
    let place = with_pacts();
    for line in [
        "can-i-deploy -a OrderService -e 1 -o json --dry-run",
        "list-pacticipants",
        "lint a.json",
        "completions bash",
        "generate-uuid",
        "demo",
        "verify --help",
        "--version",
    ] {
        let Ok(full) = OpenOptions::new().write(true).open(FULL) else {
            eprintln!("DID NOT RUN: there is no {FULL}");
            return;
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        let output = place.command(&words).stdout(full).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{line}: {told}");
        assert!(told.contains("cannot write the answer"), "{line}: {told}");
    }
}

#[test]
fn who_has_seen_enough_is_told_nothing() {
    let place = with_pacts();
    let mut command = place.command(&["completions", "bash"]);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut line = String::new();
    let mut pipe = BufReader::with_capacity(1, process.stdout.take().unwrap());
    pipe.read_line(&mut line).unwrap();
    drop(pipe);
    let output = process.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}
