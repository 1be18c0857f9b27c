//! Messages: produced by closures, asked for at a message URL, or not at all.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use treaty_core::outcome::{Cause, Verdict};
use treaty_provider::{Instance, Message, PactSource, Report, StateValues, Target, Verifier};

use crate::fakes::{Diary, cause, mismatches, ok, only, pact, serve, verifier};

fn of(interaction: Value) -> PactSource {
    let mut pact = pact(&[interaction]);
    pact["metadata"]["pactSpecification"]["version"] = json!("4.0");
    PactSource::json("a pact", pact)
}

fn contents(content: &Value) -> Value {
    json!({ "content": content, "contentType": "application/json", "encoded": false })
}

/// A message about a user whose id must be a number, on the topic `users`.
fn created(description: &str) -> Value {
    json!({
        "type": "Asynchronous/Messages",
        "description": description,
        "contents": contents(&json!({ "id": 1 })),
        "metadata": { "topic": "users" },
        "matchingRules": { "body": { "$.id": { "matchers": [{ "match": "integer" }] } } },
    })
}

/// A question that is answered with these.
fn asked(responses: &[Value]) -> Value {
    let responses = responses
        .iter()
        .map(|content| json!({ "contents": contents(content) }));
    json!({
        "type": "Synchronous/Messages",
        "description": "a question",
        "request": { "contents": contents(&json!({ "id": 7 })) },
        "response": responses.collect::<Vec<_>>(),
    })
}

fn user(id: &Value) -> Message {
    Message::json(&json!({ "id": id }))
        .unwrap()
        .metadata("topic", "users")
}

async fn verified(verifier: Verifier<Target>, interaction: Value) -> Report {
    verifier.verify(of(interaction)).await
}

#[track_caller]
fn check_cause(report: &Report, expected: &str) {
    assert_eq!(report.verdict(), Verdict::Unknown);
    assert_eq!(report.summary().interactions_replayed, 0);
    assert_eq!(cause(&only(report).outcome).to_string(), expected);
}

#[tokio::test]
async fn a_message_that_nobody_produces_is_told_with_its_nearest_names() {
    let verifier = verifier()
        .message("a user was created", async || json!({}))
        .sync_message("a user was creates", async |request: Message| request);
    let report = verified(verifier, created("a user was create")).await;
    check_cause(
        &report,
        r#"nobody produces the message "a user was create" (did you mean "a user was created"?)"#,
    );
}

#[tokio::test]
async fn a_producer_that_fails_is_inconclusive() {
    let failing = async || Err::<Message, _>("no clock");
    let report = verified(verifier().message("created", failing), created("created")).await;
    check_cause(
        &report,
        r#"the message "created" could not be produced: no clock"#,
    );

    let panicking = async || -> Message { panic!("no clock") };
    let report = verified(verifier().message("created", panicking), created("created")).await;
    check_cause(
        &report,
        r#"the message "created" could not be produced: the producer panicked: no clock"#,
    );
}

#[tokio::test(start_paused = true)]
async fn a_producer_that_hangs_is_given_up_at_the_deadline() {
    let hanging = async || std::future::pending::<Message>().await;
    let report = verified(verifier().message("created", hanging), created("created")).await;
    check_cause(
        &report,
        r#"the message "created" could not be produced: not done within 5000 ms"#,
    );
}

#[tokio::test]
async fn another_message_is_a_mismatch_in_contents_and_metadata() {
    let wrong = async || {
        let message = Message::json(&json!({ "id": "7" })).unwrap();
        message.metadata("topic", "orders")
    };
    let report = verified(verifier().message("created", wrong), created("created")).await;

    assert_eq!(report.verdict(), Verdict::No);
    let mismatches = mismatches(&only(&report).outcome);
    assert_eq!(mismatches.len(), 2, "{mismatches:?}");
    assert!(
        mismatches[0].starts_with("$.id  expected an integer, got \"7\""),
        "{mismatches:?}"
    );
    assert!(
        mismatches[1].starts_with("metadata topic"),
        "{mismatches:?}"
    );
}

