//! `publish_verification`.

use serde_json::{Value, json};
use treaty_broker_client::{
    Acknowledged, ClientError, ProviderVersion, VerificationResult, VerifiedBy,
};

use crate::fake::{BASE, Fake};

const RESULTS: &str = "/pacts/1/results";

fn pact() -> Value {
    json!({"_links": {
        "pb:publish-verification-results": {"href": format!("{BASE}/1/results")},
        "pb:provider": {"href": format!("{BASE}/B")}}})
}

fn provider() -> Value {
    json!({"_links": {
        "pb:branch-version": {"href": format!("{BASE}/B/branches/{{branch}}/versions/{{version}}")},
        "pb:version-tag": {"href": format!("{BASE}/B/versions/{{version}}/tags/{{tag}}")}}})
}

fn broker() -> Fake {
    Fake::default()
        .on("GET", "/pacts/1", 200, &pact())
        .on("GET", "/pacts/B", 200, &provider())
        .on(
            "PUT",
            "/pacts/B/branches/feat%2Fx/versions/v%201",
            201,
            &json!({}),
        )
        .on("PUT", "/pacts/B/versions/v%201/tags/dev", 201, &json!({}))
}

async fn publish(fake: &Fake, version: ProviderVersion) -> Result<Acknowledged, ClientError> {
    let client = fake.client();
    let pact = client.fetch_pact("http://broker.local/pacts/1").await?;
    let result = VerificationResult {
        success: true,
        provider_version: "v 1".parse().unwrap(),
        build_url: None,
        test_results: json!({"tests": 1}),
        verified_by: VerifiedBy {
            implementation: "treaty".to_owned(),
            version: "0".to_owned(),
        },
    };
    client.publish_verification(&pact, &result, &version).await
}

#[tokio::test]
async fn branch_and_tags_are_told_before_the_result() {
    let stored = json!({"_links": {"self": {"href": "http://broker.local/pacts/1/results/7"}}});
    let fake = broker().on("POST", RESULTS, 201, &stored);
    let version = ProviderVersion {
        branch: Some("feat/x".parse().unwrap()),
        tags: vec!["dev".parse().unwrap()],
    };

    let acknowledged = publish(&fake, version).await.unwrap();

    assert_eq!(acknowledged.url, "http://broker.local/pacts/1/results/7");
    assert_eq!(
        fake.lines(),
        [
            "GET /pacts/1",
            "GET /pacts/B",
            "PUT /pacts/B/branches/feat%2Fx/versions/v%201",
            "PUT /pacts/B/versions/v%201/tags/dev",
            "POST /pacts/1/results",
        ]
    );
    assert_eq!(
        fake.seen()[4].body,
        json!({"success": true, "providerApplicationVersion": "v 1", "testResults": {"tests": 1},
            "verifiedBy": {"implementation": "treaty", "version": "0"}})
    );
}

#[tokio::test]
async fn a_location_acknowledges_as_well_as_a_link() {
    let fake = broker().on_text("POST", RESULTS, 201, &[("location", "http://b/7")], "");
    let acknowledged = publish(&fake, ProviderVersion::default()).await.unwrap();
    assert_eq!(acknowledged.url, "http://b/7");
}

#[tokio::test]
async fn an_answer_that_says_nothing_acknowledges_nothing() {
    let fake = broker().on("POST", RESULTS, 200, &json!({"ok": true}));
    let error = publish(&fake, ProviderVersion::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer to POST http://broker.local/pacts/1/results does not acknowledge the result: no link and no location"
    );
}

#[tokio::test]
async fn a_refused_result_is_sent_once_and_tells_why() {
    let fake = broker().on(
        "POST",
        RESULTS,
        503,
        &json!({"error": {"message": "locked"}}),
    );
    let error = publish(&fake, ProviderVersion::default())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("503 Service Unavailable: locked"),
        "{error}"
    );
    assert_eq!(fake.lines(), ["GET /pacts/1", "POST /pacts/1/results"]);
}

#[tokio::test]
async fn a_pact_without_the_link_cannot_take_results() {
    let fake = Fake::default().on("GET", "/pacts/1", 200, &json!({}));
    let error = publish(&fake, ProviderVersion::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "http://broker.local/pacts/1 has no link \"pb:publish-verification-results\""
    );
}
