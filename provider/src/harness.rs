//! Every interaction as a test of its own, for a test target with `harness = false`: `cargo test users` then runs the
//! interactions about users, and each failure stands under its own name. With `cargo nextest` it works the same.
//!
//! The feature `harness` turns it on. In the provider's `Cargo.toml`:
//!
//! ```toml
//! [dev-dependencies]
//! treaty-provider = { version = "0.1", features = ["harness"] }
//!
//! [[test]]
//! name = "interactions"
//! harness = false
//! ```
//!
//! And in `tests/interactions.rs`:
//!
//! ```no_run
//! use std::process::ExitCode;
//! use treaty_provider::{PactSource, Verifier, harness};
//!
//! fn main() -> ExitCode {
//!     harness::main(
//!         async || Verifier::new("UserService").service(axum::Router::new()).state("no users exist", async || {}),
//!         PactSource::dir("../../pacts"),
//!     )
//! }
//! ```

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Conclusion, Failed, Trial};
use tokio::runtime::Runtime;
use treaty_core::outcome::Verdict;

use crate::redact::redacted;
use crate::report::{Refusal, Report, visible};
use crate::run::{Plan, jobs};
use crate::source::{Loaded, Reader, Sources};
use crate::verifier::{Target, Verifier};
use crate::verify::{check, one_client, prepare, replay_all, weighed};

/// Runs the tests that the command line asks for: one for each interaction of the pacts, one that fails for each source
/// that gave no pact, and one that fails if there is nothing to verify. This is the whole `main` of a test target.
///
/// The closure makes the verifier inside the runtime of the tests, so a provider that is verified over TCP can be
/// spawned in it. Interactions that could meet run one after the other, as in [`Verifier::verify`]; a runner that
/// starts a process for each test gives each a provider of its own. Nothing is published: no test sees a whole pact.
pub fn main<F>(verifier: F, sources: impl Into<Sources>) -> ExitCode
where
    F: AsyncFnOnce() -> Verifier<Target>,
{
    run(Arguments::from_args(), verifier, sources.into()).exit_code()
}

fn run<F>(mut arguments: Arguments, verifier: F, sources: Sources) -> Conclusion
where
    F: AsyncFnOnce() -> Verifier<Target>,
{
    let runtime = Runtime::new().expect("the operating system gives threads to tests");
    let suite = runtime.block_on(async { Suite::read(verifier().await, sources).await });
    if suite.is_serial {
        arguments.test_threads = Some(1);
    }
    libtest_mimic::run(&arguments, trials(suite, runtime))
}

/// What is to be tested, and with what.
struct Suite {
    verifier: Verifier<Target>,
    client: Option<reqwest::Client>,
    cases: Vec<Case>,
    is_serial: bool,
}

/// One test.
struct Case {
    name: String,
    work: Work,
}

enum Work {
    /// A pact with one interaction.
    Replay(Box<Loaded>),
    /// A filter of the verifier leaves it out.
    LeftOut,
    /// Something that cannot succeed.
    Fail(String),
}

impl Suite {
    async fn read(verifier: Verifier<Target>, sources: Sources) -> Self {
        let mut suite = Self {
            verifier,
            client: None,
            cases: Vec::new(),
            is_serial: true,
        };
        if let Err(refusal) = suite.fill(&sources).await {
            suite.fail("the question", refusal.to_string());
        }
        suite
    }

    async fn fill(&mut self, sources: &Sources) -> Result<(), Refusal> {
        let settings = &self.verifier.settings;
        let targets = &self.verifier.target.0;
        if settings.publish.is_some() {
            return Err(Refusal::PublishFiltered);
        }
        let provider = check(settings, sources)?;
        let client = one_client(settings, targets, sources)?;
        prepare(settings, targets, client.clone())?;
        let reader = Reader {
            provider: &provider,
            client: client.clone(),
        };
        let mut found = reader.read(sources).await;
        found
            .pacts
            .retain(|loaded| settings.filter.takes_consumer(&loaded.pact.consumer));
        let mut plan = Plan::default();
        for (number, loaded) in found.pacts.iter().enumerate() {
            plan.add(settings, number, loaded);
        }
        self.is_serial = jobs(settings, targets, &plan.work) == 1;
        self.client = client;
        let problems = found
            .problems
            .into_iter()
            .map(|problem| weighed(settings, problem));
        let (ignored, problems): (Vec<_>, Vec<_>) = problems.partition(|problem| problem.ignored);
        for loaded in found.pacts {
            self.add(loaded);
        }
        for problem in &problems {
            self.fail(&problem.origin, problem.to_string());
        }
        if self.cases.is_empty() && ignored.is_empty() {
            self.fail(
                "the verification",
                "there is no interaction to verify".to_owned(),
            );
        }
        Ok(())
    }

    /// One case for each of the pact's interactions.
    fn add(&mut self, mut loaded: Loaded) {
        let interactions = std::mem::take(&mut loaded.pact.interactions);
        for (place, interaction) in interactions.into_iter().enumerate() {
            let name = format!("{}: {}", loaded.pact.consumer, interaction.title());
            let filter = &self.verifier.settings.filter;
            let work = if filter.takes(&loaded.pact.consumer, &interaction) {
                let mut pact = loaded.pact.clone();
                pact.interactions.push(interaction);
                Work::Replay(Box::new(Loaded {
                    origin: loaded.origin.clone(),
                    pact,
                    pending: loaded.pending,
                    wip: loaded.wip,
                    notices: Vec::new(),
                    delegates: loaded.delegates.get(place).cloned().into_iter().collect(),
                    broker: None,
                }))
            } else {
                Work::LeftOut
            };
            self.cases.push(Case { name, work });
        }
    }

