//! What nobody is to read: it stands in no view, in no publication, and nobody is told of it.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use treaty_provider::{PactSource, Publish, Redaction, Report, redacted};

use crate::console::check;
use crate::fake_broker::{FakeBroker, Offered};
use crate::fakes::{Diary, get_in, get_of, mismatches, only, pact, source, up, verifier};

const SECRETS: [&str; 6] = [
    "tok-expected-1",
    "tok-actual-2",
    "sid-77aa77",
    "hunter22",
    "key-9876",
    "deep-secret-5",
];

/// An interaction with something secret in its headers, its body at three depths, and its words.
fn leaky() -> Value {
    let mut leaky = get_in("/leaky", &["a session hunter22 exists"]);
    leaky["description"] = json!("a request with tok-actual-2");
    leaky["response"] = json!({
        "status": 200,
        "headers": { "Content-Type": "application/json", "Set-Cookie": "sid=tok-expected-1", "X-Api-Key": "key-9876" },
        "body": {
            "token": "tok-expected-1", "user": { "password": "x" }, "list": [{ "id": 1 }], "id": 1,
        },
    });
    leaky
}

fn app() -> Router {
    let body = json!({
        "token": "tok-actual-2", "user": [{ "password": "hunter22" }],
        "list": [{ "id": "tok-actual-2", "password": { "deep-secret-5": "deep-secret-5" } }, 2], "id": "2",
    });
    let answer =
        async move || ([("set-cookie", "sid=sid-77aa77; Path=/")], Json(body)).into_response();
    let broken = async || "the token is tok-actual-2";
    Router::new()
        .route("/leaky", get(answer))
        .route("/ok", get(broken))
}

fn redaction() -> Redaction {
    Redaction::default()
        .json_path("$.token")
        .unwrap()
        .json_path("$..password")
        .unwrap()
}

fn leaking() -> [Value; 2] {
    let mut failing = get_in("/ok", &["it fails"]);
    failing["description"] = json!("a state that tells tok-actual-2");
    [leaky(), failing]
}

async fn report(redaction: Redaction) -> Report {
    verifier()
        .service(app())
        .redaction(redaction)
        .state("a session {id} exists", async || {})
        .state("it fails", async || {
            Err::<(), _>("no session for tok-actual-2 and hunter22")
        })
        .verify(source(&leaking()))
        .await
}

