//! A broker with a history, told to an empty one: the same answers on both, and no harm in a break half-way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use treaty_broker::{Broker, BrokerService, Config, DatabaseUrl, Moment, SecretKey};
use treaty_broker_client::{Client, ClientError, ImportCount, ImportKind, Imported, LeftOut};

const BASE: &str = "http://broker.local";

fn config() -> Config {
    let key = SecretKey::parse(&"01".repeat(32)).unwrap();
    Config::new(DatabaseUrl::memory())
        .base_url(BASE)
        .secret_key(key)
}

async fn ask(broker: &BrokerService, method: &str, path: &str, body: Option<Value>) -> Value {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "application/json");
    let body = body.map_or_else(String::new, |body| body.to_string());
    let answer = broker.clone().oneshot(request.body(body.into()).unwrap());
    let answer = answer.await.unwrap();
    let status = answer.status();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes);
    assert!(status.is_success(), "{method} {path}: {status} {text}");
    serde_json::from_slice(&bytes).unwrap_or_default()
}

async fn put(broker: &BrokerService, path: &str, body: Value) -> Value {
    ask(broker, "PUT", path, Some(body)).await
}

async fn post(broker: &BrokerService, path: &str, body: Value) -> Value {
    ask(broker, "POST", path, Some(body)).await
}

/// Publishes a pact whose members stand in an order of their own.
async fn publish(broker: &BrokerService, consumer: &str, number: &str, answer: u8) {
    let path = format!("/pacts/provider/Orders/consumer/{consumer}/version/{number}");
    let pact = format!(
        r#"{{"provider":{{"name":"Orders"}},"interactions":[{{"description":"a",
            "request":{{"path":"/","method":"GET"}},"response":{{"status":200,"body":{{"z":1.0,"a":{answer}}}}}}}]}}"#
    );
    let request = Request::put(&path).header("content-type", "application/json");
    let answer = broker.clone().oneshot(request.body(pact.into()).unwrap());
    assert!(answer.await.unwrap().status().is_success(), "{path}");
}

async fn verify(
    broker: &BrokerService,
    consumer: &str,
    number: &str,
    (provider, success): (&str, bool),
) {
    let path = format!("/pacts/provider/Orders/consumer/{consumer}/version/{number}");
    let pact = ask(broker, "GET", &path, None).await;
    let url = pact["_links"]["pb:publish-verification-results"]["href"].as_str();
    let result = json!({
        "success": success, "providerApplicationVersion": provider, "buildUrl": "http://ci/7",
        "verifiedBy": { "implementation": "tests" }, "testResults": { "tests": [1, 2] },
    });
    post(broker, url.unwrap().trim_start_matches(BASE), result).await;
}

/// A broker in which a little of everything has happened, at moments of long ago.
async fn with_a_history() -> BrokerService {
    let (broker, moment) = Broker::open_for_history(config()).unwrap();
    let day = |day: u8| moment.set(Some(&format!("2021-03-{day:02}T08:00:00+00:00")), None);
    day(1);
    for name in ["Web", "Orders", "Web Shop/2"] {
        post(
            &broker,
            "/pacticipants",
            json!({ "name": name, "mainBranch": "main" }),
        )
        .await;
    }
    put(&broker, "/pacticipants/Orders/labels/team-a", json!({})).await;
    for (number, answer) in [(1, 1), (2, 1), (3, 2), (4, 1)] {
        day(number + 1);
        publish(&broker, "Web", &number.to_string(), answer).await;
        put(
            &broker,
            &format!("/pacticipants/Web/branches/main/versions/{number}"),
            json!({}),
        )
        .await;
        put(
            &broker,
            &format!("/pacticipants/Web/versions/{number}/tags/dev"),
            json!({}),
        )
        .await;
    }
    day(9);
    // The head of this branch is no younger version.
    put(
        &broker,
        "/pacticipants/Web/branches/fix/versions/4",
        json!({}),
    )
    .await;
    put(
        &broker,
        "/pacticipants/Web/branches/fix/versions/2",
        json!({}),
    )
    .await;
    publish(&broker, "Web%20Shop%2F2", "1.0%2Bb", 1).await;
    for (number, provider, success) in [
        ("1", "a", false),
        ("1", "a", true),
        ("3", "a", false),
        ("1", "b", true),
    ] {
        day(10);
        verify(&broker, "Web", number, (provider, success)).await;
    }
    deploy(&broker, &moment).await;
    add_webhook(&broker, &moment).await;
    broker
}

