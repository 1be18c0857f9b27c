use serde_json::{Value, json};

use crate::support::{TestBroker, pact, publication};

const PATH: &str = "/pacts/provider/Orders/consumer/Web";

#[track_caller]
fn texts(answer: &Value) -> Vec<String> {
    let notices = answer["notices"].as_array().expect("notices");
    notices
        .iter()
        .map(|notice| notice["text"].as_str().unwrap().trim().to_owned())
        .collect()
}

#[tokio::test]
async fn a_publication_says_what_happened_and_what_to_do_next() {
    let broker = TestBroker::new();
    let answer = broker
        .post("/contracts/publish", publication("Web", "1", "Orders", 1))
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        texts(&answer.json()),
        [
            "Created Web version 1 with branch main",
            "Pact successfully published for Web version 1 and provider Orders.",
            "View the published pact at http://broker.test/pacts/provider/Orders/consumer/Web/version/1",
            "Events detected: contract_published, contract_content_changed (first time untagged pact published)",
            "Next steps:",
            "* Add Pact verification tests to the Orders build. See https://docs.pact.io/go/provider_verification",
            "* Configure separate Orders pact verification build and webhook to trigger it when the pact content \
             changes. See https://docs.pact.io/go/webhooks",
        ]
    );
}

#[tokio::test]
async fn a_pact_is_put_once_and_again() {
    let broker = TestBroker::new();
    let path = format!("{PATH}/version/1");
    assert_eq!(
        broker.put(&path, pact("Web", "Orders", 1)).await.status,
        201
    );
    assert_eq!(
        broker.put(&path, pact("Web", "Orders", 1)).await.status,
        200
    );
}

#[tokio::test]
async fn another_content_for_a_version_is_a_conflict_and_changes_nothing() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let mut changed = publication("Web", "1", "Orders", 2);
    changed["tags"] = json!(["late"]);
    let answer = broker.post("/contracts/publish", changed).await;
    assert_eq!(answer.status, 409);
    let refused = answer.json();
    assert!(
        texts(&refused)[0].starts_with("Cannot change the content of the pact for Web version 1")
    );
    assert!(
        texts(&refused)[1].contains("-          \"answer\": 1\n+          \"answer\": 2"),
        "{refused}"
    );
    let put = broker
        .put(&format!("{PATH}/version/1"), pact("Web", "Orders", 2))
        .await;
    assert_eq!(put.status, 409);
    let stored = broker.get(&format!("{PATH}/version/1")).await.json();
    assert_eq!(
        stored["_links"]["pb:pact-version"]["name"],
        Value::from(hash)
    );
    let version = broker.get("/pacticipants/Web/versions/1").await.json();
    assert_eq!(version["_embedded"]["tags"], json!([]));
}

