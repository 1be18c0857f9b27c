//! `publish_contracts`.

use serde_json::json;
use treaty_broker_client::{Bytes, ContractToPublish, OnConflict, PublishContracts};

use crate::fake::Fake;

const LINK: (&str, &str) = ("pb:publish-contracts", "/contracts/publish");
const PATH: &str = "/pacts/contracts/publish";

/// What a broker links to that has both ways to publish.
const BOTH: [(&str, &str); 5] = [
    LINK,
    (
        "pb:publish-pact",
        "/p/{provider}/{consumer}/{consumerApplicationVersion}",
    ),
    (
        "pb:pacticipant-branch-version",
        "/b/{pacticipant}/{branch}/{version}",
    ),
    (
        "pb:pacticipant-version-tag",
        "/t/{pacticipant}/{version}/{tag}",
    ),
    ("pb:pacticipant-version", "/v/{pacticipant}/{version}"),
];

fn publication() -> PublishContracts {
    PublishContracts {
        pacticipant: "A".parse().unwrap(),
        version: "1".parse().unwrap(),
        branch: Some("main".parse().unwrap()),
        tags: vec!["dev".parse().unwrap()],
        build_url: None,
        contracts: vec![ContractToPublish {
            provider: "B".parse().unwrap(),
            content: Bytes::from_static(b"{}"),
            on_conflict: OnConflict::Merge,
        }],
    }
}

#[tokio::test]
async fn pacts_are_published_and_the_notices_come_back() {
    let answer = json!({"notices": [{"type": "success", "text": "stored"}],
        "_links": {"pb:contracts": [{"href": "http://broker.local/pacts/1"}]}});
    let fake = Fake::with_links(&[LINK]).on("POST", PATH, 200, &answer);

    let published = fake
        .client()
        .publish_contracts(&publication())
        .await
        .unwrap();

    assert_eq!(published.notices[0].text, "stored");
    assert_eq!(published.pact_urls, ["http://broker.local/pacts/1"]);
    assert_eq!(
        fake.seen()[0].body,
        json!({"pacticipantName": "A", "pacticipantVersionNumber": "1", "branch": "main", "tags": ["dev"],
            "contracts": [{"consumerName": "A", "providerName": "B", "specification": "pact",
                "contentType": "application/json", "content": "e30=", "onConflict": "merge"}]})
    );
}

#[tokio::test]
async fn the_logs_of_older_brokers_are_notices_too() {
    let answer = json!({"logs": [{"level": "warn", "message": "old"}]});
    let fake = Fake::with_links(&[LINK]).on("POST", PATH, 200, &answer);
    let published = fake
        .client()
        .publish_contracts(&publication())
        .await
        .unwrap();
    assert_eq!(
        (&*published.notices[0].kind, &*published.notices[0].text),
        ("warn", "old")
    );
}

#[tokio::test]
async fn a_conflict_tells_the_brokers_reason_and_the_difference_once() {
    let answer = json!({"notices": [{"type": "error", "text": "Cannot change"}, {"type": "info", "text": "-1\n+2"}],
        "errors": {"contracts": ["Cannot change"]}});
    let fake = Fake::with_links(&[LINK]).on("POST", PATH, 409, &answer);
    let error = fake
        .client()
        .publish_contracts(&publication())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "POST http://broker.local/pacts/contracts/publish was answered with 409 Conflict: Cannot change\n-1\n+2"
    );
    assert_eq!(
        error.remedy(),
        "publish changed content under a new version number, the commit id for example"
    );
    assert_eq!(fake.lines().len(), 1);
}

