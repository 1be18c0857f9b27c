//! The arguments of `treaty verify` that say what is told of it.

use std::path::PathBuf;

use clap::Args;

use super::{LogForm, LogLevel, Output};

/// What is told, in which form, and what is not.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportArgs {
    /// How the report is shown
    #[arg(long, default_value = "text")]
    pub(crate) output: Output,
    /// Also write the report to this file, as JSON
    #[arg(
        short = 'j',
        long,
        env = "PACT_VERIFIER_JSON_REPORT",
        value_name = "FILE"
    )]
    pub(crate) json: Option<PathBuf>,
    /// Also write the report to this file, as JUnit XML
    #[arg(
        short = 'x',
        long,
        env = "PACT_VERIFIER_JUNIT_REPORT",
        value_name = "FILE"
    )]
    pub(crate) junit: Option<PathBuf>,
    /// Also write the report to this file, as one HTML page
    #[arg(long, env = "PACT_VERIFIER_HTML_REPORT", value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Refused: the page has one form.
    #[arg(long, hide = true, value_name = "FILE", value_parser = no_stylesheet)]
    pub(crate) xslt: Option<PathBuf>,
    /// Also annotate the workflow run on stderr, and append a summary to the file that GITHUB_STEP_SUMMARY names
    #[arg(long)]
    pub(crate) github: bool,
    /// Change every answer that passed in one place at a time, and tell which places no contract protects
    #[arg(long)]
    pub(crate) mutate: bool,
    /// Redact the values of this header too; may be repeated [always: authorization, cookie, proxy-authorization, set-cookie, x-api-key]
    #[arg(long, value_name = "NAME")]
    pub(crate) redact_header: Vec<String>,
    /// Redact the values at this JSON path of every body, $.user.token or $..token; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(crate) redact_path: Vec<String>,
    /// Leave colours out, even on a terminal
    #[arg(long, alias = "no-color")]
    pub(crate) no_colour: bool,
    /// What is logged on stderr
    #[arg(
        short = 'l',
        long,
        alias = "log-level",
        default_value = "warn",
        value_name = "LEVEL"
    )]
    pub(crate) loglevel: LogLevel,
    /// Log with several lines for each event
    #[arg(long, conflicts_with_all = ["full_log", "compact_log"])]
    pretty_log: bool,
    /// Log with what an event belongs to before it; so it is done anyway
    #[arg(long, conflicts_with = "compact_log")]
    full_log: bool,
    /// Log with short lines
    #[arg(long)]
    compact_log: bool,
}

impl ReportArgs {
    /// How events are logged.
    pub(crate) fn log_form(&self) -> LogForm {
        match () {
            () if self.pretty_log => LogForm::Pretty,
            () if self.compact_log => LogForm::Compact,
            () => LogForm::Full,
        }
    }
}

fn no_stylesheet(_: &str) -> Result<PathBuf, String> {
    Err(
        "the page of --html has one form; apply a stylesheet to the XML of --junit instead"
            .to_owned(),
    )
}
