//! The arguments of `treaty record-deployment` and `treaty create-environment`.

use clap::{Args, ValueEnum};
use treaty_core::names::{EnvironmentName, PacticipantName, VersionNumber};

use super::{BrokerArgs, Output};

/// Records that a version was deployed to an environment.
#[derive(Debug, Clone, Args)]
pub(crate) struct RecordDeploymentArgs {
    /// What was deployed
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: PacticipantName,
    /// Its version number
    #[arg(short = 'e', long)]
    pub(crate) version: VersionNumber,
    /// Where it was deployed
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: EnvironmentName,
    /// Which of several instances in the environment
    #[arg(long, alias = "target", value_name = "NAME")]
    pub(crate) application_instance: Option<String>,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}

/// Creates an environment that versions can be deployed to.
#[derive(Debug, Clone, Args)]
pub(crate) struct CreateEnvironmentArgs {
    /// Name of the environment, as deployments give it
    #[arg(long)]
    pub(crate) name: EnvironmentName,
    /// Its name for people
    #[arg(long, value_name = "NAME")]
    pub(crate) display_name: Option<String>,
    /// It is a production environment
    #[arg(long, overrides_with = "no_production")]
    pub(crate) production: bool,
    /// It is not a production environment, which is so anyway
    #[arg(long, overrides_with = "production")]
    no_production: bool,
    /// Who looks after it
    #[arg(long, value_name = "NAME")]
    pub(crate) contact_name: Option<String>,
    /// The address of whoever looks after it
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) contact_email_address: Option<String>,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: EnvironmentOutput,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}

/// How a new environment is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvironmentOutput {
    /// A sentence.
    Text,
    /// The broker's document.
    Json,
    /// The broker's id for it, and nothing else.
    Id,
}
