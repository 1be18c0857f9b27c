use serde_json::{Value, json};

use super::harness::{Hooks, Receiver, settings, webhook};
use crate::support::{BASE, LastingDatabase, config};

fn request() -> Value {
    json!({
        "method": "POST",
        "url": "https://ci.example.com/hook",
        "headers": { "Accept": "*/*", "Authorization": "Bearer abc" },
        "username": "me",
        "password": "secret",
        "signingSecret": "shared",
        "body": { "z": 1, "a": "${pactbroker.eventName}" },
    })
}

#[tokio::test]
async fn a_webhook_is_made_read_changed_and_deleted() {
    let hooks = Hooks::open(config(crate::support::database()));
    let path = hooks.hook(&["contract_published"], request()).await;
    let made = hooks.broker.get(&path).await.json();
    assert_eq!(made["enabled"], true);
    assert_eq!(made["events"], json!([{ "name": "contract_published" }]));
    assert_eq!(made["request"]["body"], request()["body"]);
    assert_eq!(
        made["_links"]["pb:execute"]["href"],
        format!("{BASE}{path}/execute")
    );
    let mut changed = webhook(&["provider_verification_failed"], &request());
    changed["enabled"] = false.into();
    let answer = hooks.broker.put(&path, changed).await;
    assert_eq!(answer.status, 200);
    let changed = hooks.broker.get(&path).await.json();
    assert_eq!(changed["enabled"], false);
    assert_eq!(changed["createdAt"], made["createdAt"]);
    assert!(changed["updatedAt"].is_string() && made["updatedAt"].is_null());
    assert_eq!(hooks.broker.delete(&path).await.status, 204);
    assert_eq!(hooks.broker.get(&path).await.status, 404);
    assert_eq!(hooks.broker.delete(&path).await.status, 404);
}

#[tokio::test]
async fn a_client_may_choose_the_uuid() {
    let hooks = Hooks::open(config(crate::support::database()));
    let put = async |uuid: &str| {
        let body = webhook(&["contract_published"], &request());
        hooks.broker.put(&format!("/webhooks/{uuid}"), body).await
    };
    assert_eq!(put("my_own-uuid_0123456789").await.status, 201);
    assert_eq!(put("my_own-uuid_0123456789").await.status, 200);
    for uuid in ["short", "sixteen.or.more.characters"] {
        let refused = put(uuid).await;
        assert_eq!(refused.status, 400);
        assert!(
            refused.json()["errors"]["uuid"].is_array(),
            "{}",
            refused.text
        );
    }
}

#[tokio::test]
async fn secrets_are_shown_to_nobody() {
    let hooks = Hooks::open(config(crate::support::database()));
    let path = hooks.hook(&["contract_published"], request()).await;
    let made = hooks.broker.get(&path).await;
    let shown = &made.json()["request"];
    for place in ["/headers/authorization", "/password", "/signingSecret"] {
        assert_eq!(shown.pointer(place).unwrap(), "**********", "{place}");
    }
    assert_eq!(shown["username"], "me");
    for secret in ["Bearer abc", "\"secret\"", "shared"] {
        assert!(!made.text.contains(secret), "{secret}: {}", made.text);
    }
}

#[tokio::test]
async fn stars_keep_the_secret_that_is_known() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    let mut secret = json!({ "method": "POST", "url": receiver.url("/"), "headers": { "X-Auth-Token": "t0ken" } });
    let path = hooks.hook(&["contract_published"], secret.clone()).await;
    secret["headers"]["X-Auth-Token"] = "**********".into();
    let body = webhook(&["contract_content_changed"], &secret);
    assert_eq!(hooks.broker.put(&path, body).await.status, 200);
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(hooks.send().await, 1);
    assert_eq!(receiver.received()[0].header("x-auth-token"), "t0ken");
    assert!(!hooks.logs().await.contains("t0ken"));
}

