//! What the client needs of Treaty's own broker, as a pact that the broker's tests verify. Running these tests writes it.

use serde_json::json;
use treaty_broker_client::{
    Client, ContractToPublish, NewEnvironment, OnConflict, Options, PactsForVerification,
    PublishContracts,
};
use treaty_consumer::prelude::*;

/// Where the broker's tests read it.
const DIRECTORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pacts");

/// The broker's index with this one link, which every question starts from.
fn broker(relation: &str, path: &str) -> PactBuilder {
    let mut pact = PactBuilder::new_v4("treaty-broker-client", "treaty-broker");
    pact.with_output_dir(DIRECTORY);
    let (link, ending) = (
        relation.to_owned(),
        format!(".*{}$", path.replace(['{', '}'], ".")),
    );
    let path = path.to_owned();
    let title = format!("a look for {relation} in the index");
    pact.interaction(title.as_str(), "", |mut i| {
        i.request.get().path("/");
        i.response.ok().json_body(json_pattern!({
            "_links": { link: { "href": term!(ending, path) } }
        }));
        i
    });
    pact
}

fn client(mock: &MockServer) -> Client {
    Client::new(mock.url().as_str(), Options::default()).unwrap()
}

#[tokio::test]
async fn environments_are_listed() -> Result<(), Unmet> {
    let mut pact = broker("pb:environments", "/environments");
    pact.interaction("a question for the environments", "", |mut i| {
        i.given("there is an environment production");
        i.request.get().path("/environments");
        i.response.ok().json_body(json_pattern!({
            "_embedded": { "environments": each_like!({
                "uuid": like!("1"), "name": like!("production"), "production": like!(true),
            }) }
        }));
        i
    });
    let mock = pact.mock_server();
    let found = client(&mock).environments().await.unwrap();
    assert_eq!(found[0].name, "production");
    mock.finish()
}

#[tokio::test]
async fn an_environment_is_created() -> Result<(), Unmet> {
    let mut pact = broker("pb:environments", "/environments");
    pact.interaction("a new environment", "", |mut i| {
        i.request.post().path("/environments");
        i.request
            .json_body(json_pattern!({ "name": "test", "production": false }));
        i.response.created().json_body(json_pattern!({
            "uuid": like!("1"), "name": "test", "production": false,
        }));
        i
    });
    let mock = pact.mock_server();
    let new = NewEnvironment {
        name: "test".parse().unwrap(),
        display_name: None,
        production: false,
        contact: None,
    };
    let made = client(&mock).create_environment(&new).await.unwrap();
    assert_eq!(made.name, "test");
    mock.finish()
}

#[tokio::test]
async fn a_pact_is_published() -> Result<(), Unmet> {
    let content = json!({"consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": []})
        .to_string();
    let mut pact = broker("pb:publish-contracts", "/contracts/publish");
    pact.interaction("a publication", "", |mut i| {
        i.request.post().path("/contracts/publish");
        i.request.json_body(json_pattern!({
            "pacticipantName": "A", "pacticipantVersionNumber": "1", "branch": "main", "tags": ["dev"],
            "buildUrl": "https://ci.example/1",
            "contracts": [{
                "consumerName": "A", "providerName": "B", "specification": "pact", "contentType": "application/json",
                "content": like!("eyJjb25zdW1lciI6eyJuYW1lIjoiQSJ9LCJwcm92aWRlciI6eyJuYW1lIjoiQiJ9LCJpbnRlcmFjdGlvbnMiOltdfQ=="),
            }],
        }));
        i.response.ok().json_body(json_pattern!({
            "notices": each_like!({ "type": like!("success"), "text": like!("published") }),
            "_links": { "pb:contracts": each_like!({ "href": like!("/pact") }) },
        }));
        i
    });
    let mock = pact.mock_server();
    let publication = PublishContracts {
        pacticipant: "A".parse().unwrap(),
        version: "1".parse().unwrap(),
        branch: Some("main".parse().unwrap()),
        tags: vec!["dev".parse().unwrap()],
        build_url: Some("https://ci.example/1".to_owned()),
        contracts: vec![ContractToPublish {
            provider: "B".parse().unwrap(),
            content: content.into(),
            on_conflict: OnConflict::AsTheBrokerDoes,
        }],
    };
    let published = client(&mock).publish_contracts(&publication).await.unwrap();
    assert_eq!(published.pact_urls, ["/pact"]);
    mock.finish()
}

#[tokio::test]
async fn pacts_for_verification_are_listed() -> Result<(), Unmet> {
    let path = "/pacts/provider/{provider}/for-verification";
    let mut pact = broker("pb:provider-pacts-for-verification", path);
    pact.interaction("a question for pacts to verify", "", |mut i| {
        i.given("A has published a pact with B");
        i.request.post().path("/pacts/provider/B/for-verification");
        i.request.json_body(json_pattern!({
            "consumerVersionSelectors": [], "includePendingStatus": true, "providerVersionBranch": "main",
        }));
        i.response.ok().json_body(json_pattern!({
            "_embedded": { "pacts": each_like!({
                "shortDescription": like!("latest"),
                "verificationProperties": {
                    "pending": like!(true),
                    "notices": each_like!({ "when": like!("before_verification"), "text": like!("why") }),
                },
                "_links": { "self": { "href": like!("/pact"), "name": like!("Pact between A and B") } },
            }) }
        }));
        i
    });
    let mock = pact.mock_server();
    let wanted = PactsForVerification {
        provider_version_branch: Some("main".parse().unwrap()),
        include_pending_status: true,
        ..PactsForVerification::default()
    };
    let pacts = client(&mock)
        .pacts_for_verification(&"B".parse().unwrap(), &wanted)
        .await;
    assert!(pacts.unwrap()[0].pending);
    mock.finish()
}

#[tokio::test]
async fn the_latest_pacts_are_listed() -> Result<(), Unmet> {
    let mut pact = broker("pb:latest-pact-versions", "/pacts/latest");
    pact.interaction("a question for the latest pacts", "", |mut i| {
        i.given("A has published a pact with B");
        i.request.get().path("/pacts/latest");
        i.response.ok().json_body(json_pattern!({
            "pacts": each_like!({
                "createdAt": like!("2026-01-01T00:00:00+00:00"),
                "_embedded": {
                    "consumer": { "name": like!("A"), "_embedded": { "version": { "number": like!("1") } } },
                    "provider": { "name": like!("B") },
                },
                "_links": { "self": each_like!({ "href": like!("/pact") }) },
            })
        }));
        i
    });
    let mock = pact.mock_server();
    let pacts = client(&mock).latest_pacts().await.unwrap();
    assert_eq!(pacts[0].consumer_version.as_str(), "1");
    mock.finish()
}

#[tokio::test]
async fn a_pacticipant_that_is_not_there_is_told_apart_from_a_broker_that_is_not()
-> Result<(), Unmet> {
    let mut pact = broker("pb:pacticipant", "/pacticipants/{pacticipant}");
    pact.interaction(
        "a question for a pacticipant that is not there",
        "",
        |mut i| {
            i.request.get().path("/pacticipants/Nobody");
            i.response
                .not_found()
                .json_body(json_pattern!({ "error": like!("none") }));
            i
        },
    );
    let mock = pact.mock_server();
    let error = client(&mock)
        .pacticipant(&"Nobody".parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the broker has no pacticipant \"Nobody\""
    );
    mock.finish()
}
