//! Which broker, and how to speak to it: the arguments that the broker's commands share.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use clap::builder::BoolishValueParser;
use url::Url;

use super::LogLevel;

/// Which broker, and how to speak to it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Broker")]
pub(crate) struct BrokerArgs {
    /// The broker: http(s)://HOST[/PREFIX], or sqlite:PATH for one in a file, without a server
    ///
    /// Without it, the broker is in .treaty/broker.sqlite beside treaty.toml, or of the working directory where there is
    /// none; on a build machine (CI is set) it has to be named.
    #[arg(
        short = 'b',
        long,
        env = "PACT_BROKER_BASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) broker_base_url: Option<String>,
    /// User name for the broker
    #[arg(
        short = 'u',
        long,
        env = "PACT_BROKER_USERNAME",
        hide_env_values = true,
        value_name = "NAME"
    )]
    pub(crate) broker_username: Option<String>,
    /// Password for the broker
    #[arg(
        short = 'p',
        long,
        env = "PACT_BROKER_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub(crate) broker_password: Option<String>,
    /// Token for the broker; goes before user name and password
    #[arg(
        short = 'k',
        long,
        env = "PACT_BROKER_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub(crate) broker_token: Option<String>,
    /// Header for every request to the broker, `Name: value`; may be repeated
    #[arg(long, value_name = "HEADER")]
    pub(crate) custom_header: Vec<Header>,
    /// How often a request is repeated that the broker is too busy for, or that is safe to repeat when it fails [default: 3]
    #[arg(long, env = "PACT_BROKER_HTTP_RETRIES", value_name = "N")]
    pub(crate) retries: Option<u32>,
    /// How long one request may take, its repetitions included [default: 60]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) broker_timeout: Option<u64>,
    /// PEM file of a certificate to trust besides the system's
    #[arg(short = 'c', long, value_name = "FILE")]
    pub(crate) ssl_certificate: Option<PathBuf>,
    /// PEM file of a certificate to show to the broker, with its key
    #[arg(long, value_name = "FILE")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// PEM file of its key, where the certificate's file does not hold it
    #[arg(long, value_name = "FILE", requires = "client_certificate")]
    pub(crate) client_key: Option<PathBuf>,
    /// Whether the system's certificates are trusted besides the one given [default: true]
    #[arg(
        long,
        env = "SSL_TRUST_STORE",
        hide_env_values = true,
        value_name = "BOOL",
        hide_possible_values = true,
        value_parser = BoolishValueParser::new()
    )]
    pub(crate) ssl_trust_store: Option<bool>,
    /// Trust any certificate
    #[arg(long, env = "SSL_SKIP_VERIFICATION", value_parser = BoolishValueParser::new())]
    pub(crate) skip_ssl_verification: bool,
    /// What is logged on stderr
    #[arg(
        long,
        default_value = "warn",
        hide_possible_values = true,
        value_name = "LEVEL"
    )]
    pub(crate) log_level: LogLevel,
    /// Log how it is done, too
    #[arg(short = 'v', long)]
    pub(crate) verbose: bool,
}

impl BrokerArgs {
    /// What is logged on stderr.
    pub(crate) fn log_level(&self) -> LogLevel {
        if self.verbose {
            LogLevel::Debug
        } else {
            self.log_level
        }
    }

    /// The same; if no broker is named, for the host of the URL: then that is whom the credentials are for.
    pub(crate) fn or_at(&self, url: &str) -> Self {
        let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
        let named = self.named().map(str::to_owned);
        Self {
            broker_base_url: named.or_else(|| origin.ok()),
            ..self.clone()
        }
    }

    /// The broker's name, if one is given that is not empty.
    pub(crate) fn named(&self) -> Option<&str> {
        let url = self.broker_base_url.as_deref();
        url.filter(|url| !url.is_empty())
    }
}

/// A header as people write it: `Name: value`, or `Name=value` as the verifiers of other tools have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for Header {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let end = text.find([':', '=']);
        let end = end.ok_or("a header is written `Name: value` or `Name=value`")?;
        Ok(Self {
            name: text[..end].trim().to_owned(),
            value: text[end + 1..].trim().to_owned(),
        })
    }
}
