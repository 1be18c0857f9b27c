//! The arguments of `treaty verify`.

use std::path::PathBuf;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};
use treaty_core::names::{BranchName, PacticipantName, TagName, VersionNumber};

use super::broker::Header;
use super::{BrokerOrUrlArgs, ReportArgs, RunArgs, WayArgs};

/// Replays pacts against a provider that is running, and says whether it keeps them.
#[derive(Debug, Clone, Args)]
#[command(disable_help_flag = true, disable_version_flag = true, version)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) pacts: PactArgs,
    #[command(flatten)]
    pub(crate) provider: ProviderArgs,
    #[command(flatten)]
    pub(crate) way: WayArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    #[command(flatten)]
    pub(crate) publish: PublishResultArgs,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Print help
    #[arg(long, action = ArgAction::Help, help_heading = "Report")]
    help: Option<bool>,
    /// Print the version
    #[arg(short = 'v', long, action = ArgAction::Version, help_heading = "Report")]
    version: Option<bool>,
}

/// Where the pacts are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Pacts")]
pub(crate) struct PactArgs {
    /// Pact file; may be repeated
    #[arg(short = 'f', long)]
    pub(crate) file: Vec<PathBuf>,
    /// Directory of pact files; may be repeated
    #[arg(short = 'd', long)]
    pub(crate) dir: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) of_broker: BrokerOrUrlArgs,
    /// URL of the one pact of the broker to verify, as a webhook of the broker gives it; PACT_URL stands in for it
    #[arg(
        long,
        env = "PACT_WEBHOOK_CALLBACK_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) webhook_callback_url: Option<String>,
    /// It is as it should be that there is no pact
    #[arg(long)]
    pub(crate) ignore_no_pacts_error: bool,
}

/// Where the provider is, and how it gets into its states.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Provider")]
pub(crate) struct ProviderArgs {
    /// Name of the provider; a --file says it by itself, else pacticipant in treaty.toml does
    #[arg(short = 'n', long, env = "PACT_PROVIDER_NAME", value_name = "NAME")]
    pub(crate) provider_name: Option<PacticipantName>,
    /// URL that the provider answers below, in place of the next four
    #[arg(long, value_name = "URL", conflicts_with_all = ["hostname", "port", "scheme", "base_path"])]
    pub(crate) provider_base_url: Option<String>,
    /// Host of the provider [default: localhost]
    #[arg(short = 'h', long, env = "PACT_PROVIDER_HOSTNAME")]
    pub(crate) hostname: Option<String>,
    /// Port of the provider [default: that of the scheme]
    #[arg(short = 'p', long, env = "PACT_PROVIDER_PORT")]
    pub(crate) port: Option<u16>,
    /// Scheme of the provider's URL, http or https, or the transport of a plugin [default: http]
    #[arg(long, visible_alias = "transport", env = "PACT_PROVIDER_TRANSPORT")]
    pub(crate) scheme: Option<Scheme>,
    /// Path below which the provider answers
    #[arg(long, env = "PACT_PROVIDER_BASE_PATH", value_name = "PATH")]
    pub(crate) base_path: Option<String>,
    /// How long the provider may take for one answer [default: 5000]
    #[arg(
        long,
        env = "PACT_PROVIDER_REQUEST_TIMEOUT",
        value_name = "MS",
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub(crate) request_timeout: Option<u64>,
    /// Header for every request to the provider, `Name=value` or `Name: value`; may be repeated
    #[arg(short = 'H', long, value_name = "HEADER")]
    pub(crate) header: Vec<Header>,
    /// Trust any certificate of the provider
    #[arg(long)]
    pub(crate) disable_ssl_verification: bool,
    /// URL that brings the provider into a state
    #[arg(
        short = 's',
        long,
        env = "PACT_PROVIDER_STATE_CHANGE_URL",
        value_name = "URL"
    )]
    pub(crate) state_change_url: Option<String>,
    /// Replay interactions although nobody sets their provider states up
    #[arg(long)]
    pub(crate) allow_unknown_states: bool,
    /// Send the state in the query instead of the body
    #[arg(long, env = "PACT_PROVIDER_STATE_CHANGE_AS_QUERY", value_parser = BoolishValueParser::new())]
    pub(crate) state_change_as_query: bool,
    /// Also tell the URL when an interaction is over
    #[arg(long, env = "PACT_PROVIDER_STATE_CHANGE_TEARDOWN", value_parser = BoolishValueParser::new())]
    pub(crate) state_change_teardown: bool,
}