#[tokio::test]
async fn a_pact_is_served_in_the_order_it_was_written() {
    let broker = TestBroker::new();
    let text =
        r#"{"zebra":1,"interactions":[{"z":1.0,"a":{"y":1,"b":2}}],"consumer":{"name":"Web"}}"#;
    broker
        .with_body(
            "PUT",
            &format!("{PATH}/version/1"),
            "application/json",
            text,
        )
        .await;
    let served = broker.get(&format!("{PATH}/version/1")).await.text;
    assert!(
        served.starts_with(r#"{"zebra":1,"interactions":[{"_id":""#),
        "{served}"
    );
    assert!(
        served.contains(r#","z":1.0,"a":{"y":1,"b":2}}],"consumer":{"name":"Web"},"createdAt":"#),
        "{served}"
    );
}

#[tokio::test]
async fn names_in_the_pact_must_be_those_in_the_path() {
    let answer = TestBroker::new()
        .put(&format!("{PATH}/version/1"), pact("Cart", "Orders", 1))
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json()["errors"]["consumer.name"][0],
        "name in pact 'Cart' does not match name in URL path 'Web'."
    );
}

#[tokio::test]
async fn a_name_too_like_another_is_refused() {
    let broker = TestBroker::new();
    broker.publish("ShopFront", "1", "Orders", 1).await;
    let path = "/pacts/provider/Orders/consumer/shop-front/version/1";
    let answer = broker.put(path, pact("shop-front", "Orders", 1)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (409, "text/plain")
    );
    assert!(answer.text.contains("* ShopFront\n"), "{}", answer.text);
}

#[tokio::test]
async fn names_with_spaces_and_slashes_are_one_segment() {
    let broker = TestBroker::new();
    let path = "/pacts/provider/Order%20Service/consumer/web%2Fshop/version/feat%2F1";
    let put = broker.put(path, pact("web/shop", "Order Service", 1)).await;
    assert_eq!(put.status, 201, "{}", put.text);
    let served = broker.get(path).await.json();
    assert_eq!(
        served["_links"]["self"]["href"],
        Value::from(format!("http://broker.test{path}"))
    );
    assert_eq!(served["consumer"]["name"], "web/shop");
}

#[tokio::test]
async fn the_latest_is_found_by_tag_and_branch() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    broker.publish("Web", "2", "Orders", 2).await;
    broker
        .put("/pacticipants/Web/versions/1/tags/prod", json!({}))
        .await;
    broker
        .put("/pacticipants/Web/branches/feat%2Fa/versions/1", json!({}))
        .await;
    for (path, number) in [
        ("latest", "2"),
        ("latest/prod", "1"),
        ("latest-untagged", "2"),
        ("branch/main/latest", "2"),
        ("branch/feat%2Fa/latest", "1"),
    ] {
        let pact = broker.get(&format!("{PATH}/{path}")).await.json();
        assert_eq!(
            pact["_links"]["pb:consumer-version"]["name"], number,
            "{path}"
        );
    }
    assert_eq!(broker.get(&format!("{PATH}/latest/nope")).await.status, 404);
}

#[tokio::test]
async fn lists_of_a_provider_link_to_each_pact() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    broker.publish("Cart", "1", "Orders", 1).await;
    let list = broker.get("/pacts/provider/Orders/latest").await.json();
    let names: Vec<&str> = list["_links"]["pb:pacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| link["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Cart", "Web"]);
    assert_eq!(
        broker.get("/pacts/provider/Nobody/latest").await.status,
        404
    );
}

#[tokio::test]
async fn a_deleted_pact_is_gone() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(
        broker.delete(&format!("{PATH}/version/1")).await.status,
        200
    );
    assert_eq!(broker.get(&format!("{PATH}/version/1")).await.status, 404);
}

#[tokio::test]
async fn a_patch_adds_to_what_a_version_published() {
    let broker = TestBroker::new();
    let path = "/pacts/provider/Orders/consumer/Web/version/1";
    let first = pact("Web", "Orders", 1);
    assert_eq!(broker.patch(path, first.clone()).await.status, 201);
    let mut second = first.clone();
    second["interactions"][0]["description"] = json!("another request");
    let merged = broker.patch(path, second).await;
    assert_eq!(merged.status, 200);
    let descriptions = |pact: serde_json::Value| {
        let list = pact["interactions"].as_array().cloned().unwrap();
        list.iter()
            .map(|one| one["description"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let both = ["a request for the answer", "another request"];
    assert_eq!(descriptions(merged.json()), both);
    let replaced = broker.patch(path, pact("Web", "Orders", 2)).await.json();
    assert_eq!(replaced["interactions"][0]["response"]["body"]["answer"], 2);
    let mut other = first;
    other["interactions"][0]["request"]["path"] = json!("/other");
    let refused = broker.patch(path, other).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("'a request for the answer'"));
    assert_eq!(descriptions(broker.get(path).await.json()), both);
}

#[tokio::test]
async fn a_patch_that_is_no_pact_of_this_pair_is_refused() {
    let broker = TestBroker::new();
    let path = "/pacts/provider/Orders/consumer/Web/version/1";
    let wrong = broker.patch(path, pact("Other", "Orders", 1)).await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.json()["errors"].get("consumer.name").is_some());
    let broken = broker
        .with_body("PATCH", path, "application/json", "{")
        .await;
    assert_eq!(broken.status, 400);
    let text = broker.with_body("PATCH", path, "text/plain", "{}").await;
    assert_eq!(text.status, 415);
    assert_eq!(broker.get("/pacticipants/Web").await.status, 404);
}
