use serde_json::{Value, json};

use crate::support::TestBroker;

const PATH: &str = "/pacts/provider/Orders/for-verification";

#[track_caller]
fn lines(answer: &Value) -> Vec<String> {
    let pacts = answer["_embedded"]["pacts"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    let line = |pact: &Value| {
        let properties = &pact["verificationProperties"];
        format!(
            "{}: {}{}{}",
            pact["_links"]["self"]["name"].as_str().unwrap(),
            pact["shortDescription"].as_str().unwrap(),
            if properties["pending"] == true {
                ", pending"
            } else {
                ""
            },
            if properties["wip"] == true {
                ", wip"
            } else {
                ""
            },
        )
    };
    pacts.iter().map(line).collect()
}

async fn published() -> (TestBroker, String) {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    let hash = broker.publish("Web", "2", "Orders", 2).await;
    let uuid = broker.environment("prod").await;
    broker.deploy("Web", "1", &uuid).await;
    (broker, hash)
}

#[tokio::test]
async fn selectors_choose_and_say_why() {
    let (broker, _) = published().await;
    let check = async |selectors: Value, expected: &[&str]| {
        let body = json!({ "consumerVersionSelectors": selectors, "includePendingStatus": false });
        assert_eq!(
            lines(&broker.post(PATH, body).await.json()),
            expected,
            "{selectors}"
        );
    };
    let (one, two) = (
        "Pact between Web (1) and Orders",
        "Pact between Web (2) and Orders",
    );
    check(
        json!([{ "mainBranch": true }]),
        &[&format!("{two}: latest from main branch")],
    )
    .await;
    check(
        json!([{ "branch": "main" }]),
        &[&format!("{two}: latest from branch main")],
    )
    .await;
    check(
        json!([{ "deployed": true }]),
        &[&format!("{one}: deployed to prod")],
    )
    .await;
    check(json!([{ "latest": true, "consumer": "Nobody" }]), &[]).await;
    check(
        json!([]),
        &[
            &format!("{one}: deployed to prod"),
            &format!("{two}: latest from main branch"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_pact_is_pending_until_the_branch_has_verified_it() {
    let (broker, hash) = published().await;
    let body = json!({ "consumerVersionSelectors": [{ "mainBranch": true }], "providerVersionBranch": "main" });
    let ask = || broker.post(PATH, body.clone());
    assert_eq!(
        lines(&ask().await.json()),
        ["Pact between Web (2) and Orders: latest from main branch, pending"]
    );
    broker
        .put("/pacticipants/Orders/branches/main/versions/p1", json!({}))
        .await;
    let result = json!({ "success": true, "providerApplicationVersion": "p1" });
    broker.verify(("Web", "Orders"), &hash, result).await;
    assert_eq!(
        lines(&ask().await.json()),
        ["Pact between Web (2) and Orders: latest from main branch"]
    );
}

#[tokio::test]
async fn work_in_progress_is_what_nobody_asked_for() {
    let (broker, _) = published().await;
    broker.publish("Cart", "1", "Orders", 3).await;
    let body = json!({
        "consumerVersionSelectors": [{ "mainBranch": true, "consumer": "Web" }],
        "providerVersionBranch": "main", "includePendingStatus": true, "includeWipPactsSince": "2020-01-01",
    });
    let answer = broker.post(PATH, body).await.json();
    assert_eq!(
        lines(&answer),
        [
            "Pact between Web (2) and Orders: latest from main branch, pending",
            "Pact between Cart (1) and Orders: latest from branch main, pending, wip",
        ]
    );
    let href = answer["_embedded"]["pacts"][1]["_links"]["self"]["href"]
        .as_str()
        .unwrap();
    let fetched = broker
        .get(href.strip_prefix("http://broker.test").unwrap())
        .await
        .json();
    let results = fetched["_links"]["pb:publish-verification-results"]["href"]
        .as_str()
        .unwrap();
    assert!(results.contains("/metadata/"), "{results}");
}

#[tokio::test]
async fn wrong_selectors_are_refused_by_index() {
    let (broker, _) = published().await;
    let body =
        json!({ "consumerVersionSelectors": [{ "latest": true }, { "fallbackBranch": "main" }] });
    let answer = broker.post(PATH, body).await;
    assert_eq!(answer.status, 400);
    let faults = answer.json()["errors"]["consumerVersionSelectors"].clone();
    assert_eq!(
        faults[1],
        "a branch must be specified when a fallbackBranch is specified (at index 1)"
    );
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_and_not_left_out() {
    let (broker, _) = published().await;
    let branch = "must be filled where includePendingStatus or includeWipPactsSince is asked for";
    let selector = |selector: Value| json!({ "consumerVersionSelectors": [selector] });
    for (body, field, fault) in [
        (
            selector(json!({ "environment": "prodd" })),
            "consumerVersionSelectors",
            "environment with name 'prodd' does not exist (at index 0)",
        ),
        (
            selector(json!({ "deployed": true, "released": true })),
            "consumerVersionSelectors",
            "cannot specify more than one of deployed, released (at index 0)",
        ),
        (
            json!({ "providerVersionTags": "main" }),
            "providerVersionTags",
            "must be an array",
        ),
        (
            json!({ "providerVersionTags": [1] }),
            "providerVersionTags",
            "must be an array of strings",
        ),
        (
            json!({ "includePendingStatus": "true" }),
            "includePendingStatus",
            "must be one of: true, false",
        ),
        (
            json!({ "providerVersionBranch": " " }),
            "providerVersionBranch",
            "cannot be blank",
        ),
        (
            json!({ "providerVersionBranch": "", "includePendingStatus": true }),
            "providerVersionBranch",
            branch,
        ),
        (
            json!({ "providerVersionBranch": "", "includeWipPactsSince": "2020-01-01" }),
            "providerVersionBranch",
            branch,
        ),
    ] {
        let answer = broker.post(PATH, body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        let errors = json!({ "errors": { field: [fault] } });
        assert_eq!(answer.json(), errors, "{body}");
    }
}

#[tokio::test]
async fn what_clients_send_for_no_branch_is_none() {
    let (broker, _) = published().await;
    for body in [
        json!({ "providerVersionBranch": "" }),
        json!({ "providerVersionBranch": "", "providerVersionTags": ["main"], "includePendingStatus": true }),
        json!({ "providerVersionBranch": null, "includePendingStatus": true, "includeWipPactsSince": "2020-01-01" }),
        json!({ "consumerVersionSelectors": [{ "branch": "main", "latest": true }] }),
    ] {
        assert_eq!(broker.post(PATH, body.clone()).await.status, 200, "{body}");
    }
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_in_a_query_too() {
    let (broker, _) = published().await;
    for (query, field, fault) in [
        (
            "provider_version_tags=main",
            "provider_version_tags",
            "must be an array",
        ),
        (
            "consumer_version_selectors[][tag]=a&consumer_version_selectors[][latest]=yes",
            "consumer_version_selectors",
            "latest must be one of: true, false (at index 0)",
        ),
    ] {
        let answer = broker.get(&format!("{PATH}?{query}")).await;
        let errors = json!({ "errors": { field: [fault] } });
        assert_eq!(answer.json(), errors, "{query}");
    }
}

#[tokio::test]
async fn an_unknown_provider_is_a_404_that_names_it() {
    let answer = TestBroker::new().post(PATH, json!({})).await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.json()["error"],
        "No provider with name 'Orders' found"
    );
}

#[tokio::test]
async fn the_get_form_leads_to_the_post_form() {
    let (broker, _) = published().await;
    let answer = broker
        .get(&format!("{PATH}?consumer_version_selectors[][tag]=none"))
        .await
        .json();
    assert_eq!(
        answer["_links"]["self"]["href"],
        json!(format!("http://broker.test{PATH}"))
    );
}
