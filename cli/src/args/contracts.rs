//! The arguments of the commands that look at contracts: `treaty diff`, `who-uses`, `matrix` and `status`.

use clap::Args;
use treaty_core::names::{PacticipantName, VersionNumber};
use treaty_core::usage::Field;

use super::selectors::SelectorArgs;
use super::{BrokerArgs, Output};

/// Says what a pact demands beside an older one, for whom that breaks something, and what version number it is worth.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Ends with 1 if it is major: a provider that keeps the old pact may break the new one.\n\
                  minor: interactions were added; patch: such a provider keeps the new pact; none: the same contract."
)]
pub(crate) struct DiffArgs {
    /// The older pact: a file or URL; with --consumer and --provider, the consumer version that published it
    pub(crate) old: String,
    /// The newer pact, named in the same way
    pub(crate) new: String,
    /// Consumer of the broker's pact
    #[arg(long, requires = "provider", value_name = "NAME")]
    pub(crate) consumer: Option<PacticipantName>,
    /// Provider of the broker's pact
    #[arg(long, requires = "consumer", value_name = "NAME")]
    pub(crate) provider: Option<PacticipantName>,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}

/// Finds the consumers whose pacts ask for something of a provider.
#[derive(Debug, Clone, Args)]
#[command(after_help = "Ends with 1 if nobody uses it.")]
pub(crate) struct WhoUsesArgs {
    /// Method of the request; * for any
    pub(crate) method: String,
    /// Path of the request, in which {id}, :id and * stand for any one segment
    pub(crate) path: String,
    /// Member of a body: $.user.email by its path, email by its name wherever it stands
    pub(crate) field: Option<Field>,
    /// Pact files, directories of them and what is below, or glob patterns, in place of the broker's latest pacts; may be repeated
    #[arg(short = 'f', long = "pacts", value_name = "FILE|DIR|GLOB")]
    pub(crate) files: Vec<String>,
    /// Only pacts with providers like this: a name, or a regular expression
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}

/// Shows which versions of consumers and providers have been verified with each other.
#[derive(Debug, Clone, Args)]
pub(crate) struct MatrixArgs {
    #[command(flatten)]
    pub(crate) selectors: SelectorArgs,
    /// How the rows are shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}

/// Shows which versions of an application are where, whether a version can go there, what stands in its way, and what to
/// run next.
#[derive(Debug, Clone, Args)]
pub(crate) struct StatusArgs {
    /// The application
    #[arg(short = 'a', long, value_name = "NAME")]
    pub(crate) pacticipant: Option<PacticipantName>,
    /// The version that is to go somewhere [default: the latest]
    #[arg(short = 'e', long, value_name = "VERSION")]
    pub(crate) version: Option<VersionNumber>,
    /// How the answer is shown
    #[arg(short = 'o', long, default_value = "text")]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) broker: BrokerArgs,
}
