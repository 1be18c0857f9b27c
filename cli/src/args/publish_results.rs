//! The arguments of `treaty publish-results`.

use std::path::PathBuf;

use clap::Args;
use treaty_core::names::{BranchName, TagName, VersionNumber};

use super::{BrokerArgs, Output};

/// Publishes what earlier runs of `treaty verify` found out, once it is whole.
#[derive(Debug, Clone, Args)]
pub(crate) struct PublishResultsArgs {
    /// Reports that treaty verify --receipt wrote: that of one run, or those of all its shards
    #[arg(required = true, value_name = "FILE")]
    pub(crate) reports: Vec<PathBuf>,
    /// Version number of the provider [default: the commit, as the build machine or git says]
    #[arg(long, value_name = "VERSION")]
    pub(crate) provider_version: Option<VersionNumber>,
    /// Branch that the provider was built from [default: as the build machine or git says]
    #[arg(long, value_name = "BRANCH")]
    pub(crate) provider_branch: Option<BranchName>,
    /// Tags for the provider version; may be repeated or comma-separated
    #[arg(long, value_delimiter = ',', value_name = "TAG")]
    pub(crate) provider_tags: Vec<TagName>,
    /// URL of the build that verified [default: as the build machine says]
    #[arg(long, value_name = "URL")]
    pub(crate) build_url: Option<String>,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}
