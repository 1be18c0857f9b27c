//! What a filter leaves out, and that nothing is no success.

use serde_json::Value;
use treaty_core::outcome::Verdict;
use treaty_provider::{Filter, PactLeftOutReason, PactSource};

use crate::fakes::{get_in, get_of, pact_of, source, up};

fn interactions() -> Vec<Value> {
    vec![get_of("/ok"), get_in("/missing", &["a user exists"])]
}

#[track_caller]
fn descriptions(report: &treaty_provider::Report) -> Vec<&str> {
    let interactions = report.pacts.iter().flat_map(|pact| &pact.interactions);
    interactions
        .map(|interaction| interaction.description.as_str())
        .collect()
}

#[tokio::test]
async fn a_filter_that_matches_nothing_is_nothing_to_do() {
    let filter = Filter::new().description("no such thing").unwrap();

    let report = up().filter(filter).verify(source(&interactions())).await;

    assert_eq!(report.verdict(), Verdict::NothingToDo);
    assert_eq!(report.summary().interactions_filtered, 2);
    assert!(!report.pacts[0].receipt.is_whole());
}

#[tokio::test]
async fn a_consumer_that_has_no_pact_is_nothing_to_do() {
    let filter = Filter::new().consumer("Nobody".parse().unwrap());

    let report = up().filter(filter).verify(source(&interactions())).await;

    assert_eq!(report.verdict(), Verdict::NothingToDo);
    assert_eq!(
        report.pacts_left_out[0].reason,
        PactLeftOutReason::FilteredConsumer
    );
}

#[tokio::test]
async fn a_description_is_searched_for_the_expression() {
    let filter = Filter::new().description("for /o").unwrap();

    let report = up().filter(filter).verify(source(&interactions())).await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(descriptions(&report), ["a request for /ok"]);
    let left_out = &report.pacts[0].receipt.left_out;
    assert_eq!(left_out[0].reason, "filtered");
}

#[tokio::test]
async fn interactions_are_chosen_by_their_states_or_by_having_none() {
    let by_state = Filter::new().state("^a user").unwrap();
    let without = Filter::new().no_state();
    let both = Filter::new().state("^a user").unwrap().no_state();

    let verified = async |filter| up().filter(filter).verify(source(&interactions())).await;

    assert_eq!(
        descriptions(&verified(by_state).await),
        ["a request for /missing"]
    );
    assert_eq!(
        descriptions(&verified(without).await),
        ["a request for /ok"]
    );
    assert_eq!(descriptions(&verified(both).await).len(), 2);
}

#[tokio::test]
async fn pacts_are_chosen_by_their_consumers() {
    let pact =
        |consumer| PactSource::json(consumer, pact_of(consumer, "UserService", &[get_of("/ok")]));
    let filter = Filter::new().consumer("B".parse().unwrap());

    let report = up().filter(filter).verify([pact("A"), pact("B")]).await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(report.summary().pacts, 1);
}

#[test]
fn what_is_no_expression_is_told() {
    let error = Filter::new().description("(").unwrap_err();
    assert_eq!(error.to_string(), r#""(" is not a regular expression"#);
}
