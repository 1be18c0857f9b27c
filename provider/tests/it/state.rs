//! Provider states by handlers.

use std::collections::HashMap;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use treaty_core::outcome::{Cause, Verdict};
use treaty_provider::VerifyOptions;

use crate::fakes::{Diary, cause, get_in, get_of, only, source, up, verifier};

#[derive(Deserialize)]
struct User {
    id: u64,
    name: Option<String>,
}

#[tokio::test]
async fn an_unknown_state_is_told_with_its_nearest_names_and_nothing_is_sent() {
    let diary = Diary::default();
    let sent = diary.clone();
    let app = Router::new().route("/ok", get(async move || sent.note("sent")));

    let report = verifier()
        .service(app)
        .state("no users exist", async || {})
        .state("a user with ID {id} exists", async || {})
        .verify(source(&[get_in("/ok", &["no user exists"])]))
        .await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    let expected = Cause::UnknownState {
        state: "no user exists".to_owned(),
        nearest: vec!["no users exist".to_owned()],
    };
    assert_eq!(cause(&only(&report).outcome), &expected);
    assert_eq!(diary.read(), Vec::<String>::new());
}

#[tokio::test]
async fn an_unknown_state_may_be_allowed_and_is_told_then() {
    let mut options = VerifyOptions::default();
    options.allow_unknown_states = true;

    let report = up()
        .options(options)
        .verify(source(&[get_in("/ok", &["who knows"])]))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(only(&report).states_ignored, ["who knows"]);
    assert_eq!(report.summary().states_run, 0);
}

#[tokio::test]
async fn a_handler_that_fails_makes_its_own_interaction_inconclusive_and_no_other() {
    let report = up()
        .state("the shop is open", async || Err::<(), _>("no key"))
        .verify(source(&[
            get_in("/ok", &["the shop is open"]),
            get_of("/ok"),
        ]))
        .await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    let interactions = &report.pacts[0].interactions;
    let expected = Cause::StateSetUp {
        state: "the shop is open".to_owned(),
        reason: "no key".to_owned(),
    };
    assert_eq!(cause(&interactions[0].outcome), &expected);
    assert!(interactions[1].outcome.passed());
    let receipt = &report.pacts[0].receipt;
    assert_eq!((receipt.interactions_replayed, receipt.states_run), (1, 0));
    assert_eq!(receipt.left_out.len(), 1);
}

