//! Webhooks, with a broker that answers as the Pact Broker does.

use std::sync::{Arc, Mutex};

use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::broker::fake;
use crate::command::Place;
use crate::provider;

type Stored = Arc<Mutex<Option<Value>>>;

/// A broker with room for one webhook, and what whoever it calls answers.
fn broker(answer: u16) -> Router {
    let stored = Stored::default();
    let index = json!({"_links": {"pb:webhooks": {"href": "/webhooks"}, "pb:webhook": {"href": "/webhooks/{uuid}"}}});
    let put = |uuid: &str, mut body: Value, stored: &Stored| {
        body["uuid"] = uuid.into();
        body["_links"] = json!({"self": {"href": format!("/webhooks/{uuid}")}, "pb:execute": {"href": format!("/webhooks/{uuid}/execute")}});
        *stored.lock().unwrap() = Some(body.clone());
        (StatusCode::CREATED, Json(body))
    };
    let list = {
        let stored = stored.clone();
        get(async move || {
            let uuid = stored.lock().unwrap().as_ref().map(|w| w["uuid"].clone());
            let link =
                uuid.map(|uuid| json!({"href": format!("/webhooks/{}", uuid.as_str().unwrap())}));
            Json(json!({"_links": {"pb:webhooks": link.into_iter().collect::<Vec<_>>()}}))
        })
    };
    let create = {
        let stored = stored.clone();
        async move |Json(body): Json<Value>| put("the-brokers-own-id", body, &stored)
    };
    let read = {
        let stored = stored.clone();
        get(async move |Path(uuid): Path<String>| {
            let found = stored.lock().unwrap().clone();
            let found = found.filter(|webhook| webhook["uuid"] == uuid.as_str());
            let none = (StatusCode::NOT_FOUND, Json(json!({"error": "none"})));
            found.map_or(none, |webhook| (StatusCode::OK, Json(webhook)))
        })
    };
    let change = {
        let stored = stored.clone();
        async move |Path(uuid): Path<String>, Json(body): Json<Value>| put(&uuid, body, &stored)
    };
    let delete = async move || {
        *stored.lock().unwrap() = None;
        StatusCode::NO_CONTENT
    };
    let run = json!({"response": {"status": answer}, "logs": "DEBUG: asked"});
    Router::new()
        .route("/", get(async || Json(index)))
        .route("/webhooks", list.post(create))
        .route("/webhooks/{uuid}", read.put(change).delete(delete))
        .route("/webhooks/{uuid}/execute", post(async || Json(run)))
}

fn created(place: &Place) -> Value {
    let words = [
        "create-webhook",
        "https://ci.example/run",
        "-X",
        "post",
        "-d",
        r#"{"v": "${pactbroker.consumerVersionNumber}"}"#,
        "--user",
        "u:p",
        "--consumer",
        "A",
        "--provider-label",
        "team",
        "--description",
        "build it",
        "--team-uuid",
        "t1",
        "--contract-content-changed",
        "--contract-published",
        "--provider-verification-published",
        "--provider-verification-failed",
        "--provider-verification-succeeded",
        "--contract-requiring-verification-published",
        "-o",
        "json",
        "-H",
        "Accept: text/plain",
        "X-A: b",
    ];
    place.treaty(&words).ends_with(0).json()
}

#[test]
fn a_webhook_is_created_with_all_that_it_is_to_be() {
    let place = fake(broker(200));
    let made = created(&place);
    assert_eq!(
        made["request"],
        json!({"method": "POST", "url": "https://ci.example/run", "username": "u", "password": "p",
            "headers": {"Accept": "text/plain", "X-A": "b"}, "body": {"v": "${pactbroker.consumerVersionNumber}"}})
    );
    assert_eq!(made["events"].as_array().unwrap().len(), 6);
    assert_eq!(made["provider"], json!({"label": "team"}));
    assert_eq!(made["consumer"], json!({"name": "A"}));
    assert_eq!(made["teamUuid"], "t1");
}

