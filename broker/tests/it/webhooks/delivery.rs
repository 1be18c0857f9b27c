use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use treaty_broker::{Broker, HostPattern};

use super::harness::{Hands, Hooks, Receiver, settings};
use crate::support::{BASE, LastingDatabase, config, database};

fn to(receiver: &Receiver) -> Value {
    json!({ "method": "POST", "url": receiver.url("/hook"), "body": { "b": 1, "a": 2 } })
}

const PUBLISHED: &[&str] = &["contract_published"];

fn stands(status: &str, made: u64, remaining: u64) -> (String, u64, u64) {
    (status.to_owned(), made, remaining)
}

#[tokio::test]
async fn a_webhook_that_fails_is_sent_again_by_the_schedule() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(hooks.only().await, stands("not_run", 0, 3));
    receiver.answer(&[500, 404, 503]);
    let steps = [
        (0, 1, stands("retrying", 1, 2)),
        (9, 0, stands("retrying", 1, 2)),
        (1, 1, stands("retrying", 2, 1)),
        (59, 0, stands("retrying", 2, 1)),
        (1, 1, stands("failure", 3, 0)),
        (9999, 0, stands("failure", 3, 0)),
    ];
    for (seconds, attempts, expected) in steps {
        hooks.hands.move_on(seconds);
        assert_eq!(
            (hooks.send().await, hooks.only().await),
            (attempts, expected)
        );
    }
    assert_eq!(receiver.received().len(), 3);
    let logs = hooks.logs().await;
    let told = [
        "Retrying webhook in 10 seconds",
        "HTTP/1.1 404 Not Found",
        "failed after 3 attempts",
    ];
    for text in told {
        assert!(logs.contains(text), "{text}: {logs}");
    }
}

#[tokio::test]
async fn a_failed_webhook_can_be_sent_again_by_hand() {
    let mut receiver = Receiver::start().await;
    let one_try = settings().retry_schedule(Vec::new());
    let hooks = Hooks::open(config(database()).webhooks(one_try));
    let hook = hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    receiver.answer(&[500]);
    assert_eq!(hooks.send().await, 1);
    assert_eq!(hooks.only().await, stands("failure", 1, 0));
    let triggered = hooks.triggered().await.remove(0);
    let retry = triggered["treaty"]["retry"]["href"].as_str().unwrap();
    let retry = retry.strip_prefix(BASE).unwrap().to_owned();
    assert_eq!(hooks.broker.post(&retry, json!({})).await.status, 202);
    assert_eq!(hooks.send().await, 1);
    assert_eq!(hooks.only().await, stands("success", 1, 0));
    assert_eq!(receiver.received().len(), 2);

    hooks.broker.delete(&hook).await;
    assert_eq!(hooks.broker.post(&retry, json!({})).await.status, 409);
    let unknown = "/triggered-webhooks/none/retry";
    assert_eq!(hooks.broker.post(unknown, json!({})).await.status, 404);
}

#[tokio::test]
async fn a_slow_receiver_does_not_hold_up_the_others() {
    let mut receiver = Receiver::start().await;
    let gate = Arc::clone(&receiver.gate);
    let hooks = Hooks::new();
    let request =
        json!({ "method": "POST", "url": receiver.url("/${pactbroker.consumerVersionNumber}") });
    hooks.hook(PUBLISHED, request).await;
    hooks.broker.publish("Web", "slow", "Orders", 1).await;
    let meanwhile = async {
        assert_eq!(receiver.next().await.path, "/slow");
        hooks.broker.publish("Web", "fast", "Orders", 2).await;
        assert_eq!(receiver.next().await.path, "/fast");
        gate.notify_one();
    };
    let (sent, ()) = tokio::join!(hooks.send(), meanwhile);
    assert_eq!(sent, 2);
}

