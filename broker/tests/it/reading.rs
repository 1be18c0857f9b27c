use serde_json::{Value, json};

use crate::support::{TestBroker, pact};

const PATH: &str = "/pacts/provider/Orders/consumer/Web";
const PAIR: (&str, &str) = ("Web", "Orders");

async fn hash_of(broker: &TestBroker, number: &str) -> String {
    let pact = broker.get(&format!("{PATH}/version/{number}")).await.json();
    let name = &pact["_links"]["pb:pact-version"]["name"];
    name.as_str().unwrap().to_owned()
}

async fn answers_of(broker: &TestBroker, number: &str) -> Vec<i64> {
    let pact = broker.get(&format!("{PATH}/version/{number}")).await.json();
    let interactions = pact["interactions"].as_array().unwrap();
    let answer = |one: &Value| one["response"]["body"]["answer"].as_i64().unwrap();
    interactions.iter().map(answer).collect()
}

fn other_interaction() -> Value {
    let mut other = pact("Web", "Orders", 9);
    other["interactions"][0]["description"] = json!("another request");
    other
}

#[tokio::test]
async fn a_merged_pact_never_shares_its_hash_with_another_content() {
    let broker = TestBroker::new();
    let version = |number: i64| format!("{PATH}/version/{number}");
    broker.put(&version(0), other_interaction()).await;
    let alone = hash_of(&broker, "0").await;
    broker.delete("/integrations").await;
    broker.publish("Web", "1", "Orders", 1).await;
    let merged = broker.patch(&version(1), other_interaction()).await;
    assert_eq!(merged.status, 200);
    assert_eq!(
        hash_of(&broker, "1").await,
        alone,
        "as the Pact Broker names it"
    );
    let refused = broker.put(&version(1), other_interaction()).await;
    assert_eq!(refused.status, 409);
    broker.put(&version(2), other_interaction()).await;
    assert_eq!(answers_of(&broker, "1").await, [1, 9]);
    assert_eq!(answers_of(&broker, "2").await, [9]);
    assert_ne!(hash_of(&broker, "1").await, hash_of(&broker, "2").await);
    broker.publish("Web", "3", "Orders", 3).await;
    broker.patch(&version(3), other_interaction()).await;
    assert_eq!(answers_of(&broker, "3").await, [3, 9]);
    assert_eq!(answers_of(&broker, "2").await, [9]);
}

#[tokio::test]
async fn a_result_that_is_deleted_gives_way_to_the_one_before() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let result = |success: bool| json!({ "success": success, "providerApplicationVersion": "7" });
    broker.verify(PAIR, &hash, result(true)).await;
    let failed = broker.verify(PAIR, &hash, result(false)).await;
    let path = failed.header("location").replace(crate::support::BASE, "");
    assert_eq!(broker.delete(&path).await.status, 204);
    assert_eq!(broker.get(&path).await.status, 404);
    let latest = broker
        .get(&format!("{PATH}/version/1/verification-results/latest"))
        .await;
    assert_eq!(latest.json()["success"], true);
    let matrix = broker
        .get("/matrix?q[][pacticipant]=Web&q[][pacticipant]=Orders")
        .await
        .json();
    assert_eq!(matrix["summary"]["deployable"], true, "{matrix}");
}

#[tokio::test]
async fn a_difference_is_told_in_lines_with_its_age() {
    let broker = TestBroker::new();
    let first = broker
        .get(&format!("{PATH}/version/1/diff/previous-distinct"))
        .await;
    assert_eq!(first.status, 404);
    let old = broker.publish("Web", "1", "Orders", 1).await;
    let first = broker
        .get(&format!("{PATH}/version/1/diff/previous-distinct"))
        .await;
    assert_eq!(
        first.text,
        "No previous distinct version was found for Pact between Web (1) and Orders"
    );
    let new = broker.publish("Web", "2", "Orders", 2).await;
    let paths = [
        format!("{PATH}/version/2/diff/previous-distinct"),
        format!("{PATH}/version/2/diff/version/1"),
        format!("{PATH}/pact-version/{new}/diff/pact-version/{old}"),
    ];
    for path in paths {
        let answer = broker.get(&path).await;
        assert_eq!(answer.header("content-type"), "text/plain;charset=utf-8");
        let text = answer.text;
        assert!(
            text.starts_with(
                "# Diff between versions 1 and 2 of the pact between Web and Orders\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("-          \"answer\": 1\n+          \"answer\": 2"),
            "{text}"
        );
        assert!(text.contains("ago (Mon 21 Sep 2026, "), "{text}");
    }
}

