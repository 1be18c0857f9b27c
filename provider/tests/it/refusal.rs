//! Questions that cannot be asked.

use treaty_core::outcome::Verdict;
use treaty_provider::{Filter, Publish, Refusal, Report, Verifier};

use crate::fakes::{get_of, ok, source, up, verifier};

fn publish() -> Publish {
    Publish::version("1".parse().unwrap())
}

#[track_caller]
fn check(report: &Report, refusal: &Refusal) {
    assert_eq!(report.refusal.as_ref(), Some(refusal));
    assert_eq!(report.verdict(), Verdict::NothingToDo);
    assert_eq!(report.summary().interactions_replayed, 0);
}

#[tokio::test]
async fn a_part_of_the_interactions_is_not_published() {
    let filter = Filter::new().no_state();
    let report = up()
        .filter(filter)
        .publish(publish())
        .verify(source(&[get_of("/ok")]))
        .await;
    check(&report, &Refusal::PublishFiltered);
}

#[tokio::test]
async fn without_a_broker_nothing_is_published() {
    let report = up()
        .publish(publish())
        .verify(source(&[get_of("/ok")]))
        .await;
    check(&report, &Refusal::PublishWithoutBroker);
}

#[tokio::test]
async fn a_base_url_that_is_none_is_named() {
    let report = verifier()
        .base_url("localhost:8080")
        .verify(source(&[get_of("/ok")]))
        .await;
    assert!(matches!(&report.refusal, Some(Refusal::Url { url, .. }) if url == "localhost:8080"));
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_named() {
    let report = up()
        .header("X Y", "1")
        .verify(source(&[get_of("/ok")]))
        .await;
    assert!(matches!(&report.refusal, Some(Refusal::Header { name, .. }) if name == "X Y"));
}

#[tokio::test]
async fn a_blank_provider_is_refused() {
    let report = Verifier::new(" ")
        .service(ok())
        .verify(source(&[get_of("/ok")]))
        .await;
    let reason = "a pacticipant name must not be blank".to_owned();
    check(&report, &Refusal::Provider { reason });
}
