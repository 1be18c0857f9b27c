//! The arguments of `treaty broker serve`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, Subcommand, ValueEnum};
use url::Url;

use super::{
    AdminArgs, AuditArgs, CleanArgs, ImportArgs, LogForm, LogLevel, Output, SendingArgs,
    TokenCommand,
};

/// A broker of one's own.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum BrokerCommand {
    /// Serve a broker until it is interrupted
    Serve(Box<ServeArgs>),
    /// List every route of the broker beside those that clients of the Pact Broker know
    Routes(RoutesArgs),
    /// Write everything that a broker keeps into a new file, while it serves
    Backup(CopyArgs),
    /// Fill an empty database from a backup, of whichever kind of database it was made
    Restore(CopyArgs),
    /// Take over what another broker holds, over its API
    ///
    /// From a Pact Broker or one of Treaty's: pacticipants, labels, versions, branches, tags, pacts, results, environments,
    /// what is in them, and webhooks without secrets, each with its moment. What is here already stays as it is; run again,
    /// it goes on where it ended.
    Import(Box<ImportArgs>),
    /// Tokens, which programs show instead of a user's name and password
    #[command(subcommand)]
    Token(TokenCommand),
    /// Show who changed what, and when
    Audit(Box<AuditArgs>),
    /// Take out what nobody needs any more
    Clean(Box<CleanArgs>),
}

impl BrokerCommand {
    /// Which broker is administered, if any is.
    pub(crate) fn admin(&self) -> Option<&AdminArgs> {
        match self {
            Self::Serve(_) | Self::Routes(_) | Self::Backup(_) | Self::Restore(_) => None,
            Self::Token(TokenCommand::Create(args)) => Some(&args.admin),
            Self::Token(TokenCommand::List(args)) => Some(args),
            Self::Token(TokenCommand::Revoke(args)) => Some(&args.admin),
            Self::Audit(args) => Some(&args.admin),
            Self::Clean(args) => Some(&args.admin),
            Self::Import(args) => Some(&args.source),
        }
    }
}

/// A backup, which is an SQLite database itself, and the database it is of.
#[derive(Debug, Clone, Args)]
pub(crate) struct CopyArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
}

/// Where a broker keeps everything.
#[derive(Debug, Clone, Args)]
pub(crate) struct DatabaseArgs {
    /// Where everything is kept: sqlite:PATH, sqlite::memory: or postgres://HOST/DATABASE [default: sqlite:.treaty/broker.sqlite]
    #[arg(
        short = 'd',
        long,
        env = "PACT_BROKER_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: Option<String>,
}

/// Lists every route of the broker beside those that clients of the Pact Broker know.
#[derive(Debug, Clone, Args)]
pub(crate) struct RoutesArgs {
    /// How the answer is shown
    #[arg(short, long, default_value = "text", value_name = "FORM")]
    pub(crate) output: Output,
}

/// Serves a broker until it is interrupted. Its one line on stdout says where.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServeArgs {
    /// Port to listen on; 0 for any that is free
    #[arg(short = 'p', long, env = "PACT_BROKER_PORT", default_value_t = 9292)]
    pub(crate) port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub(crate) host: IpAddr,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// What links start with, for a broker behind a proxy; without it, what the proxy says in X-Forwarded-Host and its like
    ///
    /// The variable also tells the other commands where their broker is: a broker that is served where it names another one
    /// needs its own URL here.
    #[arg(long, env = "PACT_BROKER_BASE_URL", value_parser = base_url, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// PEM file with the broker's certificate and those above it, for HTTPS
    #[arg(long, requires = "tls_key", value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// PEM file with the key of the certificate
    #[arg(long, requires = "tls_cert", value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Let a version publish another content for a pact that it has published; results of the old content say nothing of it
    #[arg(
        long,
        env = "PACT_BROKER_ALLOW_DANGEROUS_CONTRACT_MODIFICATION",
        value_parser = BoolishValueParser::new()
    )]
    pub(crate) allow_dangerous_contract_modification: bool,
    /// Refuse a pact whose consumer or provider is new and named almost like one that is known
    #[arg(
        long,
        env = "PACT_BROKER_CHECK_FOR_POTENTIAL_DUPLICATE_PACTICIPANT_NAMES",
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set,
        default_value = "true",
        value_name = "BOOLEAN"
    )]
    pub(crate) check_for_potential_duplicate_pacticipant_names: bool,
    /// What is logged on stderr: errors, warnings, at info every change, at debug every request
    #[arg(
        long,
        env = "PACT_BROKER_LOG_LEVEL",
        default_value = "warn",
        ignore_case = true,
        value_name = "LEVEL"
    )]
    pub(crate) log_level: LogLevel,
    /// How it is logged
    #[arg(
        long,
        env = "PACT_BROKER_LOG_FORMAT",
        default_value = "text",
        ignore_case = true,
        value_name = "FORMAT"
    )]
    pub(crate) log_format: LogFormat,
    #[command(flatten)]
    pub(crate) access: AccessArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) clean_up: CleanUpArgs,
    #[command(flatten)]
    pub(crate) webhooks: SendingArgs,
}

