//! `can_i_deploy`.

use serde_json::{Value, json};
use treaty_broker_client::{
    DEPLOY_ROWS_MAX_DEFAULT, DeployQuestion, DeployTarget, Ignored, MatrixSelector, VersionChoice,
};

use crate::fake::{BASE, Fake};

fn question() -> DeployQuestion {
    DeployQuestion {
        selectors: vec![MatrixSelector {
            pacticipant: "B C".parse().unwrap(),
            versions: VersionChoice::Number("2".parse().unwrap()),
        }],
        target: Some(DeployTarget::Environment("production".parse().unwrap())),
        ignored: vec![Ignored {
            pacticipant: "D".parse().unwrap(),
            version: Some("1".parse().unwrap()),
        }],
        rows_max: DEPLOY_ROWS_MAX_DEFAULT,
    }
}

fn failed() -> Value {
    json!({
        "summary": {"deployable": false, "reason": "it failed", "success": 0, "failed": 1, "unknown": 0},
        "notices": [{"type": "error", "text": "it failed"}],
        "matrix": [{
            "consumer": {"name": "A", "version": {"number": "1", "environments": [{"name": "production"}]}},
            "provider": {"name": "B C", "version": {"number": "2", "environments": []}},
            "pact": {"_links": {"self": {"href": "http://broker.local/pacts/1"}}},
            "verificationResult": {"success": false, "_links": {"self": {"href": "http://b/r"}}}}]
    })
}

#[tokio::test]
async fn another_brokers_answer_is_read_row_by_row() {
    let fake = Fake::with_links(&[]).on("GET", "/pacts/matrix", 200, &failed());

    let answer = fake.client().can_i_deploy(&question()).await.unwrap();

    assert_eq!(answer.summary.deployable, Some(false));
    assert_eq!(answer.rows[0].consumer.environments, ["production"]);
    assert!(!answer.rows[0].result.as_ref().unwrap().success);
    assert_eq!(answer.treaty, None);
    assert!(!answer.truncated);
    assert_eq!(
        fake.lines(),
        [
            "GET /pacts/matrix?q%5B%5D%5Bpacticipant%5D=B+C&q%5B%5D%5Bversion%5D=2&latestby=cvpv&environment=production\
          &ignore%5B%5D%5Bpacticipant%5D=D&ignore%5B%5D%5Bversion%5D=1&limit=1000"
        ]
    );
}

#[tokio::test]
async fn a_link_to_the_matrix_is_followed_where_there_is_one() {
    let fake = Fake::with_links(&[("pb:matrix", "/compatibility")]).on(
        "GET",
        "/pacts/compatibility",
        200,
        &failed(),
    );
    assert!(fake.client().can_i_deploy(&question()).await.is_ok());
}

#[tokio::test]
async fn unknown_is_neither_yes_nor_no() {
    let unknown = json!({"summary": {"deployable": null}, "matrix": [
        {"consumer": {"name": "A"}, "provider": {"name": "B", "version": null}, "verificationResult": null}]});
    let fake = Fake::with_links(&[]).on("GET", "/pacts/matrix", 200, &unknown);
    let answer = fake.client().can_i_deploy(&question()).await.unwrap();
    assert_eq!(answer.summary.deployable, None);
    assert_eq!(answer.rows[0].result, None);
    assert_eq!(answer.rows[0].provider.number, None);
}

#[tokio::test]
async fn reasons_of_our_own_broker_are_read_whatever_they_lack() {
    let mut body = failed();
    body["treaty"] = json!({"checked": {"rows": 1, "note": "x"}, "reasons": [{
        "consumer": "A", "cause": "failed", "remedy": "restore it",
        "interactions": [{"description": "a ping", "mismatches": [
            "a line", {"path": "$.a", "expected": "1", "actual": "2", "rule": "equality"}, {"odd": 1}]}]}]});
    let fake = Fake::with_links(&[]).on("GET", "/pacts/matrix", 200, &body);
    let treaty = fake
        .client()
        .can_i_deploy(&question())
        .await
        .unwrap()
        .treaty
        .unwrap();
    assert_eq!(treaty.checked.counts, [("rows".to_owned(), 1)]);
    assert_eq!(
        treaty.reasons[0].interactions[0].mismatches,
        ["a line", "$.a  expected 1, got 2  (rule: equality)"]
    );
    assert_eq!(treaty.reasons[0].remedy.as_deref(), Some("restore it"));
    assert_eq!(treaty.reasons[0].build_url, None);
}

#[tokio::test]
async fn a_list_that_is_cut_short_says_so() {
    let row = failed()["matrix"][0].clone();
    let body = json!({"summary": {"deployable": true}, "matrix": vec![row; 1000]});
    let fake = Fake::with_links(&[]).on("GET", "/pacts/matrix", 200, &body);
    let answer = fake.client().can_i_deploy(&question()).await.unwrap();
    assert!(answer.truncated);
    assert_eq!(answer.deployable(), None);
    assert_eq!(answer.summary.deployable, Some(true));
}

#[tokio::test]
async fn an_answer_without_a_verdict_is_no_answer() {
    let fake = Fake::with_links(&[]).on("GET", "/pacts/matrix", 200, &json!({"matrix": []}));
    let error = fake.client().can_i_deploy(&question()).await.unwrap_err();
    assert!(error.to_string().contains("no verdict in it"), "{error}");
}

#[tokio::test]
async fn errors_of_the_matrix_are_told() {
    let body = json!({"errors": ["Pacticipant B C not found"]});
    let fake = Fake::with_links(&[]).on("GET", "/pacts/matrix", 400, &body);
    let error = fake.client().can_i_deploy(&question()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("400 Bad Request: Pacticipant B C not found"),
        "{error}"
    );
    assert!(
        error.to_string().starts_with(&format!("GET {BASE}/matrix")),
        "{error}"
    );
}