/// Orders runs, Web runs twice and has been released.
async fn deploy(broker: &BrokerService, moment: &Moment) {
    put(
        broker,
        "/pacticipants/Orders/branches/main/versions/b",
        json!({}),
    )
    .await;

    moment.set(
        Some("2021-03-11T08:00:00Z"),
        Some("11111111-1111-4111-8111-111111111111"),
    );
    let contacts = json!([{ "name": "Ops", "details": { "emailAddress": "ops@example.com" } }]);
    let place = json!({ "name": "production", "displayName": "The real one", "production": true, "contacts": contacts });
    post(broker, "/environments", place).await;
    let record = |name: &str, version: &str, kind: &str| {
        format!(
            "/pacticipants/{name}/versions/{version}/{kind}/environment/11111111-1111-4111-8111-111111111111"
        )
    };
    for (id, path, body) in [
        ("d1", record("Orders", "b", "deployed-versions"), json!({})),
        (
            "d2",
            record("Web", "1", "deployed-versions"),
            json!({ "applicationInstance": "blue" }),
        ),
        (
            "d3",
            record("Web", "3", "deployed-versions"),
            json!({ "applicationInstance": "green" }),
        ),
        ("r1", record("Web", "2", "released-versions"), json!({})),
    ] {
        moment.set(Some("2021-03-12T08:00:00Z"), Some(id));
        post(broker, &path, body).await;
    }
}

async fn add_webhook(broker: &BrokerService, moment: &Moment) {
    moment.set(Some("2021-03-13T08:00:00Z"), None);
    let hook = json!({
        "description": "tell them", "provider": { "name": "Orders" }, "enabled": false,
        "events": [{ "name": "contract_published" }],
        "request": { "method": "POST", "url": "https://example.com/hook", "headers": { "X-Team": "a" }, "body": { "a": 1 } },
    });
    put(broker, "/webhooks/aaaaaaaaaaaaaaaaaaaa", hook).await;
}

/// An empty broker, to be told a history.
struct Target {
    broker: BrokerService,
    moment: Moment,
    changes: Arc<AtomicUsize>,
}

impl Target {
    fn new() -> Self {
        let (broker, moment) = Broker::open_for_history(config()).unwrap();
        Self {
            broker,
            moment,
            changes: Arc::default(),
        }
    }

    /// Imports from a broker that answers only so many requests.
    async fn import(
        &self,
        source: &BrokerService,
        answers: usize,
    ) -> Result<Imported, ClientError> {
        let changes = Arc::clone(&self.changes);
        let own = self.broker.clone();
        let counted = tower::service_fn(move |request: Request<_>| {
            if request.method() != Method::GET {
                changes.fetch_add(1, Ordering::Relaxed);
            }
            own.clone().oneshot(request)
        });
        let (source, left) = (source.clone(), Arc::new(AtomicUsize::new(answers)));
        let breaking = tower::service_fn(move |request: Request<_>| {
            let source = source.clone();
            let is_over = left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_err();
            async move {
                if is_over {
                    let mut refused = Response::new("gone".to_owned().into());
                    *refused.status_mut() = StatusCode::FORBIDDEN;
                    return Ok(refused);
                }
                source.oneshot(request).await
            }
        });
        let target = Client::over(counted, BASE).unwrap();
        let source = Client::over(breaking, BASE).unwrap();
        let stamp =
            |stamp: treaty_broker_client::ImportStamp<'_>| self.moment.set(stamp.at, stamp.id);
        target.import_from(&source, &stamp).await
    }

