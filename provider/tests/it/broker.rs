//! Pacts from a broker, its word about them, its silence.

use treaty_broker_client::Client;
use treaty_core::outcome::Verdict;
use treaty_provider::{BrokerSource, PactSource, SourceCause, VerifyOptions};

use crate::fake_broker::{FakeBroker, Offered};
use crate::fakes::{get_of, pact, up};

#[tokio::test]
async fn a_broker_s_pacts_are_verified_with_what_it_says_about_them() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Selected);
    let source = BrokerSource::new(broker.client())
        .branch("main".parse().unwrap())
        .include_pending();

    let report = up().verify(PactSource::broker(source)).await;

    assert_eq!(report.verdict(), Verdict::Yes);
    let pact = &report.pacts[0];
    assert_eq!(
        pact.notices[0].text,
        "The pact was chosen because:\n    * it is the latest"
    );
    assert_eq!(pact.interactions[0].id.as_deref(), Some("i1"));
    let question = &broker.received()[0];
    assert!(
        question.contains("\"providerVersionBranch\":\"main\""),
        "{question}"
    );
    assert!(
        question.contains("\"includePendingStatus\":true"),
        "{question}"
    );
}

#[tokio::test]
async fn a_pending_pact_fails_without_failing_the_build() {
    for offered in [Offered::Pending, Offered::Wip] {
        let broker = FakeBroker::new(&pact(&[get_of("/missing")]), offered);

        let report = up().verify(broker.source()).await;

        assert_eq!(report.verdict(), Verdict::Yes);
        assert_eq!(report.summary().failed_pending, 1);
    }
}

#[tokio::test]
async fn a_broker_without_pacts_is_a_no() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Nothing);

    let report = up().verify(broker.source()).await;

    assert_eq!(report.verdict(), Verdict::No);
    assert_eq!(report.problems[0].cause, SourceCause::NoPactInBroker);
}

#[tokio::test]
async fn a_broker_without_pacts_is_a_yes_to_whoever_says_that_it_may_be() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Nothing);
    let mut options = VerifyOptions::default();
    options.ignore_no_pacts_error = true;

    let report = up().options(options).verify(broker.source()).await;

    assert_eq!(report.verdict(), Verdict::Yes);
}

#[tokio::test]
async fn a_broker_that_cannot_be_asked_is_not_a_broker_without_pacts() {
    let web = axum::Router::new().fallback(async || "<html>a login page</html>");
    let client = Client::over::<_, axum::body::Body, _>(web, "http://broker.local").unwrap();
    let mut options = VerifyOptions::default();
    options.ignore_no_pacts_error = true;

    let source = PactSource::broker(BrokerSource::new(client));
    let report = up().options(options).verify(source).await;

    assert_eq!(report.verdict(), Verdict::Unknown);
}

#[tokio::test]
async fn one_pact_of_a_broker_is_read_by_its_url() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Nothing);

    let source = PactSource::broker_url(broker.client(), "http://broker.local/pact");
    let report = up().verify(source).await;

    assert_eq!(report.verdict(), Verdict::Yes);
}

#[tokio::test]
async fn the_notice_at_the_end_is_that_of_what_happened() {
    let said = async |path: &str| {
        let broker = FakeBroker::new(&pact(&[get_of(path)]), Offered::Selected);
        up().verify(broker.source()).await.to_string()
    };
    let success = said("/ok").await;
    assert!(success.contains("Nobody will know."), "{success}");
    assert!(!success.contains("This will fail."), "{success}");
    let failure = said("/missing").await;
    assert!(failure.contains("This will fail."), "{failure}");
    assert!(!failure.contains("Nobody will know."), "{failure}");
}
