//! The command line. Long flags and variables are those of the Pact tools; short flags mean in each command what they
//! mean in the tool that it stands in for.

mod broker;
mod broker_admin;
mod broker_or_url;
mod can_i_deploy;
#[cfg(test)]
mod commands_page;
mod contracts;
mod lint;
mod mock;
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
#[cfg(test)]
mod serve_page;
mod setup;
mod stub;
mod telemetry;
mod verify;

use std::ffi::OsStr;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::environment;
use crate::settings::Settings;

pub(crate) use broker::BrokerArgs;
pub(crate) use broker_admin::{
    AdminArgs, AuditArgs, CleanArgs, CreateTokenArgs, ImportArgs, RevokeTokenArgs, TokenCommand,
};
pub(crate) use broker_or_url::BrokerOrUrlArgs;
pub(crate) use can_i_deploy::{CanIDeployArgs, CanIMergeArgs, DeployOutput, QuestionArgs};
pub(crate) use contracts::{DiffArgs, MatrixArgs, StatusArgs, WhoUsesArgs};
pub(crate) use lint::{LintArgs, LintOutput};
pub(crate) use mock::{
    ControlArgs, MockCommand, MockCreateArgs, MockOneArgs, MockShutdownMasterArgs, MockStartArgs,
};
pub(crate) use prune::{PACTS, PruneArgs};
pub(crate) use publish::PublishArgs;
pub(crate) use publish_results::PublishResultsArgs;
pub(crate) use report::ReportArgs;
pub(crate) use resources::*;
pub(crate) use runs::{Place, RunArgs, Seed, Transport, WayArgs};
pub(crate) use selectors::SelectorArgs;
pub(crate) use sending::SendingArgs;
pub(crate) use serve::{
    AccessArgs, BrokerCommand, CleanUpArgs, CopyArgs, DatabaseArgs, LimitArgs, ServeArgs,
};
pub(crate) use setup::{CompletionsArgs, InitArgs, LoginArgs, ManArgs, Pipeline};
pub(crate) use stub::{StubArgs, StubPactArgs};
pub(crate) use telemetry::TelemetryArgs;
pub(crate) use verify::{FilterArgs, PactArgs, ProviderArgs, Scheme, SelectionArgs, VerifyArgs};

/// The command line as manuals tell it: the same wherever they are written.
pub(crate) fn documented() -> clap::Command {
    with_variables(|_| false)
}

/// The command line of this process. An empty variable is none.
fn command_line() -> clap::Command {
    let is_set = |name: &str| environment::variable(name).is_some();
    without_empty_variables(with_variables(is_set))
}

/// What `treaty broker serve` takes has a variable of its own: `TREATY_` and the flag, as in `TREATY_DATABASE_URL`, which
/// goes before the one that the Pact Broker has for it if it is set.
fn with_variables(is_set: fn(&str) -> bool) -> clap::Command {
    let with_variable = |arg: clap::Arg| with_variable(arg, is_set);
    Args::command().mut_subcommand("broker", |broker| {
        broker.mut_subcommand("serve", |serve| serve.mut_args(with_variable))
    })
}

fn with_variable(arg: clap::Arg, is_set: fn(&str) -> bool) -> clap::Arg {
    let Some(flag) = arg.get_long() else {
        return arg;
    };
    let name = format!("TREATY_{}", flag.replace('-', "_").to_uppercase());
    let has_other = arg.get_env().is_some();
    if is_set(&name) || !has_other {
        arg.env(name).hide_env_values(true).hide_env(has_other)
    } else {
        arg
    }
}

/// A build machine sets the variables that it has no value for, too.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let filled = |arg: clap::Arg| match arg.get_env() {
        Some(name) if environment::is_empty(name) => arg.env(None::<&str>),
        _ => arg,
    };
    command
        .mut_args(filled)
        .mut_subcommands(without_empty_variables)
}

/// Where help pages show what all commands have: behind what they have of their own.
const LAST: usize = 900;

/// Consumer-driven contract testing: verify, publish, and ask whether a version can be deployed
#[derive(Debug, Clone, Parser)]
#[command(name = "treaty", version, after_help = BELOW)]
pub(crate) struct Args {
    /// Say nothing beside the answer: no notes, and no line that moves on a terminal
    #[arg(long, global = true, display_order = LAST)]
    pub(crate) quiet: bool,
    /// Log how it is done, whatever the command; behind a command, -v may have another meaning
    #[arg(short = 'v', long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) telemetry: TelemetryArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Its words, as in `broker serve`.
    #[arg(skip)]
    pub(crate) name: String,
}

impl Args {
    /// The command line of this process, what is not on it taken from the file that all commands share.
    pub(crate) fn read(settings: &Settings) -> Result<Self, clap::Error> {
        let mut command = settings.fill(command_line());
        let matches = command.try_get_matches_from_mut(std::env::args_os());
        let mut matches = matches.map_err(|error| naming_variables(&mut command, error))?;
        let name = name(&matches);
        let args = Self::from_arg_matches_mut(&mut matches);
        let args = args.map_err(|error| error.format(&mut command))?;
        Ok(Self { name, ..args })
    }
}

