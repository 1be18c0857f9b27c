//! `treaty prune`.

mod tests_command;

use std::ffi::OsString;
use std::path::PathBuf;
use std::slice;

use serde_json::json;
use tempfile::TempDir;
use treaty_consumer::{Stale, StaleError, TestRun};
use treaty_core::shell;

use crate::args::{PACTS, PruneArgs};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, prune as output};
use crate::pact_files;

pub(crate) async fn run(args: &PruneArgs) -> Result<Answer, Failure> {
    let committed = committed(args)?;
    let directory = TempDir::new().map_err(|source| Failure::System {
        what: "the operating system gives no temporary directory",
        source,
    })?;
    tests_command::run(&args.command, directory.path()).await?;
    let fresh = TestRun::read(&pact_files::in_directory(
        directory.path(),
        pact_files::EXTENSION,
    )?)?;
    if fresh.is_empty() {
        return Err(Failure::usage(
            "the command wrote no interaction into the directory that PACT_OUTPUT_DIR names",
            "give the command that runs all tests of the consumer, none of which may name a directory of its own",
        ));
    }
    let stale: Vec<Stale> = committed
        .iter()
        .filter_map(|file| fresh.stale_in(file).transpose())
        .collect::<Result<_, StaleError>>()?;
    let (removed, left): (Vec<_>, Vec<_>) = stale
        .into_iter()
        .partition(|stale| args.write && (args.whole_files || !stale.whole));
    for stale in &removed {
        stale.remove()?;
    }
    Ok(answer(&removed, &left, committed.len(), args))
}

/// The pact files that the tests have written so far. All must be pacts before the tests take their time.
fn committed(args: &PruneArgs) -> Result<Vec<PathBuf>, Failure> {
    let files = pact_files::find(slice::from_ref(&args.output_dir))?;
    TestRun::read(&files)?;
    Ok(files)
}

/// What of the command line stays when the command is typed again: where the files are, and what runs the tests.
fn again(args: &PruneArgs) -> String {
    let word = |word: &OsString| shell::word(&word.to_string_lossy());
    let command: Vec<String> = args.command.iter().map(word).collect();
    let directory = match args.output_dir.as_str() {
        PACTS => String::new(),
        other => format!("--output-dir {} ", shell::word(other)),
    };
    format!("{directory}-- {}", command.join(" "))
}

fn answer(removed: &[Stale], left: &[Stale], files: usize, args: &PruneArgs) -> Answer {
    let code = if left.is_empty() {
        ExitCode::Yes
    } else {
        ExitCode::No
    };
    let mut json = output::json(removed, left);
    json["verdict"] = json!(code.word());
    Answer {
        code,
        text: output::text(removed, left, files, &again(args)),
        json,
    }
}
