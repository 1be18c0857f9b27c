//! Pacts, providers and reports for the other files.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use treaty_core::outcome::{Cause, Outcome};
use treaty_provider::{
    InteractionReport, NoTarget, PactSource, Report, Target, Verifier, VerifyOptions,
};

/// A pact of `OrderService` with `UserService`.
pub(crate) fn pact(interactions: &[Value]) -> Value {
    pact_of("OrderService", "UserService", interactions)
}

pub(crate) fn pact_of(consumer: &str, provider: &str, interactions: &[Value]) -> Value {
    json!({
        "consumer": { "name": consumer },
        "provider": { "name": provider },
        "interactions": interactions,
        "metadata": { "pactSpecification": { "version": "3.0.0" } },
    })
}

/// A `GET` that expects nothing but a status of 200.
pub(crate) fn get_of(path: &str) -> Value {
    json!({
        "description": format!("a request for {path}"),
        "request": { "method": "GET", "path": path },
        "response": { "status": 200 },
    })
}

/// The same in provider states without parameters.
pub(crate) fn get_in(path: &str, states: &[&str]) -> Value {
    let states: Vec<Value> = states.iter().map(|name| json!({ "name": name })).collect();
    let mut interaction = get_of(path);
    interaction["providerStates"] = json!(states);
    interaction
}

/// `GET /0`, `GET /1`, ...: so many.
pub(crate) fn several(count: usize) -> Vec<Value> {
    (0..count).map(|n| get_of(&format!("/{n}"))).collect()
}

pub(crate) fn source(interactions: &[Value]) -> PactSource {
    PactSource::json("a pact", pact(interactions))
}

/// `UserService`, nowhere yet.
pub(crate) fn verifier() -> Verifier<NoTarget> {
    Verifier::new("UserService")
}

/// `UserService`, which answers `GET /ok`.
pub(crate) fn up() -> Verifier<Target> {
    verifier().service(ok())
}

/// A service that answers `GET /ok`.
pub(crate) fn ok() -> Router {
    Router::new().route("/ok", get(async || "ok"))
}

/// A service that writes the paths down that it is asked for, and answers 404 for these.
pub(crate) fn noting(diary: &Diary, missing: &'static [&'static str]) -> Router {
    let diary = diary.clone();
    Router::new().route(
        "/{path}",
        get(async move |Path(path): Path<String>| {
            diary.note(path.clone());
            if missing.contains(&path.as_str()) {
                StatusCode::NOT_FOUND
            } else {
                StatusCode::OK
            }
        }),
    )
}

/// Serves on a port of its own.
pub(crate) async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app).into_future());
    address
}

/// The default options, but for this.
pub(crate) fn options(change: impl FnOnce(&mut VerifyOptions)) -> VerifyOptions {
    let mut options = VerifyOptions::default();
    change(&mut options);
    options
}

/// The only interaction of the only pact.
#[track_caller]
pub(crate) fn only(report: &Report) -> &InteractionReport {
    let [pact] = report.pacts.as_slice() else {
        panic!("{} pacts", report.pacts.len());
    };
    let [interaction] = pact.interactions.as_slice() else {
        panic!("{} interactions", pact.interactions.len());
    };
    interaction
}

/// The mismatches as a person sees them.
#[track_caller]
pub(crate) fn mismatches(outcome: &Outcome) -> Vec<String> {
    match outcome {
        Outcome::Failed { mismatches } => mismatches.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
pub(crate) fn cause(outcome: &Outcome) -> &Cause {
    match outcome {
        Outcome::Inconclusive { cause } => cause,
        other => panic!("{other:?}"),
    }
}

/// What happened, in its order, told by those to whom it happened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    pub(crate) fn note(&self, event: impl Into<String>) {
        self.0.lock().unwrap().push(event.into());
    }

    pub(crate) fn read(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}