#[tokio::test]
async fn provider_states_are_those_of_the_main_branches() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    let mut told = pact("Shop", "Orders", 1);
    told["interactions"][0]["providerStates"] = json!([{ "name": "open", "params": { "at": 9 } }]);
    broker
        .put("/pacts/provider/Orders/consumer/Shop/version/1", told)
        .await;
    let states = broker
        .get("/pacts/provider/Orders/provider-states")
        .await
        .json();
    let there_is = json!({ "name": "there is an answer", "consumers": ["Web"] });
    assert_eq!(states, json!({ "providerStates": [there_is] }));
    broker
        .put("/pacticipants/Shop/branches/main/versions/1", json!({}))
        .await;
    let states = broker
        .get("/pacts/provider/Orders/provider-states/branch/main")
        .await
        .json();
    let names: Vec<&Value> = states["providerStates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["open", "there is an answer"]);
    assert_eq!(states["providerStates"][0]["params"], json!({ "at": 9 }));
}

#[tokio::test]
async fn the_dashboard_shows_the_pacts_that_matter_now() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    broker
        .put("/pacticipants/Web/versions/1/tags/prod", json!({}))
        .await;
    broker.publish("Web", "2", "Orders", 2).await;
    broker.publish("Web", "3", "Orders", 3).await;
    broker
        .verify(
            PAIR,
            &hash,
            json!({ "success": true, "providerApplicationVersion": "7" }),
        )
        .await;
    let items = broker.get("/dashboard").await.json()["items"].clone();
    let shown: Vec<String> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            format!(
                "{} {}",
                item["consumer"]["version"]["number"], item["verificationStatus"]
            )
        })
        .collect();
    assert_eq!(shown, [r#""1" "success""#, r#""3" "never""#]);
    assert_eq!(items[0]["pactTags"][0]["name"], "prod");
    let table = broker.get_as("/dashboard", "text/plain").await.text;
    assert!(
        table.contains("Web           | 1         | prod   | Orders        | 7         |"),
        "{table}"
    );
}

#[tokio::test]
async fn the_first_page_of_the_dashboard_has_the_latest_news() {
    let broker = TestBroker::new();
    let mut hashes = Vec::new();
    for consumer in ["A", "B"] {
        hashes.push(broker.publish(consumer, "1", "Orders", 1).await);
    }
    for (consumer, other, hash) in [("A", "B", &hashes[0]), ("B", "A", &hashes[1])] {
        let result = json!({ "success": true, "providerApplicationVersion": "7" });
        broker.verify((consumer, "Orders"), hash, result).await;
        for (page, expected) in [(1, consumer), (2, other)] {
            let path = format!("/dashboard?pageNumber={page}&pageSize=1");
            let items = broker.get(&path).await.json()["items"].clone();
            assert_eq!(items[0]["consumer"]["name"], expected, "{path}: {items}");
            assert_eq!(items.as_array().unwrap().len(), 1);
        }
    }
}

#[tokio::test]
async fn pacts_between_two_are_deleted_by_tag_by_branch_and_all() {
    let broker = TestBroker::new();
    for number in ["1", "2", "3"] {
        broker.publish("Web", number, "Orders", 1).await;
    }
    broker
        .put("/pacticipants/Web/versions/1/tags/old", json!({}))
        .await;
    broker
        .put("/pacticipants/Web/branches/next/versions/2", json!({}))
        .await;
    let mut left = Vec::new();
    for path in ["tag/old", "branch/next", "versions"] {
        assert_eq!(broker.delete(&format!("{PATH}/{path}")).await.status, 204);
        let list = broker.get(&format!("{PATH}/versions")).await.json();
        left.push(list["_embedded"]["pacts"].as_array().unwrap().len());
    }
    assert_eq!(left, [2, 1, 0]);
}

#[tokio::test]
async fn metrics_count_what_is_stored() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    broker
        .verify(
            PAIR,
            &hash,
            json!({ "success": true, "providerApplicationVersion": "7" }),
        )
        .await;
    let metrics = broker.get("/metrics").await.json();
    let counts = [
        "pacticipants",
        "pactPublications",
        "verificationResults",
        "pacticipantVersions",
    ]
    .map(|name| metrics[name]["count"].clone());
    assert_eq!(counts, [2, 1, 1, 2]);
    assert_eq!(metrics["interactions"]["latestInteractionsCount"], 1);
    assert_eq!(
        metrics["verificationResultsPerPactVersion"]["distribution"],
        json!({ "1": 1 })
    );
}

#[tokio::test]
async fn versions_in_an_environment_are_those_that_are_there_now() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    broker.publish("Web", "2", "Orders", 1).await;
    let prod = broker.environment("prod").await;
    let path = format!("/pacticipants/Web/environments/{prod}/versions");
    assert_eq!(broker.get(&path).await.status, 404);
    broker.deploy("Web", "1", &prod).await;
    broker.deploy("Web", "2", &prod).await;
    let versions = broker.get(&path).await.json()["_embedded"]["versions"].clone();
    let numbers: Vec<&Value> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["number"])
        .collect();
    assert_eq!(numbers, ["2"]);
}
