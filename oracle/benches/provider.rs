//! The provider's side beside `pact_verifier`, in one run: times and their ratio.
//!
//! `cargo bench -p treaty-oracle --bench provider [-- SIZE]`; with `--profile dev` as a test's build is. Machines are
//! shared and noisy: each figure is the median of several runs, ours and the peer's in turn. The peer's is
//! `verify_pact_internal`, which sends no telemetry; both read the pact in their time, and both are told the states by
//! the same URL, but for ours in process, which have a closure. Both run as in a `#[tokio::test]`, on one thread; the
//! provider has threads of its own.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Json, Router};
use pact_models::pact::load_pact_from_json;
use pact_verifier::callback_executors::HttpRequestProviderStateExecutor;
use pact_verifier::{
    FilterInfo, NullRequestFilterExecutor, ProviderInfo, ProviderTransport, VerificationOptions,
    verify_pact_internal,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use treaty_core::outcome::Verdict;
use treaty_provider::{PactSource, Target, Verifier, VerifyOptions};

/// How many interactions, and how often each figure of theirs is measured.
const SIZES: [(usize, usize); 4] = [(10, 5), (100, 5), (1_000, 3), (10_000, 1)];
/// From here on the peer, whose cost grows with the square, is not asked.
const PEER_SIZE_MAX: usize = 1_000;
/// Where the provider takes its time, a size more would take minutes a run and say nothing new.
const SLOW_SIZE_MAX: usize = 1_000;
const LATENCY: Duration = Duration::from_millis(5);

/// What is verified.
#[derive(Clone)]
struct Bench {
    document: Value,
    router: Router,
    port: u16,
    has_states: bool,
}

/// Where ours finds the provider.
#[derive(Clone, Copy)]
enum Way {
    Tcp,
    InProcess,
}

fn main() {
    let only: Option<usize> = std::env::args().find_map(|argument| argument.parse().ok());
    let provider = Runtime::new().expect("a runtime starts");
    let test = Builder::new_current_thread().enable_all().build();
    let test = test.expect("a runtime starts");
    println!(
        "{:<34} {:>11} {:>11} {:>11} {:>11} {:>11} {:>9} {:>9} {:>9} {:>9}",
        "",
        "TCP",
        "TCP",
        "in process",
        "in process",
        "peer, TCP",
        "peer/",
        "peer/",
        "peer/",
        "peer/"
    );
    println!(
        "{:<34} {:>11} {:>11} {:>11} {:>11} {:>11} {:>9} {:>9} {:>9} {:>9}",
        "", "1 job", "8 jobs", "1 job", "8 jobs", "", "TCP 1", "TCP 8", "in p. 1", "in p. 8"
    );
    for latency in [Duration::ZERO, LATENCY] {
        for has_states in [false, true] {
            for (size, runs) in SIZES {
                let is_asked = only.is_none_or(|only| only == size);
                if is_asked && (latency.is_zero() || size <= SLOW_SIZE_MAX) {
                    row(
                        &test,
                        &Bench::new(&provider, size, has_states, latency),
                        size,
                        latency,
                        runs,
                    );
                }
            }
        }
    }
}

fn row(test: &Runtime, bench: &Bench, size: usize, latency: Duration, runs: usize) {
    const OURS: [(Way, usize); 4] = [
        (Way::Tcp, 1),
        (Way::Tcp, 8),
        (Way::InProcess, 1),
        (Way::InProcess, 8),
    ];
    let mut times: [Vec<Duration>; 5] = Default::default();
    for _ in 0..runs {
        for (times, (way, jobs)) in times.iter_mut().zip(OURS) {
            times.push(time(|| test.block_on(bench.ours(way, jobs))));
        }
        if size <= PEER_SIZE_MAX {
            times[4].push(time(|| test.block_on(bench.peers())));
        }
    }
    let states = if bench.has_states {
        "states"
    } else {
        "no states"
    };
    let name = format!("{size} interactions, {states}, {latency:?}");
    let [ours @ .., peer] = times.map(median);
    print!("{name:<34}");
    for time in ours.iter().chain([&peer]) {
        print!(
            " {:>11}",
            time.map_or_else(|| "-".to_owned(), |time| format!("{time:.1?}"))
        );
    }
    for ours in ours {
        let ratio = peer
            .zip(ours)
            .map(|(peer, ours)| peer.as_secs_f64() / ours.as_secs_f64());
        print!(
            " {:>9}",
            ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.1}x"))
        );
    }
    println!();
}

