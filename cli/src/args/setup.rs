//! The arguments of the commands that set things up: `treaty init`, `login`, `completions` and `man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::Shell;
use treaty_core::names::PacticipantName;

use super::BrokerArgs;

/// Writes a commented treaty.toml and the steps of a pipeline. Files that are there stay as they are.
#[derive(Debug, Clone, Args)]
pub(crate) struct InitArgs {
    /// Name of the application that lives here [default: the directory's name]
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: Option<PacticipantName>,
    /// The broker: http(s)://HOST[/PREFIX], or sqlite:PATH for one in a file
    #[arg(
        short = 'b',
        long,
        env = "PACT_BROKER_BASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) broker_base_url: Option<String>,
    /// For which pipeline [default: that whose files are here, else shell]
    #[arg(long)]
    pub(crate) ci: Option<Pipeline>,
}

/// Where a pipeline runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pipeline {
    /// A workflow for GitHub.
    Github,
    /// Jobs for GitLab, to be included.
    Gitlab,
    /// A script.
    Shell,
}

/// Keeps a token for a broker, so that no command needs it on its command line. It is read from stdin.
#[derive(Debug, Clone, Args)]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
    /// Forget the token in place of keeping one
    #[arg(long)]
    pub(crate) forget: bool,
}

/// Prints what makes a shell complete the command's words.
#[derive(Debug, Clone, Args)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    pub(crate) shell: Shell,
}

/// Prints the manual, or writes a page for each command.
#[derive(Debug, Clone, Args)]
pub(crate) struct ManArgs {
    /// Directory to write the pages to, such as /usr/local/share/man/man1
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
}