#[test]
fn a_webhook_is_changed_shown_listed_and_deleted() {
    let place = fake(broker(200));
    place.write("body.txt", "plain words");
    let put = "create-or-update-webhook --uuid own-id-of-the-webhook https://ci.example/2 --request PUT --data @body.txt \
        --header Accept:text/plain --user u:p --consumer-label team --provider B --description two --team-uuid t1";
    let events = "--contract-content-changed --contract-published --provider-verification-published --provider-verification-failed \
        --provider-verification-succeeded --contract-requiring-verification-published";
    let told = place.run(&format!("{put} {events} -o json")).ends_with(0);
    assert_eq!(told.json()["request"]["body"], "plain words");
    place
        .run(&format!("{put} {events}"))
        .ends_with(0)
        .says("The broker has webhook own-id-of-the-webhook (two) as told.");
    place
        .run("describe-webhook --uuid own-id-of-the-webhook")
        .ends_with(0)
        .says("consumer     labelled team\n")
        .says("provider     B\n")
        .says("request      PUT https://ci.example/2");
    place
        .run("list-webhooks -o id")
        .ends_with(0)
        .says("own-id-of-the-webhook");
    place
        .run("delete-webhook --uuid own-id-of-the-webhook")
        .ends_with(0)
        .says("Deleted webhook own-id-of-the-webhook.");
    place
        .run("list-webhooks")
        .ends_with(0)
        .says("There are no webhooks.");
    place
        .run("describe-webhook --uuid own-id-of-the-webhook")
        .ends_with(2)
        .complains("the broker has no webhook \"own-id-of-the-webhook\"");
}

#[test]
fn a_webhook_is_about_one_or_about_all_with_a_label() {
    let place = fake(broker(200));
    let event = "https://ci.example/run -X POST --contract-published -o json";
    let told = place.run(&format!(
        "create-webhook {event} --consumer-label team --provider B"
    ));
    let made = told.ends_with(0).json();
    assert_eq!(made["consumer"], json!({"label": "team"}));
    assert_eq!(made["provider"], json!({"name": "B"}));
    let told = place.run(&format!(
        "create-or-update-webhook --uuid own-id-of-the-webhook {event} --consumer A --provider-label team"
    ));
    let made = told.ends_with(0).json();
    assert_eq!(made["consumer"], json!({"name": "A"}));
    assert_eq!(made["provider"], json!({"label": "team"}));
    place
        .run(&format!(
            "create-webhook {event} --consumer A --consumer-label team"
        ))
        .ends_with(2);
}

#[test]
fn a_command_without_a_server_says_that_webhooks_wait() {
    let mut place = Place::new();
    place.set("PACT_BROKER_BASE_URL", "sqlite:broker.sqlite");
    place.write("a.json", &provider::pact());
    let line = "create-webhook https://ci.example/run -X POST --contract-published";
    let made = place.run(line).ends_with(0);
    assert_eq!(made.stderr, "making a new broker in broker.sqlite\n");
    place.run("publish a.json -a 1").ends_with(0).complains(
        "1 webhook was triggered, waits in the queue and was not sent: treaty broker serve",
    );
    place.run(line).ends_with(0);
    place
        .run("publish a.json -a 2")
        .ends_with(0)
        .complains("2 webhooks were triggered, wait in the queue and were not sent");
    let told = place.run("list-environments").ends_with(0);
    assert_eq!(told.stderr, "");
}

#[test]
fn a_webhook_without_an_event_is_a_wrong_command_line() {
    Place::new()
        .run("create-webhook https://ci.example/run -X POST --provider B")
        .ends_with(2)
        .complains("nothing says when the webhook is to be run");
}

#[test]
fn a_webhook_that_fails_when_it_is_tried_is_a_no() {
    for (status, code) in [(200, 0), (500, 1)] {
        let place = fake(broker(status));
        created(&place);
        place
            .run("test-webhook --uuid the-brokers-own-id")
            .ends_with(code)
            .says("DEBUG: asked");
    }
}

#[test]
fn an_id_for_a_webhook_is_made_up() {
    let told = Place::new().run("generate-uuid").ends_with(0);
    assert_eq!(told.stdout.trim().len(), 36, "{told:?}");
    let other = Place::new().run("generate-uuid").ends_with(0);
    assert_ne!(told.stdout, other.stdout);
}
