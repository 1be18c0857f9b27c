use serde_json::{Value, json};

use crate::support::TestBroker;

#[tokio::test]
async fn an_environment_is_created_read_changed_and_deleted() {
    let broker = TestBroker::new();
    let created = broker
        .post(
            "/environments",
            json!({ "name": "prod-eu", "production": true }),
        )
        .await;
    assert_eq!(created.status, 201);
    let own = created
        .header("location")
        .strip_prefix("http://broker.test")
        .unwrap()
        .to_owned();
    let read = broker.get(&own).await.json();
    assert_eq!(
        (&read["displayName"], &read["production"]),
        (&json!("Prod Eu"), &json!(true))
    );
    let changed = broker
        .put(
            &own,
            json!({ "name": "prod-eu", "displayName": "EU", "production": false }),
        )
        .await;
    assert_eq!(changed.json()["displayName"], "EU");
    assert_eq!(broker.delete(&own).await.status, 204);
    assert_eq!(broker.get(&own).await.status, 404);
}

#[tokio::test]
async fn a_wrong_environment_is_refused_with_its_faults() {
    let broker = TestBroker::new();
    broker.environment("prod").await;
    let check = async |body: Value, field: &str, text: &str| {
        let answer = broker.post("/environments", body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json()["errors"][field], json!([text]));
    };
    check(json!({ "production": true }), "name", "is missing").await;
    check(
        json!({ "name": "a b", "production": true }),
        "name",
        "cannot contain spaces",
    )
    .await;
    check(
        json!({ "name": 5, "production": true }),
        "name",
        "must be a string",
    )
    .await;
    check(
        json!({ "name": "x", "production": "yes" }),
        "production",
        "must be one of: true, false",
    )
    .await;
    check(
        json!({ "name": "x", "production": true, "contacts": [{}] }),
        "contacts",
        "name is missing (at index 0)",
    )
    .await;
    let taken = "name 'prod' is already used by an existing environment.";
    check(json!({ "name": "prod", "production": true }), "name", taken).await;
}
