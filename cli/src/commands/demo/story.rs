//! The story: a version that may be deployed, and one that may not.

use std::time::Instant;

use serde_json::json;

use super::consumer;
use super::provider::{AddressField, Provider};
use super::steps::{Shell, Surprise};
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::Answer;

/// The broker of the story: a file beside the pacts.
pub(super) const BROKER: &str = "sqlite:broker.sqlite";

pub(crate) async fn run() -> Result<Answer, Failure> {
    let directory = tempfile::tempdir().map_err(|source| Failure::System {
        what: "there is no place for a temporary directory",
        source,
    })?;
    let started = Instant::now();
    let shell = Shell::new(directory.path());
    let told = tell(&shell, directory.path()).await;
    let seconds = started.elapsed().as_secs_f32();
    let (code, text) = match told {
        Ok(()) => (
            ExitCode::Yes,
            format!("\nThe story went as told, in {seconds:.1} s."),
        ),
        Err(surprise) => (
            ExitCode::No,
            format!("\nThe story did not go as told: {surprise}"),
        ),
    };
    Ok(Answer {
        code,
        text,
        json: json!(null),
    })
}

async fn tell(shell: &Shell, directory: &std::path::Path) -> Result<(), Surprise> {
    shell.say(
        "OrderService tests its client for users against a mock server, and that writes a pact.",
    )?;
    consumer::test(&directory.join("pacts")).await?;
    shell.show("$ ls pacts\nOrderService-UserService.json")?;

    shell.say("The pact goes to a broker, which is a file here.")?;
    shell.show(&format!("$ export PACT_BROKER_BASE_URL={BROKER}"))?;
    let publish = [
        "publish",
        "pacts",
        "--consumer-app-version",
        "1.0.0",
        "--branch",
        "main",
    ];
    shell.treaty(&publish, ExitCode::Yes, "").await?;
    deploy(shell).await?;
    break_it(shell).await
}

async fn deploy(shell: &Shell) -> Result<(), Surprise> {
    shell.say("UserService 1.0.0 is running, and is asked whether it keeps the pact.")?;
    let provider = Provider::start(AddressField::Email).await?;
    verify(
        shell,
        &provider,
        "1.0.0",
        ExitCode::Yes,
        "a request for user 42",
    )
    .await?;

    shell.say("OrderService 1.0.0 is in production already. May UserService 1.0.0 go there?")?;
    let environment = ["create-environment", "--name", "production", "--production"];
    shell
        .treaty(&environment, ExitCode::Yes, "production")
        .await?;
    record(shell, "OrderService").await?;
    can_i_deploy(shell, "1.0.0", ExitCode::Yes, "Yes.").await?;
    record(shell, "UserService").await
}

async fn break_it(shell: &Shell) -> Result<(), Surprise> {
    shell.say(
        "UserService 2.0.0 calls `email` `mail`. Nobody remembers who reads it; the pact does.",
    )?;
    let provider = Provider::start(AddressField::Mail).await?;
    verify(shell, &provider, "2.0.0", ExitCode::No, "$.email").await?;

    shell.say("May UserService 2.0.0 go to production?")?;
    can_i_deploy(shell, "2.0.0", ExitCode::No, "No.").await
}

async fn verify(
    shell: &Shell,
    provider: &Provider,
    version: &str,
    code: ExitCode,
    text: &str,
) -> Result<(), Surprise> {
    let states = provider.state_change_url();
    let words = [
        "verify",
        "--provider-name",
        "UserService",
        "--provider-base-url",
        provider.base_url(),
        "--state-change-url",
        &states,
        "--provider-version",
        version,
        "--provider-branch",
        "main",
        "--publish",
    ];
    shell.treaty(&words, code, text).await
}

async fn record(shell: &Shell, pacticipant: &str) -> Result<(), Surprise> {
    let words = [
        "record-deployment",
        "--pacticipant",
        pacticipant,
        "--version",
        "1.0.0",
        "--environment",
        "production",
    ];
    shell.treaty(&words, ExitCode::Yes, "production").await
}

async fn can_i_deploy(
    shell: &Shell,
    version: &str,
    code: ExitCode,
    text: &str,
) -> Result<(), Surprise> {
    let words = [
        "can-i-deploy",
        "--pacticipant",
        "UserService",
        "--version",
        version,
        "--to-environment",
        "production",
    ];
    shell.treaty(&words, code, text).await
}
