//! Shards of one verification, joined and published; and what is not whole.

use axum::http::StatusCode;
use serde_json::{Value, json};
use treaty_core::outcome::Verdict;
use treaty_core::receipt::Shard;
use treaty_provider::{
    Filter, NotWhole, PactSource, Publication, Publish, Refusal, Report, VerifyOptions, Withheld,
    join, publish_results,
};

use crate::fake_broker::{FakeBroker, Offered};
use crate::fakes::{get_of, pact, source, up};

fn publish() -> Publish {
    Publish::version("3f9c2ab".parse().unwrap())
}

fn shard(number: u32, of: u32) -> VerifyOptions {
    let mut options = VerifyOptions::default();
    options.shard = Some(Shard { number, of });
    options
}

/// The report of one shard, written to a file and read back.
async fn run(options: VerifyOptions, source: PactSource) -> Report {
    let report = up().options(options).verify(source).await;
    let text = report.to_json().to_string();
    let read: Report = serde_json::from_str(&text).unwrap();
    assert_eq!(read, report);
    read
}

fn interactions(count: usize) -> Vec<Value> {
    let named = |n: usize| {
        let mut interaction = get_of("/ok");
        interaction["description"] = json!(format!("request {n}"));
        interaction
    };
    (0..count).map(named).collect()
}

async fn shards(numbers: &[u32], of: u32) -> Vec<Report> {
    let mut reports = Vec::new();
    for number in numbers {
        reports.push(run(shard(*number, of), source(&interactions(7))).await);
    }
    reports
}

#[tokio::test]
async fn a_shard_is_not_published_and_not_whole() {
    let report = up()
        .options(shard(1, 2))
        .publish(publish())
        .verify(source(&interactions(7)))
        .await;
    let refused = Shard { number: 1, of: 2 };
    assert_eq!(
        report.refusal,
        Some(Refusal::PublishShard { shard: refused })
    );

    let report = run(shard(1, 2), source(&interactions(7))).await;
    assert!(!report.pacts[0].receipt.is_whole());
    assert_eq!(report.verdict(), Verdict::Yes);
}

#[tokio::test]
async fn a_shard_that_cannot_be_is_refused() {
    for (number, of) in [(0, 2), (3, 2), (0, 0)] {
        let report = up()
            .options(shard(number, of))
            .verify(source(&interactions(1)))
            .await;
        let shard = Shard { number, of };
        assert_eq!(report.refusal, Some(Refusal::Shard { shard }));
    }
}