/// How the provider is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// Plain.
    Http,
    /// Secured.
    Https,
    /// As a plugin does.
    OfPlugin(String),
}

impl FromStr for Scheme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            name if cfg!(feature = "plugins") && !name.is_empty() => {
                Ok(Self::OfPlugin(name.to_owned()))
            }
            _ => Err(
                "it is neither http nor https, and this build of Treaty runs no plugins".to_owned(),
            ),
        }
    }
}

/// Which interactions.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Filter")]
pub(crate) struct FilterArgs {
    /// Only interactions whose description has a match of the regular expression
    #[arg(long, env = "PACT_DESCRIPTION", value_name = "REGEX")]
    pub(crate) filter_description: Option<String>,
    /// Only interactions with a provider state whose name has a match of the regular expression
    #[arg(long, env = "PACT_PROVIDER_STATE", value_name = "REGEX")]
    pub(crate) filter_state: Option<String>,
    /// Only interactions without a provider state
    #[arg(long, env = "PACT_PROVIDER_NO_STATE", value_parser = BoolishValueParser::new())]
    pub(crate) filter_no_state: bool,
    /// Only pacts of the consumer; may be repeated
    #[arg(short = 'c', long, value_name = "NAME")]
    pub(crate) filter_consumer: Vec<PacticipantName>,
    /// Only interactions that did not pass in the report that --json names; all, if all passed or there is none yet
    #[arg(long, requires = "json")]
    pub(crate) last_failed: bool,
}

/// What becomes of the results.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Publishing")]
pub(crate) struct PublishResultArgs {
    /// Publish the results to the broker that the pacts come from
    #[arg(long)]
    pub(crate) publish: bool,
    /// Version number of the provider [default: the commit, as the build machine or git says]
    #[arg(long, value_name = "VERSION")]
    pub(crate) provider_version: Option<VersionNumber>,
    /// Branch that the provider was built from; also decides what is pending [default: as the build machine or git says]
    #[arg(long, value_name = "BRANCH")]
    pub(crate) provider_branch: Option<BranchName>,
    /// Tags for the provider version; may be repeated or comma-separated
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
    pub(crate) provider_tags: Vec<TagName>,
    /// URL of the build that verifies [default: as the build machine says]
    #[arg(long, value_name = "URL")]
    pub(crate) build_url: Option<String>,
}

/// Which pacts of the broker.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Selection in the broker")]
pub(crate) struct SelectionArgs {
    /// Consumer version selector, as JSON: {"mainBranch": true}; may be repeated
    #[arg(long, value_name = "JSON", conflicts_with = "consumer_version_tags")]
    pub(crate) consumer_version_selectors: Vec<String>,
    /// The latest consumer versions with these tags; may be repeated or comma-separated
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
    pub(crate) consumer_version_tags: Vec<TagName>,
    /// Failures of pending pacts do not count
    #[arg(long)]
    pub(crate) enable_pending: bool,
    /// Also verify pacts that are work in progress since the day, YYYY-MM-DD; their failures do not count
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) include_wip_pacts_since: Option<String>,
}

/// A day, or a moment of it, as the broker gets it: in ISO 8601.
fn date(text: &str) -> Result<String, String> {
    let is_day = NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok();
    let is_moment =
        DateTime::parse_from_rfc3339(text).is_ok() || text.parse::<NaiveDateTime>().is_ok();
    if is_day || is_moment {
        Ok(text.to_owned())
    } else {
        Err("write a day as 2026-11-22, or a moment as 2026-11-22T10:00:00Z".to_owned())
    }
}
