//! `pacts_for_verification` and `fetch_pact`.

use serde_json::json;
use treaty_broker_client::PactsForVerification;
use treaty_core::names::PacticipantName;
use treaty_core::selectors::ConsumerVersionSelector;

use crate::fake::Fake;

const LINK: (&str, &str) = (
    "pb:provider-pacts-for-verification",
    "/provider/{provider}/for-verification",
);
const PATH: &str = "/pacts/provider/User%20Service/for-verification";

fn provider() -> PacticipantName {
    "User Service".parse().unwrap()
}

#[tokio::test]
async fn pacts_are_asked_for_with_selectors_and_read_with_their_notices() {
    let fake = Fake::with_links(&[LINK]).on(
        "POST",
        PATH,
        200,
        &json!({"_embedded": {"pacts": [{
            "shortDescription": "latest from main branch",
            "verificationProperties": {"pending": true, "new": {}, "notices": [
                {"when": "before_verification", "text": "because"}, {"odd": true}]},
            "_links": {"self": {"href": "http://broker.local/pacts/1", "name": "Pact between A (1) and B"}}}]}}),
    );
    let wanted = PactsForVerification {
        provider_version_branch: Some("main".parse().unwrap()),
        consumer_version_selectors: vec![ConsumerVersionSelector {
            main_branch: Some(true),
            ..Default::default()
        }],
        include_pending_status: true,
        ..Default::default()
    };

    let pacts = fake
        .client()
        .pacts_for_verification(&provider(), &wanted)
        .await
        .unwrap();

    assert_eq!(pacts.len(), 1);
    assert_eq!(pacts[0].name, "Pact between A (1) and B");
    assert_eq!(pacts[0].url, "http://broker.local/pacts/1");
    assert!(pacts[0].pending && !pacts[0].wip);
    assert_eq!(pacts[0].notices.len(), 1);
    assert_eq!(
        fake.seen()[0].body,
        json!({"providerVersionBranch": "main", "includePendingStatus": true,
            "consumerVersionSelectors": [{"mainBranch": true}]})
    );
}

#[tokio::test]
async fn the_older_relation_serves_too() {
    let older = ("beta:provider-pacts-for-verification", LINK.1);
    let fake =
        Fake::with_links(&[older]).on("POST", PATH, 200, &json!({"_embedded": {"pacts": []}}));
    let pacts = fake
        .client()
        .pacts_for_verification(&provider(), &Default::default())
        .await;
    assert_eq!(pacts.unwrap(), []);
}

#[tokio::test]
async fn a_provider_that_the_broker_does_not_know_has_no_pacts() {
    let missing = json!({"error": "No provider with name 'User Service' found"});
    let fake = Fake::with_links(&[LINK]).on("POST", PATH, 404, &missing);
    let pacts = fake
        .client()
        .pacts_for_verification(&provider(), &Default::default())
        .await;
    assert_eq!(pacts.unwrap(), []);
}

#[tokio::test]
async fn a_404_of_a_proxy_is_not_mistaken_for_an_unknown_provider() {
    let fake = Fake::with_links(&[LINK]).on_text("POST", PATH, 404, &[], "<html>not here</html>");
    let pacts = fake
        .client()
        .pacts_for_verification(&provider(), &Default::default())
        .await;
    assert_eq!(
        pacts.unwrap_err().to_string(),
        "POST http://broker.local/pacts/provider/User%20Service/for-verification was answered with 404 Not Found: a web page"
    );
}

#[tokio::test]
async fn an_answer_without_a_list_is_not_mistaken_for_an_empty_one() {
    let fake = Fake::with_links(&[LINK]).on("POST", PATH, 200, &json!({}));
    let pacts = fake
        .client()
        .pacts_for_verification(&provider(), &Default::default())
        .await;
    assert!(
        pacts
            .unwrap_err()
            .to_string()
            .ends_with("is not a Pact Broker's: no list of pacts in it")
    );
}

#[tokio::test]
async fn a_pact_is_fetched_by_its_url() {
    let fake = Fake::default().on("GET", "/pacts/1", 200, &json!({"consumer": {"name": "A"}}));
    let pact = fake
        .client()
        .fetch_pact("http://broker.local/pacts/1")
        .await
        .unwrap();
    assert_eq!(pact.url, "http://broker.local/pacts/1");
    assert_eq!(pact.document["consumer"]["name"], "A");
}
