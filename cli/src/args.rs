//! The command line. Long flags and variables are those of the Pact tools; short flags mean in each command what they
//! mean in the tool that it stands in for.

mod broker;
mod can_i_deploy;
#[cfg(test)]
mod commands_page;
mod lint;
#[cfg(test)]
mod peer;
mod prune;
mod publish;
mod publish_results;
mod report;
mod resources;
mod runs;
mod selectors;
mod sending;
mod serve;
mod stub;
mod verify;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use broker::BrokerArgs;
pub(crate) use can_i_deploy::{CanIDeployArgs, CanIMergeArgs, DeployOutput, QuestionArgs};
pub(crate) use lint::{LintArgs, LintOutput};
pub(crate) use prune::PruneArgs;
pub(crate) use publish::PublishArgs;
pub(crate) use publish_results::PublishResultsArgs;
pub(crate) use report::ReportArgs;
pub(crate) use resources::*;
pub(crate) use runs::{Place, RunArgs, Seed, Transport, WayArgs};
pub(crate) use selectors::SelectorArgs;
pub(crate) use sending::SendingArgs;
pub(crate) use serve::{AccessArgs, BrokerCommand, ServeArgs};
pub(crate) use stub::{StubArgs, StubPactArgs};
pub(crate) use verify::{FilterArgs, PactArgs, ProviderArgs, Scheme, SelectionArgs, VerifyArgs};

/// Consumer-driven contract testing: verify, publish, and ask whether a version can be deployed
#[derive(Debug, Clone, Parser)]
#[command(name = "treaty", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    yes: verified, deployable, done
  1    no: mismatch, not deployable, deployability unknown
  2    the command line or an input file is wrong
  3    could not find out: something is unreachable, refuses or takes too long
  130  interrupted";

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Command {
    /// Replay pacts against a running provider
    Verify(Box<VerifyArgs>),
    /// Publish pact files to a broker
    Publish(Box<PublishArgs>),
    /// Publish what earlier verifications found out, the shards of one joined
    PublishResults(Box<PublishResultsArgs>),
    /// Look for mistakes in pact files that would pass, fail or mislead later
    Lint(LintArgs),
    /// Run the consumer's tests, and find interactions that no test writes any more
    Prune(PruneArgs),
    /// Ask whether a version may go to an environment, and why not
    #[command(name = "can-i-deploy")]
    CanIDeploy(Box<CanIDeployArgs>),
    /// Ask whether a version may be merged: whether it goes together with the main branches of all others
    #[command(name = "can-i-merge")]
    CanIMerge(Box<CanIMergeArgs>),
    #[command(flatten)]
    Resource(ResourceCommand),
    /// Serve the answers of pacts, for other teams and for front ends
    Stub(Box<StubArgs>),
    /// A broker of one's own
    #[command(subcommand)]
    Broker(BrokerCommand),
    /// See the whole story in a few seconds, in a temporary directory
    Demo,
}

/// What is logged on stderr.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    /// Nothing.
    #[value(alias = "off")]
    None,
    /// What went wrong.
    Error,
    /// What looks wrong, too.
    #[default]
    Warn,
    /// What is done, too.
    Info,
    /// How it is done, too.
    Debug,
    /// Everything.
    Trace,
}

/// How it is logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum LogForm {
    /// A line for each event, with what it belongs to before it.
    #[default]
    Full,
    /// Short lines.
    Compact,
    /// Several lines for each event.
    Pretty,
}

/// How an answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    Text,
    /// One JSON document.
    #[value(alias = "pretty")]
    Json,
}