    fn changes(&self) -> usize {
        self.changes.swap(0, Ordering::Relaxed)
    }
}

/// What both brokers are asked.
const QUESTIONS: [&str; 19] = [
    "/pacticipants",
    "/pacticipants/Orders",
    "/pacticipants/Orders/labels/team-a",
    "/pacticipants/Web/versions",
    "/pacticipants/Web/branches",
    "/pacticipants/Web/branches/fix/latest-version",
    "/pacticipants/Web/branches/main/versions/2",
    "/pacticipants/Web/versions/2/tags/dev",
    "/pacticipants/Web/latest-version/dev",
    "/pacts/provider/Orders/consumer/Web/version/3",
    "/pacts/provider/Orders/latest",
    "/matrix?q[][pacticipant]=Web&q[][pacticipant]=Orders",
    "/matrix?q[][pacticipant]=Web&q[][version]=4&latestby=cvp&environment=production",
    "/can-i-deploy?pacticipant=Web&version=3&environment=production",
    "/can-i-deploy?pacticipant=Orders&version=a&environment=production",
    "/environments",
    "/environments/11111111-1111-4111-8111-111111111111/deployed-versions/currently-deployed",
    "/environments/11111111-1111-4111-8111-111111111111/released-versions/currently-supported",
    "/webhooks/aaaaaaaaaaaaaaaaaaaa",
];