/// The same error; but about a value that a variable gives, with the variable's name.
fn naming_variables(command: &mut clap::Command, error: clap::Error) -> clap::Error {
    match error.kind() {
        ErrorKind::InvalidUtf8 => naming_unreadable(command, error),
        _ => naming_wrong(command, error),
    }
}

/// A value that is not UTF-8 is one of the command line for clap, wherever it stands.
fn naming_unreadable(command: &mut clap::Command, error: clap::Error) -> clap::Error {
    let is_text = |word: std::ffi::OsString| word.to_str().is_some();
    if !std::env::args_os().all(is_text) {
        return error;
    }
    let mut wrong = Vec::new();
    add_wrong_variables(command, &mut wrong);
    let wrong = wrong.join(", ");
    command.error(
        ErrorKind::InvalidUtf8,
        format!("the value of the variable {wrong} is not UTF-8"),
    )
}

fn add_wrong_variables(command: &clap::Command, wrong: &mut Vec<String>) {
    let named = command.get_arguments().filter_map(clap::Arg::get_env);
    for name in named {
        let is_wrong = std::env::var_os(name).is_some_and(|value| value.to_str().is_none());
        let name = name.to_string_lossy().into_owned();
        if is_wrong && !wrong.contains(&name) {
            wrong.push(name);
        }
    }
    for below in command.get_subcommands() {
        add_wrong_variables(below, wrong);
    }
}

/// A value that is not on the command line is that of a variable.
fn naming_wrong(command: &clap::Command, mut error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let (Some(named), Some(value)) = (
        text(ContextKind::InvalidArg),
        text(ContextKind::InvalidValue),
    ) else {
        return error;
    };
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if words.iter().any(|word| word.contains(&value)) {
        return error;
    }
    let asked = words.iter().fold(command, |command, word| {
        command.find_subcommand(word).unwrap_or(command)
    });
    let argument = asked.get_arguments().find(|arg| arg.to_string() == named);
    let is_its = |name: &&OsStr| std::env::var_os(name).is_some_and(|set| set == value.as_str());
    if let Some(variable) = argument.and_then(clap::Arg::get_env).filter(is_its) {
        let tip = format!("the value is that of {}", variable.to_string_lossy());
        let tips = ContextValue::StyledStrs(vec![tip.into()]);
        error.insert(ContextKind::Suggested, tips);
    }
    error
}

/// Whether the command line seems to ask for JSON, however wrong it is otherwise.
pub(crate) fn asks_for_json() -> bool {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let words = words.iter().map(|word| word.to_str().unwrap_or_default());
    let words: Vec<&str> = words.take_while(|word| *word != "--").collect();
    let is_flag = |word: &str| matches!(word, "-o" | "--output");
    let is_json = |word: &str| matches!(word, "json" | "pretty");
    let apart = words
        .windows(2)
        .any(|pair| is_flag(pair[0]) && is_json(pair[1]));
    let mut joined = words.iter().filter_map(|word| {
        let prefixes = ["--output=", "-o=", "-o"];
        prefixes.iter().find_map(|prefix| word.strip_prefix(prefix))
    });
    apart || joined.any(is_json)
}

fn name(matches: &clap::ArgMatches) -> String {
    let words = std::iter::successors(matches.subcommand(), |(_, below)| below.subcommand());
    words.map(|(word, _)| word).collect::<Vec<_>>().join(" ")
}

const BELOW: &str = "\
First steps: treaty demo shows the whole story, treaty init sets up the directory that you are in.

OpenTelemetry, in every command; without the first nothing is sent:
  --enable-otel                  Send traces and logs; --enable-otel-traces or -logs: only these
  --otel-exporter-endpoint URL   Where the collector listens [default: http://localhost:4318]
  --otel-exporter NAMES          otlp [default], stdout (spans, on stderr), or both with a comma
  --otel-exporter-protocol NAME  http/protobuf, or http for the same

Exit codes:
  0    yes: verified, deployable, done
  1    no: mismatch, not deployable, deployability unknown
  2    the command line or an input file is wrong
  3    could not find out: something is unreachable, refuses or takes too long
  130  interrupted; 143: terminated";

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
    /// Mock servers for tests in any language, controlled over HTTP
    #[command(subcommand)]
    Mock(MockCommand),
    /// What a pact demands beside an older one, and for whom that breaks something
    Diff(Box<DiffArgs>),
    /// Which versions have been verified with which
    Matrix(Box<MatrixArgs>),
    /// What of an application is where, what stands in its way, and what to run next
    Status(Box<StatusArgs>),
    /// Who uses a part of a provider's interface
    WhoUses(Box<WhoUsesArgs>),
    /// A broker of one's own
    #[command(subcommand)]
    Broker(BrokerCommand),
    /// Write a treaty.toml and the steps of a pipeline
    Init(InitArgs),
    /// Keep a token for a broker
    Login(Box<LoginArgs>),
    /// Make a shell complete the command's words
    Completions(CompletionsArgs),
    /// Print the manual, or write a page for each command
    Man(ManArgs),
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
    #[value(alias = "fatal")]
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
    /// A JSON document for each event.
    Json,
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
