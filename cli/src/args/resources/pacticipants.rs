//! The arguments of the commands about pacticipants.

use clap::Args;
use treaty_core::names::{BranchName, PacticipantName};

use super::AskArgs;

/// Creates a pacticipant, or changes it; what is not given stays as it is.
#[derive(Debug, Clone, Args)]
pub(crate) struct PacticipantArgs {
    /// Name of the pacticipant
    #[arg(long)]
    pub(crate) name: PacticipantName,
    /// Its name for people
    #[arg(long, value_name = "NAME")]
    pub(crate) display_name: Option<String>,
    /// The branch that it is deployed from
    #[arg(long, value_name = "BRANCH")]
    pub(crate) main_branch: Option<BranchName>,
    /// Where its sources are
    #[arg(long, value_name = "URL")]
    pub(crate) repository_url: Option<String>,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// One pacticipant.
#[derive(Debug, Clone, Args)]
pub(crate) struct PacticipantNameArgs {
    /// Name of the pacticipant
    #[arg(long)]
    pub(crate) name: PacticipantName,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// A label of a pacticipant.
#[derive(Debug, Clone, Args)]
pub(crate) struct LabelArgs {
    /// Name of the pacticipant
    #[arg(long)]
    pub(crate) name: PacticipantName,
    /// The label
    #[arg(long)]
    pub(crate) label: String,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}