#[tokio::test]
async fn a_handler_that_panics_is_a_handler_that_fails() {
    let report = up()
        .state("the shop is open", async || -> () { panic!("no key") })
        .verify(source(&[get_in("/ok", &["the shop is open"])]))
        .await;

    let text = cause(&only(&report).outcome).to_string();
    assert!(text.ends_with("the handler panicked: no key"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_is_given_up_at_the_deadline() {
    let report = up()
        .state("the shop is open", async || {
            std::future::pending::<()>().await
        })
        .verify(source(&[get_in("/ok", &["the shop is open"])]))
        .await;

    let text = cause(&only(&report).outcome).to_string();
    assert!(text.ends_with("not done within 30000 ms"), "{text}");
}

#[tokio::test]
async fn a_parameter_that_a_handler_misses_is_named() {
    let report = up()
        .state("a user exists", async |user: User| drop(user))
        .verify(source(&[get_in("/ok", &["a user exists"])]))
        .await;

    let text = cause(&only(&report).outcome).to_string();
    assert!(text.ends_with("missing field `id`"), "{text}");
}

/// Runs one interaction in the states `a`, `b` and `c`, and gives back what happened.
async fn diary_of(path: &str, failing: &'static str) -> (Verdict, Vec<String>) {
    let diary = Diary::default();
    let (up, down) = (diary.clone(), diary.clone());
    let (user, provider) = (diary.clone(), diary.clone());
    let app = Router::new().route("/ok", get(async move || provider.note("request")));
    let report = verifier()
        .service(app)
        .state(
            "state {name}",
            async move |params: HashMap<String, String>| {
                let name = &params["name"];
                up.note(format!("up {name}"));
                if name == failing {
                    Err("broken")
                } else {
                    Ok(())
                }
            },
        )
        .tear_down(
            "state {name}",
            async move |params: HashMap<String, String>| {
                down.note(format!("down {}", params["name"]));
            },
        )
        .verify(source(&[get_in(path, &["state a", "state b", "state c"])]))
        .await;
    (report.verdict(), user.read())
}

#[tokio::test]
async fn states_are_torn_down_in_reverse() {
    let (verdict, diary) = diary_of("/ok", "none").await;
    assert_eq!(verdict, Verdict::Yes);
    assert_eq!(
        diary,
        [
            "up a", "up b", "up c", "request", "down c", "down b", "down a"
        ]
    );
}

#[tokio::test]
async fn states_are_torn_down_after_a_mismatch() {
    let (verdict, diary) = diary_of("/missing", "none").await;
    assert_eq!(verdict, Verdict::No);
    assert_eq!(
        diary,
        ["up a", "up b", "up c", "down c", "down b", "down a"]
    );
}

#[tokio::test]
async fn states_that_were_set_up_before_one_that_failed_are_torn_down() {
    let (verdict, diary) = diary_of("/ok", "b").await;
    assert_eq!(verdict, Verdict::Unknown);
    assert_eq!(diary, ["up a", "up b", "down a"]);
}

#[tokio::test]
async fn a_state_that_is_not_torn_down_makes_a_pass_inconclusive() {
    let report = up()
        .state("the shop is open", async || {})
        .tear_down("the shop is open", async || Err::<(), _>("stuck"))
        .verify(source(&[get_in("/ok", &["the shop is open"])]))
        .await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    let expected = Cause::StateTearDown {
        state: "the shop is open".to_owned(),
        reason: "stuck".to_owned(),
    };
    assert_eq!(cause(&only(&report).outcome), &expected);
}

#[tokio::test]
async fn a_state_that_is_not_torn_down_leaves_a_mismatch_a_mismatch() {
    let report = up()
        .state("the shop is open", async || {})
        .tear_down("the shop is open", async || Err::<(), _>("stuck"))
        .verify(source(&[get_in("/missing", &["the shop is open"])]))
        .await;

    assert_eq!(report.verdict(), Verdict::No);
    assert_eq!(only(&report).tear_down_failures.len(), 1);
}

#[tokio::test]
async fn parameters_come_from_the_name_and_from_the_pact() {
    let mut interaction = get_of("/ok");
    interaction["providerStates"] = json!([
        { "name": "a user with ID 42 exists", "params": { "name": "Jane" } }
    ]);
    let diary = Diary::default();
    let noted = diary.clone();

    let report = up()
        .state("a user with ID {id} exists", async move |user: User| {
            noted.note(format!("{} {:?}", user.id, user.name));
        })
        .verify(source(&[interaction]))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(diary.read(), ["42 Some(\"Jane\")"]);
}

#[tokio::test]
async fn the_very_name_goes_before_a_pattern() {
    let diary = Diary::default();
    let (pattern, name) = (diary.clone(), diary.clone());

    let report = up()
        .state("user {id}", async move || pattern.note("pattern"))
        .state("user 42", async move || name.note("name"))
        .verify(source(&[get_in("/ok", &["user 42"])]))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(diary.read(), ["name"]);
}

#[tokio::test]
async fn values_of_a_state_go_into_the_request() {
    let mut interaction = get_in("/users/1", &["a user exists"]);
    interaction["request"]["generators"] = json!({
        "path": { "type": "ProviderState", "expression": "/users/${id}", "dataType": "STRING" }
    });
    let diary = Diary::default();
    let noted = diary.clone();
    let app = Router::new().route(
        "/users/{id}",
        get(async move |Path(id): Path<u64>| noted.note(format!("user {id}"))),
    );

    let report = verifier()
        .service(app)
        .state(
            "a user exists",
            async || -> Result<Map<String, Value>, String> {
                Ok(Map::from_iter([("id".to_owned(), json!(42))]))
            },
        )
        .verify(source(&[interaction]))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(diary.read(), ["user 42"]);
}

/// A request that takes its id from a provider state, whose handler hands these values back.
async fn with_values(values: Value) -> treaty_provider::Report {
    let mut interaction = get_in("/users/1", &["a user exists"]);
    interaction["request"]["generators"] = json!({
        "path": { "type": "ProviderState", "expression": "/users/${id}" },
        "header": { "X-Page": { "type": "ProviderState", "expression": "${page}", "dataType": "INTEGER" } },
    });
    let app = Router::new().route("/users/{id}", get(async || {}));
    let values: treaty_provider::StateValues = values.as_object().unwrap().clone();
    verifier()
        .service(app)
        .state("a user exists", async move || values)
        .verify(source(&[interaction]))
        .await
}

#[tokio::test]
async fn a_value_that_no_state_handed_back_is_never_the_example_instead() {
    let report = with_values(json!({ "other": 1 })).await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    assert_eq!(report.summary().interactions_replayed, 0);
    let names = vec!["id".to_owned(), "page".to_owned()];
    let expected = Cause::MissingValues { names };
    assert_eq!(cause(&only(&report).outcome), &expected);
}

#[tokio::test]
async fn a_value_of_the_wrong_kind_is_never_the_example_instead() {
    let report = with_values(json!({ "id": 1, "page": "last" })).await;

    let text = cause(&only(&report).outcome).to_string();
    let expected = "the request cannot use what a provider state handed back: ${page}: ";
    assert!(text.starts_with(expected), "{text}");
    with_values(json!({ "id": 1, "page": 2 })).await.assert_ok();
}
