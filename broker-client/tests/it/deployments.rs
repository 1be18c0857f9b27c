//! `environments`, `create_environment` and `record_deployment`.

use serde_json::{Value, json};
use treaty_broker_client::{ClientError, Contact, Deployment, DeploymentToRecord, NewEnvironment};

use crate::fake::{BASE, Fake};

const ENVIRONMENTS: (&str, &str) = ("pb:environments", "/environments");
const VERSION: (&str, &str) = (
    "pb:pacticipant-version",
    "/pacticipants/{pacticipant}/versions/{version}",
);

fn environments() -> Value {
    json!({"_embedded": {"environments": [
        {"uuid": "e1", "name": "test", "displayName": "Test", "production": false, "more": []},
        {"uuid": "e2", "name": "production", "production": true}]}})
}

async fn record(fake: &Fake, environment: &str) -> Result<Deployment, ClientError> {
    let deployment = DeploymentToRecord {
        pacticipant: "A".parse().unwrap(),
        version: "1/2".parse().unwrap(),
        environment: environment.parse().unwrap(),
        application_instance: Some("blue".to_owned()),
    };
    fake.client().record_deployment(&deployment).await
}

fn broker() -> Fake {
    let version = json!({"_links": {"pb:record-deployment": [
        {"name": "test", "href": format!("{BASE}/d/e1")}, {"name": "production", "href": format!("{BASE}/d/e2")}]}});
    Fake::with_links(&[ENVIRONMENTS, VERSION])
        .on("GET", "/pacts/environments", 200, &environments())
        .on("GET", "/pacts/pacticipants/A/versions/1%2F2", 200, &version)
        .on("POST", "/pacts/d/e2", 201, &json!({"uuid": "d1"}))
}

#[tokio::test]
async fn environments_are_listed() {
    let environments = broker().client().environments().await.unwrap();
    assert_eq!(environments[0].display_name.as_deref(), Some("Test"));
    assert!(environments[1].production);
}

#[tokio::test]
async fn an_environment_is_created_with_its_contact() {
    let created = json!({"uuid": "e3", "name": "uat"});
    let fake = Fake::with_links(&[ENVIRONMENTS]).on("POST", "/pacts/environments", 201, &created);
    let new = NewEnvironment {
        name: "uat".parse().unwrap(),
        display_name: None,
        production: false,
        contact: Some(Contact {
            name: Some("Team".to_owned()),
            email_address: Some("t@example.com".to_owned()),
        }),
    };
    assert_eq!(
        fake.client().create_environment(&new).await.unwrap().uuid,
        "e3"
    );
    assert_eq!(
        fake.seen()[0].body,
        json!({"name": "uat", "production": false,
            "contacts": [{"name": "Team", "details": {"emailAddress": "t@example.com"}}]})
    );
}

#[tokio::test]
async fn a_deployment_goes_to_the_environment_of_the_name() {
    let fake = broker();
    assert_eq!(record(&fake, "production").await.unwrap().uuid, "d1");
    let last = fake.seen().pop().unwrap();
    assert_eq!(last.line, "POST /pacts/d/e2");
    assert_eq!(
        last.body,
        json!({"applicationInstance": "blue", "target": "blue"})
    );
}

#[tokio::test]
async fn an_unknown_environment_is_told_with_those_that_there_are() {
    let error = record(&broker(), "prod").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the broker has no environment \"prod\": it has test, production"
    );
}

#[tokio::test]
async fn an_unknown_version_is_told_as_such() {
    let fake = Fake::with_links(&[ENVIRONMENTS, VERSION]);
    let error = record(&fake, "production").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the broker has no version \"1/2\" of \"A\""
    );
    assert_eq!(
        error.remedy(),
        "publish a pact or a verification result for this version first"
    );
}
