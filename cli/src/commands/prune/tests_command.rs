//! The command that runs the consumer's tests.

mod process;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Command;

use self::process::Process;
use crate::error::Failure;

/// Where the libraries of all languages put pact files.
const OUTPUT_DIR_VARIABLE: &str = "PACT_OUTPUT_DIR";

/// Runs the tests, which are to write into the directory. They must succeed: a run that breaks off writes too little.
pub(super) async fn run(words: &[OsString], directory: &Path) -> Result<(), Failure> {
    let (program, arguments) = words.split_first().expect("clap asks for a command");
    let mut command = Command::new(program);
    command.args(arguments);
    command.env(OUTPUT_DIR_VARIABLE, directory);
    // Our stdout is for the answer.
    command.stdout(io::stderr());
    let status = match Process::start(command) {
        Ok(process) => process.end().await,
        Err(source) => Err(source),
    };
    let text: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let text = text.join(" ");
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Tests {
            command: text,
            status: status.to_string(),
        }),
        Err(source) => Err(Failure::NoCommand {
            command: text,
            source,
        }),
    }
}
