use serde_json::json;
use treaty_broker::Broker;

use crate::support::{TestBroker, config, database};

/// The latest entry of the audit log: method and path, and what it tells besides.
async fn latest_entry(broker: &TestBroker) -> (String, String) {
    let log = broker.get("/audit?size=1").await.json();
    let entry = &log["_embedded"]["entries"][0];
    let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
    (
        format!("{} {}", text("method"), text("path")),
        text("about"),
    )
}

#[tokio::test]
async fn the_audit_log_tells_by_name_what_a_path_tells_by_id() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let result = json!({ "success": false, "providerApplicationVersion": "7" });
    broker.verify(("Web", "Orders"), &hash, result).await;
    assert_eq!(latest_entry(&broker).await.1, "Orders, version 7: failed");

    let environment = broker.environment("test").await;
    let deployed = broker.deploy("Web", "1", &environment).await.json();
    assert_eq!(latest_entry(&broker).await.1, "Web, version 1, in test");
    let uuid = deployed["uuid"].as_str().unwrap();
    let path = format!("/deployed-versions/{uuid}");
    let ended = broker
        .patch(&path, json!({ "currentlyDeployed": false }))
        .await;
    assert_eq!(ended.status, 200, "{}", ended.text);
    let told = (
        format!("PATCH {path}"),
        "Web, version 1, in test".to_owned(),
    );
    assert_eq!(latest_entry(&broker).await, told);
    let path = format!("/environments/{environment}");
    broker.delete(&path).await;
    let told = (format!("DELETE {path}"), "test".to_owned());
    assert_eq!(latest_entry(&broker).await, told);
}

#[tokio::test]
async fn the_audit_log_tells_which_webhook() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    let request = json!({ "method": "POST", "url": "https://ci.invalid/build" });
    let hook = json!({ "description": "starts a build", "request": request,
        "events": [{ "name": "contract_published" }] });
    let made = broker.post("/webhooks", hook.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let link = made.json()["_links"]["self"]["href"]
        .as_str()
        .unwrap()
        .to_owned();
    let uuid = link.rsplit('/').next().unwrap();
    let told = format!("{uuid}, starts a build: POST ci.invalid");
    assert_eq!(
        latest_entry(&broker).await,
        ("POST /webhooks".to_owned(), told.clone())
    );

    let path = format!("/webhooks/{uuid}");
    for (path, body) in [
        (format!("{path}/execute"), json!({})),
        ("/webhooks/execute".to_owned(), hook),
    ] {
        let tried = broker.post(&path, body).await;
        assert_eq!(tried.status, 200, "{}", tried.text);
        let entry = (format!("POST {path}"), "POST ci.invalid".to_owned());
        assert_eq!(latest_entry(&broker).await, entry);
    }
    broker.delete(&path).await;
    assert_eq!(
        latest_entry(&broker).await,
        (format!("DELETE {path}"), told)
    );
}

#[tokio::test]
async fn what_no_request_tells_is_written_into_the_audit_log() {
    let service = Broker::open(config(database()).anybody("the owner")).unwrap();
    service.record("IMPORT", "https://elsewhere").await.unwrap();
    let broker = TestBroker::of(service);
    let log = broker.get("/audit").await.json();
    let entry = &log["_embedded"]["entries"][0];
    assert_eq!(entry["who"], "the owner");
    let told = ("IMPORT /".to_owned(), "https://elsewhere".to_owned());
    assert_eq!(latest_entry(&broker).await, told);
}
