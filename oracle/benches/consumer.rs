//! The consumer's side beside `pact_consumer` and `pact_mock_server`, in one run: times and their ratio.
//!
//! `cargo bench -p treaty-oracle --bench consumer`. Machines are shared and noisy: each figure is the median of several
//! runs, ours and the peer's in turn.

#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::env;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use reqwest::Client;
use tokio::runtime::Runtime;

/// How often each figure is measured.
const RUNS: usize = 5;
/// Requests per measured run at each size; the peer gets fewer where it takes seconds for one.
const REQUESTS: [(usize, u32, u32); 5] = [
    (1, 1000, 1000),
    (10, 1000, 1000),
    (100, 200, 10),
    (300, 200, 2),
    (1000, 200, 1),
];
/// Tests in the suite whose writing is measured.
const SUITE: usize = 1000;

/// The same code for both sides: they have the same builder.
macro_rules! side {
    ($name:ident, $krate:ident, $start:expr, $end:expr) => {
        mod $name {
            use std::path::Path;
            use std::time::Duration;

            use $krate::prelude::*;
            use super::time;
            #[allow(unused_imports, reason = "the two sides' servers start with and without this trait")]
            use $krate::mock_server::StartMockServer;

            pub(crate) fn pact(interactions: usize, dir: &Path) -> PactBuilder {
                let mut builder = PactBuilder::new_v4("BenchConsumer", "BenchProvider");
                builder.with_output_dir(dir);
                for number in 0..interactions {
                    add(&mut builder, number);
                }
                builder
            }

            pub(crate) fn add(builder: &mut PactBuilder, number: usize) {
                builder.interaction(format!("a request for user {number}"), String::new(), |mut i| {
                    i.request.get().path(format!("/users/{number}"));
                    i.response.ok().json_body(json_pattern!({
                        "id": like!(42), "name": like!("Jane"),
                        "orders": each_like!({ "id": like!(1), "total": like!(9.5) }),
                    }));
                    i
                });
            }

            /// Starts a server, gives its URL to the closure, ends it: the time of that end, in which the pact is written.
            pub(crate) fn with_server(pact: &PactBuilder, use_it: impl FnOnce(String)) -> Duration {
                let server = $start(pact);
                use_it(server.url().to_string());
                time(|| $end(server))
            }
        }
    };
}

side!(
    ours,
    treaty_consumer,
    |pact: &PactBuilder| pact.mock_server(),
    |server: MockServer| {
        // Most interactions are not asked for here; that this is said is not what is measured.
        server.finish().err();
    }
);
side!(
    peers,
    pact_consumer,
    |pact: &PactBuilder| pact.start_mock_server(None, None),
    |server: Box<dyn ValidatingMockServer>| {
        // It panics at the drop if an interaction was not asked for.
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(server))).ok();
    }
);

fn main() -> ExitCode {
    if env::var_os("PACT_DO_NOT_TRACK").is_none() {
        // The peer reports every test to its makers unless it is told not to, and reads that from its environment.
        let again = env::current_exe().map(Command::new).and_then(|mut bench| {
            bench
                .env("PACT_DO_NOT_TRACK", "true")
                .args(env::args_os().skip(1))
                .status()
        });
        return if again.is_ok_and(|status| status.success()) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    std::panic::set_hook(Box::new(|_| {}));
    let runtime = Runtime::new().expect("a runtime starts");
    let dir = tempfile::tempdir().expect("a temporary directory is to be had");
    println!(
        "{:<44} {:>12} {:>12} {:>9}",
        "", "ours", "peer", "peer/ours"
    );

    let (one, other) = (ours::pact(1, dir.path()), peers::pact(1, dir.path()));
    row(
        "server start and stop",
        || {
            time(|| {
                ours::with_server(&one, |_| {});
            })
        },
        || {
            time(|| {
                peers::with_server(&other, |_| {});
            })
        },
    );
    for (size, our_requests, peer_requests) in REQUESTS {
        let (one, other) = (ours::pact(size, dir.path()), peers::pact(size, dir.path()));
        row(
            &format!("a request at {size} interactions"),
            || {
                let mut took = Duration::ZERO;
                ours::with_server(&one, |url| {
                    took = requests(&runtime, &url, size, our_requests)
                });
                took
            },
            || {
                let mut took = Duration::ZERO;
                peers::with_server(&other, |url| {
                    took = requests(&runtime, &url, size, peer_requests)
                });
                took
            },
        );
    }
    suite(&runtime);
    ExitCode::SUCCESS
}

/// The time of one request for the last interaction, over a connection that is kept.
fn requests(runtime: &Runtime, url: &str, size: usize, count: u32) -> Duration {
    let url = format!("{url}users/{}", size - 1);
    let client = Client::new();
    runtime.block_on(async {
        let get = async || {
            client
                .get(&url)
                .send()
                .await
                .expect("it answers")
                .bytes()
                .await
                .expect("it answers")
        };
        get().await;
        let start = Instant::now();
        for _ in 0..count {
            get().await;
        }
        start.elapsed() / count
    })
}

/// A suite of tests with one interaction each: server, request, end, pact file.
fn suite(runtime: &Runtime) {
    let client = Client::new();
    let ask = |url: String, number: usize| {
        runtime.block_on(async {
            let answer = client
                .get(format!("{url}users/{number}"))
                .send()
                .await
                .expect("it answers");
            answer.bytes().await.expect("it answers");
        });
    };
    let dir = tempfile::tempdir().expect("a temporary directory is to be had");
    let mut our_ends = Duration::ZERO;
    let ours = time(|| {
        for number in 0..SUITE {
            let mut pact = ours::pact(0, dir.path());
            ours::add(&mut pact, number);
            our_ends += ours::with_server(&pact, |url| ask(url, number));
        }
    });
    let dir = tempfile::tempdir().expect("a temporary directory is to be had");
    let mut peers_ends = Duration::ZERO;
    let peers = time(|| {
        for number in 0..SUITE {
            let mut pact = peers::pact(0, dir.path());
            peers::add(&mut pact, number);
            peers_ends += peers::with_server(&pact, |url| ask(url, number));
        }
    });
    print(&format!("a suite of {SUITE} tests"), ours, peers);
    print(
        "    of which the ends, with their writing",
        our_ends,
        peers_ends,
    );
}

fn row(name: &str, ours: impl Fn() -> Duration, peers: impl Fn() -> Duration) {
    let mut times: (Vec<Duration>, Vec<Duration>) = (0..RUNS).map(|_| (ours(), peers())).unzip();
    times.0.sort();
    times.1.sort();
    print(name, times.0[RUNS / 2], times.1[RUNS / 2]);
}

fn print(name: &str, ours: Duration, peers: Duration) {
    let ratio = peers.as_secs_f64() / ours.as_secs_f64();
    println!("{name:<44} {ours:>12.1?} {peers:>12.1?} {ratio:>8.1}x");
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
