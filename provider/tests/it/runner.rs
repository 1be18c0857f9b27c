//! When interactions run: beside each other, in another order, several times, or not at all.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::sync::Barrier;
use treaty_core::outcome::{Cause, Outcome, Verdict};
use treaty_core::receipt::Shard;
use treaty_provider::{Instance, Report, VerifyOptions};

use crate::fakes::{
    Diary, cause, get_in, get_of, noting, ok, options, serve, several, source, up, verifier,
};

fn jobs(count: usize) -> VerifyOptions {
    options(|options| options.jobs = NonZeroUsize::new(count))
}

/// A service whose requests all wait for each other, so many of them.
fn meeting(count: usize) -> Router {
    let barrier = Arc::new(Barrier::new(count));
    Router::new().route(
        "/{any}",
        get(async move || {
            barrier.wait().await;
        }),
    )
}

fn descriptions(report: &Report) -> Vec<&str> {
    let interactions = report.pacts[0].interactions.iter();
    interactions.map(|i| i.description.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn interactions_without_states_run_beside_each_other() {
    let report = verifier()
        .service(meeting(8))
        .verify(source(&several(8)))
        .await;
    assert_eq!(report.verdict(), Verdict::Yes, "{report}");
}

/// A service that takes its time without a clock, and the greatest number of requests that were in it at once.
fn crowded() -> (Router, Arc<AtomicUsize>) {
    let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let app = Router::new().route(
        "/{any}",
        get(async move || {
            let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
            seen.fetch_max(now, Ordering::SeqCst);
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            inside.fetch_sub(1, Ordering::SeqCst);
        }),
    );
    (app, most)
}

#[tokio::test]
async fn interactions_with_states_run_one_by_one_unless_they_are_told_otherwise() {
    for (options, expected) in [(VerifyOptions::default(), 1), (jobs(2), 2)] {
        let (app, most) = crowded();
        let report = verifier()
            .service(app)
            .state("open", async || {})
            .options(options)
            .verify(source(&[
                get_in("/a", &["open"]),
                get_of("/b"),
                get_of("/c"),
            ]))
            .await;
        report.assert_ok();
        assert_eq!(most.load(Ordering::SeqCst), expected);
    }
}

#[tokio::test]
async fn a_state_change_url_keeps_interactions_apart() {
    let base = format!(
        "http://{}",
        serve(ok().route("/states", post(async || {}))).await
    );
    let (app, most) = crowded();
    let report = verifier()
        .service(app)
        .state_change_url(format!("{base}/states"))
        .verify(source(&several(3)))
        .await;
    report.assert_ok();
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

/// Each provider counts the states that it was brought into.
fn counting(barrier: &Arc<Barrier>) -> Instance {
    let barrier = barrier.clone();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let app = Router::new().route(
        "/{any}",
        get(async move || {
            barrier.wait().await;
            let status = if count.load(Ordering::SeqCst) == 1 {
                200
            } else {
                500
            };
            StatusCode::from_u16(status).unwrap()
        }),
    );
    Instance::new(app).state("open", async move || {
        counted.fetch_add(1, Ordering::SeqCst);
    })
}

#[tokio::test(start_paused = true)]
async fn each_interaction_has_its_own_provider_where_a_factory_makes_it() {
    let barrier = Arc::new(Barrier::new(3));
    let interactions = [
        get_in("/a", &["open"]),
        get_in("/b", &["open"]),
        get_in("/c", &["open"]),
    ];

    let report = verifier()
        .service_factory(async move || counting(&barrier))
        .verify(source(&interactions))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes, "{report}");
    assert_eq!(report.summary().states_run, 3);
}

#[tokio::test]
async fn a_factory_that_fails_makes_its_interaction_inconclusive() {
    let failing = verifier()
        .service_factory(async || Err::<Instance, _>("no database"))
        .verify(source(&[get_of("/ok")]))
        .await;
    let panicking = verifier()
        .service_factory(async || -> Instance { panic!("no database") })
        .verify(source(&[get_of("/ok")]))
        .await;

    for (report, reason) in [
        (failing, "no database"),
        (panicking, "the factory panicked: no database"),
    ] {
        assert_eq!(report.verdict(), Verdict::Unknown);
        let expected = Cause::NoInstance {
            reason: reason.to_owned(),
        };
        assert_eq!(cause(&report.pacts[0].interactions[0].outcome), &expected);
    }
}

#[tokio::test]
async fn an_instance_without_a_service_answers_no_request() {
    let report = verifier()
        .service_factory(async || Instance::without_service())
        .verify(source(&[get_of("/ok")]))
        .await;
    let expected = Cause::NoTransport {
        transport: "http".to_owned(),
        known: Vec::new(),
    };
    assert_eq!(cause(&report.pacts[0].interactions[0].outcome), &expected);
}

#[tokio::test(start_paused = true)]
async fn a_report_is_in_the_order_of_the_pact_whoever_was_faster() {
    let slow_first = Router::new()
        .route(
            "/0",
            get(async || tokio::time::sleep(Duration::from_secs(1)).await),
        )
        .route("/{any}", get(async || StatusCode::NOT_FOUND));

    let report = verifier()
        .service(slow_first)
        .options(jobs(4))
        .verify(source(&several(4)))
        .await;

    let expected = [
        "a request for /0",
        "a request for /1",
        "a request for /2",
        "a request for /3",
    ];
    assert_eq!(descriptions(&report), expected);
    let positions = report.pacts[0].interactions.iter().map(|i| i.position);
    assert_eq!(positions.collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_seed_is_an_order_and_stands_in_the_receipt() {
    let run = async |seed: Option<u64>| {
        let diary = Diary::default();
        let report = verifier()
            .service(noting(&diary, &[]))
            .options(options(|options| {
                options.jobs = NonZeroUsize::new(1);
                options.shuffle_seed = seed;
            }))
            .verify(source(&several(6)))
            .await;
        assert_eq!(report.pacts[0].receipt.seed, seed);
        assert_eq!(descriptions(&report)[0], "a request for /0");
        diary.read()
    };

    assert_eq!(run(None).await, ["0", "1", "2", "3", "4", "5"]);
    assert_eq!(run(Some(7)).await, run(Some(7)).await);
    assert_ne!(run(Some(7)).await, run(Some(8)).await);
}

#[tokio::test]
async fn repeats_say_how_often_it_did_not_pass_and_what_that_bounds() {
    let asked = Arc::new(AtomicUsize::new(0));
    let app = ok().route(
        "/flaky",
        get(async move || match asked.fetch_add(1, Ordering::SeqCst) {
            6 => StatusCode::BAD_GATEWAY,
            _ => StatusCode::OK,
        }),
    );

    let report = verifier()
        .service(app)
        .options(options(|options| {
            options.repeat = NonZeroU32::new(20).unwrap()
        }))
        .verify(source(&[get_of("/flaky"), get_of("/ok")]))
        .await;

    assert_eq!(report.verdict(), Verdict::No);
    let interactions = &report.pacts[0].interactions;
    let text = |index: usize| interactions[index].stability.as_ref().unwrap().to_string();
    assert_eq!(
        text(0),
        "1 of 20 runs did not pass, first run 7: with 95 % confidence it does so in less than 21.6 % of all runs"
    );
    assert_eq!(
        text(1),
        "0 of 20 runs did not pass: with 95 % confidence it does so in less than 13.9 % of all runs"
    );
    assert!(matches!(interactions[0].outcome, Outcome::Failed { .. }));
    assert_eq!(report.pacts[0].receipt.interactions_replayed, 2);
}

#[tokio::test]
async fn every_round_but_the_first_begins_with_a_reset() {
    let diary = Diary::default();
    let (resets, requests) = (diary.clone(), diary.clone());
    let app = Router::new().route("/ok", get(async move || requests.note("request")));

    let report = verifier()
        .service(app)
        .reset(async move || resets.note("reset"))
        .options(options(|options| {
            options.repeat = NonZeroU32::new(3).unwrap()
        }))
        .verify(source(&[get_of("/ok")]))
        .await;

    report.assert_ok();
    assert_eq!(
        diary.read(),
        ["request", "reset", "request", "reset", "request"]
    );
}

#[tokio::test]
async fn a_reset_that_fails_is_no_pass() {
    let report = up()
        .reset(async || Err::<(), _>("locked"))
        .options(options(|options| {
            options.repeat = NonZeroU32::new(2).unwrap()
        }))
        .verify(source(&[get_of("/ok")]))
        .await;
    assert_eq!(report.verdict(), Verdict::Unknown);
    let text = cause(&report.pacts[0].interactions[0].outcome).to_string();
    assert!(text.ends_with("the reset failed: locked"), "{text}");
}

/// Runs `/0` to `/5`, of which `/2` and `/4` fail, and gives back the report and what was asked for.
async fn failing_fast(jobs: usize) -> (Report, Vec<String>) {
    let diary = Diary::default();
    let report = verifier()
        .service(noting(&diary, &["2", "4"]))
        .options(options(|options| {
            options.jobs = NonZeroUsize::new(jobs);
            options.fail_fast = true;
        }))
        .verify(source(&several(6)))
        .await;
    (report, diary.read())
}

#[tokio::test]
async fn fail_fast_ends_with_the_first_failure_whatever_runs_beside_it() {
    let (serial, asked) = failing_fast(1).await;
    assert_eq!(asked, ["0", "1", "2"]);
    assert_eq!(serial.verdict(), Verdict::No);
    assert_eq!(descriptions(&serial).len(), 3);
    let receipt = &serial.pacts[0].receipt;
    let left_out: Vec<&str> = receipt
        .left_out
        .iter()
        .map(|left| left.reason.as_str())
        .collect();
    assert_eq!(
        left_out,
        ["not run: an interaction before it did not pass"; 3]
    );
    assert!(!receipt.is_whole());

    for jobs in [2, 6] {
        let (parallel, _) = failing_fast(jobs).await;
        assert_eq!(descriptions(&parallel), descriptions(&serial));
        assert_eq!(parallel.pacts[0].receipt, serial.pacts[0].receipt);
    }
}

#[tokio::test]
async fn a_part_of_the_work_in_an_order_of_its_own_is_told_so() {
    let report = up()
        .options(options(|options| {
            options.shuffle_seed = Some(7);
            options.shard = Some(Shard { number: 1, of: 2 });
            options.fail_fast = true;
        }))
        .verify(source(&several(8)))
        .await;

    let text = report.to_string();
    let (_, account) = text.split_at(text.find("No.").unwrap());
    let expected = "No. UserService: 1 failed.
  1 pact, 8 interactions found, 1 replayed, 0 provider states set up
  left out: 4 interactions, in another shard
  left out: 3 interactions, because one before did not pass
  in the order of the seed 7
  this is shard 1/2
";
    assert_eq!(account, expected);
}

#[tokio::test]
async fn fail_fast_goes_on_after_what_is_pending() {
    let mut pending = get_of("/2");
    pending["pending"] = true.into();
    let mut pact = crate::fakes::pact(&[pending, get_of("/ok")]);
    pact["metadata"]["pactSpecification"]["version"] = "4.0".into();
    for interaction in pact["interactions"].as_array_mut().unwrap() {
        interaction["type"] = "Synchronous/HTTP".into();
    }
    let report = verifier()
        .service(ok())
        .options(options(|options| options.fail_fast = true))
        .verify(treaty_provider::PactSource::json("a pact", pact))
        .await;
    assert_eq!(report.summary().interactions_replayed, 2, "{report}");
    assert_eq!(report.verdict(), Verdict::Yes, "{report}");
}

#[tokio::test]
async fn whoever_watches_hears_of_every_replay() {
    let diary = Diary::default();
    let heard = diary.clone();
    let report = up()
        .on_progress(move |progress| {
            let passed = progress.interaction.outcome.passed();
            heard.note(format!("{}/{} {passed}", progress.done, progress.total));
        })
        .options(jobs(1))
        .verify(source(&[get_of("/ok"), get_of("/missing")]))
        .await;
    assert_eq!(report.verdict(), Verdict::No);
    assert_eq!(diary.read(), ["1/2 true", "2/2 false"]);
}

#[tokio::test]
async fn a_verification_can_be_spawned() {
    let verifier = up().state("open", async || {});
    let task = tokio::spawn(async move { verifier.verify(source(&[get_of("/ok")])).await });
    task.await.unwrap().assert_ok();
}
