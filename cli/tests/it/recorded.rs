//! The commands against recorded answers of the Pact Broker, each served by itself.
//!
//! The recording is other people's data and stands beside the checkout; `TREATY_BROKER_SCENARIOS` names another place.
//! Without it these tests say so, and fail if `TREATY_REQUIRE` lists `scenarios`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::command::{Place, Told};
use crate::provider::{pact, serve};

/// How many answers of one kind and status are tried; verdicts are tried all.
const OF_A_KIND_MAX: usize = 12;

/// A request and its recorded answer.
#[derive(Debug, Clone)]
struct Step {
    method: String,
    path: Vec<String>,
    status: u16,
    document: Value,
}

fn recording() -> Option<Vec<Step>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/broker-scenarios");
    let place = std::env::var_os("TREATY_BROKER_SCENARIOS");
    let path = place
        .map_or_else(beside, PathBuf::from)
        .join("scenarios.jsonl.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        let required = std::env::var("TREATY_REQUIRE").unwrap_or_default();
        let told = format!(
            "NOT RUN: no recording of the Pact Broker at {}",
            path.display()
        );
        assert!(
            !required.split(',').any(|name| name == "scenarios"),
            "{told}"
        );
        eprintln!("{told}");
        return None;
    };
    let lines = BufReader::new(GzDecoder::new(file)).lines().skip(1);
    let mut steps = Vec::new();
    for line in lines {
        let scenario: Value = serde_json::from_str(&line.unwrap()).unwrap();
        steps.extend(scenario["steps"].as_array().unwrap().iter().map(step));
    }
    Some(steps)
}

fn step(step: &Value) -> Step {
    let path = step["p"].as_str().unwrap();
    let path = path.split('?').next().unwrap().trim_start_matches('/');
    Step {
        method: step["m"].as_str().unwrap().to_owned(),
        path: path.split('/').map(str::to_owned).collect(),
        status: u16::try_from(step["res"]["status"].as_u64().unwrap()).unwrap(),
        document: step["res"]["json"].clone(),
    }
}

/// A broker whose index is the Pact Broker's, and whose every other answer is the one in its hands.
struct Replay {
    place: Place,
    url: String,
    answer: Arc<Mutex<(u16, String)>>,
}

impl Replay {
    fn start() -> Self {
        let links = [
            ("pb:publish-contracts", "/contracts/publish"),
            ("pb:pacticipants", "/pacticipants"),
            ("pb:pacticipant", "/pacticipants/{pacticipant}"),
            (
                "pb:pacticipant-version",
                "/pacticipants/{pacticipant}/versions/{version}",
            ),
            (
                "pb:latest-version",
                "/pacticipants/{pacticipant}/latest-version",
            ),
            (
                "pb:latest-tagged-version",
                "/pacticipants/{pacticipant}/latest-version/{tag}",
            ),
            ("pb:environments", "/environments"),
            ("pb:environment", "/environments/{uuid}"),
            ("pb:latest-pact-versions", "/pacts/latest"),
            ("pb:webhooks", "/webhooks"),
            ("pb:webhook", "/webhooks/{uuid}"),
        ];
        let links: BTreeMap<_, _> = links
            .map(|(name, href)| (name, json!({"href": href})))
            .into();
        let index = json!({ "_links": links }).to_string();
        let answer = Arc::new(Mutex::new((404, String::new())));
        let held = Arc::clone(&answer);
        let say = move || {
            let (status, body) = held.lock().unwrap().clone();
            async move { hal(status, body) }
        };
        let router = Router::new()
            .route("/", get(async move || hal(200, index)))
            .fallback(say);
        let url = serve(router);
        let mut place = Place::new();
        place.set("PACT_BROKER_BASE_URL", &url);
        place.write("a.json", &pact());
        Self { place, url, answer }
    }

    /// Runs the command while the broker gives the recorded answer.
    fn run(&self, step: &Step, words: &[&str]) -> Told {
        let mut document = step.document.clone();
        let links = document.get_mut("_links").and_then(Value::as_object_mut);
        // The one answer would be its own next page.
        links.and_then(|links| links.remove("next"));
        let document = document.to_string().replace("{{BASE}}", &self.url);
        *self.answer.lock().unwrap() = (step.status, document);
        self.place.treaty(words)
    }
}

fn hal(status: u16, body: String) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/hal+json;charset=utf-8")];
    (StatusCode::from_u16(status).unwrap(), kind, body).into_response()
}

