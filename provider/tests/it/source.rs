//! Files, directories and URLs.

use std::fs;
use std::path::Path;

use axum::Router;
use axum::routing::get;
use serde_json::Value;
use tempfile::TempDir;
use treaty_core::outcome::Verdict;
use treaty_provider::{PactLeftOutReason, PactSource, Report, SourceCause, VerifyOptions};

use crate::fakes::{get_of, pact, pact_of, serve, up};

fn write(dir: &Path, name: &str, pact: &Value) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, pact.to_string()).unwrap();
}

#[track_caller]
fn check_problem(report: &Report, verdict: Verdict, cause: &SourceCause) {
    assert_eq!(report.verdict(), verdict);
    let causes: Vec<_> = report
        .problems
        .iter()
        .map(|problem| &problem.cause)
        .collect();
    assert_eq!(causes, [cause]);
}

#[tokio::test]
async fn an_empty_directory_is_nothing_to_do() {
    let dir = TempDir::new().unwrap();

    let report = up().verify(PactSource::dir(dir.path())).await;

    let providers = Vec::new();
    check_problem(
        &report,
        Verdict::NothingToDo,
        &SourceCause::NoPact { providers },
    );
}

#[tokio::test]
async fn a_directory_without_pacts_is_a_yes_to_whoever_says_that_it_may_be() {
    let dir = TempDir::new().unwrap();
    let mut options = VerifyOptions::default();
    options.ignore_no_pacts_error = true;

    let report = up()
        .options(options)
        .verify(PactSource::dir(dir.path()))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert!(report.problems[0].ignored);
}

#[tokio::test]
async fn pacts_of_other_providers_are_left_out_and_named() {
    let dir = TempDir::new().unwrap();
    write(
        dir.path(),
        "a.json",
        &pact_of("OrderService", "UsrService", &[get_of("/ok")]),
    );

    let report = up().verify(PactSource::dir(dir.path())).await;

    let providers = vec!["UsrService".to_owned()];
    check_problem(
        &report,
        Verdict::NothingToDo,
        &SourceCause::NoPact { providers },
    );
    assert_eq!(
        report.pacts_left_out[0].reason,
        PactLeftOutReason::OtherProvider
    );
}

#[tokio::test]
async fn directories_below_the_directory_are_read_in_a_fixed_order() {
    let dir = TempDir::new().unwrap();
    write(
        dir.path(),
        "z.json",
        &pact_of("Z", "UserService", &[get_of("/ok")]),
    );
    write(
        dir.path(),
        "below/a.json",
        &pact_of("A", "UserService", &[get_of("/ok")]),
    );
    write(dir.path(), "notes.txt", &Value::Null);

    let report = up().verify(PactSource::dir(dir.path())).await;

    assert_eq!(report.verdict(), Verdict::Yes);
    let consumers: Vec<_> = report
        .pacts
        .iter()
        .map(|pact| pact.receipt.consumer.as_str())
        .collect();
    assert_eq!(consumers, ["A", "Z"]);
}

#[tokio::test]
async fn a_file_that_is_not_a_pact_is_nothing_to_do_and_says_where() {
    let dir = TempDir::new().unwrap();
    write(dir.path(), "good.json", &pact(&[get_of("/ok")]));
    fs::write(dir.path().join("bad.json"), "{\n  \"consumer\": 1\n}").unwrap();

    let report = up().verify(PactSource::dir(dir.path())).await;

    assert_eq!(report.verdict(), Verdict::NothingToDo);
    assert_eq!(report.summary().passed, 1);
    let problem = &report.problems[0];
    let path = dir.path().join("bad.json").display().to_string();
    assert_eq!(problem.origin, path);
    let text = problem.cause.to_string();
    assert!(text.contains("line 2"), "{text}");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_nothing_to_do() {
    let report = up().verify(PactSource::file("no such file.json")).await;

    assert_eq!(report.verdict(), Verdict::NothingToDo);
    assert!(matches!(
        report.problems[0].cause,
        SourceCause::Unreadable { .. }
    ));
}

#[tokio::test]
async fn no_source_at_all_is_nothing_to_do() {
    let report = up().verify(Vec::new()).await;
    assert_eq!(report.verdict(), Verdict::NothingToDo);
}

#[tokio::test]
async fn a_pact_without_interactions_is_nothing_to_do() {
    let report = up().verify(PactSource::json("a pact", pact(&[]))).await;
    assert_eq!(report.verdict(), Verdict::NothingToDo);
}

#[tokio::test]
async fn a_pact_is_read_at_its_url() {
    let text = pact(&[get_of("/ok")]).to_string();
    let address = serve(Router::new().route("/pact.json", get(async move || text))).await;

    let report = up()
        .verify(PactSource::url(format!("http://{address}/pact.json")))
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
}

#[tokio::test]
async fn a_url_without_a_pact_could_not_be_asked() {
    let address = serve(Router::new()).await;

    let report = up()
        .verify(PactSource::url(format!("http://{address}/pact.json")))
        .await;

    let reason = "it was answered with 404 Not Found".to_owned();
    check_problem(
        &report,
        Verdict::Unknown,
        &SourceCause::Unreachable { reason },
    );
}

#[tokio::test]
async fn several_sources_are_one_question() {
    let one = PactSource::json("one", pact(&[get_of("/ok")]));
    let other = PactSource::json(
        "other",
        pact_of("BillingService", "UserService", &[get_of("/no")]),
    );

    let report = up().verify([one, other]).await;

    assert_eq!(report.verdict(), Verdict::No);
    assert_eq!(report.summary().pacts, 2);
}
