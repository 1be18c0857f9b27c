//! The report for people, as golden text. `UPDATE_GOLDEN=1` writes the texts anew.

use std::fs;
use std::path::Path;

use axum::http::StatusCode;
use serde_json::json;
use treaty_provider::{Colour, Filter, PactSource, Publish, Report, VerifyOptions};

use crate::fake_broker::{FakeBroker, Offered};
use crate::fakes::{get_in, get_of, pact, pact_of, source, up};

#[track_caller]
pub(crate) fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        text,
        expected,
        "\n{} does not say this:\n{text}",
        path.display()
    );
}

#[track_caller]
fn check_report(name: &str, report: &Report) {
    check(name, &report.to_string());
}

async fn mixed(colour: Colour) -> String {
    let mut options = VerifyOptions::default();
    options.allow_unknown_states = true;
    let mut user = get_of("/missing");
    user["response"]["headers"] = json!({ "X-Rate": "10" });
    let interactions = [
        get_of("/ok"),
        user,
        get_in("/ok", &["the shop is open", "it is Monday"]),
        get_in("/ok", &["nobody knows"]),
    ];
    let report = up()
        .options(options)
        .state("the shop is open", async || {})
        .state("it is {day}", async || Err::<(), _>("no calendar"))
        .verify(source(&interactions))
        .await;
    report.console(colour).to_string()
}

#[tokio::test]
async fn a_mixed_result() {
    check("mixed", &mixed(Colour::Never).await);
}

#[tokio::test]
async fn a_mixed_result_in_colour() {
    check("mixed_in_colour", &mixed(Colour::Always).await);
}

#[tokio::test]
async fn a_success() {
    check_report("success", &up().verify(source(&[get_of("/ok")])).await);
}

#[tokio::test]
async fn an_unknown_state() {
    let report = up()
        .state("no users exist", async || {})
        .verify(source(&[get_in("/ok", &["no user exists"])]))
        .await;
    check_report("unknown_state", &report);
}

#[tokio::test]
async fn a_filter_that_matches_nothing() {
    let filter = Filter::new().description("nothing").unwrap();
    let report = up().filter(filter).verify(source(&[get_of("/ok")])).await;
    check_report("filtered", &report);
}

#[tokio::test]
async fn what_is_not_a_pact() {
    let source = PactSource::json(
        "bad.json",
        json!({ "consumer": { "name": "A" }, "provider": { "name": "UserService" } }),
    );
    check_report("not_a_pact", &up().verify(source).await);
}

#[tokio::test]
async fn no_pact_in_a_broker() {
    let broker = FakeBroker::new(&pact(&[]), Offered::Nothing);
    check_report("no_pact_in_broker", &up().verify(broker.source()).await);
}

#[tokio::test]
async fn a_consumer_that_has_no_pact() {
    let other = PactSource::json("a pact", pact_of("A", "UserService", &[get_of("/ok")]));
    let filter = Filter::new().consumer("B".parse().unwrap());
    check_report("other_consumer", &up().filter(filter).verify(other).await);
}

#[tokio::test]
async fn a_pending_pact() {
    let broker = FakeBroker::new(&pact(&[get_of("/missing")]), Offered::Pending);
    check_report("pending", &up().verify(broker.source()).await);
}

#[tokio::test]
async fn a_published_success() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Selected);
    let publish = Publish::version("1".parse().unwrap());
    check_report(
        "published",
        &up().publish(publish).verify(broker.source()).await,
    );
}

#[tokio::test]
async fn a_refused_result() {
    let pact = pact(&[get_of("/ok")]);
    let broker = FakeBroker::answering(&pact, Offered::Selected, StatusCode::FORBIDDEN);
    let publish = Publish::version("1".parse().unwrap());
    check_report(
        "publication_refused",
        &up().publish(publish).verify(broker.source()).await,
    );
}

#[tokio::test]
async fn a_withheld_result() {
    let broker = FakeBroker::new(&pact(&[get_in("/ok", &["who knows"])]), Offered::Selected);
    let publish = Publish::version("1".parse().unwrap());
    check_report(
        "publication_withheld",
        &up().publish(publish).verify(broker.source()).await,
    );
}

#[tokio::test]
async fn a_question_that_cannot_be_asked() {
    let filter = Filter::new().no_state();
    let publish = Publish::version("1".parse().unwrap());
    let report = up()
        .filter(filter)
        .publish(publish)
        .verify(source(&[get_of("/ok")]))
        .await;
    check_report("refusal", &report);
}
