//! The process that has the mock servers, and what it answers.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use treaty_core::causes::with_causes;
use treaty_core::document::SpecVersion;

use super::manager::{Manager, Verified, Wish};
use crate::args::MockStartArgs;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer};
use crate::signals;

/// How long the process may take to end, unless the request says otherwise, in milliseconds.
const PERIOD_MS: u64 = 100;

/// The largest pact that is taken, in bytes; as large as a broker takes them.
const PACT_BYTES_MAX: usize = 50 * 1024 * 1024;

#[derive(Debug)]
struct Process {
    manager: Mutex<Manager>,
    key: String,
    stop: Notify,
}

type Shared = State<Arc<Process>>;

pub(super) async fn run(args: &MockStartArgs) -> Result<Answer, Failure> {
    let stopped = signals::stopped()?;
    let place = (args.control.host.as_str(), args.control.port);
    let refused = |source| Failure::ListenAt {
        place: format!("{}:{}", place.0, place.1),
        source,
    };
    let listener = TcpListener::bind(place).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let output = args.output.clone().unwrap_or_else(|| PathBuf::from("."));
    let random = || uuid::Uuid::new_v4().simple().to_string();
    let key = args.server_key.clone().unwrap_or_else(random);
    output::line(&format!("listening on http://{address}\nserver key {key}"))?;
    let process = Arc::new(Process {
        manager: Mutex::new(Manager::new(args.base_port, output)),
        key,
        stop: Notify::new(),
    });
    let router = router(Arc::clone(&process));
    tokio::select! {
        served = async { axum::serve(listener, router).await } => served.map_err(refused)?,
        _ = stopped => {}
        () = process.stop.notified() => {}
    }
    Ok(Answer::silent(ExitCode::Yes))
}

fn router(process: Arc<Process>) -> Router {
    Router::new()
        .route("/", get(list).post(create))
        .route("/mockserver/{name}", get(one).delete(shut_down))
        .route("/mockserver/{name}/verify", post(verify))
        .route("/shutdown", post(shut_down_all))
        .layer(DefaultBodyLimit::max(PACT_BYTES_MAX))
        .with_state(process)
}

impl Process {
    fn manager(&self) -> MutexGuard<'_, Manager> {
        self.manager.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn list(State(process): Shared) -> Json<Value> {
    Json(json!({ "mockServers": process.manager().list() }))
}

/// What the query of a new mock server may say.
#[derive(Debug, Deserialize)]
struct Wished {
    #[serde(default)]
    cors: String,
    #[serde(default)]
    tls: String,
    #[serde(default)]
    specification: String,
}

async fn create(State(process): Shared, Query(wished): Query<Wished>, pact: Bytes) -> Response {
    let refused = |text: String| unprocessable(json!({ "error": text }));
    if wished.tls == "true" {
        return refused("this build has no mock servers with TLS".to_owned());
    }
    let version = match wished.specification.to_uppercase().as_str() {
        "" | "V4" => SpecVersion::V4,
        "V3" => SpecVersion::V3,
        other => {
            return refused(format!(
                "pacts are written in specification V3 or V4, not {other}"
            ));
        }
    };
    let wish = Wish {
        cors: wished.cors == "true",
        version,
    };
    let created = process.manager().create(&pact, wish);
    match created {
        Err(text) => refused(text),
        Ok(told) => {
            let id = told["id"].as_str().unwrap_or_default();
            let location = [(header::LOCATION, format!("/mockserver/{id}"))];
            (
                StatusCode::OK,
                location,
                Json(json!({ "mockServer": told })),
            )
                .into_response()
        }
    }
}

async fn one(State(process): Shared, Path(name): Path<String>) -> Response {
    let told = process.manager().one(&name);
    told.map_or_else(not_found, |told| Json(told).into_response())
}

async fn shut_down(State(process): Shared, Path(name): Path<String>) -> Response {
    let was_there = process.manager().shut_down(&name);
    if was_there {
        StatusCode::NO_CONTENT.into_response()
    } else {
        not_found()
    }
}

async fn verify(State(process): Shared, Path(name): Path<String>) -> Response {
    let verified = process.manager().verify(&name);
    match verified {
        None => not_found(),
        Some(Verified::Yes(told)) => Json(told).into_response(),
        Some(Verified::No(told)) => unprocessable(told),
        Some(Verified::NotWritten(error)) => {
            let text = with_causes(&error);
            unprocessable(json!({ "error": format!("the pact cannot be written: {text}") }))
        }
    }
}

async fn shut_down_all(State(process): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let key = headers.get(header::AUTHORIZATION);
    if key.is_none_or(|key| key.as_bytes() != format!("Bearer {}", process.key).as_bytes()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let wish: Value = serde_json::from_slice(&body).unwrap_or_default();
    let period = wish["period"].as_u64().unwrap_or(PERIOD_MS);
    tokio::spawn(async move {
        // The period of grace that the caller asks for.
        tokio::time::sleep(Duration::from_millis(period)).await;
        process.stop.notify_one();
    });
    StatusCode::OK.into_response()
}

fn unprocessable(document: Value) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(document)).into_response()
}

fn not_found() -> Response {
    let document = json!({ "error": "there is no such mock server" });
    (StatusCode::NOT_FOUND, Json(document)).into_response()
}
