use serde_json::{Value, json};

use crate::support::TestBroker;

async fn ask(broker: &TestBroker, path: &str) -> Value {
    broker.get(path).await.json()["treaty"].clone()
}

#[tokio::test]
async fn a_failure_names_interaction_mismatch_build_and_date() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let prod = broker.environment("prod").await;
    broker.deploy("Web", "1", &prod).await;
    let result = json!({
        "success": false, "providerApplicationVersion": "p2", "buildUrl": "http://ci/512",
        "testResults": { "receipt": {}, "interactions": [
            { "description": "a request for the answer", "providerStates": ["there is an answer"], "success": false,
              "mismatches": [{ "path": "$.answer", "expected": 42, "actual": null, "rule": "type",
                               "description": "expected a number, got nothing" }] },
            { "description": "another", "success": true },
        ] },
    });
    broker.verify(("Web", "Orders"), &hash, result).await;
    let treaty = ask(
        &broker,
        "/can-i-deploy?pacticipant=Orders&version=p2&environment=prod",
    )
    .await;
    assert_eq!(
        treaty,
        json!({
            "checked": { "rows": 1, "required": 1 },
            "reasons": [{
                "cause": "failed",
                "consumer": "Web", "consumerVersion": "1", "provider": "Orders", "providerVersion": "p2",
                "interactions": [{
                    "description": "a request for the answer",
                    "providerStates": ["there is an answer"],
                    "mismatches": [{
                        "path": "$.answer", "expected": 42, "actual": null, "rule": "type",
                        "description": "expected a number, got nothing",
                    }],
                }],
                "buildUrl": "http://ci/512",
                "deployedSince": "2026-09-21T14:13:22+00:00",
                "remedy": "honour the pact in Orders, or deploy a version of Web that does not need it; then treaty \
                           verify --provider-name Orders --provider-version p2 --publish --provider-base-url URL \
                           [--state-change-url URL]",
            }],
        })
    );
}

#[tokio::test]
async fn each_missing_thing_has_its_cause_and_remedy() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    let prod = broker.environment("prod").await;
    let path = "/can-i-deploy?pacticipant=Web&version=1&environment=prod";
    let nothing = ask(&broker, path).await;
    assert_eq!(nothing["checked"], json!({ "rows": 0, "required": 1 }));
    assert_eq!(nothing["reasons"][0]["cause"], "nothing_deployed");
    broker
        .put("/pacticipants/Orders/versions/p1", json!({}))
        .await;
    broker.deploy("Orders", "p1", &prod).await;
    let never = ask(&broker, path).await;
    assert_eq!(never["reasons"][0]["cause"], "never_verified");
    assert_eq!(
        never["reasons"][0]["remedy"],
        "treaty verify --provider-name Orders --provider-version p1 --publish --provider-base-url URL \
         [--state-change-url URL]"
    );
    let missing = ask(
        &broker,
        "/can-i-deploy?pacticipant=Web&version=9&environment=prod",
    )
    .await;
    assert_eq!(missing["reasons"][0]["cause"], "no_such_version");
    let ignored = ask(&broker, &format!("{path}&ignore[]=Orders")).await;
    assert_eq!(
        (&ignored["reasons"][0]["cause"], &ignored["checked"]["rows"]),
        (&json!("ignored"), &json!(0))
    );
}

#[tokio::test]
async fn a_yes_says_how_much_was_checked() {
    let broker = TestBroker::new();
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    broker
        .verify(
            ("Web", "Orders"),
            &hash,
            json!({ "success": true, "providerApplicationVersion": "p1" }),
        )
        .await;
    let query =
        "q[][pacticipant]=Web&q[][version]=1&q[][pacticipant]=Orders&q[][version]=p1&latestby=cvpv";
    let treaty = ask(&broker, &format!("/matrix?{query}")).await;
    assert_eq!(
        treaty,
        json!({ "checked": { "rows": 1, "required": 1 }, "reasons": [] })
    );
}

#[tokio::test]
async fn a_limit_that_cut_rows_off_is_told() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    broker.publish("Web", "2", "Orders", 2).await;
    let treaty = ask(
        &broker,
        "/matrix?q[][pacticipant]=Web&q[][pacticipant]=Orders&latestby=cvpv&limit=1",
    )
    .await;
    assert_eq!(treaty["checked"]["required"], 2);
    assert_eq!(treaty["reasons"][1]["cause"], "truncated");
}
