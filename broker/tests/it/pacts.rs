use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{TestBroker, config, database, pact, publication};

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

/// A broker where versions may publish another content.
fn lenient() -> TestBroker {
    TestBroker::open(config(database()).allow_dangerous_contract_modification(true))
}

#[tokio::test]
async fn another_content_for_a_version_takes_the_place_of_the_first_where_that_is_allowed() {
    let broker = lenient();
    let first = broker.publish("Web", "1", "Orders", 1).await;
    let answer = broker
        .post("/contracts/publish", publication("Web", "1", "Orders", 2))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(answer["notices"][1]["type"], "warning");
    assert_eq!(
        texts(&answer)[..4],
        [
            "Updated Web version 1 with branch main",
            "Pact with changed content published over existing content for Web version 1 and provider Orders. This is not \
             recommended in normal circumstances and may indicate that you have not configured your Pact pipeline \
             correctly. For more information see https://docs.pact.io/go/versioning",
            "View the published pact at http://broker.test/pacts/provider/Orders/consumer/Web/version/1",
            "Events detected: contract_published, contract_content_changed (pact content modified since previous \
             publication for Web version 1)",
        ]
    );
    let stored = broker.get(&format!("{PATH}/version/1")).await.json();
    assert_ne!(
        stored["_links"]["pb:pact-version"]["name"],
        Value::from(first)
    );
    assert_eq!(answer_of(&stored, 0), &json!(2));
    let put = broker
        .put(&format!("{PATH}/version/1"), pact("Web", "Orders", 3))
        .await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert_eq!(answer_of(&put.json(), 0), &json!(3));
}

#[tokio::test]
async fn a_result_of_the_first_content_says_nothing_of_the_one_in_its_place() {
    let broker = lenient();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let result = json!({ "success": true, "providerApplicationVersion": "7" });
    let result = broker.verify(("Web", "Orders"), &hash, result).await;
    assert_eq!(result.status, 201, "{}", result.text);
    let question = "/matrix?q[][pacticipant]=Web&q[][version]=1&q[][pacticipant]=Orders&q[][version]=7&latestby=cvpv";
    let before = broker.get(question).await.json();
    assert_eq!(before["summary"]["deployable"], true);
    broker.publish("Web", "1", "Orders", 2).await;
    let after = broker.get(question).await.json();
    assert_eq!(after["summary"]["deployable"], Value::Null);
    broker.publish("Web", "1", "Orders", 1).await;
    let back = broker.get(question).await.json();
    assert_eq!(back["summary"]["deployable"], true);
}

#[tokio::test]
async fn a_publication_that_merges_adds_its_interactions_where_that_is_allowed() {
    let other = |path: &str| {
        let mut content = pact("Web", "Orders", 2);
        content["interactions"][0]["description"] = json!("another question");
        content["interactions"][0]["request"]["path"] = json!(path);
        let mut publication = publication("Web", "1", "Orders", 2);
        publication["contracts"][0]["content"] = json!(STANDARD.encode(content.to_string()));
        publication["contracts"][0]["onConflict"] = json!("merge");
        publication
    };
    let strict = TestBroker::new();
    strict.publish("Web", "1", "Orders", 1).await;
    let refused = strict.post("/contracts/publish", other("/b")).await;
    assert_eq!(refused.status, 409);

    let broker = lenient();
    broker.publish("Web", "1", "Orders", 1).await;
    let answer = broker.post("/contracts/publish", other("/b")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["notices"][1]["type"], "success");
    assert_eq!(
        texts(&answer.json())[1],
        "Pact content merged with existing content for Web version 1 and provider Orders."
    );
    let stored = broker.get(&format!("{PATH}/version/1")).await.json();
    assert_eq!(
        (answer_of(&stored, 0), answer_of(&stored, 1)),
        (&json!(1), &json!(2))
    );
    let refused = broker.post("/contracts/publish", other("/c")).await;
    assert_eq!(refused.status, 409);
    let refused = refused.json();
    let text = "The interaction 'another question' was published with a different request before.";
    assert_eq!(texts(&refused), [text]);
    assert_eq!(refused["errors"]["contracts"], json!([text]));
    let kept = broker.get(&format!("{PATH}/version/1")).await.json();
    assert_eq!(kept["interactions"], stored["interactions"]);
}

/// What an interaction of a pact answers.
fn answer_of(pact: &Value, index: usize) -> &Value {
    &pact["interactions"][index]["response"]["body"]["answer"]
}

/// Two contracts of Web 9 with Orders in one publication: for the interactions with these descriptions and answers.
fn twice(first: (&str, i64), second: (&str, i64)) -> Value {
    let mut publication = publication("Web", "9", "Orders", 0);
    let contracts = [first, second].map(|(description, answer)| {
        let mut pact = pact("Web", "Orders", answer);
        pact["interactions"][0]["description"] = json!(description);
        let mut contract = publication["contracts"][0].clone();
        contract["content"] = json!(STANDARD.encode(pact.to_string()));
        contract
    });
    publication["contracts"] = json!(contracts);
    publication
}

#[tokio::test]
async fn two_contents_for_one_provider_in_one_publication_are_refused() {
    let broker = TestBroker::new();
    let body = twice(("a", 200), ("a", 404));
    let refused = broker.post("/contracts/publish", body).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert_eq!(
        refused.json(),
        json!({ "errors": { "contracts": [
            "content differs from that of another contract with the provider 'Orders' in this request: \
             publish one contract, or set onConflict to merge (at index 1)"
        ] } })
    );
    assert_eq!(broker.get("/pacticipants/Web").await.status, 404);

    let same = twice(("a", 200), ("a", 200));
    let published = broker.post("/contracts/publish", same).await;
    assert_eq!(published.status, 200, "{}", published.text);
}

#[tokio::test]
async fn two_contents_for_one_provider_are_merged_if_nothing_is_lost() {
    let broker = TestBroker::new();
    let mut body = twice(("a", 200), ("a", 404));
    body["contracts"][1]["onConflict"] = json!("merge");
    let refused = broker.post("/contracts/publish", body).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert!(refused.text.contains("contradict each other (at index 1)"));
    assert_eq!(broker.get("/pacticipants/Web").await.status, 404);

    let mut body = twice(("a", 200), ("b", 404));
    body["contracts"][1]["onConflict"] = json!("merge");
    let published = broker.post("/contracts/publish", body).await;
    assert_eq!(published.status, 200, "{}", published.text);
    let path = "/pacts/provider/Orders/consumer/Web/version/9";
    let both = broker.get(path).await.json();
    assert_eq!(both["interactions"][0]["description"], "a");
    assert_eq!(both["interactions"][1]["description"], "b");
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
async fn a_name_too_like_another_is_taken_where_nobody_asks() {
    let config = config(database()).check_for_potential_duplicate_pacticipant_names(false);
    let broker = TestBroker::open(config);
    broker.publish("ShopFront", "1", "Orders", 1).await;
    broker.publish("shop-front", "1", "Orders", 1).await;
    let path = "/pacts/provider/orders/consumer/ShopFront/version/2";
    let answer = broker.put(path, pact("ShopFront", "orders", 1)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
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
