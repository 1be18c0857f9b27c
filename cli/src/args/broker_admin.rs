//! The arguments of the commands that administer a broker of one's own.

use clap::{Args, Subcommand};

use super::{BrokerArgs, DatabaseArgs, Output};

/// Tokens, which programs show instead of a user's name and password.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum TokenCommand {
    /// Create a token, and show it this once
    Create(Box<CreateTokenArgs>),
    /// List the tokens, the revoked ones, too
    List(Box<AdminArgs>),
    /// Make a token worth nothing
    Revoke(Box<RevokeTokenArgs>),
}

/// Which broker is administered, and how the answer is shown.
#[derive(Debug, Clone, Args)]
pub(crate) struct AdminArgs {
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
}

/// Creates a token, and shows it this once: the broker keeps only a hash of it.
#[derive(Debug, Clone, Args)]
pub(crate) struct CreateTokenArgs {
    /// What the token is for
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// What it may do besides reading: read, publish:PACTICIPANT, verify:PACTICIPANT, deploy:ENVIRONMENT or admin, and * for
    /// every name; may be repeated
    #[arg(long, required = true, value_name = "SCOPE")]
    pub(crate) scope: Vec<String>,
    #[command(flatten)]
    pub(crate) admin: AdminArgs,
}

/// Makes a token worth nothing.
#[derive(Debug, Clone, Args)]
pub(crate) struct RevokeTokenArgs {
    /// The token's id: what stands between its underscores, and in the list
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) admin: AdminArgs,
}

/// Shows who changed what in a broker, and when.
#[derive(Debug, Clone, Args)]
pub(crate) struct AuditArgs {
    /// How many changes are shown, the latest first
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000), value_name = "N")]
    pub(crate) entries: u32,
    #[command(flatten)]
    pub(crate) admin: AdminArgs,
}

/// Takes out of a broker what nobody needs any more. Kept are versions that something came with in the last 90 days, the
/// latest of each pacticipant, branch and tag, and what is in an environment.
#[derive(Debug, Clone, Args)]
pub(crate) struct CleanArgs {
    /// Only tell what would be taken out
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) admin: AdminArgs,
}

/// Takes over what another broker holds.
#[derive(Debug, Clone, Args)]
#[command(mut_arg("broker_base_url", |arg| arg.hide(true)))]
pub(crate) struct ImportArgs {
    /// The broker that is imported from: http(s)://HOST[/PREFIX]
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    #[command(flatten)]
    pub(crate) source: AdminArgs,
}