/// An answer without the numbers of results and the times of changes, which every broker counts for itself.
fn comparable(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(at) = text.find("/verification-results/") {
                let rest = text.split_off(at);
                let is_digit = |c: char| c.is_ascii_digit();
                text.push_str(&rest.replace(is_digit, ""));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(comparable),
        Value::Object(members) => {
            members.remove("updatedAt");
            members.values_mut().for_each(comparable);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

async fn assert_alike(source: &BrokerService, target: &BrokerService) {
    for question in QUESTIONS {
        let mut theirs = ask(source, "GET", question, None).await;
        let mut ours = ask(target, "GET", question, None).await;
        comparable(&mut theirs);
        comparable(&mut ours);
        assert_eq!(ours, theirs, "{question}");
    }
    let wanted = json!({ "providerVersionBranch": "next", "includePendingStatus": true, "includeWipPactsSince": "2021-01-01" });
    let path = "/pacts/provider/Orders/for-verification";
    let theirs = post(source, path, wanted.clone()).await;
    let ours = post(target, path, wanted).await;
    let told = |answer: &Value| {
        let pacts = answer["_embedded"]["pacts"].as_array().unwrap().iter();
        let told = pacts.map(|pact| {
            json!([
                pact["shortDescription"],
                pact["verificationProperties"]["pending"]
            ])
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(told(&ours), told(&theirs));
    assert!(!told(&ours).is_empty());
}

#[tokio::test]
async fn everything_arrives_and_both_brokers_answer_alike() {
    let source = with_a_history().await;
    let target = Target::new();
    let imported = target.import(&source, usize::MAX).await.unwrap();
    let counts: Vec<String> = imported
        .counts
        .iter()
        .map(|(kind, count)| format!("{kind:?} {}/{}", count.here, count.there))
        .collect();
    assert_eq!(
        counts,
        [
            "Pacticipants 3/3",
            "Labels 1/1",
            "Versions 7/7",
            "BranchVersions 7/7",
            "Tags 4/4",
            "Pacts 5/5",
            "Results 4/4",
            "Environments 1/1",
            "Deployments 3/3",
            "Releases 1/1",
            "Webhooks 1/1",
        ]
    );
    assert!(imported.is_whole(), "{imported:?}");
    assert_alike(&source, &target.broker).await;
    let path = "/pacts/provider/Orders/consumer/Web/version/1";
    let text = async |broker: &BrokerService| {
        let request = Request::get(path).body(String::new().into()).unwrap();
        let answer = broker.clone().oneshot(request).await.unwrap();
        answer.into_body().collect().await.unwrap().to_bytes()
    };
    assert_eq!(text(&source).await, text(&target.broker).await);
}

#[tokio::test]
async fn the_same_again_changes_nothing() {
    let source = with_a_history().await;
    let target = Target::new();
    let first = target.import(&source, usize::MAX).await.unwrap();
    assert!(target.changes() > 30);
    let second = target.import(&source, usize::MAX).await.unwrap();
    assert_eq!(target.changes(), 0);
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_break_anywhere_is_mended_by_the_same_again() {
    let source = with_a_history().await;
    let mut breaks = 0;
    for answers in 0.. {
        let target = Target::new();
        if target.import(&source, answers).await.is_ok() {
            break;
        }
        breaks += 1;
        let imported = target.import(&source, usize::MAX).await.unwrap();
        assert!(imported.is_whole(), "after {answers} answers: {imported:?}");
        assert_alike(&source, &target.broker).await;
    }
    assert!(breaks > 30, "{breaks}");
}

#[tokio::test]
async fn what_came_since_is_added_by_the_same_again() {
    let source = with_a_history().await;
    let target = Target::new();
    target.import(&source, usize::MAX).await.unwrap();
    publish(&source, "Web", "5", 3).await;
    put(
        &source,
        "/pacticipants/Web/branches/fix/versions/5",
        json!({}),
    )
    .await;
    verify(&source, "Web", "5", ("c", true)).await;
    let place = "deployed-versions/environment/11111111-1111-4111-8111-111111111111";
    let blue = json!({ "applicationInstance": "blue" });
    post(
        &source,
        &format!("/pacticipants/Web/versions/5/{place}"),
        blue,
    )
    .await;
    let imported = target.import(&source, usize::MAX).await.unwrap();
    assert!(imported.is_whole(), "{imported:?}");
    assert_alike(&source, &target.broker).await;
}

#[tokio::test]
async fn what_cannot_be_carried_is_told_with_the_reason() {
    let source = with_a_history().await;
    let hook = |url: &str, headers: Value| {
        json!({ "events": [{ "name": "contract_published" }],
            "request": { "method": "POST", "url": url, "headers": headers } })
    };
    let secret = hook(
        "https://example.com",
        json!({ "Authorization": "Bearer abc" }),
    );
    put(&source, "/webhooks/bbbbbbbbbbbbbbbbbbbb", secret).await;
    let target = Target::new();
    publish(&target.broker, "Web", "1", 9).await;
    let imported = target.import(&source, usize::MAX).await.unwrap();
    assert!(!imported.is_whole());
    let [conflict, secret] = &imported.left_out[..] else {
        panic!("{:?}", imported.left_out);
    };
    let other_content = LeftOut::OtherContent {
        consumer: "Web".to_owned(),
        version: "1".to_owned(),
        provider: "Orders".to_owned(),
    };
    assert_eq!(*conflict, other_content);
    assert_eq!(
        imported.counts[&ImportKind::Pacts],
        ImportCount { there: 5, here: 4 }
    );
    assert!(
        matches!(secret, LeftOut::Secret { uuid, .. } if uuid == "bbbbbbbbbbbbbbbbbbbb"),
        "{secret:?}"
    );
    let kept = ask(
        &target.broker,
        "GET",
        "/pacts/provider/Orders/consumer/Web/version/1",
        None,
    )
    .await;
    assert_eq!(kept["interactions"][0]["response"]["body"]["a"], 9);
    let rows = ask(
        &target.broker,
        "GET",
        "/matrix?q[][pacticipant]=Web&q[][version]=1",
        None,
    )
    .await;
    assert_eq!(rows["matrix"][0]["verificationResult"], Value::Null);
    let rows = ask(
        &target.broker,
        "GET",
        "/matrix?q[][pacticipant]=Web&q[][version]=2",
        None,
    )
    .await;
    assert_eq!(rows["matrix"].as_array().map(Vec::len), Some(3), "{rows}");
}
