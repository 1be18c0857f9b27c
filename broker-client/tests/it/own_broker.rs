//! The whole story with Treaty's own broker: client and server agree on every document in it.

use serde_json::json;
use treaty_broker::{Broker, Config, DatabaseUrl};
use treaty_broker_client::{
    CanIDeploy, Client, ContractToPublish, DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget,
    DeploymentToRecord, MatrixSelector, NewEnvironment, OnConflict, PactsForVerification,
    ProviderVersion, PublishContracts, VerificationResult, VerifiedBy, VersionChoice,
};

pub(crate) fn client() -> Client {
    let config = Config::new(DatabaseUrl::memory()).base_url("http://broker.local");
    Client::over(Broker::open(config).unwrap(), "http://broker.local").unwrap()
}

pub(crate) async fn publish(client: &Client) {
    let pact = json!({
        "consumer": {"name": "A B"}, "provider": {"name": "C/D"},
        "interactions": [{"description": "a ping", "request": {"method": "GET", "path": "/"},
            "response": {"status": 200}}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}}
    });
    let publication = PublishContracts {
        pacticipant: "A B".parse().unwrap(),
        version: "1".parse().unwrap(),
        branch: Some("feat/x".parse().unwrap()),
        tags: vec!["dev".parse().unwrap()],
        build_url: Some("http://ci/1".to_owned()),
        contracts: vec![ContractToPublish {
            provider: "C/D".parse().unwrap(),
            content: pact.to_string().into(),
            on_conflict: OnConflict::AsTheBrokerDoes,
        }],
    };
    let published = client.publish_contracts(&publication).await.unwrap();
    assert_eq!(published.pact_urls.len(), 1);
}

async fn deploy(client: &Client) {
    let environment = NewEnvironment {
        name: "production".parse().unwrap(),
        display_name: None,
        production: true,
        contact: None,
    };
    client.create_environment(&environment).await.unwrap();
    let deployment = DeploymentToRecord {
        pacticipant: "A B".parse().unwrap(),
        version: "1".parse().unwrap(),
        environment: "production".parse().unwrap(),
        application_instance: None,
    };
    client.record_deployment(&deployment).await.unwrap();
}

async fn verify(client: &Client, success: bool) {
    let provider = "C/D".parse().unwrap();
    let wanted = PactsForVerification::default();
    let pacts = client.pacts_for_verification(&provider, &wanted).await;
    let pacts = pacts.unwrap();
    let pact = client.fetch_pact(&pacts[0].url).await.unwrap();
    let mismatch =
        json!({"path": "$.a", "expected": "an integer", "actual": "nothing", "rule": "type"});
    let result = VerificationResult {
        success,
        provider_version: "7".parse().unwrap(),
        build_url: Some("http://ci/7".to_owned()),
        test_results: json!({"interactions": [
            {"description": "a ping", "success": success, "providerStates": ["s"], "mismatches": [mismatch]}]}),
        verified_by: VerifiedBy {
            implementation: "test".to_owned(),
            version: "1".to_owned(),
        },
    };
    let about = ProviderVersion {
        branch: Some("main".parse().unwrap()),
        tags: vec!["dev".parse().unwrap()],
    };
    client
        .publish_verification(&pact, &result, &about)
        .await
        .unwrap();
}

async fn ask(client: &Client) -> CanIDeploy {
    let question = DeployQuestion {
        selectors: vec![MatrixSelector {
            pacticipant: "C/D".parse().unwrap(),
            versions: VersionChoice::Number("7".parse().unwrap()),
        }],
        target: Some(DeployTarget::Environment("production".parse().unwrap())),
        ignored: Vec::new(),
        rows_max: DEPLOY_ROWS_MAX_DEFAULT,
    };
    client.can_i_deploy(&question).await.unwrap()
}

#[tokio::test]
async fn a_kept_pact_is_deployable() {
    let client = client();
    publish(&client).await;
    deploy(&client).await;
    verify(&client, true).await;
    let answer = ask(&client).await;
    assert_eq!(answer.summary.deployable, Some(true));
    assert_eq!(answer.summary.success, 1);
    assert!(answer.treaty.unwrap().reasons.is_empty());
}

#[tokio::test]
async fn a_broken_pact_is_not_and_its_reason_is_read_in_full() {
    let client = client();
    publish(&client).await;
    deploy(&client).await;
    verify(&client, false).await;
    let answer = ask(&client).await;
    assert_eq!(answer.summary.deployable, Some(false));
    let treaty = answer.treaty.unwrap();
    let reason = &treaty.reasons[0];
    assert_eq!(reason.cause, "failed");
    assert_eq!(reason.consumer_version.as_deref(), Some("1"));
    assert_eq!(reason.build_url.as_deref(), Some("http://ci/7"));
    assert!(reason.deployed_since.is_some() && reason.remedy.is_some());
    assert_eq!(reason.interactions[0].provider_states, ["s"]);
    assert_eq!(
        reason.interactions[0].mismatches,
        ["$.a  expected an integer, got nothing  (rule: type)"]
    );
}

#[tokio::test]
async fn an_environment_that_the_broker_does_not_know_is_told_with_those_that_it_knows() {
    let client = client();
    publish(&client).await;
    deploy(&client).await;
    let question = DeployQuestion {
        selectors: vec![MatrixSelector {
            pacticipant: "A B".parse().unwrap(),
            versions: VersionChoice::Latest,
        }],
        target: Some(DeployTarget::Environment("prod".parse().unwrap())),
        ignored: Vec::new(),
        rows_max: DEPLOY_ROWS_MAX_DEFAULT,
    };
    let error = client.can_i_deploy(&question).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the broker has no environment \"prod\": it has production"
    );
}
