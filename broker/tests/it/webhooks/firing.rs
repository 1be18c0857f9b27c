use serde_json::{Value, json};

use super::harness::{Hooks, Receiver, webhook};
use crate::support::{BASE, publication};

/// A request that says which event it is about and of which versions.
fn telling(receiver: &Receiver) -> Value {
    json!({
        "method": "POST",
        "url": receiver.url("/${pactbroker.eventName}"),
        "body": {
            "consumer": "${pactbroker.consumerName} ${pactbroker.consumerVersionNumber}",
            "provider": "${pactbroker.providerName} ${pactbroker.providerVersionNumber}",
            "why": "${pactbroker.providerVersionDescriptions}",
            "status": "${pactbroker.githubVerificationStatus}",
        },
    })
}

/// What arrives when everything due is sent: the paths, in order.
async fn arrivals(hooks: &Hooks, receiver: &mut Receiver) -> Vec<String> {
    hooks.send().await;
    let mut paths: Vec<String> = receiver
        .received()
        .into_iter()
        .map(|one| one.path)
        .collect();
    paths.sort();
    paths
}

fn notices(answer: &Value) -> Vec<String> {
    let notices = answer["notices"].as_array().unwrap().iter();
    notices
        .map(|notice| notice["text"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_publisher_is_told_which_webhooks_were_triggered() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks
        .hook(&["contract_content_changed"], telling(&receiver))
        .await;
    let body = publication("Web", "1", "Orders", 1);
    let told = notices(&hooks.broker.post("/contracts/publish", body).await.json());
    let triggered = told
        .iter()
        .find(|text| text.contains("Webhook \"hook\" triggered"));
    let triggered = triggered.unwrap();
    assert!(triggered.contains("for event contract_content_changed.\n    View logs at http"));
    assert!(
        !told.iter().any(|text| text.contains("Configure separate")),
        "{told:?}"
    );
    let logs = triggered
        .split_once("View logs at ")
        .unwrap()
        .1
        .strip_prefix(BASE)
        .unwrap();
    assert_eq!(hooks.broker.get(logs).await.text, "");
    assert_eq!(
        arrivals(&hooks, &mut receiver).await,
        ["/contract_content_changed"]
    );
    let text = hooks.broker.get(logs).await.text;
    assert!(
        text.contains("HTTP/1.1 200 OK") && text.contains("{\"thanks\":true}"),
        "{text}"
    );

    let body = publication("Web", "2", "Orders", 1);
    let told = notices(&hooks.broker.post("/contracts/publish", body).await.json());
    let none = "  No enabled webhooks found for the detected events".to_owned();
    assert!(told.contains(&none), "{told:?}");
    assert_eq!(arrivals(&hooks, &mut receiver).await, Vec::<String>::new());
}

#[tokio::test]
async fn each_event_triggers_the_webhooks_that_listen_to_it() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    let all = [
        "contract_published",
        "contract_content_changed",
        "provider_verification_published",
        "provider_verification_succeeded",
        "provider_verification_failed",
    ];
    hooks.hook(&all, telling(&receiver)).await;
    let hash = hooks.broker.publish("Web", "1", "Orders", 1).await;
    let expected = ["/contract_content_changed", "/contract_published"];
    assert_eq!(arrivals(&hooks, &mut receiver).await, expected);
    for (success, outcome) in [(true, "succeeded"), (false, "failed")] {
        let result = json!({ "success": success, "providerApplicationVersion": "p1" });
        hooks.broker.verify(("Web", "Orders"), &hash, result).await;
        let mut expected = vec![
            format!("/provider_verification_{outcome}"),
            "/provider_verification_published".to_owned(),
        ];
        expected.sort();
        assert_eq!(arrivals(&hooks, &mut receiver).await, expected);
    }
    let path = "/pacts/provider/Orders/consumer/Web/version/1/triggered-webhooks";
    let listed = hooks.broker.get(path).await.json();
    assert_eq!(
        listed["_embedded"]["triggeredWebhooks"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let path =
        format!("/pacts/provider/Orders/consumer/Web/pact-version/{hash}/verification-results/1");
    let listed = hooks
        .broker
        .get(&format!("{path}/triggered-webhooks"))
        .await
        .json();
    let events: Vec<&Value> = listed["_embedded"]["triggeredWebhooks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["eventName"])
        .collect();
    assert_eq!(
        events,
        [
            "provider_verification_published",
            "provider_verification_succeeded"
        ]
    );
}

#[tokio::test]
async fn a_webhook_that_is_off_or_about_others_is_not_triggered() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks
        .broker
        .put("/pacticipants/Orders/labels/core", json!({}))
        .await;
    hooks
        .broker
        .put("/pacticipants/Billing/labels/edge", json!({}))
        .await;
    let make = async |path: &str, change: Value| {
        let mut request = telling(&receiver);
        request["url"] = receiver.url(path).into();
        let mut body = webhook(&["contract_published"], &request);
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(hooks.broker.post("/webhooks", body).await.status, 201);
    };
    make("/off", json!({ "enabled": false })).await;
    make("/billing", json!({ "provider": { "name": "Billing" } })).await;
    make("/edge", json!({ "provider": { "label": "edge" } })).await;
    make("/orders", json!({ "provider": { "name": "Orders" } })).await;
    make("/core", json!({ "provider": { "label": "core" } })).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(arrivals(&hooks, &mut receiver).await, ["/core", "/orders"]);
}

#[tokio::test]
async fn a_pact_to_be_verified_is_told_once_for_each_version_that_needs_it() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks
        .hook(
            &["contract_requiring_verification_published"],
            telling(&receiver),
        )
        .await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(hooks.send().await, 0);
    let production = hooks.broker.environment("production").await;
    for number in ["p1", "p2"] {
        let path = format!("/pacticipants/Orders/branches/main/versions/{number}");
        hooks.broker.put(&path, json!({})).await;
    }
    hooks.broker.deploy("Orders", "p1", &production).await;
    hooks.broker.publish("Web", "2", "Orders", 2).await;
    assert_eq!(hooks.send().await, 2);
    let mut told: Vec<(String, String)> = receiver
        .received()
        .iter()
        .map(|one| {
            let body = one.json();
            let text = |name: &str| body[name].as_str().unwrap().to_owned();
            assert_eq!(
                (text("consumer"), text("status")),
                ("Web 2".into(), "pending".into())
            );
            (text("provider"), text("why"))
        })
        .collect();
    told.sort();
    let expected = [
        ("Orders p1", "deployed to production"),
        ("Orders p2", "latest from main branch"),
    ];
    assert_eq!(
        told,
        expected.map(|(version, why)| (version.to_owned(), why.to_owned()))
    );
}

#[tokio::test]
async fn a_result_is_told_once_for_each_consumer_version_it_was_selected_for() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks
        .hook(&["provider_verification_published"], telling(&receiver))
        .await;
    for number in ["1", "2"] {
        let mut body = publication("Web", number, "Orders", 1);
        body["tags"] = json!([format!("tag-{number}")]);
        assert_eq!(
            hooks.broker.post("/contracts/publish", body).await.status,
            200
        );
    }
    let selectors = json!({ "consumerVersionSelectors": [
        { "tag": "tag-1", "latest": true },
        { "tag": "tag-2", "latest": true },
    ] });
    let path = "/pacts/provider/Orders/for-verification";
    let pacts = hooks.broker.post(path, selectors).await.json();
    let url = pacts["_embedded"]["pacts"][0]["_links"]["self"]["href"]
        .as_str()
        .unwrap();
    let pact = hooks
        .broker
        .get(url.strip_prefix(BASE).unwrap())
        .await
        .json();
    let results = pact["_links"]["pb:publish-verification-results"]["href"]
        .as_str()
        .unwrap();
    let result = json!({ "success": true, "providerApplicationVersion": "p1" });
    let published = hooks
        .broker
        .post(results.strip_prefix(BASE).unwrap(), result)
        .await;
    assert_eq!(published.status, 201);
    assert_eq!(hooks.send().await, 2);
    let mut told: Vec<String> = receiver
        .received()
        .iter()
        .map(|one| one.json()["consumer"].as_str().unwrap().to_owned())
        .collect();
    told.sort();
    assert_eq!(told, ["Web 1", "Web 2"]);
}

#[tokio::test]
async fn the_pact_that_a_webhook_names_can_be_fetched_and_verified() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    let request = json!({ "method": "POST", "url": receiver.url("/"), "body": { "url": "${pactbroker.pactUrl}" } });
    hooks.hook(&["contract_published"], request).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    hooks.send().await;
    let told = receiver.received().remove(0).json();
    let url = told["url"].as_str().unwrap().strip_prefix(BASE).unwrap();
    let pact = hooks.broker.get(url).await;
    assert_eq!(pact.status, 200);
    assert_eq!(
        pact.json()["_links"]["pb:consumer-versions"][0]["name"],
        "1"
    );
}
