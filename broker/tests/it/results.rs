use serde_json::json;

use crate::support::{BASE, TestBroker};

const PAIR: (&str, &str) = ("Web", "Orders");

#[tokio::test]
async fn a_result_is_stored_and_found_again() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let result = json!({
        "success": true, "providerApplicationVersion": "p1", "buildUrl": "http://ci/1",
        "testResults": { "interactions": [] }, "verifiedBy": { "implementation": "treaty", "version": "0.1.0" },
    });
    let created = broker.verify(PAIR, &hash, result).await;
    assert_eq!(created.status, 201);
    let own = created
        .header("location")
        .strip_prefix("http://broker.test")
        .unwrap()
        .to_owned();
    let read = broker.get(&own).await.json();
    assert_eq!(read["buildUrl"], "http://ci/1");
    assert_eq!(read["testResults"], json!({ "interactions": [] }));
    assert_eq!(read["verifiedBy"]["implementation"], "treaty");
    let latest = broker
        .get("/pacts/provider/Orders/consumer/Web/latest/verification-results/latest")
        .await;
    assert_eq!(latest.json()["providerApplicationVersion"], "p1");
}

#[tokio::test]
async fn a_result_needs_a_verdict_and_a_version() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let answer = broker
        .verify(PAIR, &hash, json!({ "success": "yes" }))
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json()["errors"],
        json!({
            "success": ["must be one of: true, false"],
            "providerApplicationVersion": ["is missing"],
        })
    );
    assert_eq!(
        broker
            .get("/pacts/provider/Orders/consumer/Web/latest/verification-results/latest")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_content_that_nobody_published_has_no_results() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    let answer = broker
        .verify(
            PAIR,
            &"0".repeat(40),
            json!({ "success": true, "providerApplicationVersion": "1" }),
        )
        .await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn the_last_result_of_a_pair_of_versions_counts() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    for success in [false, true, false] {
        broker
            .verify(
                PAIR,
                &hash,
                json!({ "success": success, "providerApplicationVersion": "p1" }),
            )
            .await;
    }
    let query = "q[][pacticipant]=Web&q[][pacticipant]=Orders";
    let all = broker.get(&format!("/matrix?{query}")).await.json();
    let last = broker
        .get(&format!("/matrix?{query}&latestby=cvpv"))
        .await
        .json();
    assert_eq!(all["matrix"].as_array().unwrap().len(), 3);
    assert_eq!(last["matrix"].as_array().unwrap().len(), 1);
    assert_eq!(last["matrix"][0]["verificationResult"]["success"], false);
}

#[tokio::test]
async fn the_number_of_a_deleted_result_is_not_given_again() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let result = json!({ "success": true, "providerApplicationVersion": "p1" });
    let first = broker.verify(PAIR, &hash, result.clone()).await;
    let location = first.header("location").replace(BASE, "");
    assert_eq!(broker.delete(&location).await.status, 204);
    let second = broker.verify(PAIR, &hash, result).await;
    assert_ne!(second.header("location"), first.header("location"));
    assert_eq!(broker.get(&location).await.status, 404);
}

#[tokio::test]
async fn a_summary_covers_every_provider() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    broker
        .verify(
            PAIR,
            &hash,
            json!({ "success": true, "providerApplicationVersion": "p1" }),
        )
        .await;
    broker.publish("Web", "1", "Billing", 1).await;
    let summary = broker
        .get("/verification-results/consumer/Web/version/1/latest")
        .await
        .json();
    assert_eq!(summary["success"], false);
    assert_eq!(
        summary["providerSummary"],
        json!({ "successful": ["Orders"], "failed": [], "unknown": ["Billing"] })
    );
}