/// The command that asks what was asked, and where the answer's ids are; nothing if no command asks just that.
fn asking(step: &Step) -> Option<(Vec<&'static str>, &'static str)> {
    let path: Vec<&str> = step.path.iter().map(String::as_str).collect();
    let (line, ids) = match (step.method.as_str(), path.as_slice()) {
        ("GET", ["pacticipants"]) => ("list-pacticipants -o id", "/_embedded/pacticipants/*/name"),
        ("GET", ["pacticipants", _]) => ("describe-pacticipant --name X -o id", "/name"),
        ("GET", ["pacticipants", _, "versions", _]) => {
            ("describe-version -a X -e 1 -o id", "/number")
        }
        ("GET", ["pacticipants", _, "latest-version"]) => {
            ("describe-version -a X -o id", "/number")
        }
        ("GET", ["pacticipants", _, "latest-version", _]) => {
            ("describe-version -a X -l t -o id", "/number")
        }
        ("GET", ["environments"]) => ("list-environments -o id", "/_embedded/environments/*/uuid"),
        ("GET", ["environments", _]) => ("describe-environment --uuid X -o id", "/uuid"),
        ("GET", ["webhooks", _]) => ("describe-webhook --uuid X -o id", "/uuid"),
        ("GET", ["pacts", "provider", _, "provider-states"]) => {
            ("provider-states list -r X -o id", "/providerStates/*/name")
        }
        ("POST", ["environments"]) => ("create-environment --name x -o id", "/uuid"),
        ("POST", ["webhooks"]) => (
            "create-webhook https://x -X POST --contract-published -o id",
            "/uuid",
        ),
        _ => return None,
    };
    Some((line.split(' ').collect(), ids))
}

/// The texts at a place of a document, `*` for every item of a list.
fn texts(document: &Value, pointer: &str) -> Vec<String> {
    match pointer.split_once("/*") {
        None => {
            let text = document.pointer(pointer).and_then(Value::as_str);
            text.map(str::to_owned).into_iter().collect()
        }
        Some((list, rest)) => {
            let items = document.pointer(list).and_then(Value::as_array);
            items
                .into_iter()
                .flatten()
                .flat_map(|item| texts(item, rest))
                .collect()
        }
    }
}

#[test]
fn what_the_pact_broker_keeps_is_shown() {
    let Some(steps) = recording() else { return };
    let replay = Replay::start();
    let mut tried: BTreeMap<(Vec<&str>, u16), usize> = BTreeMap::new();
    for step in &steps {
        let Some((words, ids)) = asking(step) else {
            continue;
        };
        let count = tried.entry((words.clone(), step.status)).or_default();
        *count += 1;
        if *count > OF_A_KIND_MAX || step.status >= 500 {
            continue;
        }
        let told = replay.run(step, &words);
        match step.status {
            200 | 201 => {
                let shown: Vec<&str> = told.stdout.lines().collect();
                assert_eq!(shown, texts(&step.document, ids), "{step:?}\n{told:?}");
                told.ends_with(0);
            }
            301..=399 => drop(told.ends_with(3)),
            // A name that the broker does not know, or does not like, is a wrong command line.
            _ => drop(told.ends_with(2)),
        }
    }
    assert!(tried.len() > 12, "{tried:?}");
}

#[test]
fn every_verdict_of_the_pact_broker_is_the_exit_code() {
    let Some(steps) = recording() else { return };
    let replay = Replay::start();
    let words = [
        "can-i-deploy",
        "-a",
        "X",
        "-e",
        "1",
        "--to-environment",
        "prod",
    ];
    let mut verdicts = BTreeMap::new();
    let matrix = |step: &&Step| step.method == "GET" && step.path == ["matrix"];
    for step in steps
        .iter()
        .filter(matrix)
        .filter(|step| step.status == 200)
    {
        let deployable = &step.document["summary"]["deployable"];
        let (code, word) = match deployable.as_bool() {
            Some(true) => (0, "Yes."),
            Some(false) => (1, "No."),
            None => (1, "No."),
        };
        let told = replay.run(step, &words).ends_with(code);
        assert!(told.stdout.starts_with(word), "{told:?}");
        *verdicts.entry(deployable.to_string()).or_insert(0) += 1;
    }
    assert_eq!(verdicts.len(), 3, "{verdicts:?}");
}

#[test]
fn what_the_pact_broker_says_to_a_publication_is_told() {
    let Some(steps) = recording() else { return };
    let replay = Replay::start();
    let mut tried: BTreeMap<u16, usize> = BTreeMap::new();
    let published = |step: &&Step| step.method == "POST" && step.path == ["contracts", "publish"];
    for step in steps
        .iter()
        .filter(published)
        .filter(|step| step.status < 500)
    {
        let count = tried.entry(step.status).or_default();
        *count += 1;
        if *count > OF_A_KIND_MAX {
            continue;
        }
        let told = replay.run(step, &["publish", "a.json", "-a", "1"]);
        let told = told.ends_with(if step.status == 200 { 0 } else { 3 });
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let printed = squeezed(&format!("{}{}", told.stdout, told.stderr));
        let notices = step.document["notices"].as_array().into_iter().flatten();
        for notice in notices.filter(|notice| notice["type"] != "debug") {
            let text = squeezed(notice["text"].as_str().unwrap());
            assert!(printed.contains(&text), "{text}\n{told:?}");
        }
    }
    assert!(
        tried.contains_key(&200) && tried.contains_key(&409),
        "{tried:?}"
    );
}
