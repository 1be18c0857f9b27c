//! Parts that these tests play in processes of their own, because they are about the environment, about a panic, or about
//! several processes.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::{env, fs, panic};

use treaty_consumer::PactBuilder;
use treaty_consumer::prelude::*;

use crate::client::{get, ping, write};

const PART_VARIABLE: &str = "TREATY_TEST_PART";
const DIR_VARIABLE: &str = "TREATY_TEST_DIR";
const OWN_FAILURE: &str = "the test's own failure";

/// Not a test by itself: what a child process does that was told its part.
#[test]
fn a_child_process_plays_its_part() {
    let Ok(part) = env::var(PART_VARIABLE) else {
        return;
    };
    let dir = env::var_os(DIR_VARIABLE).map(PathBuf::from).unwrap();
    let (part, number) = part.split_once(' ').unwrap_or((&part, "0"));
    let number: u16 = number.parse().unwrap();
    match part {
        "drops" => drop(ping(&dir).mock_server()),
        "drops-while-failing" => {
            let _mock = ping(&dir).mock_server();
            panic!("{OWN_FAILURE}");
        }
        "drops-checked" => drop(ping(&dir).start_mock_server(None, None)),
        "drops-checked-while-failing" => {
            let _mock = ping(&dir).start_mock_server(None, None);
            panic!("{OWN_FAILURE}");
        }
        "writes-where-it-should" => {
            let mut pact = PactBuilder::new_v4("A", "B");
            pact.interaction("a ping", "", |mut i| {
                i.request.path("/ping");
                i
            });
            let mock = pact.mock_server();
            get(mock.path("/ping").as_str());
            mock.finish().unwrap();
        }
        "tells-binary-types-apart" => crate::binary::tell_apart(),
        "writes-status" => write(&dir, "an answer", number),
        "writes-ten" => (0..10).for_each(|write_number| {
            write(
                &dir,
                &format!("write {write_number} of process {number}"),
                200,
            );
        }),
        other => panic!("no such part: {other}"),
    }
}

/// This binary, told to play a part. Nothing of the environment says where to write or which run this is.
pub(crate) fn command(part: &str, dir: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        "child::a_child_process_plays_its_part",
        "--exact",
        "--nocapture",
    ]);
    command.env(PART_VARIABLE, part).env(DIR_VARIABLE, dir);
    for variable in ["PACT_OUTPUT_DIR", "NEXTEST_RUN_ID", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

/// Plays a part to its end.
pub(crate) fn play(part: &str, dir: &Path) -> Output {
    command(part, dir).output().unwrap()
}

/// Begins a part, to be played beside others.
pub(crate) fn begin(part: &str, dir: &Path) -> Child {
    command(part, dir).stdout(Stdio::null()).spawn().unwrap()
}

/// What a part that ends in a panic says on its way: a test that fails, not a process that is killed.
#[track_caller]
pub(crate) fn failure(part: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let output = play(part, dir.path());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(101), "{said}");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        0,
        "nothing is written"
    );
    said
}
