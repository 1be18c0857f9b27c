//! A broker for a test: served, in a file, or one that refuses.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{any, get, post};
use serde_json::{Value, json};

use crate::command::Place;
use crate::provider;

/// A command that serves until it is dropped, such as `treaty broker serve`.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) process: Child,
    pub(crate) url: String,
    /// What comes after the line that says where it listens.
    pub(crate) rest: BufReader<std::process::ChildStdout>,
}

impl Served {
    pub(crate) fn start(place: &Place) -> Self {
        Self::run(
            place,
            "broker serve --port 0 --database-url sqlite::memory:",
        )
    }

    /// The command of a line that has no quotes.
    pub(crate) fn run(place: &Place, line: &str) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        Self::by(&mut place.command(&words))
    }

    /// Any command that says where it listens.
    pub(crate) fn by(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut rest = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        rest.read_line(&mut line).unwrap();
        let url = line.strip_prefix("listening on ").unwrap().trim_end();
        Self {
            process,
            url: url.to_owned(),
            rest,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A place whose commands use a broker that is served, or one in a file.
pub(crate) fn each(check: impl Fn(&Place)) {
    let mut online = Place::new();
    let served = Served::start(&online);
    online.set("PACT_BROKER_BASE_URL", &served.url);
    check(&online);

    let mut offline = Place::new();
    offline.set("PACT_BROKER_BASE_URL", "sqlite:broker.sqlite");
    check(&offline);
}

/// A place whose commands use another maker's broker: its answers are those given.
pub(crate) fn fake(router: Router) -> Place {
    let mut place = Place::new();
    place.set("PACT_BROKER_BASE_URL", &provider::serve(router));
    place
}

/// A broker that has one pact to verify and answers a result with the status and document.
pub(crate) fn answering_results(status: u16, answer: Value) -> Router {
    let status = StatusCode::from_u16(status).unwrap();
    let index =
        json!({"_links": {"pb:provider-pacts-for-verification": {"href": "/for/{provider}"}}});
    let list = json!({"_embedded": {"pacts": [{"_links": {"self": {"href": "/pact", "name": "a pact"}}}]}});
    let mut pact: Value = serde_json::from_str(&provider::pact()).unwrap();
    pact["_links"] = json!({"pb:publish-verification-results": {"href": "/results"}});
    Router::new()
        .route("/", get(async || Json(index)))
        .route("/for/{provider}", post(async || Json(list)))
        .route("/pact", get(async || Json(pact)))
        .route("/results", any(async move || (status, Json(answer))))
}

/// A broker whose matrix is the document given.
pub(crate) fn answering_matrix(answer: Value) -> Router {
    let index = json!({"_links": {"self": {"href": "/"}}});
    Router::new()
        .route("/", get(async || Json(index)))
        .route("/matrix", get(async || Json(answer)))
}
