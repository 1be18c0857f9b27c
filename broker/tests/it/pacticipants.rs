use serde_json::json;

use crate::support::TestBroker;

#[tokio::test]
async fn a_pacticipant_is_created_patched_replaced_and_deleted() {
    let broker = TestBroker::new();
    let created = broker
        .post(
            "/pacticipants",
            json!({ "name": "order-service", "repositoryUrl": "http://git" }),
        )
        .await;
    assert_eq!(created.status, 201);
    assert_eq!(
        created.header("location"),
        "http://broker.test/pacticipants/order-service"
    );
    assert_eq!(created.json()["displayName"], "Order Service");
    let patched = broker
        .patch(
            "/pacticipants/order-service",
            json!({ "mainBranch": "main" }),
        )
        .await
        .json();
    assert_eq!(
        (&patched["repositoryUrl"], &patched["mainBranch"]),
        (&json!("http://git"), &json!("main"))
    );
    let replaced = broker
        .put(
            "/pacticipants/order-service",
            json!({ "displayName": "Orders" }),
        )
        .await
        .json();
    assert_eq!(
        (&replaced["displayName"], replaced.get("mainBranch")),
        (&json!("Orders"), None)
    );
    assert_eq!(
        broker.delete("/pacticipants/order-service").await.status,
        204
    );
    let gone = broker.get("/pacticipants/order-service").await;
    assert_eq!(
        gone.json()["error"],
        "No pacticipant with name 'order-service' found"
    );
}

#[tokio::test]
async fn a_patch_creates_and_a_put_does_not() {
    let broker = TestBroker::new();
    assert_eq!(
        broker.patch("/pacticipants/New", json!({})).await.status,
        201
    );
    assert_eq!(
        broker.put("/pacticipants/Newer", json!({})).await.status,
        404
    );
}

#[tokio::test]
async fn names_are_case_sensitive() {
    let broker = TestBroker::new();
    broker
        .post("/pacticipants", json!({ "name": "Orders" }))
        .await;
    assert_eq!(broker.get("/pacticipants/orders").await.status, 404);
}

#[tokio::test]
async fn the_version_that_joined_a_branch_last_is_its_head() {
    let broker = TestBroker::new();
    for number in ["1", "2"] {
        assert_eq!(
            broker
                .put(
                    &format!("/pacticipants/Web/branches/main/versions/{number}"),
                    json!({})
                )
                .await
                .status,
            201
        );
    }
    assert_eq!(
        broker
            .put("/pacticipants/Web/branches/main/versions/1", json!({}))
            .await
            .status,
        200
    );
    let head = || broker.get("/pacticipants/Web/branches/main/latest-version");
    assert_eq!(head().await.json()["number"], "2");
    broker
        .put("/pacticipants/Web/branches/old/versions/0", json!({}))
        .await;
    broker
        .put("/pacticipants/Web/branches/main/versions/0", json!({}))
        .await;
    assert_eq!(head().await.json()["number"], "0");
    broker
        .delete("/pacticipants/Web/branches/main/versions/0")
        .await;
    assert_eq!(head().await.json()["number"], "2");
}

#[tokio::test]
async fn the_first_branch_named_like_a_main_branch_is_one() {
    let broker = TestBroker::new();
    for branch in ["feat", "main", "master"] {
        broker
            .put(
                &format!("/pacticipants/Web/branches/{branch}/versions/1"),
                json!({}),
            )
            .await;
    }
    assert_eq!(
        broker.get("/pacticipants/Web").await.json()["mainBranch"],
        "main"
    );
}

#[tokio::test]
async fn a_version_links_to_where_it_can_be_deployed() {
    let broker = TestBroker::new();
    let uuid = broker.environment("prod").await;
    broker.publish("Web", "1", "Orders", 1).await;
    let version = broker.get("/pacticipants/Web/versions/1").await.json();
    let link = &version["_links"]["pb:record-deployment"][0];
    assert_eq!(link["name"], "prod");
    let href = format!(
        "http://broker.test/pacticipants/Web/versions/1/deployed-versions/environment/{uuid}"
    );
    assert_eq!(link["href"], json!(href));
}

#[tokio::test]
async fn the_latest_version_is_found_by_tag() {
    let broker = TestBroker::new();
    broker
        .put("/pacticipants/Web/versions/1/tags/prod", json!({}))
        .await;
    broker
        .put(
            "/pacticipants/Web/versions/2",
            json!({ "buildUrl": "http://ci/2" }),
        )
        .await;
    assert_eq!(
        broker
            .get("/pacticipants/Web/latest-version/prod")
            .await
            .json()["number"],
        "1"
    );
    let latest = broker.get("/pacticipants/Web/latest-version").await.json();
    assert_eq!(
        (&latest["number"], &latest["buildUrl"]),
        (&json!("2"), &json!("http://ci/2"))
    );
    assert_eq!(
        broker
            .get("/pacticipants/Web/latest-version/nope")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn lists_come_in_pages() {
    let broker = TestBroker::new();
    for name in ["A", "B", "C"] {
        broker.post("/pacticipants", json!({ "name": name })).await;
    }
    let page = broker.get("/pacticipants?page=2&size=2").await.json();
    assert_eq!(page["_embedded"]["pacticipants"][0]["name"], "C");
    assert_eq!(
        page["page"],
        json!({ "number": 2, "size": 2, "totalElements": 3, "totalPages": 2 })
    );
    assert!(page["_links"].get("previous").is_some() && page["_links"].get("next").is_none());
}

#[tokio::test]
async fn all_branches_but_the_main_one_and_those_named_are_deleted() {
    let broker = TestBroker::new();
    for branch in ["main", "a", "b", "c"] {
        let path = format!("/pacticipants/Web/branches/{branch}/versions/1");
        broker.put(&path, json!({})).await;
    }
    let gone = broker
        .delete("/pacticipants/Web/branches?exclude[]=b")
        .await;
    assert_eq!(gone.status, 202);
    assert_eq!(
        gone.json()["notices"][0]["text"],
        "Scheduled deletion of 2 branches for pacticipant Web. Remaining branches are: b, main"
    );
    assert_eq!(broker.get("/pacticipants/Web/branches/a").await.status, 404);
    assert_eq!(broker.get("/pacticipants/Web/versions/1").await.status, 200);
    assert_eq!(
        broker.delete("/pacticipants/Nobody/branches").await.status,
        404
    );
}
