use serde_json::{Value, json};

use crate::support::{TestBroker, publication};

async fn deployed(broker: &TestBroker, environment: &str) -> Vec<String> {
    let path = format!("/environments/{environment}/deployed-versions/currently-deployed");
    let list = broker.get(&path).await.json();
    let number = |record: &Value| {
        record["_embedded"]["version"]["number"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    list["_embedded"]["deployedVersions"]
        .as_array()
        .unwrap()
        .iter()
        .map(number)
        .collect()
}

#[tokio::test]
async fn a_deployment_replaces_the_one_before() {
    let broker = TestBroker::new();
    let prod = broker.environment("prod").await;
    broker.publish("Web", "1", "Orders", 1).await;
    broker.publish("Web", "2", "Orders", 1).await;
    let first = broker.deploy("Web", "1", &prod).await;
    let again = broker.deploy("Web", "1", &prod).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.json()["uuid"], again.json()["uuid"]);
    broker.deploy("Web", "2", &prod).await;
    assert_eq!(deployed(&broker, &prod).await, ["2"]);
}

#[tokio::test]
async fn instances_are_deployed_side_by_side() {
    let broker = TestBroker::new();
    let prod = broker.environment("prod").await;
    broker.publish("Web", "1", "Orders", 1).await;
    let path = format!("/pacticipants/Web/versions/1/deployed-versions/environment/{prod}");
    broker
        .post(&path, json!({ "applicationInstance": "blue" }))
        .await;
    broker.post(&path, json!({ "target": "green" })).await;
    assert_eq!(deployed(&broker, &prod).await.len(), 2);
    broker.deploy("Web", "1", &prod).await;
    for (filter, found) in [
        ("applicationInstance=blue", 1),
        ("target=green", 1),
        ("applicationInstance=red", 0),
        ("applicationInstance=", 1),
        ("target=", 1),
        ("", 3),
    ] {
        let path = format!("/environments/{prod}/deployed-versions/currently-deployed?{filter}");
        let list = broker.get(&path).await.json();
        let records = list["_embedded"]["deployedVersions"].as_array().unwrap();
        assert_eq!(records.len(), found, "{filter}: {list}");
    }
}

#[tokio::test]
async fn an_undeployed_version_does_not_come_back() {
    let broker = TestBroker::new();
    let prod = broker.environment("prod").await;
    broker.publish("Web", "1", "Orders", 1).await;
    let record = broker.deploy("Web", "1", &prod).await.json();
    let path = format!("/deployed-versions/{}", record["uuid"].as_str().unwrap());
    let ended = broker
        .patch(&path, json!({ "currentlyDeployed": false }))
        .await;
    assert_eq!(ended.json()["currentlyDeployed"], false);
    assert_eq!(deployed(&broker, &prod).await.len(), 0);
    assert_eq!(
        broker
            .patch(&path, json!({ "currentlyDeployed": true }))
            .await
            .status,
        422
    );
    let plain = broker
        .with_body("PATCH", &path, "application/json", "{}")
        .await;
    assert_eq!(plain.status, 415);
}

#[tokio::test]
async fn a_version_that_does_not_exist_cannot_be_deployed() {
    let broker = TestBroker::new();
    let prod = broker.environment("prod").await;
    broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(broker.deploy("Web", "9", &prod).await.status, 404);
    assert_eq!(broker.deploy("Nobody", "1", &prod).await.status, 404);
    assert_eq!(broker.deploy("Web", "1", "nowhere").await.status, 404);
}

#[tokio::test]
async fn releases_stay_until_their_support_ends() {
    let broker = TestBroker::new();
    let store = broker.environment("store").await;
    for number in ["1", "2"] {
        broker.publish("App", number, "Orders", 1).await;
        let path =
            format!("/pacticipants/App/versions/{number}/released-versions/environment/{store}");
        assert_eq!(broker.post(&path, json!({})).await.status, 201);
        assert_eq!(broker.post(&path, json!({})).await.status, 200);
    }
    let path = format!("/environments/{store}/released-versions/currently-supported");
    let list = broker.get(&path).await.json();
    let records = list["_embedded"]["releasedVersions"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(records.len(), 2);
    let own = format!(
        "/released-versions/{}",
        records[0]["uuid"].as_str().unwrap()
    );
    broker
        .patch(&own, json!({ "currentlySupported": false }))
        .await;
    let list = broker.get(&path).await.json();
    assert_eq!(
        list["_embedded"]["releasedVersions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_tag_named_like_an_environment_is_a_deployment() {
    let broker = TestBroker::new();
    let prod = broker.environment("prod").await;
    broker.publish("Web", "1", "Orders", 1).await;
    broker
        .put("/pacticipants/Web/versions/1/tags/prod", json!({}))
        .await;
    assert_eq!(deployed(&broker, &prod).await, ["1"]);
}

#[tokio::test]
async fn each_tag_named_like_an_environment_is_a_deployment_of_its_own() {
    let broker = TestBroker::new();
    let (test, prod) = (
        broker.environment("test").await,
        broker.environment("prod").await,
    );
    let mut body = publication("Web", "1", "Orders", 1);
    body["tags"] = json!(["test", "prod"]);
    let published = broker.post("/contracts/publish", body).await;
    assert_eq!(published.status, 200, "{}", published.text);
    let body = json!({ "tags": [{ "name": "test" }, { "name": "prod" }] });
    let put = broker.put("/pacticipants/Orders/versions/2", body).await;
    assert_eq!(put.status, 201, "{}", put.text);
    for environment in [test, prod] {
        assert_eq!(deployed(&broker, &environment).await, ["2", "1"]);
    }
}