impl Bench {
    fn new(provider: &Runtime, size: usize, has_states: bool, latency: Duration) -> Self {
        let user = async move |Path(id): Path<u64>| {
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            Json(json!({ "id": id, "name": "Joe", "orders": [{ "id": 7, "total": 1.5 }] }))
        };
        let router = Router::new()
            .route("/users/{id}", get(user))
            .route("/states", post(async || Json(json!({}))));
        let listener = provider.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let served = router.clone();
        provider.spawn(async move { axum::serve(listener, served).await.expect("a server") });
        Self {
            document: document(size, has_states),
            router,
            port,
            has_states,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn ours(&self, way: Way, jobs: usize) {
        let mut options = VerifyOptions::default();
        options.jobs = NonZeroUsize::new(jobs);
        let verifier = Verifier::new("BenchProvider").options(options);
        let verifier: Verifier<Target> = match way {
            Way::Tcp if self.has_states => verifier
                .state_change_url(self.url("/states"))
                .base_url(self.url("")),
            Way::Tcp => verifier.base_url(self.url("")),
            Way::InProcess => verifier
                .state("user {id} exists", async || {})
                .service(self.router.clone()),
        };
        let report = verifier
            .verify(PactSource::json("a pact", self.document.clone()))
            .await;
        assert_eq!(report.verdict(), Verdict::Yes);
    }

    async fn peers(&self) {
        let pact = load_pact_from_json("a pact", &self.document).expect("the peer reads it");
        let provider = ProviderInfo {
            host: "127.0.0.1".to_owned(),
            transports: vec![ProviderTransport {
                port: Some(self.port),
                ..ProviderTransport::default()
            }],
            ..ProviderInfo::default()
        };
        let states = Arc::new(HttpRequestProviderStateExecutor {
            state_change_url: self.has_states.then(|| self.url("/states")),
            ..HttpRequestProviderStateExecutor::default()
        });
        let options = VerificationOptions::<NullRequestFilterExecutor>::default();
        let (filter, none) = (FilterInfo::None, Duration::ZERO);
        let verified =
            verify_pact_internal(&provider, &filter, pact, &options, &states, false, none);
        let results = verified.await.expect("the peer verifies").results;
        assert!(
            results.iter().all(|result| result.result.is_ok()),
            "{results:?}"
        );
    }
}

fn document(size: usize, has_states: bool) -> Value {
    let by_type = json!({ "combine": "AND", "matchers": [{ "match": "type" }] });
    let interactions = (0..size).map(|number| {
        let states = has_states.then(|| json!([{ "name": format!("user {number} exists") }]));
        json!({
            "type": "Synchronous/HTTP",
            "description": format!("a request for user {number}"),
            "providerStates": states.unwrap_or_else(|| json!([])),
            "request": { "method": "GET", "path": format!("/users/{number}") },
            "response": {
                "status": 200,
                "headers": { "Content-Type": ["application/json"] },
                "body": {
                    "contentType": "application/json", "encoded": false,
                    "content": { "id": 42, "name": "Jane", "orders": [{ "id": 1, "total": 9.5 }] },
                },
                "matchingRules": { "body": { "$": by_type } },
            },
        })
    });
    json!({
        "consumer": { "name": "BenchConsumer" }, "provider": { "name": "BenchProvider" },
        "interactions": interactions.collect::<Vec<_>>(),
        "metadata": { "pactSpecification": { "version": "4.0" } },
    })
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort();
    times.get(times.len() / 2).copied()
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
