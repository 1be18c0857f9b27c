//! Which interactions the provider has passed, in the version that an environment has.

use treaty_broker_client::{
    CanIDeploy, Client, DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget, MatrixSelector, Row,
    TestResults, VersionChoice,
};
use treaty_core::names::EnvironmentName;
use treaty_mock_server::Stubbed;

use crate::error::Failure;
use crate::pact_sources::Found;

/// The interactions of a broker's pact; those that some version of the provider there has not passed, with the reason.
pub(super) async fn only(
    client: &Client,
    environment: &EnvironmentName,
    found: Found,
) -> Result<Vec<Stubbed>, Failure> {
    let provider = &found.pact.provider;
    let answer = ask(client, environment, &found).await?;
    let mut there = Vec::new();
    for row in answer
        .rows
        .iter()
        .filter(|row| row.provider.name == provider.as_str())
    {
        let Some(number) = &row.provider.number else {
            continue;
        };
        there.push((number.clone(), results(client, row).await?));
    }
    let stubbed = found.pact.interactions.into_iter().map(|interaction| {
        let missing = there.iter().find_map(|(number, results)| match results {
            None => Some(format!(
                "{provider} {number}, which is in {environment}, has never verified the pact"
            )),
            Some(results) if results.passed(&interaction) => None,
            Some(_) => Some(format!(
                "{provider} {number}, which is in {environment}, has not passed it"
            )),
        });
        let cut = || format!("the broker's list of what is in {environment} is cut");
        let nobody = || format!("no version of {provider} is in {environment}");
        Stubbed {
            withheld: missing
                .or_else(|| answer.truncated.then(cut))
                .or_else(|| there.is_empty().then(nobody)),
            interaction,
        }
    });
    Ok(stubbed.collect())
}

/// The consumer's version beside everything that is in the environment.
async fn ask(
    client: &Client,
    environment: &EnvironmentName,
    found: &Found,
) -> Result<CanIDeploy, Failure> {
    let version = found.consumer_version.clone();
    let question = DeployQuestion {
        selectors: vec![MatrixSelector {
            pacticipant: found.pact.consumer.clone(),
            versions: version.map_or(VersionChoice::Latest, VersionChoice::Number),
        }],
        target: Some(DeployTarget::Environment(environment.clone())),
        ignored: Vec::new(),
        rows_max: DEPLOY_ROWS_MAX_DEFAULT,
    };
    let answer = client.can_i_deploy(&question).await;
    answer.map_err(Failure::of_question)
}

async fn results(client: &Client, row: &Row) -> Result<Option<TestResults>, Failure> {
    match row.result.as_ref().and_then(|result| result.url.as_ref()) {
        Some(url) => Ok(Some(client.test_results(url).await?)),
        None => Ok(None),
    }
}
