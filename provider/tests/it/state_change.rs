//! Provider states by URL.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Value, json};
use treaty_core::outcome::{Cause, Verdict};
use treaty_provider::{Report, StateChange, StateChangeData};

use crate::fakes::{Diary, cause, get_in, get_of, ok, only, serve, source, verifier};

/// A provider whose `/states` writes down what it is told and answers this.
async fn provider(status: u16, answer: &'static str) -> (String, Diary) {
    let diary = Diary::default();
    let noted = diary.clone();
    let states = post(async move |RawQuery(query): RawQuery, body: String| {
        noted.note(query.unwrap_or(body));
        let status = StatusCode::from_u16(status).unwrap();
        (status, [("content-type", "application/json")], answer)
    });
    let app = ok()
        .route("/users/{id}", get(async || {}))
        .route("/states", states);
    (format!("http://{}", serve(app).await), diary)
}

async fn verified(base: &str, change: StateChange, interactions: &[Value]) -> Report {
    verifier()
        .base_url(base)
        .state_change_url(change)
        .verify(source(interactions))
        .await
}

fn told(diary: &Diary) -> Vec<Value> {
    let told = diary.read().into_iter();
    told.map(|body| serde_json::from_str(&body).unwrap())
        .collect()
}

#[tokio::test]
async fn the_url_is_told_in_a_body_and_only_at_the_beginning() {
    let (base, diary) = provider(200, "").await;

    let report = verified(
        &base,
        StateChange::new(format!("{base}/states")),
        &[get_in("/ok", &["open"])],
    )
    .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(
        told(&diary),
        [json!({ "action": "setup", "state": "open", "params": {} })]
    );
    assert_eq!(report.summary().states_run, 1);
}

#[tokio::test]
async fn the_url_is_told_of_the_end_where_it_wants_to_know() {
    let (base, diary) = provider(200, "").await;
    let mut change = StateChange::new(format!("{base}/states"));
    change.tear_down = true;

    let _ = verified(&base, change, &[get_in("/ok", &["open"])]).await;

    let actions: Vec<Value> = told(&diary)
        .into_iter()
        .map(|told| told["action"].clone())
        .collect();
    assert_eq!(actions, ["setup", "teardown"]);
}

#[tokio::test]
async fn the_url_is_told_in_the_query_where_it_wants_that() {
    let (base, diary) = provider(200, "").await;
    let mut change = StateChange::new(format!("{base}/states"));
    change.data = StateChangeData::Query;
    let mut interaction = get_of("/ok");
    interaction["providerStates"] =
        json!([{ "name": "a user", "params": { "id": 42, "name": "J" } }]);

    let _ = verified(&base, change, &[interaction]).await;

    assert_eq!(diary.read(), ["state=a+user&action=setup&id=42&name=J"]);
}

#[tokio::test]
async fn the_url_hears_of_an_interaction_without_states_too() {
    let (base, diary) = provider(200, "").await;

    let report = verified(
        &base,
        StateChange::new(format!("{base}/states")),
        &[get_of("/ok")],
    )
    .await;

    assert_eq!(told(&diary)[0]["state"], "");
    assert_eq!(report.summary().states_run, 0);
}

#[tokio::test]
async fn a_refusal_is_inconclusive_and_says_so() {
    let (base, _) = provider(500, "").await;

    let report = verified(
        &base,
        StateChange::new(format!("{base}/states")),
        &[get_in("/ok", &["open"])],
    )
    .await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    let expected = Cause::StateSetUp {
        state: "open".to_owned(),
        reason: format!("{base}/states answered 500 Internal Server Error, 3 times"),
    };
    assert_eq!(cause(&only(&report).outcome), &expected);
}

#[tokio::test]
async fn broken_values_are_inconclusive() {
    let (base, _) = provider(200, "{\"id\":").await;

    let report = verified(
        &base,
        StateChange::new(format!("{base}/states")),
        &[get_in("/ok", &["open"])],
    )
    .await;

    assert_eq!(report.verdict(), Verdict::Unknown);
}

#[tokio::test]
async fn the_members_of_the_answer_go_into_the_request() {
    let (base, _) = provider(200, "{\"id\": 42}").await;
    let mut interaction = get_in("/nowhere", &["a user exists"]);
    interaction["request"]["generators"] = json!({
        "path": { "type": "ProviderState", "expression": "/users/${id}", "dataType": "STRING" }
    });

    let report = verified(
        &base,
        StateChange::new(format!("{base}/states")),
        &[interaction],
    )
    .await;

    assert_eq!(report.verdict(), Verdict::Yes);
}

#[tokio::test]
async fn a_handler_goes_before_the_url() {
    let (base, diary) = provider(200, "").await;

    let report = verifier()
        .service(ok())
        .state("open", async || {})
        .state_change_url(format!("{base}/states"))
        .verify(source(&[get_in("/ok", &["open"])]))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(diary.read(), Vec::<String>::new());
}

/// A provider whose `/states` refuses so many times and then agrees.
async fn reluctant(refusals: usize, status: u16) -> (String, Diary) {
    let diary = Diary::default();
    let noted = diary.clone();
    let states = post(async move || {
        noted.note("told");
        let refuses = noted.read().len() <= refusals;
        StatusCode::from_u16(if refuses { status } else { 200 }).unwrap()
    });
    let address = serve(ok().route("/states", states)).await;
    (format!("http://{address}"), diary)
}

#[tokio::test]
async fn a_url_that_is_not_ready_yet_is_told_again_a_few_times() {
    for (refusals, status, told, verdict) in [
        (2, 503, 3, Verdict::Yes),
        (3, 503, 3, Verdict::Unknown),
        (1, 404, 1, Verdict::Unknown),
    ] {
        let (base, diary) = reluctant(refusals, status).await;
        let change = StateChange::new(format!("{base}/states"));
        let report = verified(&base, change, &[get_in("/ok", &["open"])]).await;
        assert_eq!(report.verdict(), verdict, "{report}");
        assert_eq!(diary.read().len(), told);
    }
}

#[tokio::test]
async fn what_a_url_failed_with_is_told_without_credentials() {
    let (base, _) = provider(200, "").await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let change = StateChange::new(format!(
        "http://jane:secret@127.0.0.1:{port}/states?token=secret"
    ));

    let report = verified(&base, change, &[get_in("/ok", &["open"])]).await;

    let text = cause(&only(&report).outcome).to_string();
    let begin = format!(
        "the provider state \"open\" could not be set up: http://127.0.0.1:{port}/states did not answer, 3 times: "
    );
    assert!(text.starts_with(&begin), "{text}");
    assert!(!report.to_json().to_string().contains("secret"), "{report}");
}
