//! `treaty verify` with providers that fail now and then, or only after something else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::command::{Place, Told};
use crate::provider::serve;

/// An interaction for each path, that wants nothing but a 200.
fn pact(paths: &[&str]) -> Place {
    let interactions = paths.iter().map(|path| {
        json!({
            "description": format!("a request for {path}"),
            "request": { "method": "GET", "path": path },
            "response": { "status": 200 },
        })
    });
    let pact = json!({
        "consumer": { "name": "OrderService" },
        "provider": { "name": "UserService" },
        "interactions": interactions.collect::<Vec<Value>>(),
        "metadata": { "pactSpecification": { "version": "2.0.0" } },
    });
    let place = Place::new();
    place.write("a.json", &pact.to_string());
    place
}

fn verify(place: &Place, url: &str, more: &str) -> Told {
    place.run(&format!(
        "verify -f a.json --provider-base-url {url} {more}"
    ))
}

/// Fails in one of 20 requests for `/flaky`.
fn flaky() -> String {
    let requests = Arc::new(AtomicUsize::new(0));
    let answer = async move || match requests.fetch_add(1, Ordering::SeqCst) % 20 {
        12 => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    serve(
        Router::new()
            .route("/flaky", get(answer))
            .fallback(async || StatusCode::OK),
    )
}

#[test]
fn a_provider_that_fails_one_time_in_twenty_passes_most_single_runs() {
    verify(&pact(&["/flaky", "/ok"]), &flaky(), "").ends_with(0);
}

#[test]
fn repeats_name_what_fails_one_time_in_twenty_with_the_bound_and_the_seed() {
    let place = pact(&["/flaky", "/ok"]);
    let told = verify(&place, &flaky(), "--repeat 60 --shuffle=7").ends_with(1);
    let told = told
        .says("failed        a request for /flaky")
        .says("3 of 60 runs did not pass, first run 13: with 95 % confidence it does so in less than")
        .says("passed        a request for /ok")
        .says("0 of 60 runs did not pass: with 95 % confidence it does so in less than 4.9 % of all runs");
    told.says("in the order of the seed 7");
}

/// `/victim` fails once `/polluter` was asked, until it is brought back.
fn polluted() -> String {
    let dirty = Arc::new(AtomicBool::new(false));
    let (soiled, seen) = (dirty.clone(), dirty.clone());
    let polluter = async move || soiled.store(true, Ordering::SeqCst);
    let victim = async move || match seen.load(Ordering::SeqCst) {
        true => StatusCode::INTERNAL_SERVER_ERROR,
        false => StatusCode::OK,
    };
    let reset = async move || dirty.store(false, Ordering::SeqCst);
    let router = Router::new()
        .route("/victim", get(victim))
        .route("/polluter", get(polluter))
        .route("/reset", post(reset));
    serve(router.fallback(async || StatusCode::OK))
}

#[test]
fn a_shuffled_run_finds_the_pair_that_depends_on_the_order() {
    let place = pact(&["/victim", "/a", "/b", "/polluter", "/c", "/d"]);
    let serial = "--jobs 1";
    verify(&place, &polluted(), serial).ends_with(0);
    // Some seed puts the polluter first, and each finds the same then.
    let mut found = 0;
    for seed in 0..6 {
        let url = polluted();
        let more = format!("--shuffle={seed} --find-order-dependence --reset-url {url}/reset");
        let told = verify(&place, &url, &more);
        if told.code == 0 {
            continue;
        }
        found += 1;
        told.ends_with(1)
            .says("failed        a request for /victim")
            .says("it passes alone and fails after \"a request for /polluter\"")
            .says(&format!("in the order of the seed {seed}"));
    }
    assert!(
        found > 0,
        "no seed of six put the polluter before its victim"
    );
}

#[test]
fn a_provider_that_cannot_be_brought_back_is_inconclusive() {
    let url = polluted();
    let more = format!("--repeat 2 --reset-url {url}/polluter");
    verify(&pact(&["/a"]), &url, &more)
        .ends_with(3)
        .says("the reset failed")
        .says("/polluter answered 405");
}
