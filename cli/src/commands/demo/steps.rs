//! The steps of the story: what is said, what is typed, and what is expected of it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::exit_code::ExitCode;
use crate::output;

/// Something did not go as told.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub(super) struct Surprise {
    what: String,
}

impl Surprise {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }

    pub(super) fn of(error: impl Error) -> Self {
        Self::new(error.to_string())
    }
}

/// Runs commands as somebody would type them in the directory.
#[derive(Debug)]
pub(super) struct Shell {
    directory: PathBuf,
}

impl Shell {
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
        }
    }

    /// Says what happens next.
    pub(super) fn say(&self, text: &str) -> Result<(), Surprise> {
        self.show(&format!("\n# {text}"))
    }

    /// Shows what would be seen in a terminal.
    pub(super) fn show(&self, text: &str) -> Result<(), Surprise> {
        output::line(text).map_err(Surprise::of)
    }

    /// Runs a `treaty` command, and shows it with its answer. The answer has to contain the text.
    pub(super) async fn treaty(
        &self,
        words: &[&str],
        code: ExitCode,
        text: &str,
    ) -> Result<(), Surprise> {
        self.show(&format!("$ treaty {}", words.join(" ")))?;
        let mut command = self.command(words)?;
        let run = tokio::task::spawn_blocking(move || command.output());
        let told = run.await.map_err(Surprise::of)?.map_err(Surprise::of)?;
        let answer = String::from_utf8_lossy(&told.stdout);
        self.show(answer.trim_end())?;
        let errors = String::from_utf8_lossy(&told.stderr);
        if !errors.is_empty() {
            output::beside(errors.trim_end());
        }
        if told.status.code() != Some(i32::from(code.number())) {
            let expected = code.number();
            return Err(Surprise::new(format!(
                "exit code {expected} was expected, got {}",
                told.status
            )));
        }
        if !answer.contains(text) {
            return Err(Surprise::new(format!(
                "{text:?} was expected in the answer"
            )));
        }
        Ok(())
    }

    /// This very program, in the directory, with nothing of the user's own brokers in its environment.
    fn command(&self, words: &[&str]) -> Result<Command, Surprise> {
        let mut command = Command::new(std::env::current_exe().map_err(Surprise::of)?);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PACT_") {
                command.env_remove(name);
            }
        }
        command
            .args(words)
            .current_dir(&self.directory)
            .env("PACT_BROKER_BASE_URL", super::story::BROKER);
        Ok(command)
    }
}
