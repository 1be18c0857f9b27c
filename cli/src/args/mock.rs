//! The arguments of `treaty mock`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand, ValueEnum};

use super::Output;

/// Mock servers for tests in any language, controlled over HTTP.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum MockCommand {
    /// Start the process that all others below speak to, until it is shut down or interrupted
    Start(MockStartArgs),
    /// Start a mock server that answers from a pact
    Create(MockCreateArgs),
    /// List the mock servers
    List(MockListArgs),
    /// Ask whether a mock server got all that its pact says and nothing else; if so, write the pact
    Verify(MockOneArgs),
    /// Stop a mock server
    Shutdown(MockOneArgs),
    /// Stop the process and all its mock servers
    #[command(name = "shutdown-master")]
    ShutdownMaster(MockShutdownMasterArgs),
}

/// Where the process listens.
#[derive(Debug, Clone, Args)]
pub(crate) struct ControlArgs {
    /// Port of the process
    #[arg(short = 'p', long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Host of the process
    #[arg(short = 'h', long, default_value = "localhost")]
    pub(crate) host: String,
    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Accepted, and without meaning: the flags of the official tool for its log files.
    #[arg(long, hide = true)]
    no_file_log: bool,
    /// As above.
    #[arg(long, hide = true)]
    no_term_log: bool,
}

/// Starts the process. Its first line on stdout says where it listens, with --port 0 at any port that is free, its second
/// what shuts it down.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct MockStartArgs {
    #[command(flatten)]
    pub(crate) control: ControlArgs,
    /// Directory that verified pacts are written to [default: the working directory]
    #[arg(short = 'o', long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// The first port that mock servers try; any that is free if absent
    #[arg(long, value_name = "PORT")]
    pub(crate) base_port: Option<u16>,
    /// Key that shuts the process down; a random one if absent
    #[arg(long, value_name = "KEY")]
    pub(crate) server_key: Option<String>,
}

/// Starts a mock server.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct MockCreateArgs {
    #[command(flatten)]
    pub(crate) control: ControlArgs,
    /// The pact that it answers from
    #[arg(short = 'f', long)]
    pub(crate) file: PathBuf,
    /// Answer CORS pre-flight requests
    #[arg(short = 'c', long)]
    pub(crate) cors_preflight: bool,
    /// The version of the specification in which the pact is written
    #[arg(long, default_value = "v4", ignore_case = true)]
    pub(crate) specification: Specification,
    /// How the answer is shown
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(crate) output: Output,
}

/// A version of the specification that pacts are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Specification {
    /// 3.0.0.
    V3,
    /// 4.0.
    V4,
}

impl Specification {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V3 => "V3",
            Self::V4 => "V4",
        }
    }
}

/// Lists the mock servers.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct MockListArgs {
    #[command(flatten)]
    pub(crate) control: ControlArgs,
    /// How the list is shown
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(crate) output: Output,
}

/// Which mock server.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct MockOneArgs {
    #[command(flatten)]
    pub(crate) control: ControlArgs,
    /// Id of the mock server
    #[arg(
        short = 'i',
        long,
        value_name = "ID",
        required_unless_present = "mock_server_port"
    )]
    pub(crate) mock_server_id: Option<String>,
    /// Port of the mock server
    #[arg(
        short = 'm',
        long,
        value_name = "PORT",
        conflicts_with = "mock_server_id"
    )]
    pub(crate) mock_server_port: Option<u16>,
    /// How the answer is shown
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(crate) output: Output,
}

impl MockOneArgs {
    /// Its id, or its port.
    pub(crate) fn name(&self) -> String {
        let port = self.mock_server_port.map(|port| port.to_string());
        self.mock_server_id.clone().or(port).unwrap_or_default()
    }
}

/// Stops the process.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct MockShutdownMasterArgs {
    #[command(flatten)]
    pub(crate) control: ControlArgs,
    /// Key that the process told when it started
    #[arg(short = 'k', long, value_name = "KEY")]
    pub(crate) server_key: String,
    /// How long mock servers may take for what they have begun
    #[arg(long, value_name = "MS", default_value_t = 100)]
    pub(crate) period: u64,
}
