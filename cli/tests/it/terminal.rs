//! What is seen on a terminal, and nowhere else.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::command::Place;
use crate::provider::{good, pact};

/// Runs `treaty` with a terminal for its stderr, and gives what was drawn there.
fn drawn(place: &Place, line: &str) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let other_end = File::options()
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut command = place.command(&words);
    command.stdout(Stdio::null()).stderr(other_end);
    let mut child = command.spawn().unwrap();
    // The command holds the other end until it is dropped, and a terminal with nobody at it reads as an error.
    drop(command);
    let mut drawn = Vec::new();
    let mut terminal = File::from(terminal);
    let _ = terminal.read_to_end(&mut drawn);
    assert!(child.wait().unwrap().success());
    String::from_utf8(drawn).unwrap()
}

fn place() -> Place {
    let mut place = Place::new();
    place.set("TERM", "xterm");
    place.write("a.json", &pact());
    place
}

fn line(more: &str) -> String {
    format!("verify -f a.json --provider-base-url {} {more}", good())
}

#[test]
fn a_line_shows_the_progress_and_is_gone_at_the_end() {
    let drawn = drawn(&place(), &line(""));
    assert!(drawn.contains("1 of 1 replayed"), "{drawn:?}");
    assert!(drawn.ends_with("\r\u{1b}[2K"), "{drawn:?}");
}

#[test]
fn there_is_no_line_where_nobody_wants_one() {
    assert_eq!(drawn(&place(), &line("--quiet")), "");
    let mut dumb = place();
    dumb.set("TERM", "dumb");
    assert_eq!(drawn(&dumb, &line("")), "");
    let mut build = place();
    build.set("CI", "true");
    assert_eq!(drawn(&build, &line("")), "");
}

#[test]
fn a_log_has_no_colours_on_a_terminal() {
    let drawn = drawn(&place(), &line("--quiet -l debug --pretty-log"));
    assert!(drawn.contains("interaction done"), "{drawn:?}");
    assert!(!drawn.contains('\u{1b}'), "{drawn:?}");
}
