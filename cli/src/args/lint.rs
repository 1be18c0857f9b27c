//! The arguments of `treaty lint`.

use clap::{Args, ValueEnum};

/// Looks for what would pass, fail or mislead later in pact files that can be read.
#[derive(Debug, Clone, Args)]
pub(crate) struct LintArgs {
    /// Pact files, directories of them and what is below, or glob patterns
    #[arg(required = true, value_name = "FILE|DIR|GLOB")]
    pub(crate) pacts: Vec<String>,
    /// Say no for warnings, too
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// How the findings are shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: LintOutput,
}

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintOutput {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// One SARIF log, for code scanning.
    Sarif,
}
