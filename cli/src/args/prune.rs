//! The arguments of `treaty prune`.

use std::ffi::OsString;

use clap::Args;

use super::Output;

/// Where the pact files are, unless somebody says otherwise.
pub(crate) const PACTS: &str = "pacts";

/// Runs all of a consumer's tests, and names the interactions in its pact files that none of them writes any more.
#[derive(Debug, Clone, Args)]
pub(crate) struct PruneArgs {
    /// Remove these interactions from the pact files
    #[arg(long)]
    pub(crate) write: bool,
    /// Remove pact files of which the tests wrote nothing, too
    #[arg(long, requires = "write")]
    pub(crate) whole_files: bool,
    /// Where the pact files are
    #[arg(long, value_name = "DIR", default_value = PACTS)]
    pub(crate) output_dir: String,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    /// The command that runs all tests of the consumer, not only some: cargo test, for example
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}
