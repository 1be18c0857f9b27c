use serde_json::json;

use crate::support::TestBroker;

const TEAM: &str = "/pacticipants/Web/labels/team";

#[tokio::test]
async fn a_label_is_given_once_shown_and_taken_away() {
    let broker = TestBroker::new();
    let given = broker.put(TEAM, json!({})).await;
    assert_eq!(given.status, 201);
    assert_eq!(
        given.header("location"),
        format!("http://broker.test{TEAM}")
    );
    assert_eq!(given.json()["name"], "team");
    assert_eq!(broker.put(TEAM, json!({})).await.status, 200);
    assert_eq!(broker.get(TEAM).await.json(), given.json());
    let web = broker.get("/pacticipants/Web").await.json();
    assert_eq!(web["_embedded"]["labels"][0]["name"], "team");
    assert_eq!(broker.delete(TEAM).await.status, 204);
    assert_eq!(broker.delete(TEAM).await.status, 404);
    assert_eq!(broker.get(TEAM).await.status, 404);
    let web = broker.get("/pacticipants/Web").await.json();
    assert_eq!(web["_embedded"]["labels"], json!([]));
}

#[tokio::test]
async fn pacticipants_are_found_by_label() {
    let broker = TestBroker::new();
    for path in [
        TEAM,
        "/pacticipants/Api/labels/team",
        "/pacticipants/Api/labels/core",
    ] {
        broker.put(path, json!({})).await;
    }
    broker
        .post("/pacticipants", json!({ "name": "Other" }))
        .await;
    let names = |list: serde_json::Value| {
        let items = list["_embedded"]["pacticipants"]
            .as_array()
            .cloned()
            .unwrap();
        items
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let found = broker.get("/pacticipants/label/team").await.json();
    assert_eq!(names(found), ["Api", "Web"]);
    let none = broker.get("/pacticipants/label/nobody").await;
    assert_eq!((none.status.as_u16(), names(none.json()).len()), (200, 0));
    let all = broker.get("/pacticipants").await.json();
    assert_eq!(
        all["_embedded"]["pacticipants"][0]["_embedded"]["labels"][1]["name"],
        "core"
    );
    let labels = broker.get("/labels").await.json();
    assert_eq!(
        labels["_embedded"]["labels"],
        json!([{ "name": "core" }, { "name": "team" }])
    );
}

#[tokio::test]
async fn a_label_of_nobody_and_a_body_that_is_no_json_are_refused() {
    let broker = TestBroker::new();
    assert_eq!(broker.get(TEAM).await.status, 404);
    assert_eq!(broker.delete(TEAM).await.status, 404);
    let broken = broker.with_body("PUT", TEAM, "application/json", "{").await;
    assert_eq!(broken.status, 400);
    assert_eq!(broker.get("/pacticipants/Web").await.status, 404);
}

#[tokio::test]
async fn a_label_goes_with_its_pacticipant() {
    let broker = TestBroker::new();
    broker.put(TEAM, json!({})).await;
    broker.delete("/pacticipants/Web").await;
    assert_eq!(
        broker.get("/labels").await.json()["_embedded"]["labels"],
        json!([])
    );
}
