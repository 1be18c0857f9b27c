//! `treaty demo`.

use crate::command::Place;

#[test]
fn the_story_goes_as_told_and_leaves_nothing_behind() {
    let mut place = Place::new();
    place.set("PACT_BROKER_BASE_URL", "http://broker.invalid");
    let told = place.run("demo").ends_with(0);
    let told = told.says("$.email").says("The story went as told");
    assert_eq!(told.stderr, "making a new broker in broker.sqlite\n");
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_story_that_is_broken_off_leaves_nothing_behind() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process};

    let place = Place::new();
    std::fs::create_dir(place.path("tmp")).unwrap();
    let mut command = place.command(&["demo"]);
    let command = command
        .env("TMPDIR", place.path("tmp"))
        .stdout(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("$ treaty") {
        assert!(stdout.read_line(&mut line).unwrap() > 0, "{line}");
    }
    let id = i32::try_from(process.id()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(143));
    assert_eq!(std::fs::read_dir(place.path("tmp")).unwrap().count(), 0);
}
