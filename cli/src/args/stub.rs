//! The arguments of `treaty stub`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{ArgAction, Args};
use treaty_core::names::EnvironmentName;

use super::{BrokerArgs, BrokerOrUrlArgs, LogLevel};

/// Serves the answers of pacts until it is interrupted, as a provider would give them. Its one line on stdout says where.
#[derive(Debug, Clone, Args)]
#[command(
    disable_version_flag = true,
    version,
    after_help = "A request may choose the provider state by the header X-Provider-State: its name, or a regular expression.\n\
                  A request that no interaction expects is answered with 404 and the closest interaction."
)]
pub(crate) struct StubArgs {
    #[command(flatten)]
    pub(crate) pacts: StubPactArgs,
    /// Port to listen on; 0 for any that is free
    #[arg(short = 'p', long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub(crate) host: IpAddr,
    /// Answer CORS pre-flight requests, and allow browsers of every origin
    #[arg(short = 'o', long)]
    pub(crate) cors: bool,
    /// As --cors, and take the origin from Referer where a request has no Origin
    #[arg(long)]
    pub(crate) cors_referer: bool,
    /// Answer only from interactions with a provider state like this: its name, or a regular expression
    #[arg(short = 's', long, value_name = "STATE")]
    pub(crate) provider_state: Option<String>,
    /// Header by which a request chooses the provider state
    #[arg(long, default_value = "X-Provider-State", value_name = "NAME")]
    pub(crate) provider_state_header_name: String,
    /// Where a provider state is chosen, also answer from interactions without any
    #[arg(long)]
    pub(crate) empty_provider_state: bool,
    /// Answer only from interactions that the provider's version in this environment has passed
    #[arg(long, value_name = "ENVIRONMENT", conflicts_with_all = ["file", "dir", "url"])]
    pub(crate) verified_only: Option<EnvironmentName>,
    /// Look for changes, and answer from the changed pacts
    #[arg(short = 'w', long)]
    pub(crate) watch: bool,
    /// What is logged on stderr
    #[arg(
        short = 'l',
        long,
        alias = "log-level",
        default_value = "warn",
        value_name = "LEVEL"
    )]
    pub(crate) loglevel: LogLevel,
    /// Print the version
    #[arg(short = 'v', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// Where the pacts are.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Pacts")]
pub(crate) struct StubPactArgs {
    /// Pact files, directories of them and what is below, or glob patterns
    #[arg(value_name = "FILE|DIR|GLOB")]
    pub(crate) pacts: Vec<String>,
    /// Pact file; may be repeated
    #[arg(short = 'f', long)]
    pub(crate) file: Vec<String>,
    /// Directory of pact files; may be repeated
    #[arg(short = 'd', long)]
    pub(crate) dir: Vec<PathBuf>,
    /// How the names of pact files in a --dir end
    #[arg(short = 'e', long, default_value = "json", value_name = "EXTENSION")]
    pub(crate) extension: String,
    #[command(flatten)]
    pub(crate) of_broker: BrokerOrUrlArgs,
    /// Trust any certificate of the broker or URL
    #[arg(long)]
    pub(crate) insecure_tls: bool,
    /// Only the broker's pacts of consumers like this: a name, or a regular expression; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) consumer_name: Vec<String>,
    /// Only the broker's pacts with providers like this: a name, or a regular expression; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) provider_name: Vec<String>,
}

impl StubPactArgs {
    /// The broker, as the other commands have it.
    pub(crate) fn broker(&self) -> BrokerArgs {
        BrokerArgs {
            skip_ssl_verification: self.insecure_tls,
            ..self.of_broker.broker()
        }
    }
}
