//! The arguments of the commands about environments and what is in them.

use clap::{ArgGroup, Args};
use treaty_core::names::{EnvironmentName, PacticipantName, VersionNumber};

use super::AskArgs;

/// Records that a version was deployed to an environment: what was deployed there before is so no longer.
#[derive(Debug, Clone, Args)]
pub(crate) struct RecordDeploymentArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Its version number
    #[arg(short = 'e', long)]
    pub(crate) version: VersionNumber,
    #[command(flatten)]
    pub(crate) instance: InstanceArgs,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Records that nothing of a pacticipant runs in an environment any more.
#[derive(Debug, Clone, Args)]
pub(crate) struct RecordUndeploymentArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) instance: InstanceArgs,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Records something about a version in an environment.
#[derive(Debug, Clone, Args)]
pub(crate) struct VersionInEnvironmentArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Its version number
    #[arg(short = 'e', long)]
    pub(crate) version: VersionNumber,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// A pacticipant in an environment.
#[derive(Debug, Clone, Args)]
pub(crate) struct PlaceArgs {
    /// The pacticipant
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// The environment
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: EnvironmentName,
}

/// One of several instances of a pacticipant in an environment.
#[derive(Debug, Clone, Args)]
pub(crate) struct InstanceArgs {
    /// Which of several instances in the environment
    #[arg(long, alias = "target", value_name = "NAME")]
    pub(crate) application_instance: Option<String>,
}

/// Creates an environment that versions can be deployed to.
#[derive(Debug, Clone, Args)]
pub(crate) struct CreateEnvironmentArgs {
    /// Name of the environment, as deployments give it
    #[arg(long)]
    pub(crate) name: EnvironmentName,
    #[command(flatten)]
    pub(crate) members: EnvironmentMembers,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// Changes an environment; what is not given stays as it is.
#[derive(Debug, Clone, Args)]
pub(crate) struct UpdateEnvironmentArgs {
    /// The broker's id for the environment
    #[arg(long)]
    pub(crate) uuid: String,
    /// Its new name
    #[arg(long)]
    pub(crate) name: Option<EnvironmentName>,
    #[command(flatten)]
    pub(crate) members: EnvironmentMembers,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// What else an environment has.
#[derive(Debug, Clone, Args)]
pub(crate) struct EnvironmentMembers {
    /// Its name for people
    #[arg(long, value_name = "NAME")]
    pub(crate) display_name: Option<String>,
    /// It is a production environment
    #[arg(long, overrides_with = "no_production")]
    pub(crate) production: bool,
    /// It is not a production environment
    #[arg(long, overrides_with = "production")]
    pub(crate) no_production: bool,
    /// Who looks after it
    #[arg(long, value_name = "NAME")]
    pub(crate) contact_name: Option<String>,
    /// The address of whoever looks after it
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) contact_email_address: Option<String>,
}

/// Shows an environment.
#[derive(Debug, Clone, Args)]
pub(crate) struct DescribeEnvironmentArgs {
    #[command(flatten)]
    pub(crate) id: EnvironmentIdArgs,
}

/// One environment, by its id or by its name.
#[derive(Debug, Clone, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["uuid", "name"])))]
pub(crate) struct EnvironmentIdArgs {
    /// The broker's id for the environment
    #[arg(long)]
    pub(crate) uuid: Option<String>,
    /// Its name, in place of the id
    #[arg(long)]
    pub(crate) name: Option<EnvironmentName>,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}