#[tokio::test]
async fn all_shards_together_are_the_whole_pact_in_its_order() {
    let mut reports = shards(&[3, 1, 2], 3).await;
    let joined = join(std::mem::take(&mut reports)).unwrap();

    let receipt = &joined.pacts[0].receipt;
    assert!(receipt.is_whole());
    assert_eq!((receipt.shard, receipt.left_out.len()), (None, 0));
    let positions = joined.pacts[0].interactions.iter().map(|i| i.position);
    assert_eq!(positions.collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(joined.verdict(), Verdict::Yes);
}

#[track_caller]
fn check(reports: Vec<Report>, message: &str) {
    assert_eq!(join(reports).unwrap_err().to_string(), message);
}

#[tokio::test]
async fn what_is_missing_or_twice_there_is_named() {
    check(Vec::new(), "there is no report to join");
    check(
        shards(&[2], 4).await,
        "the pact with OrderService is not whole: shards 1/4, 3/4, 4/4 are missing",
    );
    check(
        shards(&[1, 2, 2], 2).await,
        "the pact with OrderService is in several reports, each time shard 2/2",
    );
    let whole = async || run(VerifyOptions::default(), source(&interactions(2))).await;
    check(
        vec![whole().await, whole().await],
        "the pact with OrderService is in several reports",
    );
}

#[tokio::test]
async fn shards_of_different_runs_do_not_come_together() {
    let first = async || run(shard(1, 2), source(&interactions(7))).await;

    check(
        vec![first().await, shards(&[2], 3).await.remove(0)],
        "the runs of the pact with OrderService were divided in different ways",
    );
    let other_content = run(shard(2, 2), source(&interactions(8))).await;
    check(
        vec![first().await, other_content],
        "the reports are about different contents of the pact with OrderService",
    );
    let mut seeded = shard(2, 2);
    seeded.shuffle_seed = Some(1);
    check(
        vec![first().await, run(seeded, source(&interactions(7))).await],
        "the reports are about different seeds of the pact with OrderService",
    );
    let mut forged = shards(&[1, 2], 2).await;
    let copied = forged[0].pacts[0].interactions.clone();
    forged[1].pacts[0].interactions = copied;
    assert!(matches!(join(forged), Err(NotWhole::Interaction { .. })));
}

#[tokio::test]
async fn a_run_that_did_not_begin_is_no_shard() {
    let report = up()
        .options(shard(9, 2))
        .verify(source(&interactions(1)))
        .await;
    check(
        vec![report],
        "one of the runs did not begin: 9/2 is not a shard: 1/2 to 2/2 are",
    );
}

/// The results that the broker got after the pact was fetched again.
fn results(broker: &FakeBroker) -> Vec<Value> {
    let received = broker.received().into_iter();
    let bodies = received.filter_map(|body| serde_json::from_str::<Value>(&body).ok());
    bodies
        .filter(|body| body.get("success").is_some())
        .collect()
}

async fn joined(broker: &FakeBroker, filter: Filter) -> Report {
    let mut reports = Vec::new();
    for number in [1, 2] {
        let verifier = up().options(shard(number, 2)).filter(filter.clone());
        let report = verifier.verify(broker.source()).await;
        reports.push(serde_json::from_value(report.to_json()).unwrap());
    }
    assert_eq!(results(broker), Vec::<Value>::new());
    join(reports).unwrap()
}

#[tokio::test]
async fn a_joined_success_is_published_with_all_its_interactions() {
    let broker = FakeBroker::new(&pact(&interactions(5)), Offered::Selected);
    let joined = joined(&broker, Filter::new()).await;

    let report = publish_results(joined, &broker.client(), &publish()).await;

    assert_eq!(report.verdict(), Verdict::Yes, "{report}");
    assert_eq!(
        report.pacts[0].publication,
        Publication::Acknowledged { success: true }
    );
    let result = &results(&broker)[0];
    assert_eq!(result["success"], true);
    let published = result["testResults"].as_array().unwrap();
    assert_eq!(published.len(), 5);
}

#[tokio::test]
async fn shards_that_left_interactions_out_are_no_success() {
    let broker = FakeBroker::new(&pact(&interactions(5)), Offered::Selected);
    let filter = Filter::new().description("request [0-3]").unwrap();
    let joined = joined(&broker, filter).await;

    let report = publish_results(joined, &broker.client(), &publish()).await;

    let reason = Withheld::NotWhole;
    assert_eq!(
        report.pacts[0].publication,
        Publication::Withheld { reason }
    );
    assert_eq!(results(&broker), Vec::<Value>::new());
}

#[tokio::test]
async fn a_pact_that_has_changed_since_is_not_published() {
    let before = FakeBroker::new(&pact(&interactions(5)), Offered::Selected);
    let joined = joined(&before, Filter::new()).await;
    let after = FakeBroker::new(&pact(&interactions(6)), Offered::Selected);

    let report = publish_results(joined, &after.client(), &publish()).await;

    let reason = Withheld::ContentChanged;
    assert_eq!(
        report.pacts[0].publication,
        Publication::Withheld { reason }
    );
}

#[tokio::test]
async fn a_pact_of_another_host_is_not_asked_for() {
    let broker = FakeBroker::new(&pact(&interactions(5)), Offered::Selected);
    let mut joined = joined(&broker, Filter::new()).await;
    joined.pacts[0].origin = "http://elsewhere.example/pact".to_owned();
    let before = broker.received().len();

    let report = publish_results(joined, &broker.client(), &publish()).await;

    let reason = Withheld::NotFromABroker;
    assert_eq!(
        report.pacts[0].publication,
        Publication::Withheld { reason }
    );
    assert_eq!(broker.received().len(), before);
}

#[tokio::test]
async fn a_broker_that_refuses_a_joined_result_is_no_yes() {
    let pact = pact(&interactions(5));
    let broker = FakeBroker::answering(&pact, Offered::Selected, StatusCode::FORBIDDEN);
    let joined = joined(&broker, Filter::new()).await;

    let report = publish_results(joined, &broker.client(), &publish()).await;

    assert_eq!(report.verdict(), Verdict::Unknown);
}
