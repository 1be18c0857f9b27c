//! The arguments of `treaty broker serve`.

use std::net::IpAddr;

use clap::{Args, Subcommand};

use super::LogLevel;

/// A broker of one's own.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum BrokerCommand {
    /// Serve a broker until it is interrupted
    Serve(ServeArgs),
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
    /// Where everything is kept: sqlite:PATH, sqlite::memory: or postgres://HOST/DATABASE [default: sqlite:.treaty/broker.sqlite]
    #[arg(
        short = 'd',
        long,
        env = "PACT_BROKER_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) database_url: Option<String>,
    /// What links start with, for a broker behind a proxy that hides its address
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// What is logged on stderr
    #[arg(long, default_value = "warn", value_name = "LEVEL")]
    pub(crate) log_level: LogLevel,
}
