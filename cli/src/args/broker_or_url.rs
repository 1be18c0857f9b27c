//! Which broker, and which single pacts of one: the arguments of `treaty verify` and `treaty stub`, with the names that the
//! tools have which they stand in for.

use std::path::PathBuf;

use clap::Args;

use super::BrokerArgs;

/// Which broker, which pacts of one, and how to speak to it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Pacts")]
pub(crate) struct BrokerOrUrlArgs {
    /// URL of a pact; may be repeated
    #[arg(short = 'u', long)]
    pub(crate) url: Vec<String>,
    /// The broker: http(s)://HOST[/PREFIX], or sqlite:PATH for one in a file [default, if there are no other pacts: .treaty/broker.sqlite]
    #[arg(
        short = 'b',
        long,
        visible_alias = "broker-base-url",
        env = "PACT_BROKER_BASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) broker_url: Option<String>,
    /// User name for the broker or, without one, for each URL; or NAME:PASSWORD
    #[arg(
        long,
        visible_alias = "broker-username",
        env = "PACT_BROKER_USERNAME",
        hide_env_values = true,
        value_name = "NAME"
    )]
    pub(crate) user: Option<String>,
    /// Password for the broker or, without one, for each URL
    #[arg(
        long,
        visible_alias = "broker-password",
        env = "PACT_BROKER_PASSWORD",
        hide_env_values = true
    )]
    pub(crate) password: Option<String>,
    /// Token for the broker or, without one, for each URL
    #[arg(
        short = 't',
        long,
        visible_alias = "broker-token",
        env = "PACT_BROKER_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: Option<String>,
    /// How often a request is repeated that the broker is too busy for, or that is safe to repeat when it fails [default: 3]
    #[arg(long, env = "PACT_BROKER_HTTP_RETRIES", value_name = "N")]
    pub(crate) retries: Option<u32>,
    /// PEM file of a certificate of the broker's to trust besides the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ssl_certificate: Option<PathBuf>,
}

impl BrokerOrUrlArgs {
    /// The same, as the other commands have it.
    pub(crate) fn broker(&self) -> BrokerArgs {
        let (user, password) = match self.user.as_deref().and_then(|user| user.split_once(':')) {
            Some((user, password)) => (Some(user.to_owned()), Some(password.to_owned())),
            None => (self.user.clone(), self.password.clone()),
        };
        BrokerArgs {
            broker_base_url: self.broker_url.clone(),
            broker_username: user,
            broker_password: password,
            broker_token: self.token.clone(),
            retries: self.retries,
            ssl_certificate: self.ssl_certificate.clone(),
            ..BrokerArgs::default()
        }
    }
}
