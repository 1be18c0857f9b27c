//! What a failure depends on: what ran before it, or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::StatusCode;
use axum::routing::get;
use treaty_core::outcome::Verdict;
use treaty_provider::{OrderDependence, Report};

use crate::fakes::{Diary, get_of, noting, options, several, source, up, verifier};

/// A provider that answers 500 for `/victim` after `/polluter`, until it is reset.
async fn polluted(seed: Option<u64>) -> Report {
    let polluted = Arc::new(AtomicUsize::new(0));
    let (pollute, read, clean) = (polluted.clone(), polluted.clone(), polluted);
    let app = noting(&Diary::default(), &[])
        .route(
            "/victim",
            get(async move || match read.load(Ordering::SeqCst) {
                0 => StatusCode::OK,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            }),
        )
        .route(
            "/polluter",
            get(async move || pollute.store(1, Ordering::SeqCst)),
        );
    let mut interactions = several(9);
    interactions.insert(3, get_of("/polluter"));
    interactions.push(get_of("/victim"));
    verifier()
        .service(app)
        .reset(async move || clean.store(0, Ordering::SeqCst))
        .options(options(|options| {
            options.shuffle_seed = seed;
            options.find_order_dependence = true;
        }))
        .verify(source(&interactions))
        .await
}

#[tokio::test]
async fn what_a_failure_depends_on_is_found() {
    let report = polluted(None).await;
    let victim = report.pacts[0].interactions.last().unwrap();
    let interaction = "a request for /polluter".to_owned();
    let expected = OrderDependence::FailsAfter { interaction };
    assert_eq!(victim.order_dependence, Some(expected), "{report}");
    assert_eq!(report.verdict(), Verdict::No);
}

#[tokio::test]
async fn an_interaction_that_needs_another_before_it_is_told_which() {
    let opened = Arc::new(AtomicUsize::new(0));
    let (open, read, close) = (opened.clone(), opened.clone(), opened);
    let app = noting(&Diary::default(), &[])
        .route(
            "/needy",
            get(async move || match read.load(Ordering::SeqCst) {
                0 => StatusCode::CONFLICT,
                _ => StatusCode::OK,
            }),
        )
        .route(
            "/opener",
            get(async move || open.store(1, Ordering::SeqCst)),
        );
    let interactions = [
        get_of("/a"),
        get_of("/needy"),
        get_of("/b"),
        get_of("/opener"),
        get_of("/c"),
    ];
    let report = verifier()
        .service(app)
        .reset(async move || close.store(0, Ordering::SeqCst))
        .options(options(|options| options.find_order_dependence = true))
        .verify(source(&interactions))
        .await;

    let interaction = "a request for /opener".to_owned();
    let expected = OrderDependence::NeedsBefore { interaction };
    let needy = &report.pacts[0].interactions[1];
    assert_eq!(needy.order_dependence, Some(expected), "{report}");
}

#[tokio::test]
async fn a_failure_that_depends_on_nothing_is_told_so() {
    let report = up()
        .options(options(|options| options.find_order_dependence = true))
        .verify(source(&[get_of("/ok"), get_of("/missing"), get_of("/ok")]))
        .await;
    let failed = &report.pacts[0].interactions[1];
    assert_eq!(failed.order_dependence, Some(OrderDependence::FailsAlone));
}