#[tokio::test]
async fn secrets_are_not_in_the_file() {
    let database = LastingDatabase::new();
    let hooks = Hooks::open(config(database.url()));
    hooks.hook(&["contract_published"], request()).await;
    for bytes in database.files() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in ["Bearer abc", "\"secret\"", "shared"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
}

/// What is refused, the field at fault, and what is wrong with it.
fn faults() -> Vec<(Value, &'static str, &'static str)> {
    let see = "See /doc/webhooks#whitelist for more information.";
    let methods = format!("must be one of GET, POST, PUT. {see}").leak();
    let hosts = format!("host must be in the whitelist 127.0.0.1. {see}").leak();
    let both = json!({ "name": "Web", "label": "shop" });
    let url = "http://127.0.0.1/";
    let good = json!({ "method": "POST", "url": url });
    let request = |request: Value| json!({ "request": request });
    let with = |name: &str, value: Value| json!({ "request": good, name: value });
    vec![
        (json!({}), "request", "is missing"),
        (request(json!([])), "request", "must be an object"),
        (
            request(json!({ "url": url })),
            "request.method",
            "is missing",
        ),
        (
            request(json!({ "method": "POST" })),
            "request.url",
            "is missing",
        ),
        (
            request(json!({ "method": 1, "url": url })),
            "request.method",
            "must be a string",
        ),
        (
            request(json!({ "method": "DELETE", "url": url })),
            "request.method",
            methods,
        ),
        (
            request(json!({ "method": "POST", "url": "http://other/" })),
            "request.url",
            hosts,
        ),
        (
            request(json!({ "method": "POST", "url": url, "headers": { "a b": "c" } })),
            "request.headers",
            "a b is not a valid header",
        ),
        (with("events", json!("x")), "events", "must be an array"),
        (
            with("events", json!([])),
            "events",
            "size cannot be less than 1",
        ),
        (with("enabled", json!("x")), "enabled", "must be boolean"),
        (
            with("consumer", json!({})),
            "consumer.name",
            "cannot be blank",
        ),
        (
            with("provider", json!({ "name": "None" })),
            "provider.name",
            "does not match an existing pacticipant",
        ),
        (
            with("consumer", both),
            "consumer.label",
            "name and label cannot be provided at the same time",
        ),
    ]
}

#[tokio::test]
async fn what_is_wrong_with_a_webhook_is_named() {
    let hooks = Hooks::open(config(crate::support::database()).webhooks(settings()));
    let path = "/pacticipants/Web/labels/shop";
    hooks.broker.put(path, json!({})).await;
    for (body, field, fault) in faults() {
        let answer = hooks.broker.post("/webhooks", body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["errors"], json!({ field: [fault] }), "{body}");
    }
    assert_eq!(hooks.broker.post("/webhooks", json!([])).await.status, 400);
}

#[tokio::test]
async fn lists_show_the_webhooks_that_name_just_the_pacticipants_of_the_path() {
    let hooks = Hooks::open(config(crate::support::database()));
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    let paths = [
        "/webhooks",
        "/webhooks/provider/Orders",
        "/webhooks/consumer/Web",
        "/webhooks/provider/Orders/consumer/Web",
    ];
    for path in paths {
        let mut body = webhook(&["contract_published"], &request());
        body["description"] = path.into();
        assert_eq!(hooks.broker.post(path, body).await.status, 201, "{path}");
    }
    let names = async |path: &str| -> Vec<String> {
        let list = hooks.broker.get(path).await.json();
        let links = list["_links"]["pb:webhooks"].as_array().unwrap().clone();
        links
            .iter()
            .map(|link| link["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(paths[0]).await, paths);
    for path in &paths[1..] {
        assert_eq!(names(path).await, [*path]);
    }
    assert_eq!(
        names("/pacts/provider/Orders/consumer/Web/webhooks").await,
        [paths[3]]
    );
    let missing = hooks.broker.get("/webhooks/provider/None").await;
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.json()["error"],
        "No provider with name 'None' found"
    );
}

#[tokio::test]
async fn a_webhook_goes_with_the_pacticipant_that_it_names() {
    let hooks = Hooks::open(config(crate::support::database()));
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    let body = webhook(&["contract_published"], &request());
    hooks.broker.post("/webhooks/provider/Orders", body).await;
    assert_eq!(
        hooks.broker.delete("/pacticipants/Orders").await.status,
        204
    );
    let list = hooks.broker.get("/webhooks").await.json();
    assert_eq!(list["_links"]["pb:webhooks"], json!([]));
}

#[tokio::test]
async fn a_webhook_for_a_label_is_tried_out_with_a_pact_of_that_label() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    hooks.broker.publish("Other", "2", "Orders", 1).await;
    let label = "/pacticipants/Web/labels/shop";
    hooks.broker.put(label, json!({})).await;
    for (label, expected) in [("shop", "/Web-1"), ("none", "/-")] {
        let url = "/${pactbroker.consumerName}-${pactbroker.consumerVersionNumber}";
        let request = json!({ "method": "POST", "url": receiver.url(url) });
        let mut body = webhook(&["contract_published"], &request);
        body["consumer"] = json!({ "label": label });
        let tried = hooks.broker.post("/webhooks/execute", body).await;
        assert_eq!(tried.status, 200, "{}", tried.text);
        assert_eq!(receiver.next().await.path, expected);
    }
}

#[tokio::test]
async fn a_webhook_can_be_tried_out_before_and_after_it_is_saved() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    let request = json!({
        "method": "PUT",
        "url": receiver.url("/run/${pactbroker.consumerVersionNumber}"),
        "body": "<v>${pactbroker.eventName} ${pactbroker.githubVerificationStatus}</v>",
    });
    let path = hooks.hook(&["contract_published"], request.clone()).await;
    let saved = hooks
        .broker
        .post(&format!("{path}/execute"), json!({}))
        .await
        .json();
    let body = webhook(&["contract_published"], &request);
    let unsaved = hooks.broker.post("/webhooks/execute", body).await.json();
    for answer in [&saved, &unsaved] {
        assert_eq!(answer["success"], true, "{answer}");
        assert_eq!(answer["response"]["body"], json!({ "thanks": true }));
    }
    assert!(saved["_links"]["webhook"].is_object() && unsaved["_links"]["webhook"].is_null());
    for received in receiver.received() {
        assert_eq!(
            (received.method.as_str(), received.path.as_str()),
            ("PUT", "/run/1")
        );
        assert_eq!(received.body, "<v>test pending</v>");
    }
    receiver.answer(&[500]);
    let failed = hooks
        .broker
        .post(&format!("{path}/execute"), json!({}))
        .await
        .json();
    assert_eq!(failed["success"], false);
    assert!(
        failed["logs"]
            .as_str()
            .unwrap()
            .ends_with("Webhook execution failed\n")
    );
    assert_eq!(hooks.triggered().await, Vec::<Value>::new());
}
