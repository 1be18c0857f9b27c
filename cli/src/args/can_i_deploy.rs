//! The arguments of `treaty can-i-deploy`: some belong to the `--pacticipant` or `--ignore` before them.

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use treaty_broker_client::DEPLOY_ROWS_MAX_DEFAULT;
use treaty_core::names::{EnvironmentName, TagName};

use super::BrokerArgs;
use super::selectors::SelectorArgs;

/// Asks whether a version may go to an environment, and says why not.
#[derive(Debug, Clone, Args)]
pub(crate) struct CanIDeployArgs {
    #[command(flatten)]
    pub(crate) selectors: SelectorArgs,
    /// Environment that the version is to go to
    #[arg(long, value_name = "ENVIRONMENT", conflicts_with = "to")]
    pub(crate) to_environment: Option<EnvironmentName>,
    /// Tag of the versions that the version is to go together with
    #[arg(long, value_name = "TAG")]
    pub(crate) to: Option<TagName>,
    #[command(flatten)]
    pub(crate) question: QuestionArgs,
}

/// Asks whether a version goes together with the main branch of everything that it has a pact with.
#[derive(Debug, Clone, Args)]
pub(crate) struct CanIMergeArgs {
    #[command(flatten)]
    pub(crate) selectors: SelectorArgs,
    #[command(flatten)]
    pub(crate) question: QuestionArgs,
}

/// How the question is asked, and its answer shown.
#[derive(Debug, Clone, Args)]
pub(crate) struct QuestionArgs {
    /// Without any verification the answer is no
    #[arg(long)]
    pub(crate) require_verified: bool,
    /// How often to ask again while results are missing
    #[arg(long, value_name = "TIMES", default_value_t = 0)]
    pub(crate) retry_while_unknown: u32,
    /// How long to wait before asking again
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) retry_interval: u64,
    /// The most rows to ask for; a list that reaches it may be cut short, and a yes to a part is none
    #[arg(long, value_name = "ROWS", default_value_t = DEPLOY_ROWS_MAX_DEFAULT)]
    pub(crate) limit: usize,
    /// Answer as ever, but end with exit code 0 whatever the answer
    #[arg(long, env = "PACT_BROKER_CAN_I_DEPLOY_DRY_RUN", value_parser = BoolishValueParser::new())]
    pub(crate) dry_run: bool,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: DeployOutput,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}

/// How the answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeployOutput {
    /// The verdict, and for each thing in the way its cause and what to do.
    Text,
    /// The verdict, and a table of everything that was looked at.
    Table,
    /// The broker's document and the verdict.
    Json,
}
