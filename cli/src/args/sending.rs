//! What `treaty broker serve` lets webhooks do.

use std::path::PathBuf;

use clap::Args;

/// Lists are texts with spaces between their items.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Webhooks")]
pub(crate) struct SendingArgs {
    /// Methods that webhooks may have [default: POST]
    #[arg(
        long,
        env = "PACT_BROKER_WEBHOOK_HTTP_METHOD_WHITELIST",
        value_name = "METHODS"
    )]
    pub(crate) webhook_methods: Option<String>,
    /// Schemes that their URLs may have [default: https]
    #[arg(
        long,
        env = "PACT_BROKER_WEBHOOK_SCHEME_WHITELIST",
        value_name = "SCHEMES"
    )]
    pub(crate) webhook_schemes: Option<String>,
    /// Hosts they may go to: names, addresses, networks (10.0.0.0/8), patterns (/.*\.example\.com/). Their answers are
    /// logged, and they may be at private addresses [default: any host at a public address]
    #[arg(long, env = "PACT_BROKER_WEBHOOK_HOST_WHITELIST", value_name = "HOSTS")]
    pub(crate) webhook_hosts: Option<String>,
    /// Seconds to wait before each further attempt [default: 10 60 120 300 600 1200]
    #[arg(
        long,
        env = "PACT_BROKER_WEBHOOK_RETRY_SCHEDULE",
        value_name = "SECONDS"
    )]
    pub(crate) webhook_retry_schedule: Option<String>,
    /// Statuses that mean that a webhook was received [default: 200 to 299]
    #[arg(
        long,
        env = "PACT_BROKER_WEBHOOK_HTTP_CODE_SUCCESS",
        value_name = "STATUSES"
    )]
    pub(crate) webhook_success_codes: Option<String>,
    /// File of the key that the secrets of webhooks are sealed with [default: the key in TREATY_SECRET_KEY, else a file
    /// beside the SQLite file]
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_key_file: Option<PathBuf>,
}