#[tokio::test]
async fn a_broker_that_takes_pacts_one_by_one_is_given_them_so_after_the_version() {
    let fake = Fake::with_links(&BOTH[1..4])
        .on("PUT", "/pacts/b/A/main/1", 201, &json!({}))
        .on("PUT", "/pacts/t/A/1/dev", 201, &json!({}))
        .on(
            "PATCH",
            "/pacts/p/B/A/1",
            200,
            &json!({"consumer": {"name": "A"}}),
        );
    let published = fake
        .client()
        .publish_contracts(&publication())
        .await
        .unwrap();
    assert_eq!(
        fake.lines(),
        [
            "PUT /pacts/b/A/main/1",
            "PUT /pacts/t/A/1/dev",
            "PATCH /pacts/p/B/A/1"
        ]
    );
    assert_eq!(published.pact_urls, ["http://broker.local/pacts/p/B/A/1"]);
    assert_eq!(
        published.notices[0].text,
        "Pact successfully published for A version 1 and provider B."
    );
}

#[tokio::test]
async fn a_broker_that_takes_no_pacts_is_told_by_the_link_it_lacks() {
    let fake = Fake::with_links(&[]);
    let error = fake
        .client()
        .publish_contracts(&publication())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "http://broker.local/pacts has no link \"pb:publish-pact\""
    );
    assert_eq!(fake.lines().len(), 0);
}

#[tokio::test]
async fn a_conflict_about_names_is_no_reason_to_merge() {
    let answer = json!({"notices": [{"type": "error", "text": "A may be another spelling of As"}]});
    let fake = Fake::with_links(&BOTH).on("POST", PATH, 409, &answer);
    let error = fake
        .client()
        .publish_contracts(&publication())
        .await
        .unwrap_err();
    assert!(
        error.to_string().ends_with("another spelling of As"),
        "{error}"
    );
    assert_eq!(
        fake.lines(),
        ["POST /pacts/contracts/publish", "GET /pacts/p/B/A/1"]
    );
}

#[tokio::test]
async fn what_the_version_has_is_merged_and_the_rest_goes_together_with_the_build() {
    let mut publication = publication();
    publication.build_url = Some("http://ci/1".to_owned());
    let mut second = publication.contracts[0].clone();
    second.provider = "C".parse().unwrap();
    publication.contracts.push(second);
    let stored = json!({"notices": [{"type": "success", "text": "C is stored"}]});
    let fake = Fake::with_links(&BOTH)
        .on("POST", PATH, 409, &json!({}))
        .on("POST", PATH, 200, &stored)
        .on("GET", "/pacts/p/B/A/1", 200, &json!({}))
        .on("PUT", "/pacts/b/A/main/1", 201, &json!({}))
        .on("PUT", "/pacts/t/A/1/dev", 201, &json!({}))
        .on("PATCH", "/pacts/p/B/A/1", 200, &json!({}))
        .on("PATCH", "/pacts/v/A/1", 200, &json!({}));
    let published = fake.client().publish_contracts(&publication).await.unwrap();
    assert_eq!(
        fake.lines(),
        [
            "POST /pacts/contracts/publish",
            "GET /pacts/p/B/A/1",
            "GET /pacts/p/C/A/1",
            "POST /pacts/contracts/publish",
            "PUT /pacts/b/A/main/1",
            "PUT /pacts/t/A/1/dev",
            "PATCH /pacts/p/B/A/1",
            "PATCH /pacts/v/A/1",
        ]
    );
    let seen = fake.seen();
    assert_eq!(seen[3].body["contracts"][0]["providerName"], "C");
    assert_eq!(seen[3].body["contracts"].as_array().unwrap().len(), 1);
    assert_eq!(seen[7].body, json!({"buildUrl": "http://ci/1"}));
    assert_eq!(published.notices.len(), 2);
}

#[tokio::test]
async fn a_broker_without_a_place_for_the_build_is_warned_about() {
    let mut publication = publication();
    publication.build_url = Some("http://ci/1".to_owned());
    let fake = Fake::with_links(&BOTH[1..])
        .on("PUT", "/pacts/b/A/main/1", 201, &json!({}))
        .on("PUT", "/pacts/t/A/1/dev", 201, &json!({}))
        .on("PATCH", "/pacts/p/B/A/1", 200, &json!({}))
        .on("PATCH", "/pacts/v/A/1", 405, &json!({}));
    let published = fake.client().publish_contracts(&publication).await.unwrap();
    assert_eq!(
        published.notices[1].text,
        "The broker did not take the URL of the build, http://ci/1."
    );
}
