//! The arguments of the commands that read pacts.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use treaty_core::names::{BranchName, EnvironmentName, PacticipantName};

use super::AskArgs;

/// Lists the pacts of a provider, or writes them to files.
#[derive(Debug, Clone, Args)]
pub(crate) struct GetPactsArgs {
    /// The provider
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: PacticipantName,
    /// Only pacts of this consumer
    #[arg(long, value_name = "NAME")]
    pub(crate) consumer: Option<PacticipantName>,
    /// Those of the branch [default: each consumer's main branch]
    #[arg(long)]
    pub(crate) branch: Option<BranchName>,
    /// Only the latest of each consumer
    #[arg(long)]
    pub(crate) latest: bool,
    /// Also write them to files
    #[arg(long)]
    pub(crate) download: bool,
    /// Directory for the files
    #[arg(long, value_name = "DIR", default_value = "./pacts")]
    pub(crate) download_dir: PathBuf,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// The provider states that consumers ask for.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ProviderStatesCommand {
    /// List the provider states that the pacts with a provider need, and who needs them
    List(Box<ProviderStatesListArgs>),
}

/// Lists provider states.
#[derive(Debug, Clone, Args)]
pub(crate) struct ProviderStatesListArgs {
    /// The provider
    #[arg(short = 'r', long, value_name = "NAME")]
    pub(crate) provider: PacticipantName,
    /// Those of the pacts of the branch [default: each consumer's main branch]
    #[arg(long, conflicts_with = "environment")]
    pub(crate) branch: Option<BranchName>,
    /// Those of the pacts of the consumer versions in the environment
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<EnvironmentName>,
    /// The same as --output json
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}
