//! Help pages, and command lines that are wrong.

use crate::command::Place;
use crate::golden;

#[track_caller]
fn check(name: &str, line: &str) {
    let told = Place::new().run(line).ends_with(0);
    golden::check(name, &told.stdout);
}

#[test]
fn every_help_page_is_as_it_was_reviewed() {
    check("help", "--help");
    for command in commands("") {
        check(&format!("help-{command}"), &format!("{command} --help"));
        for inner in commands(&command) {
            let name = format!("help-{command}-{inner}");
            check(&name, &format!("{command} {inner} --help"));
        }
    }
}

/// The commands that a help page lists.
fn commands(of: &str) -> Vec<String> {
    let told = Place::new().run(&format!("{of} --help")).ends_with(0);
    let lines = told.stdout.lines();
    let lines = lines.skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let lines = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_version_is_told() {
    Place::new().run("--version").ends_with(0).says("treaty ");
    Place::new()
        .run("verify -v")
        .ends_with(0)
        .says(env!("CARGO_PKG_VERSION"));
}

#[test]
fn a_near_miss_is_suggested() {
    Place::new()
        .run("can-i-deploy --pacticipant A --to-enviroment production")
        .ends_with(2)
        .complains("'--to-environment'");
}

#[test]
fn an_unknown_value_is_answered_with_the_legal_ones() {
    Place::new()
        .run("publish x.json -a 1 -o yaml")
        .ends_with(2)
        .complains("[possible values: text, json]");
}

#[test]
fn no_command_is_a_wrong_command_line() {
    Place::new().run("").ends_with(2).complains("Usage: treaty");
}

#[test]
fn a_blank_name_is_refused_where_it_stands() {
    let told = Place::new().treaty(&[
        "record-deployment",
        "-a",
        " ",
        "-e",
        "1",
        "--environment",
        "x",
    ]);
    told.ends_with(2)
        .complains("a pacticipant name must not be blank");
}

#[test]
fn the_broker_has_to_be_named_on_a_build_machine() {
    let mut place = Place::new();
    place.set("CI", "true");
    let told = place.run("can-i-deploy --pacticipant A --version 1 --to-environment production");
    golden::check("ci-without-broker", &told.ends_with(2).stderr);
    assert!(!place.path(".treaty").exists());
}

#[test]
fn a_build_machine_that_says_false_is_none() {
    let mut place = Place::new();
    place.set("CI", "false");
    place.run("create-environment --name test").ends_with(0);
}

#[test]
fn without_a_name_the_broker_is_in_the_working_directory_and_that_is_told() {
    let place = Place::new();
    place
        .run("create-environment --name test")
        .ends_with(0)
        .complains("using the broker in .treaty/broker.sqlite");
    assert!(place.path(".treaty/broker.sqlite").exists());
}

#[test]
fn who_wants_it_quiet_reads_the_answer_and_errors_alone() {
    let place = Place::new();
    for line in [
        "--quiet create-environment --name a",
        "create-environment --name b --quiet",
    ] {
        let told = place.run(line).ends_with(0);
        assert_eq!(told.stderr, "");
        assert!(!told.stdout.is_empty());
    }
    place
        .run("describe-environment --name c --quiet")
        .ends_with(2)
        .complains("error: the broker has no environment \"c\"");
}

#[test]
fn every_command_logs_how_it_is_done_if_that_is_asked_before_it() {
    let place = Place::new();
    place.run("create-environment --name test").ends_with(0);
    for (line, logged) in [
        ("-v stub --url http://127.0.0.1:1/x", true),
        ("--verbose list-environments", true),
        ("list-environments", false),
    ] {
        let told = place.run(line);
        assert_eq!(told.stderr.contains("DEBUG"), logged, "{told:?}");
    }
}

#[test]
fn a_broker_that_is_not_a_url_is_told_as_such() {
    let told = Place::new().run("create-environment --name test -b localhost:9292");
    golden::check("broker-is-not-a-url", &told.ends_with(2).stderr);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    let wrong = OsStr::from_bytes(b"\xff");
    let mut command = place.command(&["list-environments"]);
    let output = command.env("PACT_BROKER_BASE_URL", wrong).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    let text = "the value of the variable PACT_BROKER_BASE_URL is not UTF-8";
    assert!(told.contains(text), "{told}");
    let mut command = place.command(&["list-environments", "-b"]);
    let output = command.arg(wrong).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!told.contains("the variable"), "{told}");
}