    fn fail(&mut self, what: &str, reason: String) {
        let name = format!("{}: {what}", self.verifier.settings.provider);
        let work = Work::Fail(reason);
        self.cases.push(Case { name, work });
    }
}

/// The tests, each with a name of its own.
fn trials(mut suite: Suite, runtime: Runtime) -> Vec<Trial> {
    let cases = std::mem::take(&mut suite.cases);
    let stage = Arc::new((suite, runtime));
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut trials = Vec::new();
    for Case { name, work } in cases {
        let name = visible(&name);
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        let name = match count {
            1 => name,
            count => format!("{name} #{count}"),
        };
        let stage = Arc::clone(&stage);
        trials.push(match work {
            Work::Replay(one) => Trial::test(name, move || replay(&stage.0, &stage.1, *one)),
            Work::LeftOut => Trial::test(name, || Ok(())).with_ignored_flag(true),
            Work::Fail(reason) => Trial::test(name, || Err(Failed::from(reason))),
        });
    }
    trials
}

fn replay(suite: &Suite, runtime: &Runtime, one: Loaded) -> Result<(), Failed> {
    let settings = &suite.verifier.settings;
    let targets = &suite.verifier.target.0;
    let run = prepare(settings, targets, suite.client.clone());
    let run = run.map_err(|refusal| Failed::from(refusal.to_string()))?;
    let pacts = runtime.block_on(replay_all(&run, targets, &[one]));
    let report = Report {
        provider: settings.provider.clone(),
        refusal: None,
        pacts,
        pacts_left_out: Vec::new(),
        problems: Vec::new(),
        duration_ms: 0,
    };
    let report = redacted(report, &settings.redaction());
    match report.verdict() {
        Verdict::Yes => Ok(()),
        _ => Err(Failed::from(report.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use serde_json::{Value, json};

    use super::*;
    use crate::source::PactSource;
    use crate::{Filter, Publish};

    fn interaction(description: &str, path: &str) -> Value {
        json!({ "description": description, "request": { "path": path }, "response": { "status": 200 } })
    }

    fn pact(interactions: &[Value]) -> PactSource {
        let pact = json!({
            "consumer": { "name": "OrderService" }, "provider": { "name": "UserService" },
            "interactions": interactions,
        });
        PactSource::json("a pact", pact)
    }

    fn verifier() -> Verifier<Target> {
        let app = Router::new().route("/ok", get(async || "ok"));
        Verifier::new("UserService").service(app)
    }

    /// Passed, failed, ignored, filtered out.
    #[track_caller]
    fn check(
        verifier: Verifier<Target>,
        sources: impl Into<Sources>,
        line: &[&str],
        expected: [u64; 4],
    ) {
        // Its output goes to a file: a run inside a test must not look like the test's own.
        let output = tempfile::NamedTempFile::new().unwrap();
        let line = ["test", "--quiet"].iter().chain(line);
        let mut arguments = Arguments::from_iter(line);
        arguments.logfile = Some(output.path().to_string_lossy().into_owned());
        let done = run(arguments, async || verifier, sources.into());
        let counts = [
            done.num_passed,
            done.num_failed,
            done.num_ignored,
            done.num_filtered_out,
        ];
        assert_eq!(counts, expected);
    }

    #[test]
    fn each_interaction_is_a_test() {
        let pact = pact(&[
            interaction("users", "/ok"),
            interaction("orders", "/missing"),
        ]);
        check(verifier(), pact.clone(), &[], [1, 1, 0, 0]);
        check(verifier(), pact.clone(), &["users"], [1, 0, 0, 1]);
        check(
            verifier(),
            pact,
            &["--exact", "OrderService: orders"],
            [0, 1, 0, 1],
        );
    }

    #[test]
    fn names_are_told_apart_and_tell_the_states() {
        let mut stateful = interaction("users", "/ok");
        stateful["providerState"] = json!("a user\nexists");
        let sources = pact(&[
            interaction("users", "/ok"),
            interaction("users", "/ok"),
            stateful,
        ]);
        let runtime = Runtime::new().unwrap();
        let suite = runtime.block_on(Suite::read(verifier(), sources.into()));
        let trials = trials(suite, runtime);
        let names: Vec<&str> = trials.iter().map(Trial::name).collect();
        assert_eq!(
            names,
            [
                "OrderService: users",
                "OrderService: users #2",
                "OrderService: users (given a user\\nexists)",
            ]
        );
    }

    #[test]
    fn nothing_to_verify_is_a_failure() {
        check(verifier(), pact(&[]), &[], [0, 1, 0, 0]);
        check(
            verifier(),
            PactSource::file("no such file.json"),
            &[],
            [0, 1, 0, 0],
        );
        check(verifier(), Vec::<PactSource>::new(), &[], [0, 1, 0, 0]);
    }

    #[test]
    fn a_question_that_cannot_be_asked_is_a_failure() {
        let publish = Publish::version("1".parse().unwrap());
        check(
            verifier().publish(publish),
            pact(&[interaction("x", "/ok")]),
            &[],
            [0, 1, 0, 0],
        );
    }

    #[test]
    fn what_the_filter_leaves_out_is_ignored() {
        let filter = Filter::new().description("users").unwrap();
        let pact = pact(&[
            interaction("users", "/ok"),
            interaction("orders", "/missing"),
        ]);
        check(verifier().filter(filter), pact, &[], [1, 0, 1, 0]);
    }
}
