//! The arguments of `treaty broker serve`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};

use super::{LogLevel, Output, SendingArgs};

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
    /// What links start with, for a broker behind a proxy that hides its address
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    #[command(flatten)]
    pub(crate) access: AccessArgs,
    /// What is logged on stderr
    #[arg(long, default_value = "warn", value_name = "LEVEL")]
    pub(crate) log_level: LogLevel,
    #[command(flatten)]
    pub(crate) webhooks: SendingArgs,
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
    #[arg(long, env = "PACT_BROKER_ALLOW_PUBLIC_READ", value_parser = FalseyValueParser::new())]
    pub(crate) allow_public_read: bool,
    /// Let everybody ask whether the broker is well
    #[arg(long, env = "PACT_BROKER_PUBLIC_HEARTBEAT", value_parser = FalseyValueParser::new())]
    pub(crate) public_heartbeat: bool,
    /// Let everybody see badges
    #[arg(long, env = "PACT_BROKER_ENABLE_PUBLIC_BADGE_ACCESS", value_parser = FalseyValueParser::new())]
    pub(crate) enable_public_badge_access: bool,
    /// Listen on any address even if everybody may do everything
    #[arg(long, value_parser = FalseyValueParser::new())]
    pub(crate) insecure: bool,
}
