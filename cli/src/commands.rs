//! One file for each command, and one for each kind of thing that a broker keeps: arguments become options, an outcome
//! becomes an answer.

mod broker_admin;
mod broker_copy;
mod broker_import;
mod broker_routes;
mod broker_serve;
pub(crate) mod can_i_deploy;
mod demo;
mod diff;
mod init;
mod lint;
mod login;
mod manual;
mod matrix;
mod mock;
mod provider_build;
mod prune;
mod publish;
mod publish_results;
mod resources;
pub(crate) mod status;
mod stub;
mod verify;
mod who_uses;

use tokio::runtime::Builder;

use crate::args::{
    BrokerCommand, Command, DeployOutput, LintOutput, LogForm, LogLevel, MockCommand, Output,
};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, Format};
use crate::signals;

/// Runs the command, until it is done or interrupted.
pub(crate) fn run(command: Command) -> Result<Answer, Failure> {
    let mut runtime = match &command {
        Command::Broker(BrokerCommand::Serve(_))
        | Command::Stub(_)
        | Command::Mock(MockCommand::Start(_)) => Builder::new_multi_thread(),
        // The others mostly wait for somebody else, and waking a second thread for every answer costs more than it gives.
        _ => Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build();
    let runtime = runtime.map_err(|source| Failure::System {
        what: "the operating system gives no threads",
        source,
    })?;
    runtime.block_on(async {
        match command {
            command if hears_by_itself(&command) => dispatch(command).await,
            Command::CanIDeploy(args) if args.question.dry_run => {
                dry(run_until_interrupted(can_i_deploy::run(&args)).await)
            }
            Command::CanIMerge(args) if args.question.dry_run => {
                dry(run_until_interrupted(can_i_deploy::run_merge(&args)).await)
            }
            command => run_until_interrupted(dispatch(command)).await,
        }
    })
}

/// Servers, which a signal ends in an orderly way, and what waits for nobody but for those who type or write to a pipe,
/// where a signal would only be heard afterwards.
fn hears_by_itself(command: &Command) -> bool {
    matches!(
        command,
        Command::Broker(BrokerCommand::Serve(_))
            | Command::Stub(_)
            | Command::Mock(MockCommand::Start(_))
            | Command::Login(_)
            | Command::Lint(_)
            | Command::Init(_)
            | Command::Completions(_)
            | Command::Man(_)
    )
}

async fn dispatch(command: Command) -> Result<Answer, Failure> {
    match command {
        Command::Verify(args) => verify::run(&args).await,
        Command::Publish(args) => publish::run(&args).await,
        Command::PublishResults(args) => publish_results::run(&args).await,
        Command::Lint(args) => lint::run(&args),
        Command::Prune(args) => prune::run(&args).await,
        Command::CanIDeploy(args) => can_i_deploy::run(&args).await,
        Command::CanIMerge(args) => can_i_deploy::run_merge(&args).await,
        Command::Resource(command) => resources::run(&command).await,
        Command::Broker(BrokerCommand::Serve(args)) => broker_serve::run(&args).await,
        Command::Broker(BrokerCommand::Backup(args)) => broker_copy::back_up(&args).await,
        Command::Broker(BrokerCommand::Restore(args)) => broker_copy::restore(&args).await,
        Command::Broker(BrokerCommand::Import(args)) => broker_import::run(&args).await,
        Command::Broker(BrokerCommand::Routes(_)) => Ok(broker_routes::run()),
        Command::Broker(BrokerCommand::Token(command)) => broker_admin::token(&command).await,
        Command::Broker(BrokerCommand::Audit(args)) => broker_admin::audit(&args).await,
        Command::Broker(BrokerCommand::Clean(args)) => broker_admin::clean(&args).await,
        Command::Stub(args) => stub::run(&args).await,
        Command::Mock(command) => mock::run(&command).await,
        Command::Diff(args) => diff::run(&args).await,
        Command::Matrix(args) => matrix::run(&args).await,
        Command::Status(args) => status::run(&args).await,
        Command::WhoUses(args) => who_uses::run(&args).await,
        Command::Init(args) => init::run(&args),
        Command::Login(args) => login::run(&args).await,
        Command::Completions(args) => Ok(manual::completions(&args)),
        Command::Man(args) => manual::man(&args),
        Command::Demo => demo::run().await,
    }
}

async fn run_until_interrupted(
    command: impl Future<Output = Result<Answer, Failure>>,
) -> Result<Answer, Failure> {
    let stopped = signals::stopped()?;
    tokio::select! {
        // From its first moment on, so that no signal finds the command without ears. What the command began ends with
        // it: its children, its temporary directories.
        biased;
        failure = stopped => Err(failure),
        answer = command => answer,
    }
}

/// Whoever asks for a dry run wants to see the answer and to go on whatever it is.
fn dry(outcome: Result<Answer, Failure>) -> Result<Answer, Failure> {
    let interrupted =
        |failure: &Failure| matches!(failure, Failure::Interrupted | Failure::Terminated);
    match outcome {
        Ok(answer) => Ok(answer.ending_with(ExitCode::Yes)),
        Err(failure) if interrupted(&failure) => Err(failure),
        Err(failure) => Ok(Answer::of_failure(&failure).ending_with(ExitCode::Yes)),
    }
}

/// How the command's answer is to be shown.
pub(crate) fn format(command: &Command) -> Format {
    let json = match command {
        Command::Verify(args) => args.report.output == Output::Json,
        Command::Publish(args) => args.output == Output::Json,
        Command::PublishResults(args) => args.output == Output::Json,
        Command::Lint(args) if args.output == LintOutput::Sarif => return Format::Sarif,
        Command::Lint(args) => args.output == LintOutput::Json,
        Command::Prune(args) => args.output == Output::Json,
        Command::CanIDeploy(args) => args.question.output == DeployOutput::Json,
        Command::CanIMerge(args) => args.question.output == DeployOutput::Json,
        Command::Resource(command) => command.is_json(),
        Command::Broker(BrokerCommand::Routes(args)) => args.output == Output::Json,
        Command::Diff(args) => args.output == Output::Json,
        Command::Matrix(args) => args.output == Output::Json,
        Command::Status(args) => args.output == Output::Json,
        Command::WhoUses(args) => args.output == Output::Json,
        Command::Mock(MockCommand::Create(args)) => args.output == Output::Json,
        Command::Mock(MockCommand::List(args)) => args.output == Output::Json,
        Command::Mock(MockCommand::Verify(args) | MockCommand::Shutdown(args)) => {
            args.output == Output::Json
        }
        Command::Mock(MockCommand::Start(_) | MockCommand::ShutdownMaster(_))
        | Command::Stub(_)
        | Command::Init(_)
        | Command::Login(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Demo => false,
        Command::Broker(command) => command
            .admin()
            .is_some_and(|args| args.output == Output::Json),
    };
    if json { Format::Json } else { Format::Text }
}

/// What the command logs.
pub(crate) fn log_level(command: &Command) -> LogLevel {
    match command {
        Command::Verify(args) => args.report.loglevel,
        Command::Publish(args) => args.broker.log_level(),
        Command::PublishResults(args) => args.broker.log_level(),
        Command::CanIDeploy(args) => args.question.broker.log_level(),
        Command::CanIMerge(args) => args.question.broker.log_level(),
        Command::Resource(command) => command.log_level(),
        Command::Broker(BrokerCommand::Serve(args)) => args.log_level,
        Command::Broker(command) => {
            let level = command.admin().map(|args| args.broker.log_level());
            level.unwrap_or_default()
        }
        Command::Stub(args) => args.loglevel,
        Command::Diff(args) => args.broker.log_level(),
        Command::Matrix(args) => args.broker.log_level(),
        Command::Status(args) => args.broker.log_level(),
        Command::WhoUses(args) => args.broker.log_level(),
        Command::Login(args) => args.broker.log_level(),
        Command::Lint(_)
        | Command::Prune(_)
        | Command::Mock(_)
        | Command::Init(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Demo => LogLevel::default(),
    }
}

/// How the command logs.
pub(crate) fn log_form(command: &Command) -> LogForm {
    match command {
        Command::Verify(args) => args.report.log_form(),
        Command::Broker(BrokerCommand::Serve(args)) => args.log_format.form(),
        _ => LogForm::default(),
    }
}
