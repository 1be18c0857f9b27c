//! `treaty status`.

use serde_json::json;
use treaty_broker_client::{
    CanIDeploy, Client, DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget, MatrixSelector,
    Presence, VersionChoice, WhichVersion,
};
use treaty_core::names::{EnvironmentName, PacticipantName, VersionNumber};

use crate::args::StatusArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{Answer, status as words};
use crate::suggestions::{self, Name};

/// What there is to say about one environment.
#[derive(Debug)]
pub(crate) struct Outlook {
    /// Its name.
    pub(crate) environment: EnvironmentName,
    /// The versions of the application that are there.
    pub(crate) there: Vec<String>,
    /// Whether the version in question can go there.
    pub(crate) question: DeployQuestion,
    /// The broker's answer to that.
    pub(crate) answer: CanIDeploy,
}

pub(crate) async fn run(args: &StatusArgs) -> Result<Answer, Failure> {
    let name = args.pacticipant.as_ref().ok_or_else(|| {
        Failure::usage(
            "no application is named",
            "name it with --pacticipant, or once and for all in treaty.toml: treaty init",
        )
    })?;
    let client = broker_access::open(&args.broker)?;
    let which = args.version.clone();
    let which = which.map_or(WhichVersion::Latest, WhichVersion::Number);
    let version = match client.describe_version(name, &which).await {
        Ok(version) => version,
        Err(error) => {
            let names = [Name::Pacticipant(name)];
            return Err(suggestions::explained(&client, &names, error.into()).await);
        }
    };
    let number = VersionNumber::parse(version.number.as_str());
    let number =
        number.map_err(|error| Failure::usage(error.to_string(), "name one with --version"))?;
    let mut environments = client.environments().await?;
    environments.sort_by(|a, b| (b.production, &a.name).cmp(&(a.production, &b.name)));
    let mut outlooks = Vec::new();
    for environment in environments {
        let environment = EnvironmentName::parse(environment.name);
        let environment = environment
            .map_err(|error| Failure::usage(error.to_string(), "rename it in the broker"))?;
        outlooks.push(outlook(&client, name, &number, environment).await?);
    }
    let documents = outlooks.iter().map(|outlook| {
        json!({
            "environment": outlook.environment, "versions": outlook.there,
            "deployable": outlook.answer.deployable(),
            "canIDeploy": outlook.answer.document,
        })
    });
    Ok(Answer {
        code: ExitCode::Yes,
        json: json!({
            "pacticipant": name, "version": version.number, "branches": version.branches,
            "environments": documents.collect::<Vec<_>>(),
        }),
        text: words::status(name, &version, &outlooks),
    })
}

async fn outlook(
    client: &Client,
    name: &PacticipantName,
    number: &VersionNumber,
    environment: EnvironmentName,
) -> Result<Outlook, Failure> {
    let presences = [Presence::Deployed, Presence::Released];
    let there = client
        .versions_in_environment(name, &environment, &presences)
        .await?;
    let question = DeployQuestion {
        selectors: vec![MatrixSelector {
            pacticipant: name.clone(),
            versions: VersionChoice::Number(number.clone()),
        }],
        target: Some(DeployTarget::Environment(environment.clone())),
        ignored: Vec::new(),
        rows_max: DEPLOY_ROWS_MAX_DEFAULT,
    };
    let answer = client.can_i_deploy(&question).await;
    Ok(Outlook {
        environment,
        there: there.into_iter().map(|version| version.number).collect(),
        answer: answer.map_err(Failure::of_question)?,
        question,
    })
}
