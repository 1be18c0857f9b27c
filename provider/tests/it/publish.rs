//! Results that are published, withheld or refused.

use std::num::NonZeroUsize;

use axum::http::StatusCode;
use serde_json::{Value, json};
use treaty_core::outcome::Verdict;
use treaty_provider::{Filter, PactSource, Publication, Publish, VerifyOptions, Withheld};

use crate::fake_broker::{FakeBroker, Offered};
use crate::fakes::{get_in, get_of, pact, source, up};

fn publish() -> Publish {
    Publish::version("3f9c2ab".parse().unwrap())
}

/// The results among what the broker received; the first thing it received is the question for pacts.
fn results(broker: &FakeBroker) -> Vec<Value> {
    let received = broker.received().into_iter().skip(1);
    received
        .map(|body| serde_json::from_str(&body).unwrap())
        .collect()
}

#[tokio::test]
async fn a_refused_result_is_never_a_yes() {
    let pact = pact(&[get_of("/ok")]);
    let broker = FakeBroker::answering(&pact, Offered::Selected, StatusCode::FORBIDDEN);

    let report = up().publish(publish()).verify(broker.source()).await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    let publication = &report.pacts[0].publication;
    assert!(
        matches!(publication, Publication::Refused { success: true, .. }),
        "{publication:?}"
    );
    assert_eq!(report.pacts[0].receipt.acknowledgement, None);
    assert_eq!(report.summary().results_acknowledged, 0);
}

#[tokio::test]
async fn an_inconclusive_verification_is_not_published() {
    let broker = FakeBroker::new(
        &pact(&[get_of("/ok"), get_in("/ok", &["who knows"])]),
        Offered::Selected,
    );

    let report = up().publish(publish()).verify(broker.source()).await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    let reason = Withheld::Inconclusive;
    assert_eq!(
        report.pacts[0].publication,
        Publication::Withheld { reason }
    );
    assert_eq!(results(&broker), Vec::<Value>::new());
}

#[tokio::test]
async fn a_pact_without_interactions_is_not_published() {
    let broker = FakeBroker::new(&pact(&[]), Offered::Selected);

    let report = up().publish(publish()).verify(broker.source()).await;

    assert_eq!(report.verdict(), Verdict::NothingToDo);
    assert_eq!(results(&broker), Vec::<Value>::new());
}

#[tokio::test]
async fn a_filter_on_interactions_keeps_even_the_question_from_the_broker() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Selected);
    let filter = Filter::new().description("nothing").unwrap();

    let report = up()
        .filter(filter)
        .publish(publish())
        .verify(broker.source())
        .await;

    assert_eq!(report.verdict(), Verdict::NothingToDo);
    assert_eq!(broker.received(), Vec::<String>::new());
}

#[tokio::test]
async fn a_failure_is_published_as_one_with_its_mismatches() {
    let broker = FakeBroker::new(
        &pact(&[get_of("/ok"), get_of("/missing")]),
        Offered::Selected,
    );

    let report = up().publish(publish()).verify(broker.source()).await;

    assert_eq!(report.verdict(), Verdict::No);
    let result = &results(&broker)[0];
    assert_eq!(result["success"], false);
    assert_eq!(
        result["testResults"],
        json!([
            { "interactionId": "i1", "success": true },
            {
                "interactionId": "i2",
                "interactionDescription": "a request for /missing",
                "success": false,
                "mismatches": [
                    { "attribute": "status", "description": "expected 200, got 404  (rule: equality)" },
                ],
            },
        ])
    );
}

#[tokio::test]
async fn a_failure_is_published_though_another_interaction_is_inconclusive() {
    let interactions = [get_of("/missing"), get_in("/ok", &["who knows"])];
    let broker = FakeBroker::new(&pact(&interactions), Offered::Selected);

    let _ = up().publish(publish()).verify(broker.source()).await;

    let result = &results(&broker)[0];
    assert_eq!(result["success"], false);
    let other = &result["testResults"][1];
    assert_eq!(other["success"], false);
    assert_eq!(
        other["interactionDescription"],
        "a request for /ok (given who knows)"
    );
    let message = other["exceptions"][0]["message"].as_str().unwrap();
    assert!(message.contains("who knows"), "{message}");
}

#[tokio::test]
async fn a_success_is_published_and_acknowledged() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Selected);

    let report = up()
        .publish(publish().build_url("https://ci.example/512"))
        .verify(broker.source())
        .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    let acknowledgement = report.pacts[0].receipt.acknowledgement.as_ref().unwrap();
    assert_eq!(acknowledgement.url, "http://broker.local/results/1");
    let result = &results(&broker)[0];
    assert_eq!(result["success"], true);
    assert_eq!(result["providerApplicationVersion"], "3f9c2ab");
    assert_eq!(result["buildUrl"], "https://ci.example/512");
    assert_eq!(result["verifiedBy"]["implementation"], "treaty");
    assert_eq!(
        result["testResults"],
        json!([{ "interactionId": "i1", "success": true }])
    );
    assert_eq!(report.pacts[0].receipt.interactions_replayed, 1);
}

#[tokio::test]
async fn a_run_that_ends_at_the_first_failure_publishes_it() {
    let interactions = [get_of("/ok"), get_of("/missing"), get_of("/ok/2")];
    let broker = FakeBroker::new(&pact(&interactions), Offered::Selected);
    let mut options = VerifyOptions::default();
    options.fail_fast = true;
    options.jobs = NonZeroUsize::new(1);

    let report = up()
        .options(options)
        .publish(publish())
        .verify(broker.source())
        .await;

    assert_eq!(report.summary().interactions_replayed, 2);
    assert_eq!(report.summary().results_acknowledged, 1);
    let result = &results(&broker)[0];
    assert_eq!(result["success"], false);
    assert_eq!(result["testResults"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn branch_and_tags_are_told_before_the_result() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Selected);
    let publish = publish()
        .branch("main".parse().unwrap())
        .tag("v1".parse().unwrap());

    let _ = up().publish(publish).verify(broker.source()).await;

    let received = broker.received();
    assert_eq!(
        received[1..3],
        ["branch main of 3f9c2ab", "tag v1 of 3f9c2ab"]
    );
    assert!(received[3].contains("\"success\":true"));
}

#[tokio::test]
async fn a_pact_of_no_broker_beside_one_of_a_broker_is_withheld_and_told() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Selected);

    let report = up()
        .publish(publish())
        .verify([source(&[get_of("/ok")]), broker.source()])
        .await;

    let reason = Withheld::NotFromABroker;
    assert_eq!(
        report.pacts[0].publication,
        Publication::Withheld { reason }
    );
    assert_eq!(results(&broker).len(), 1);
}

#[tokio::test]
async fn a_pact_read_by_its_url_in_a_broker_is_published() {
    let broker = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Nothing);
    let source = PactSource::broker_url(broker.client(), "http://broker.local/pact");

    let report = up().publish(publish()).verify(source).await;

    assert_eq!(report.summary().results_acknowledged, 1);
}
