//! The commands for what a broker keeps, one file for the arguments of each kind of it.

mod environments;
mod pacticipants;
mod pacts;
mod versions;
mod webhooks;

use clap::{Args, Subcommand, ValueEnum};

use super::{BrokerArgs, LogLevel};

pub(crate) use environments::{
    CreateEnvironmentArgs, DescribeEnvironmentArgs, EnvironmentIdArgs, EnvironmentMembers,
    RecordDeploymentArgs, RecordUndeploymentArgs, UpdateEnvironmentArgs, VersionInEnvironmentArgs,
};
pub(crate) use pacticipants::{LabelArgs, PacticipantArgs, PacticipantNameArgs};
pub(crate) use pacts::{GetPactsArgs, ProviderStatesCommand, ProviderStatesListArgs};
pub(crate) use versions::{
    BranchArgs, CreateTagArgs, DeleteTagArgs, DescribeVersionArgs, OfPacticipantArgs, VersionArgs,
    VersionNumberArgs,
};
pub(crate) use webhooks::{NewWebhookArgs, PutWebhookArgs, WebhookArgs, WebhookIdArgs};

/// What is done with what a broker keeps.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum ResourceCommand {
    /// Record that a version was deployed to an environment
    RecordDeployment(Box<RecordDeploymentArgs>),
    /// Record that nothing of a pacticipant runs in an environment any more
    RecordUndeployment(Box<RecordUndeploymentArgs>),
    /// Record that a version was released to an environment, beside those that are there
    RecordRelease(Box<VersionInEnvironmentArgs>),
    /// Record that a released version is supported no longer
    RecordSupportEnded(Box<VersionInEnvironmentArgs>),
    /// Create an environment that versions can be deployed to
    CreateEnvironment(Box<CreateEnvironmentArgs>),
    /// Change an environment
    UpdateEnvironment(Box<UpdateEnvironmentArgs>),
    /// Show an environment
    DescribeEnvironment(Box<DescribeEnvironmentArgs>),
    /// Delete an environment, and what was recorded about it
    DeleteEnvironment(Box<EnvironmentIdArgs>),
    /// List the environments
    ListEnvironments(Box<ListArgs>),
    /// Create a pacticipant, or change what the broker knows about it
    CreateOrUpdatePacticipant(Box<PacticipantArgs>),
    /// Show a pacticipant
    DescribePacticipant(Box<PacticipantNameArgs>),
    /// List the pacticipants
    ListPacticipants(Box<ListArgs>),
    /// Delete a pacticipant with all its versions, pacts and results
    DeletePacticipant(Box<PacticipantNameArgs>),
    /// Give a pacticipant a label
    CreateLabel(Box<LabelArgs>),
    /// Take a label from a pacticipant
    DeleteLabel(Box<LabelArgs>),
    /// Create a version, or put it on a branch and tag it
    CreateOrUpdateVersion(Box<VersionArgs>),
    /// Show a version, the latest one, or those in an environment
    DescribeVersion(Box<DescribeVersionArgs>),
    /// Delete a version with its pacts and results
    DeleteVersion(Box<VersionNumberArgs>),
    /// Tag a version
    CreateVersionTag(Box<CreateTagArgs>),
    /// Take a tag from a version
    DeleteVersionTag(Box<DeleteTagArgs>),
    /// List the branches of a pacticipant
    ListBranches(Box<OfPacticipantArgs>),
    /// Delete a branch; its versions stay
    DeleteBranch(Box<BranchArgs>),
    /// List the latest pact of every consumer and provider
    ListLatestPactVersions(Box<ListArgs>),
    /// List the pacts of a provider, or write them to files
    GetPacts(Box<GetPactsArgs>),
    /// The provider states that consumers ask for
    #[command(subcommand)]
    ProviderStates(ProviderStatesCommand),
    /// Create a webhook
    CreateWebhook(Box<NewWebhookArgs>),
    /// Create a webhook with an id of one's own, or change it
    CreateOrUpdateWebhook(Box<PutWebhookArgs>),
    /// Show a webhook
    DescribeWebhook(Box<WebhookIdArgs>),
    /// List the webhooks
    ListWebhooks(Box<ListArgs>),
    /// Delete a webhook
    DeleteWebhook(Box<WebhookIdArgs>),
    /// Run a webhook now, and see what comes of it
    TestWebhook(Box<WebhookIdArgs>),
    /// Print an id for a webhook
    GenerateUuid,
}

/// How the answer is shown, and which broker gives it.
#[derive(Debug, Clone, Args)]
pub(crate) struct AskArgs {
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text", value_name = "OUTPUT")]
    pub(crate) output: Show,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}

/// For lists of everything.
#[derive(Debug, Clone, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// How the answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    /// For people.
    Text,
    /// A table, whether it is one thing or many.
    Table,
    /// The broker's document.
    Json,
    /// The same.
    Pretty,
    /// The broker's ids, one a line, and nothing else.
    Id,
}

impl ResourceCommand {
    /// How the command asks; nothing if it asks nobody.
    pub(crate) fn ask(&self) -> Option<&AskArgs> {
        Some(match self {
            Self::RecordDeployment(args) => &args.ask,
            Self::RecordUndeployment(args) => &args.ask,
            Self::RecordRelease(args) | Self::RecordSupportEnded(args) => &args.ask,
            Self::CreateEnvironment(args) => &args.ask,
            Self::UpdateEnvironment(args) => &args.ask,
            Self::DescribeEnvironment(args) => &args.id.ask,
            Self::DeleteEnvironment(args) => &args.ask,
            Self::ListEnvironments(args)
            | Self::ListPacticipants(args)
            | Self::ListLatestPactVersions(args)
            | Self::ListWebhooks(args) => &args.ask,
            Self::CreateOrUpdatePacticipant(args) => &args.ask,
            Self::DescribePacticipant(args) | Self::DeletePacticipant(args) => &args.ask,
            Self::CreateLabel(args) | Self::DeleteLabel(args) => &args.ask,
            Self::CreateOrUpdateVersion(args) => &args.ask,
            Self::DescribeVersion(args) => &args.ask,
            Self::DeleteVersion(args) => &args.ask,
            Self::CreateVersionTag(args) => &args.ask,
            Self::DeleteVersionTag(args) => &args.ask,
            Self::ListBranches(args) => &args.ask,
            Self::DeleteBranch(args) => &args.ask,
            Self::GetPacts(args) => &args.ask,
            Self::ProviderStates(ProviderStatesCommand::List(args)) => &args.ask,
            Self::CreateWebhook(args) => &args.webhook.ask,
            Self::CreateOrUpdateWebhook(args) => &args.webhook.ask,
            Self::DescribeWebhook(args) | Self::DeleteWebhook(args) | Self::TestWebhook(args) => {
                &args.ask
            }
            Self::GenerateUuid => return None,
        })
    }

    /// Whether the answer is a JSON document.
    pub(crate) fn is_json(&self) -> bool {
        let json =
            matches!(self, Self::ProviderStates(ProviderStatesCommand::List(args)) if args.json);
        let shown = self.ask().map(|ask| ask.output);
        json || matches!(shown, Some(Show::Json | Show::Pretty))
    }

    /// What is logged.
    pub(crate) fn log_level(&self) -> LogLevel {
        self.ask()
            .map_or_else(LogLevel::default, |ask| ask.broker.log_level())
    }
}