#[tokio::test]
async fn bytes_of_no_named_type_are_not_json() {
    let bytes = async || Message::new("<id>7</id>").metadata("topic", "users");
    let report = verified(verifier().message("created", bytes), created("created")).await;
    assert_eq!(report.verdict(), Verdict::No);
}

#[derive(Deserialize)]
struct User {
    id: u64,
}

#[tokio::test]
async fn a_producer_knows_what_stands_in_the_description() {
    let producer = async |asked: User| user(&json!(asked.id));
    let verifier = verifier().message("user {id} was created", producer);
    let report = verified(verifier, created("user 42 was created")).await;
    report.assert_ok();
    assert_eq!(report.summary().interactions_replayed, 1);
}

#[tokio::test]
async fn a_producer_knows_what_the_states_handed_back() {
    let mut interaction = created("created");
    interaction["providerStates"] = json!([{ "name": "a user exists" }]);
    let handed = async || StateValues::from_iter([("id".to_owned(), json!(42))]);
    let verifier = verifier()
        .message("created", async |asked: User| user(&json!(asked.id)))
        .state("a user exists", handed);
    verified(verifier, interaction).await.assert_ok();
}

#[tokio::test]
async fn a_provider_made_for_one_interaction_produces_its_messages() {
    let factory = async || Instance::without_service().message("created", async || user(&json!(1)));
    let report = verified(verifier().service_factory(factory), created("created")).await;
    report.assert_ok();
}

#[tokio::test]
async fn a_message_of_version_3_is_verified_too() {
    let pact = json!({
        "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
        "messages": [{ "description": "created", "contents": { "id": 1 }, "metaData": { "contentType": "application/json" } }],
        "metadata": { "pactSpecification": { "version": "3.0.0" } },
    });
    let answer = async |id: u64| {
        let verifier = verifier().message("created", async move || json!({ "id": id }));
        verifier
            .verify(PactSource::json("a pact", pact.clone()))
            .await
            .verdict()
    };
    assert_eq!(answer(1).await, Verdict::Yes);
    assert_eq!(answer(2).await, Verdict::No);
}

/// A message URL that writes down what it is asked, and answers so.
async fn proxy(status: u16, metadata: &'static str, body: &'static str) -> (String, Diary) {
    let diary = Diary::default();
    let noted = diary.clone();
    let messages = post(async move |body_asked: String| {
        noted.note(body_asked);
        let headers = [
            ("content-type", "application/json"),
            ("pact-message-metadata", metadata),
        ];
        (StatusCode::from_u16(status).unwrap(), headers, body)
    });
    let app = Router::new().route("/messages", messages);
    (format!("http://{}/messages", serve(app).await), diary)
}

/// `{"topic":"users"}`
const USERS: &str = "eyJ0b3BpYyI6InVzZXJzIn0=";

#[tokio::test]
async fn a_message_url_that_refuses_is_inconclusive() {
    let (url, _) = proxy(404, USERS, "{}").await;
    let report = verified(verifier().message_url(url), created("created")).await;
    check_cause(
        &report,
        r#"the message "created" could not be produced: the message URL answered 404"#,
    );
}

#[tokio::test]
async fn metadata_that_cannot_be_read_is_inconclusive() {
    let (url, _) = proxy(200, "not base64", "{}").await;
    let report = verified(verifier().message_url(url), created("created")).await;
    let text = cause(&only(&report).outcome).to_string();
    assert!(
        text.contains("the header pact-message-metadata is not a JSON object in base64"),
        "{text}"
    );
}