#[tokio::test]
async fn nothing_is_sent_for_a_webhook_that_was_deleted() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    let hook = hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    hooks.broker.delete(&hook).await;
    assert_eq!(hooks.send().await, 0);
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn the_first_attempt_waits_a_little() {
    let mut receiver = Receiver::start().await;
    let patient = settings().first_attempt_after(std::time::Duration::from_secs(5));
    let hooks = Hooks::open(config(database()).webhooks(patient));
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(hooks.send().await, 0);
    hooks.hands.move_on(5);
    assert_eq!(hooks.send().await, 1);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn only_the_statuses_that_are_set_mean_success() {
    let receiver = Receiver::start().await;
    let strict = settings()
        .success_codes(vec![201])
        .retry_schedule(Vec::new());
    let hooks = Hooks::open(config(database()).webhooks(strict));
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks
        .hook(&["contract_content_changed"], to(&receiver))
        .await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    receiver.answer(&[200, 201]);
    assert_eq!(hooks.send().await, 2);
    let mut statuses: Vec<Value> = hooks
        .triggered()
        .await
        .iter()
        .map(|one| one["status"].clone())
        .collect();
    statuses.sort_by_key(Value::to_string);
    assert_eq!(statuses, ["failure", "success"]);
}

#[tokio::test]
async fn the_queue_survives_a_restart() {
    let mut receiver = Receiver::start().await;
    let database = LastingDatabase::new();
    let hands = Hands::new();
    let open = || Hooks::at(config(database.url()).webhooks(settings()), &hands);
    let hooks = open();
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    receiver.answer(&[500]);
    assert_eq!(hooks.send().await, 1);
    drop(hooks);
    let hooks = open();
    assert_eq!(hooks.send().await, 0);
    hands.move_on(10);
    assert_eq!(hooks.send().await, 1);
    assert_eq!(hooks.only().await, stands("success", 2, 0));
    assert_eq!(receiver.received().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_replicas_one_sends_each_webhook() {
    let mut receiver = Receiver::start().await;
    let database = LastingDatabase::new();
    let hands = Hands::new();
    let replicas: Vec<Hooks> = (0..4)
        .map(|_| Hooks::at(config(database.url()).webhooks(settings()), &hands))
        .collect();
    replicas[0].hook(PUBLISHED, to(&receiver)).await;
    for number in 0..12 {
        let number = number.to_string();
        replicas[0]
            .broker
            .publish("Web", &number, "Orders", 1)
            .await;
    }
    let sent = futures_util::future::join_all(replicas.iter().map(Hooks::send)).await;
    assert_eq!(sent.iter().sum::<usize>(), 12, "{sent:?}");
    assert_eq!(receiver.received().len(), 12);
}

#[tokio::test]
async fn what_a_replica_was_about_to_send_when_it_died_is_sent_by_another() {
    let mut receiver = Receiver::start().await;
    let database = LastingDatabase::new();
    let hooks = Hooks::open(config(database.url()).webhooks(settings()));
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    // What a claim of the dead one left behind: the moment when the claim ends.
    database.execute(
        "UPDATE triggered_webhooks SET claim = 'dead', attempts = 1, next_attempt_at = '2026-09-21T14:14:20.000000Z'",
    );
    assert_eq!(hooks.send().await, 0);
    hooks.hands.move_on(60);
    assert_eq!(hooks.send().await, 1);
    assert_eq!(hooks.only().await, stands("success", 2, 0));
    assert_eq!(receiver.received().len(), 1);
}

#[track_caller]
fn check_refused(logs: &str, host: &str) {
    let refused = format!("{host} is not at a public address");
    assert!(logs.contains(&refused), "{logs}");
}

#[tokio::test]
async fn private_addresses_are_refused_when_connecting() {
    let mut receiver = Receiver::start().await;
    let port = receiver.port;
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0.0.0.0",
    ] {
        let anywhere = settings().hosts(Vec::new()).retry_schedule(Vec::new());
        let hooks = Hooks::open(config(database()).webhooks(anywhere));
        let url = format!("http://{host}:{port}/");
        hooks
            .hook(PUBLISHED, json!({ "method": "POST", "url": url }))
            .await;
        hooks.broker.publish("Web", "1", "Orders", 1).await;
        assert_eq!(hooks.send().await, 1);
        assert_eq!(hooks.only().await, stands("failure", 1, 0), "{host}");
        let shown = match host {
            "2130706433" => "127.0.0.1",
            "[::ffff:127.0.0.1]" => "[::ffff:7f00:1]",
            other => other,
        };
        check_refused(&hooks.logs().await, shown);
    }
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_name_that_is_listed_may_be_at_a_private_address() {
    let mut receiver = Receiver::start().await;
    let listed = settings().hosts(vec![HostPattern::parse("localhost").unwrap()]);
    let hooks = Hooks::open(config(database()).webhooks(listed));
    let url = format!("http://localhost:{}/", receiver.port);
    hooks
        .hook(PUBLISHED, json!({ "method": "POST", "url": url }))
        .await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(hooks.send().await, 1);
    assert_eq!(hooks.only().await, stands("success", 1, 0));
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn what_is_no_longer_allowed_is_not_sent() {
    let mut receiver = Receiver::start().await;
    let database = LastingDatabase::new();
    let hands = Hands::new();
    let hooks = Hooks::at(config(database.url()).webhooks(settings()), &hands);
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    drop(hooks);
    let stricter = settings().hosts(vec![HostPattern::parse("ci.example.com").unwrap()]);
    let hooks = Hooks::at(config(database.url()).webhooks(stricter), &hands);
    assert_eq!(hooks.send().await, 1);
    let logs = hooks.logs().await;
    assert!(
        logs.contains("127.0.0.1 is no longer among the allowed hosts"),
        "{logs}"
    );
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    receiver.answer(&[302]);
    assert_eq!(hooks.send().await, 1);
    assert_eq!(hooks.only().await, stands("retrying", 1, 2));
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_receiver_that_cannot_be_reached_is_a_failure() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap()
        .port();
    let hooks = Hooks::new();
    let url = format!("http://127.0.0.1:{port}/");
    hooks
        .hook(PUBLISHED, json!({ "method": "POST", "url": url }))
        .await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    assert_eq!(hooks.send().await, 1);
    assert_eq!(hooks.only().await, stands("retrying", 1, 2));
    let logs = hooks.logs().await;
    assert!(logs.contains("Error executing webhook: "), "{logs}");
}

#[tokio::test]
async fn what_is_sent_is_what_was_written_and_the_secrets() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    let mut request = to(&receiver);
    request["headers"] = json!({ "X-Custom": "yes" });
    request["username"] = "me".into();
    request["password"] = "pass".into();
    hooks.hook(PUBLISHED, request).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    hooks.send().await;
    let received = receiver.received().remove(0);
    assert_eq!(received.header("x-custom"), "yes");
    assert_eq!(received.header("content-type"), "application/json");
    let credentials = format!("Basic {}", STANDARD.encode("me:pass"));
    assert_eq!(received.header("authorization"), credentials);
    assert_eq!(received.json(), json!({ "b": 1, "a": 2 }));
    assert!(!hooks.logs().await.contains(&credentials));
}

#[tokio::test]
async fn what_a_receiver_sends_back_is_kept_without_secrets() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    let mut request = to(&receiver);
    request["url"] = receiver.url("/echo").into();
    request["headers"] = json!({
        "Authorization": "Bearer sesame-open", "X-Functions-Key": "f-u-n-c", "X-Custom": "told",
    });
    let path = hooks.hook(PUBLISHED, request).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    hooks.send().await;
    assert_eq!(receiver.received()[0].header("x-functions-key"), "f-u-n-c");
    let logs = hooks.logs().await;
    let tried = hooks
        .broker
        .post(&format!("{path}/execute"), json!({}))
        .await;
    let webhook = hooks.broker.get(&path).await;
    for text in [&logs, &tried.text, &webhook.text] {
        assert!(text.contains("told"), "{text}");
        for secret in ["sesame-open", "f-u-n-c", "of-the-receiver"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    assert!(logs.contains("set-cookie: **********"), "{logs}");
}

#[tokio::test]
async fn a_body_is_signed_if_there_is_a_secret_to_sign_with() {
    let mut receiver = Receiver::start().await;
    let hooks = Hooks::new();
    let mut request = to(&receiver);
    request["signingSecret"] = "whsec_c2VjcmV0".into();
    hooks.hook(PUBLISHED, request).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    receiver.answer(&[500]);
    hooks.send().await;
    hooks.hands.move_on(10);
    hooks.send().await;
    let received = receiver.received();
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"secret");
    for (one, moment) in received.iter().zip(["1790000000", "1790000010"]) {
        assert_eq!(one.header("webhook-timestamp"), moment);
        let signed = format!("{}.{moment}.{}", one.header("webhook-id"), one.body);
        let signature = one.header("webhook-signature").strip_prefix("v1,").unwrap();
        let signature = STANDARD.decode(signature).unwrap();
        aws_lc_rs::hmac::verify(&key, signed.as_bytes(), &signature).unwrap();
    }
    let ids: Vec<&str> = received
        .iter()
        .map(|one| one.header("webhook-id"))
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_listens_sends_by_itself_and_ends_what_it_began() {
    let mut receiver = Receiver::start().await;
    let database = LastingDatabase::new();
    let hands = Hands::new();
    let settings = config(database.url()).webhooks(settings());
    let hooks = Hooks::at(settings.clone(), &hands);
    hooks.hook(PUBLISHED, to(&receiver)).await;
    hooks.broker.publish("Web", "1", "Orders", 1).await;
    let broker = Broker::start(settings, ([127, 0, 0, 1], 0)).await.unwrap();
    assert_eq!(receiver.next().await.path, "/hook");
    broker.shutdown().await;
    assert_eq!(hooks.only().await, stands("success", 1, 0));
}
