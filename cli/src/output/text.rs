//! Text for people: answers on stdout, errors and notes on stderr.

use std::io::{self, Write};

use treaty_core::causes::causes;

use super::{Answer, Format, json};
use crate::broker_access::readable;
use crate::error::Failure;
use crate::exit_code::ExitCode;

/// Prints the answer, and says which exit code it leads to.
pub(crate) fn show(answer: &Answer, format: Format) -> ExitCode {
    let shown = match format {
        Format::Text if answer.text.is_empty() => Ok(()),
        Format::Text => line(&readable(answer.text.trim_end())),
        Format::Json | Format::Sarif => line(&json::document(&answer.json)),
    };
    match shown {
        Ok(()) => answer.code,
        Err(failure) => fail(&failure, Format::Text),
    }
}

/// Prints why there is no answer, and says which exit code that leads to.
pub(crate) fn fail(failure: &Failure, format: Format) -> ExitCode {
    on_stderr(&self::failure(failure));
    let document = match format {
        Format::Text => return failure.exit_code(),
        Format::Json => json::failure(failure),
        Format::Sarif => json::sarif_failure(failure),
    };
    if let Err(unwritten) = line(&json::document(&document)) {
        on_stderr(&self::failure(&unwritten));
    }
    failure.exit_code()
}

/// Prints what is wrong with the command line, or the help that it asks for.
pub(crate) fn command_line(told: &clap::Error, format: Format) -> ExitCode {
    let printed = written(told.print());
    if told.exit_code() == 0 {
        return match printed {
            Ok(()) => ExitCode::Yes,
            Err(failure) => fail(&failure, Format::Text),
        };
    }
    // A terminal that is gone does not change what the command line was.
    if format == Format::Json {
        let told = told.render().to_string();
        let document = json::command_line(&told, ExitCode::Usage);
        if let Err(unwritten) = line(&json::document(&document)) {
            on_stderr(&self::failure(&unwritten));
        }
    }
    ExitCode::Usage
}

/// Prints one line, or several, of the answer.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    written(writeln!(stdout, "{text}").and_then(|()| stdout.flush()))
}

fn written(printed: io::Result<()>) -> Result<(), Failure> {
    match printed {
        // Whoever closed the pipe has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed.map_err(Failure::Answer),
    }
}

/// Prints on stderr what was asked for, however quiet the command is to be.
pub(crate) fn beside(text: &str) {
    on_stderr(text);
}

/// Prints on stderr, with links as people can read them.
pub(super) fn on_stderr(text: &str) {
    // A terminal that is gone misses nothing.
    let _ = writeln!(io::stderr().lock(), "{}", readable(text));
}

/// Where, what, and how to fix it.
pub(super) fn failure(failure: &Failure) -> String {
    let mut lines = vec![format!("error: {}", indented(&failure.to_string()))];
    for cause in causes(failure) {
        lines.push(format!("  because {}", indented(&cause.to_string())));
    }
    if let Some(fix) = failure.fix() {
        lines.push(format!("  to fix it: {fix}"));
    }
    lines.join("\n")
}

/// Further lines of a text, set below its first.
fn indented(text: &str) -> String {
    text.trim_end().replace('\n', "\n    ")
}