/// When clean-up runs, and what it keeps. Variables named `PACT_BROKER_DATABASE_CLEAN_...` stand in for what is not given,
/// see `commands::broker_serve`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Clean-up")]
pub(crate) struct CleanUpArgs {
    /// Never clean up
    #[arg(long, value_parser = BoolishValueParser::new())]
    pub(crate) no_clean: bool,
    /// What clean-up keeps in any case: versions that something came with in this many days [default: 90]
    #[arg(long, value_name = "DAYS")]
    pub(crate) clean_keep_days: Option<u32>,
    /// Of how many days it keeps the webhooks that were sent and the audit log [default: 365]
    #[arg(long, value_name = "DAYS")]
    pub(crate) clean_keep_history_days: Option<u32>,
}

/// How a broker logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    #[value(aliases = ["default", "color"])]
    Text,
    /// A JSON document for each event.
    Json,
}

impl LogFormat {
    pub(crate) fn form(self) -> LogForm {
        match self {
            Self::Text => LogForm::Full,
            Self::Json => LogForm::Json,
        }
    }
}

/// How much a client may ask for.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// The largest request body, in bytes; a larger one is answered with 413 [default: 52428800]
    #[arg(long, value_name = "BYTES")]
    pub(crate) request_bytes_max: Option<usize>,
    /// How long a request may take, in seconds; one that takes longer is answered with 503 [default: 60]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..), value_name = "SECONDS")]
    pub(crate) request_timeout: Option<u64>,
    /// How many requests each user, token or address may send in a minute; one that sends more is answered with 429
    /// [default: any number]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub(crate) requests_per_minute_max: Option<u32>,
}

/// The start of a link.
fn base_url(text: &str) -> Result<String, String> {
    let is_start = |url: &Url| {
        let is_web = ["http", "https"].contains(&url.scheme());
        let has_rest = url.query().is_some() || url.fragment().is_some();
        // What the reader of URLs resolves, such as `..`, clients of the links would resolve in their own way.
        let is_as_read = url.as_str().trim_end_matches('/').ends_with(path(text));
        is_web && !has_rest && is_as_read
    };
    match Url::parse(text) {
        Ok(url) if is_start(&url) => Ok(text.to_owned()),
        _ => Err("links start with http://HOST[/PREFIX] or https://HOST[/PREFIX]".to_owned()),
    }
}

/// The path of a URL as it is written, without a slash at its end.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let start = rest.find('/').unwrap_or(rest.len());
    rest[start..].trim_end_matches('/')
}

/// Who may use the broker. Without a user and without a token everybody may, and it listens on loopback only.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Access")]
pub(crate) struct AccessArgs {
    /// Name of the user who may do everything
    #[arg(
        long,
        env = "PACT_BROKER_BASIC_AUTH_USERNAME",
        hide_env_values = true,
        requires = "basic_auth_password",
        value_name = "NAME"
    )]
    pub(crate) basic_auth_username: Option<String>,
    /// Password of the user who may do everything
    #[arg(
        long,
        env = "PACT_BROKER_BASIC_AUTH_PASSWORD",
        hide_env_values = true,
        requires = "basic_auth_username",
        value_name = "PASSWORD"
    )]
    pub(crate) basic_auth_password: Option<String>,
    /// Name of the user who may read
    #[arg(
        long,
        env = "PACT_BROKER_BASIC_AUTH_READ_ONLY_USERNAME",
        hide_env_values = true,
        requires = "basic_auth_read_only_password",
        value_name = "NAME"
    )]
    pub(crate) basic_auth_read_only_username: Option<String>,
    /// Password of the user who may read
    #[arg(
        long,
        env = "PACT_BROKER_BASIC_AUTH_READ_ONLY_PASSWORD",
        hide_env_values = true,
        requires = "basic_auth_read_only_username",
        value_name = "PASSWORD"
    )]
    pub(crate) basic_auth_read_only_password: Option<String>,
    /// Let everybody read
    #[arg(long, env = "PACT_BROKER_ALLOW_PUBLIC_READ", value_parser = BoolishValueParser::new())]
    pub(crate) allow_public_read: bool,
    /// Let everybody ask whether the broker is well
    #[arg(long, env = "PACT_BROKER_PUBLIC_HEARTBEAT", value_parser = BoolishValueParser::new())]
    pub(crate) public_heartbeat: bool,
    /// Let everybody see badges
    #[arg(long, env = "PACT_BROKER_ENABLE_PUBLIC_BADGE_ACCESS", value_parser = BoolishValueParser::new())]
    pub(crate) enable_public_badge_access: bool,
    /// Listen on any address even if everybody may do everything
    #[arg(long, value_parser = BoolishValueParser::new())]
    pub(crate) insecure: bool,
}
