//! State executors and request filters that were written for the peer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use either::Either;
use pact_models::bodies::OptionalBody;
use pact_models::provider_states::ProviderState;
use pact_models::v4::http_parts::HttpRequest;
use pact_verifier::callback_executors::{ProviderStateExecutor, RequestFilterExecutor};
use serde_json::{Value, json};
use treaty_core::outcome::{Cause, Verdict};

use treaty_provider::StateChange;

use crate::fakes::{Diary, cause, get_in, get_of, ok, only, serve, source, up, verifier};

/// Writes down what it is told, and knows no state `broken`.
#[derive(Debug, Default)]
struct States {
    told: Mutex<Vec<String>>,
    teardown: bool,
}

#[async_trait::async_trait]
impl ProviderStateExecutor for States {
    async fn call(
        self: Arc<Self>,
        _interaction: Option<String>,
        state: &ProviderState,
        set_up: bool,
        _client: Option<&reqwest::Client>,
    ) -> anyhow::Result<HashMap<String, Value>> {
        let action = if set_up { "set up" } else { "tear down" };
        self.told
            .lock()
            .unwrap()
            .push(format!("{action} {:?}", state.name));
        anyhow::ensure!(state.name != "broken", "the database is locked");
        Ok(HashMap::from([("path".to_owned(), json!("/ok"))]))
    }

    fn teardown(&self) -> bool {
        self.teardown
    }
}

impl States {
    fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn an_executor_hears_of_every_state_and_of_interactions_without_one() {
    let states = Arc::new(States {
        teardown: true,
        ..States::default()
    });
    let interactions = [get_in("/ok", &["a user", "an order"]), get_of("/ok")];
    let report = up()
        .provider_state_executor(states.clone())
        .verify(source(&interactions))
        .await;
    report.assert_ok();
    assert_eq!(report.summary().states_run, 2);
    let expected = [
        "set up \"a user\"",
        "set up \"an order\"",
        "tear down \"an order\"",
        "tear down \"a user\"",
        "set up \"\"",
        "tear down \"\"",
    ];
    assert_eq!(states.told(), expected);
}

#[tokio::test]
async fn an_executor_that_wants_no_end_hears_of_none() {
    let states = Arc::new(States::default());
    let verifier = up().provider_state_executor(states.clone());
    let report = verifier.verify(source(&[get_in("/ok", &["a user"])])).await;
    report.assert_ok();
    assert_eq!(states.told(), ["set up \"a user\""]);
}

#[tokio::test]
async fn a_state_of_the_executor_ends_without_a_word_to_the_url() {
    let diary = Diary::default();
    let noted = diary.clone();
    let states = axum::routing::post(async move |body: String| noted.note(body));
    let base = format!("http://{}", serve(ok().route("/states", states)).await);
    let mut change = StateChange::new(format!("{base}/states"));
    change.tear_down = true;
    let executor = Arc::new(States::default());
    let report = verifier()
        .base_url(&base)
        .provider_state_executor(executor.clone())
        .state_change_url(change)
        .verify(source(&[get_in("/ok", &["a user"])]))
        .await;
    report.assert_ok();
    assert_eq!(executor.told(), ["set up \"a user\""]);
    assert_eq!(diary.read(), [""; 0]);
}

#[tokio::test]
async fn an_executor_that_fails_names_its_reason_and_what_it_set_up_is_torn_down() {
    let states = Arc::new(States {
        teardown: true,
        ..States::default()
    });
    let interaction = get_in("/ok", &["a user", "broken", "an order"]);
    let report = up()
        .provider_state_executor(states.clone())
        .verify(source(&[interaction]))
        .await;
    assert_eq!(report.verdict(), Verdict::Unknown);
    let Cause::StateSetUp { state, reason } = cause(&only(&report).outcome) else {
        panic!("{report}");
    };
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("broken", "the database is locked")
    );
    let expected = [
        "set up \"a user\"",
        "set up \"broken\"",
        "tear down \"a user\"",
    ];
    assert_eq!(states.told(), expected);
}

#[tokio::test]
async fn a_handler_of_ours_goes_before_the_executor_and_values_reach_the_request() {
    let states = Arc::new(States::default());
    let mut interaction = get_in("/missing", &["a user", "ours"]);
    let generator = json!({ "type": "ProviderState", "expression": "${path}" });
    interaction["request"]["generators"] = json!({ "path": generator });
    let report = up()
        .provider_state_executor(states.clone())
        .state("ours", async || {})
        .verify(source(&[interaction]))
        .await;
    report.assert_ok();
    assert_eq!(states.told(), ["set up \"a user\""]);
}

/// Signs every request.
#[derive(Debug)]
struct Signs;

impl RequestFilterExecutor for Signs {
    fn call(self: Arc<Self>, request: &HttpRequest) -> HttpRequest {
        let mut signed = request.clone();
        let value = format!("{} {}", request.method, request.path);
        let headers = signed.headers.get_or_insert_default();
        headers.insert("x-signature".to_owned(), vec![value]);
        signed
    }

    fn call_non_http(
        &self,
        body: &OptionalBody,
        metadata: &HashMap<String, Either<Value, Bytes>>,
    ) -> (OptionalBody, HashMap<String, Either<Value, Bytes>>) {
        (body.clone(), metadata.clone())
    }
}

#[tokio::test]
async fn a_filter_changes_the_request_that_is_sent() {
    let answer = async |headers: HeaderMap| match headers.get("x-signature") {
        Some(value) if value == "GET /a" => StatusCode::OK,
        _ => StatusCode::UNAUTHORIZED,
    };
    let app = Router::new().fallback(answer);
    let pact = source(&[get_of("/a")]);
    let signed = verifier()
        .service(app.clone())
        .request_filter_executor(Arc::new(Signs));
    signed.verify(pact.clone()).await.assert_ok();
    let report = verifier().service(app).verify(pact).await;
    assert_eq!(report.verdict(), Verdict::No);
}
