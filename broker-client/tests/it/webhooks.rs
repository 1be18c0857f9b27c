//! Webhooks, as the Pact Broker answers about them.

use serde_json::{Value, json};
use treaty_broker_client::{WebhookDefinition, WebhookParty};

use crate::fake::{BASE, Fake};

fn definition() -> WebhookDefinition {
    WebhookDefinition {
        description: Some("build it".to_owned()),
        events: vec!["contract_content_changed".to_owned()],
        consumer: Some(WebhookParty::Labelled("team".to_owned())),
        provider: Some(WebhookParty::Named("B".to_owned())),
        method: "POST".to_owned(),
        url: "https://ci.example/run".to_owned(),
        headers: vec![("Accept".to_owned(), "text/plain".to_owned())],
        body: Some(json!({"v": "${pactbroker.consumerVersionNumber}"})),
        user: Some("u".to_owned()),
        password: Some("p".to_owned()),
        team: None,
    }
}

fn stored() -> Value {
    json!({"uuid": "w1", "description": "build it", "_links": {
        "self": {"href": format!("{BASE}/webhooks/w1")},
        "pb:execute": {"href": format!("{BASE}/webhooks/w1/execute")}}})
}

fn fake() -> Fake {
    Fake::with_links(&[
        ("pb:webhooks", "/webhooks"),
        ("pb:webhook", "/webhooks/{uuid}"),
    ])
}

#[tokio::test]
async fn a_webhook_is_created_with_all_that_it_is_to_be() {
    let fake = fake().on("POST", "/pacts/webhooks", 201, &stored());
    let made = fake.client().create_webhook(&definition()).await.unwrap();
    assert_eq!(
        (made.uuid.as_str(), made.description.as_str()),
        ("w1", "build it")
    );
    assert_eq!(
        fake.seen()[0].body,
        json!({"description": "build it", "events": [{"name": "contract_content_changed"}],
            "consumer": {"label": "team"}, "provider": {"name": "B"},
            "request": {"method": "POST", "url": "https://ci.example/run", "headers": {"Accept": "text/plain"},
                "username": "u", "password": "p", "body": {"v": "${pactbroker.consumerVersionNumber}"}}})
    );
}

#[tokio::test]
async fn a_webhook_without_an_id_in_it_has_the_one_of_its_link() {
    let mut older = stored();
    older["uuid"].take();
    let fake = fake()
        .on(
            "GET",
            "/pacts/webhooks",
            200,
            &json!({"_links": {"pb:webhooks": [{"href": format!("{BASE}/webhooks/w1")}]}}),
        )
        .on("GET", "/pacts/webhooks/w1", 200, &older);
    assert_eq!(fake.client().webhooks().await.unwrap()[0].uuid, "w1");
}

#[tokio::test]
async fn a_webhook_is_run_and_what_came_of_it_is_read() {
    for (status, success) in [(204, true), (404, false)] {
        let fake = fake().on("GET", "/pacts/webhooks/w1", 200, &stored()).on(
            "POST",
            "/pacts/webhooks/w1/execute",
            200,
            &json!({"response": {"status": status}, "logs": "asked"}),
        );
        let run = fake.client().test_webhook("w1").await.unwrap();
        assert_eq!((run.success, run.logs.as_str()), (success, "asked"));
    }
}

#[tokio::test]
async fn a_webhook_that_is_not_there_is_told() {
    let error = fake().client().delete_webhook("w9").await.unwrap_err();
    assert_eq!(error.to_string(), "the broker has no webhook \"w9\"");
}
