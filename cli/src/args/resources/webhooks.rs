//! The arguments of the commands about webhooks.

use clap::Args;

use super::AskArgs;
use crate::args::broker::Header;

/// What a webhook is.
#[derive(Debug, Clone, Args)]
pub(crate) struct WebhookArgs {
    /// Where the request goes
    pub(crate) url: String,
    /// HTTP method of the request
    #[arg(short = 'X', long, value_name = "METHOD")]
    pub(crate) request: String,
    /// Headers of the request, each `Name: value`; may be repeated
    #[arg(short = 'H', long, value_name = "HEADER", num_args = 1..)]
    pub(crate) header: Vec<Header>,
    /// Body of the request: a text, a JSON document, or @FILE for what is in a file
    #[arg(short = 'd', long)]
    pub(crate) data: Option<String>,
    /// User name and password that go with the request, `NAME:PASSWORD`
    #[arg(long, value_name = "USER")]
    pub(crate) user: Option<String>,
    /// Only pacts of this consumer
    #[arg(long, value_name = "NAME", conflicts_with = "consumer_label")]
    pub(crate) consumer: Option<String>,
    /// Only pacts of consumers with the label
    #[arg(long, value_name = "LABEL")]
    pub(crate) consumer_label: Option<String>,
    /// Only pacts with this provider
    #[arg(long, value_name = "NAME", conflicts_with = "provider_label")]
    pub(crate) provider: Option<String>,
    /// Only pacts with providers with the label
    #[arg(long, value_name = "LABEL")]
    pub(crate) provider_label: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Team that it belongs to, of brokers that have teams
    #[arg(long, value_name = "UUID")]
    pub(crate) team_uuid: Option<String>,
    #[command(flatten)]
    pub(crate) events: EventArgs,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// When it is run.
#[derive(Debug, Clone, Args)]
pub(crate) struct EventArgs {
    /// Run it when the content of a pact changes
    #[arg(long, help_heading = "Events")]
    contract_content_changed: bool,
    /// Run it when a pact is published
    #[arg(long, help_heading = "Events")]
    contract_published: bool,
    /// Run it when a result is published
    #[arg(long, help_heading = "Events")]
    provider_verification_published: bool,
    /// Run it when a result is published that says no
    #[arg(long, help_heading = "Events")]
    provider_verification_failed: bool,
    /// Run it when a result is published that says yes
    #[arg(long, help_heading = "Events")]
    provider_verification_succeeded: bool,
    /// Run it when a pact is published that a provider version has no result for
    #[arg(long, help_heading = "Events")]
    contract_requiring_verification_published: bool,
}

impl EventArgs {
    /// The broker's names for those that were given.
    pub(crate) fn names(&self) -> Vec<String> {
        let events = [
            (self.contract_content_changed, "contract_content_changed"),
            (self.contract_published, "contract_published"),
            (
                self.provider_verification_published,
                "provider_verification_published",
            ),
            (
                self.provider_verification_failed,
                "provider_verification_failed",
            ),
            (
                self.provider_verification_succeeded,
                "provider_verification_succeeded",
            ),
            (
                self.contract_requiring_verification_published,
                "contract_requiring_verification_published",
            ),
        ];
        let given = events.iter().filter(|(given, _)| *given);
        given.map(|(_, name)| (*name).to_owned()).collect()
    }
}

/// Creates a webhook.
#[derive(Debug, Clone, Args)]
pub(crate) struct NewWebhookArgs {
    #[command(flatten)]
    pub(crate) webhook: WebhookArgs,
}

/// Creates a webhook with an id of one's own, or changes it.
#[derive(Debug, Clone, Args)]
pub(crate) struct PutWebhookArgs {
    /// Id of the webhook: at least 16 of A-Z, a-z, 0-9, _ and -; treaty generate-uuid makes one
    #[arg(long)]
    pub(crate) uuid: String,
    #[command(flatten)]
    pub(crate) webhook: WebhookArgs,
}

/// One webhook.
#[derive(Debug, Clone, Args)]
pub(crate) struct WebhookIdArgs {
    /// The broker's id for the webhook
    #[arg(long)]
    pub(crate) uuid: String,
    #[command(flatten)]
    pub(crate) ask: AskArgs,
}