#[tokio::test]
async fn a_message_url_is_told_the_description_and_the_states() {
    let (url, diary) = proxy(200, USERS, r#"{"id": 42}"#).await;
    let mut interaction = created("created");
    interaction["providerStates"] = json!([{ "name": "a user exists", "params": { "id": 42 } }]);

    let report = verifier()
        .message_url(&url)
        .state("a user exists", async || {})
        .verify(of(interaction.clone()))
        .await;
    // Without a name of its own it is the provider's URL, as other verifiers have it.
    let by_base_url = verifier()
        .base_url(&url)
        .state("a user exists", async || {})
        .verify(of(interaction))
        .await;

    report.assert_ok();
    by_base_url.assert_ok();
    let asked: Value = serde_json::from_str(&diary.read()[0]).unwrap();
    let expected = json!({
        "description": "created",
        "providerStates": [{ "name": "a user exists", "params": { "id": 42 } }],
    });
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn a_message_from_a_url_is_compared() {
    let (url, _) = proxy(200, USERS, r#"{"id": "42"}"#).await;
    let report = verified(verifier().message_url(url), created("created")).await;
    assert_eq!(report.verdict(), Verdict::No);
}

#[tokio::test]
async fn a_question_is_answered_by_a_closure() {
    let respond = async |request: Message| -> Result<Message, serde_json::Error> {
        let user: Value = request.parse()?;
        Message::json(&json!({ "name": format!("user {}", user["id"]) }))
    };
    let with = async |name: &str| {
        let verifier = verifier().sync_message("a question", respond);
        verified(verifier, asked(&[json!({ "name": name })])).await
    };
    with("user 7").await.assert_ok();
    assert_eq!(with("user 8").await.verdict(), Verdict::No);
}

#[tokio::test]
async fn each_response_is_compared_and_another_number_of_them_is_a_mismatch() {
    let respond = async |_: Message| {
        vec![
            Message::json(&json!(1)).unwrap(),
            Message::json(&json!(2)).unwrap(),
        ]
    };
    let with = async |responses: &[Value]| {
        let verifier = verifier().sync_message("a question", respond);
        verified(verifier, asked(responses)).await
    };
    with(&[json!(1), json!(2)]).await.assert_ok();

    let second = with(&[json!(1), json!(3)]).await;
    let second = mismatches(&only(&second).outcome);
    assert!(second[0].starts_with("response 2: $"), "{second:?}");
    let fewer = with(&[json!(1)]).await;
    assert_eq!(
        mismatches(&only(&fewer).outcome),
        ["responses  expected 1 responses, got 2 responses  (rule: equality)"]
    );
}

#[tokio::test]
async fn a_question_goes_to_the_message_url() {
    let (url, diary) = proxy(200, USERS, r#"{"name": "Jane"}"#).await;
    let question = asked(&[json!({ "name": "Jane" })]);

    verified(verifier().message_url(&url), question)
        .await
        .assert_ok();

    let told: Value = serde_json::from_str(&diary.read()[0]).unwrap();
    assert_eq!(told["description"], "a question");
    assert_eq!(told["request"]["contents"]["content"], json!({ "id": 7 }));
    let several = asked(&[json!(1), json!(2)]);
    let report = verified(verifier().message_url(url), several).await;
    assert!(matches!(
        cause(&only(&report).outcome),
        Cause::Unsupported { .. }
    ));
}

#[tokio::test]
async fn a_transport_that_nobody_named_is_refused_by_name() {
    let over = |transport: &str| {
        json!({
            "type": "Synchronous/HTTP", "description": "a request", "transport": transport,
            "request": { "method": "GET", "path": "/admin" }, "response": { "status": 200 },
        })
    };
    let admin = Router::new().route("/admin", get(async || {}));
    let verifier = || {
        verifier()
            .service(ok())
            .transport_service("admin", admin.clone())
    };

    let report = verified(verifier(), over("grpc")).await;
    check_cause(
        &report,
        r#"nobody said how to reach the provider over "grpc" (it is reached over "http" and "admin")"#,
    );
    verified(verifier(), over("admin")).await.assert_ok();
    assert_eq!(
        verified(verifier(), over("http")).await.verdict(),
        Verdict::No
    );
    let address = serve(admin.clone()).await;
    let by_url = verifier().transport("admin", format!("http://{address}"));
    verified(by_url, over("admin")).await.assert_ok();
}
