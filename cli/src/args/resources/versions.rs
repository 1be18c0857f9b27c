//! The arguments of the commands about versions, their branches and tags.

use clap::Args;
use treaty_core::names::{BranchName, EnvironmentName, PacticipantName, TagName, VersionNumber};

use super::AskArgs;

/// Creates a version, or puts it on a branch and tags it.
#[derive(Debug, Clone, Args)]
pub(crate) struct VersionArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// Its version number
    #[arg(short = 'e', long)]
    pub(crate) version: VersionNumber,
    /// Branch that the version was built from
    #[arg(long)]
    pub(crate) branch: Option<BranchName>,
    /// Tag for the version; may be repeated or comma-separated
    #[arg(short = 't', long, value_delimiter = ',')]
    pub(crate) tag: Vec<TagName>,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Shows a version: the latest one, unless another is asked for.
#[derive(Debug, Clone, Args)]
pub(crate) struct DescribeVersionArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// Its version number
    #[arg(short = 'e', long, conflicts_with_all = ["latest", "environment"])]
    pub(crate) version: Option<VersionNumber>,
    /// The latest version, or the latest with the tag
    #[arg(short = 'l', long, value_name = "TAG", num_args = 0..=1, default_missing_value = "", conflicts_with = "environment")]
    pub(crate) latest: Option<String>,
    /// The versions that are deployed or released to the environment
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<EnvironmentName>,
    /// Only those deployed there
    #[arg(long, requires = "environment")]
    pub(crate) deployed: bool,
    /// Only those released there
    #[arg(long, requires = "environment")]
    pub(crate) released: bool,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// One version.
#[derive(Debug, Clone, Args)]
pub(crate) struct VersionNumberArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// Its version number
    #[arg(short = 'e', long)]
    pub(crate) version: VersionNumber,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Tags a version.
#[derive(Debug, Clone, Args)]
pub(crate) struct CreateTagArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// Its version number
    #[arg(short = 'e', long)]
    pub(crate) version: VersionNumber,
    /// Tag for the version; may be repeated or comma-separated
    #[arg(
        short = 't',
        long,
        value_delimiter = ',',
        required_unless_present = "tag_with_git_branch"
    )]
    pub(crate) tag: Vec<TagName>,
    /// Tag it with the name of the branch that is checked out or built
    #[arg(short = 'g', long)]
    pub(crate) tag_with_git_branch: bool,
    /// Create the version if the broker does not know it
    #[arg(long)]
    pub(crate) auto_create_version: bool,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Takes a tag from a version.
#[derive(Debug, Clone, Args)]
pub(crate) struct DeleteTagArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// Its version number
    #[arg(short = 'e', long)]
    pub(crate) version: VersionNumber,
    /// The tag
    #[arg(short = 't', long)]
    pub(crate) tag: TagName,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Something of a pacticipant.
#[derive(Debug, Clone, Args)]
pub(crate) struct OfPacticipantArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Deletes a branch.
#[derive(Debug, Clone, Args)]
pub(crate) struct BranchArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// The branch
    #[arg(long)]
    pub(crate) branch: BranchName,
    /// Whether a branch that is not there is an error
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_value_t = true, default_missing_value = "true")]
    pub(crate) error_when_not_found: bool,
    /// A branch that is not there is none
    #[arg(long, overrides_with = "error_when_not_found")]
    pub(crate) no_error_when_not_found: bool,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}