#[track_caller]
fn check_silent(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

fn views(report: &Report) -> [String; 6] {
    [
        report.to_string(),
        report.to_json().to_string(),
        report.junit().to_string(),
        report.html().to_string(),
        report.markdown().to_string(),
        report.github_annotations().to_string(),
    ]
}

#[tokio::test]
async fn no_view_tells_a_secret() {
    let report = report(redaction()).await;
    views(&report).iter().for_each(|view| check_silent(view));
    check("redacted", &report.to_string());
}

#[tokio::test]
async fn without_redaction_all_of_them_would_be_told() {
    let report = report(Redaction::none()).await;
    let json = report.to_json().to_string();
    for secret in SECRETS {
        assert!(json.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_report_that_was_read_back_is_redacted_to_the_same() {
    let mut late = redacted(report(Redaction::none()).await, &redaction());
    let early = report(redaction()).await;
    late.duration_ms = early.duration_ms;
    for (late, early) in late.pacts.iter_mut().zip(&early.pacts) {
        late.duration_ms = early.duration_ms;
        for (late, early) in late.interactions.iter_mut().zip(&early.interactions) {
            late.duration_ms = early.duration_ms;
        }
    }
    assert_eq!(late, early);
    assert_eq!(redacted(early.clone(), &redaction()), early);
}

#[tokio::test]
async fn no_publication_tells_a_secret() {
    let broker = FakeBroker::new(&pact(&leaking()), Offered::Selected);
    let report = verifier()
        .service(app())
        .redaction(redaction())
        .publish(Publish::version("1".parse().unwrap()))
        .state("a session {id} exists", async || {})
        .state("it fails", async || {
            Err::<(), _>("no session for tok-actual-2")
        })
        .verify(broker.source())
        .await;
    let received = broker.received();
    let published = received.join("\n");
    assert!(
        published.contains("testResults") && published.contains("[redacted]"),
        "{published}"
    );
    check_silent(&published);
    assert_eq!(report.summary().results_acknowledged, 1);
}

#[tokio::test]
async fn nobody_who_watches_is_told_a_secret() {
    let seen = Diary::default();
    let diary = seen.clone();
    let _ = verifier()
        .service(app())
        .redaction(redaction())
        .on_progress(move |progress| diary.note(format!("{:?}", progress.interaction)))
        .state("a session {id} exists", async || {})
        .verify(source(&[leaky()]))
        .await;
    check_silent(&seen.read().join("\n"));
}

#[tokio::test]
async fn a_header_of_the_verifier_is_redacted_wherever_the_provider_repeats_it() {
    let echo = async |headers: HeaderMap| {
        let authorization = headers["authorization"].to_str().unwrap().to_owned();
        Json(json!({ "echo": authorization }))
    };
    let mut interaction = get_of("/echo");
    interaction["response"]["body"] = json!({ "echo": "something" });
    let report = verifier()
        .service(Router::new().route("/echo", get(echo)))
        .header("Authorization", "Bearer tok-actual-2")
        .verify(PactSource::json("tok-actual-2.json", pact(&[interaction])))
        .await;
    check_silent(&report.to_json().to_string());
    assert_eq!(
        mismatches(&only(&report).outcome),
        [r#"$.echo  expected "something", got "[redacted]"  (rule: equality)"#]
    );
}

#[tokio::test]
async fn what_is_not_secret_is_still_told() {
    let mut interaction = get_of("/missing");
    interaction["response"]["headers"] = json!({ "X-Rate": "10" });
    let report = up()
        .redaction(redaction())
        .verify(source(&[interaction]))
        .await;
    assert_eq!(
        mismatches(&only(&report).outcome),
        [
            "status  expected 200, got 404  (rule: equality)",
            "header X-Rate  expected \"10\", got nothing  (rule: equality)",
        ]
    );
}

#[tokio::test]
async fn the_words_of_a_rule_are_no_secret() {
    for (rule, secret) in [
        (json!({ "match": "regex", "regex": "^.+@.+$" }), None),
        (json!({ "match": "notEmpty" }), None),
        (json!({ "match": "date", "format": "yyyy-MM-dd" }), None),
        (
            json!({ "match": "include", "value": "hunter22" }),
            Some("hunter22"),
        ),
    ] {
        let mut interaction = get_of("/user");
        interaction["description"] =
            json!("a user whose string matches, contains a date and hunter22");
        interaction["response"]["body"] = json!({ "email": "x@example.com", "name": "Jane" });
        interaction["response"]["matchingRules"] = json!({ "body": {
            "$.email": { "matchers": [rule] }, "$.name": { "matchers": [{ "match": "type" }] },
        } });
        let user = Json(json!({ "email": "" }));
        let report = verifier()
            .service(Router::new().route("/user", get(async || user)))
            .redaction(Redaction::none().json_path("$.email").unwrap())
            .verify(source(&[interaction]))
            .await;
        let told = only(&report);
        let name = "$.name  expected a string, got nothing  (rule: type)";
        let mismatches = mismatches(&told.outcome);
        assert_eq!(mismatches.len(), 2, "{rule}: {mismatches:?}");
        assert!(
            mismatches.contains(&name.to_owned()),
            "{rule}: {mismatches:?}"
        );
        let said = "a user whose string matches, contains a date and ";
        let end = secret.map_or("hunter22", |_| "[redacted]");
        assert_eq!(told.description, format!("{said}{end}"), "{rule}");
    }
}

/// Each failure brings secrets of its own, and all of them are looked for in all texts.
#[tokio::test]
async fn a_thousand_secrets_are_found_in_a_thousand_places() {
    let user = async |Path(id): Path<u32>| {
        Json(json!({ "token": format!("token-{id}"), "echo": format!("token-{}", id + 1) }))
    };
    let app = Router::new().route("/users/{id}", get(user));
    let interactions: Vec<Value> = (1000..2000)
        .map(|id| {
            let mut interaction = get_of(&format!("/users/{id}"));
            interaction["response"]["body"] = json!({ "token": "x", "echo": "y" });
            interaction
        })
        .collect();
    let report = verifier()
        .service(app)
        .redaction(redaction())
        .verify(source(&interactions))
        .await;
    let json = report.to_json().to_string();
    let told: Vec<u32> = (1000..=2000)
        .filter(|id| json.contains(&format!("token-{id}")))
        .collect();
    // Nobody's token was the last one.
    assert_eq!(told, [2000]);
}

#[test]
fn a_path_that_is_none_is_refused_with_what_one_looks_like() {
    let error = Redaction::default().json_path("password").unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"password\" is not a JSON path such as $.user.token, $.users[*].token or $..token: it does not begin with $"
    );
}
