//! The arguments of `treaty publish`.

use clap::{ArgAction, Args};
use treaty_core::names::{BranchName, TagName, VersionNumber};

use super::{BrokerArgs, Output};

/// Publishes pact files to a broker.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct PublishArgs {
    /// Pact files, directories of them and what is below, or glob patterns
    #[arg(required = true, value_name = "FILE|DIR|GLOB")]
    pub(crate) pacts: Vec<String>,
    /// Version number of the consumer, the commit id for example
    #[arg(
        short = 'a',
        long,
        value_name = "VERSION",
        required_unless_present = "auto_detect_version_properties"
    )]
    pub(crate) consumer_app_version: Option<VersionNumber>,
    /// Branch that the consumer was built from
    #[arg(short = 'h', long)]
    pub(crate) branch: Option<BranchName>,
    /// Take version number, branch and build URL from the build machine's variables, or from git
    #[arg(short = 'r', long)]
    pub(crate) auto_detect_version_properties: bool,
    /// Tag for the consumer version; may be repeated or comma-separated
    #[arg(short = 't', long, value_delimiter = ',')]
    pub(crate) tag: Vec<TagName>,
    /// Tag the consumer version with the name of its branch
    #[arg(short = 'g', long)]
    pub(crate) tag_with_git_branch: bool,
    /// URL of the build that made the pacts
    #[arg(long, value_name = "URL")]
    pub(crate) build_url: Option<String>,
    /// Ask the broker to merge with a pact that this version has already
    #[arg(long)]
    pub(crate) merge: bool,
    /// Check the files first, which is done anyway
    #[arg(long, hide = true)]
    validate: bool,
    /// Send nothing if treaty lint finds an error in a file
    #[arg(long)]
    pub(crate) strict: bool,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Say nothing beside the answer: no notes, and not what the broker proposes to do next
    #[arg(long)]
    pub(crate) quiet: bool,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}
