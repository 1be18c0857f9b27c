use serde_json::json;

use crate::support::{Answer, TestBroker};

const PACT: &str = "/pacts/provider/Orders/consumer/Web-Shop/latest";

#[track_caller]
fn check(badge: &Answer, says: &str) {
    assert_eq!(badge.status, 200);
    assert_eq!(badge.header("content-type"), "image/svg+xml;charset=utf-8");
    let title = format!("<title>{says}</title>");
    assert!(badge.text.contains(&title), "{}", badge.text);
    assert!(
        !badge.text.contains("https://"),
        "a badge calls no other site"
    );
}

async fn verify(broker: &TestBroker, hash: &str, success: bool) {
    let result = json!({ "success": success, "providerApplicationVersion": "7" });
    let answer = broker.verify(("Web-Shop", "Orders"), hash, result).await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn the_badge_of_a_pact_follows_its_results() {
    let broker = TestBroker::new();
    let badge = || broker.get("/pacts/provider/Orders/consumer/Web-Shop/latest/badge");
    check(&badge().await, "pact not found: unknown");
    let hash = broker.publish("Web-Shop", "1", "Orders", 1).await;
    check(&badge().await, "web-shop/orders pact: unknown");
    verify(&broker, &hash, false).await;
    check(&badge().await, "web-shop/orders pact: failed");
    verify(&broker, &hash, true).await;
    check(&badge().await, "web-shop/orders pact: verified");
    broker.publish("Web-Shop", "2", "Orders", 2).await;
    check(&badge().await, "web-shop/orders pact: changed");
}

#[tokio::test]
async fn a_badge_is_labelled_as_asked() {
    let broker = TestBroker::new();
    broker.publish("Web-Shop", "1", "Orders", 1).await;
    broker
        .put("/pacticipants/Web-Shop/versions/1/tags/dev", json!({}))
        .await;
    for (path, says) in [
        ("/badge?label=consumer", "web-shop pact: unknown"),
        ("/badge?label=provider", "orders pact: unknown"),
        ("/badge.svg?initials=true", "ws/orders pact: unknown"),
        ("/dev/badge", "web-shop/orders pact: unknown"),
        ("/prod/badge", "pact not found: unknown"),
        ("-untagged/badge", "pact not found: unknown"),
    ] {
        check(&broker.get(&format!("{PACT}{path}")).await, says);
    }
    let tags = "/matrix/provider/Orders/latest/prod/consumer/Web-Shop/latest/dev/badge";
    check(
        &broker.get(tags).await,
        "web-shop (dev)/orders (prod) pact: unknown",
    );
    let nobody = "/matrix/provider/Nobody/latest/prod/consumer/Web-Shop/latest/dev/badge";
    check(&broker.get(nobody).await, "pact not found: unknown");
}

#[tokio::test]
async fn a_badge_says_whether_a_branch_or_a_tag_can_be_deployed() {
    let broker = TestBroker::new();
    broker.environment("prod").await;
    broker.publish("Web-Shop", "1", "Orders", 1).await;
    broker
        .put("/pacticipants/Orders/versions/7/tags/dev", json!({}))
        .await;
    let way = |name: &str, branch: &str, environment: &str| {
        format!(
            "/pacticipants/{name}/branches/{branch}/latest-version/can-i-deploy/to-environment/{environment}/badge"
        )
    };
    let no = broker.get(&way("Web-Shop", "main", "prod")).await;
    check(&no, "can-i-deploy: main to prod");
    assert!(no.text.contains("#c0392b"));
    let labelled = broker
        .get(&format!("{}?label=abc", way("Web-Shop", "main", "prod")))
        .await;
    check(&labelled, "abc: main to prod");
    check(
        &broker.get(&way("Nobody", "main", "prod")).await,
        "pacticipant: not found",
    );
    check(
        &broker.get(&way("Web-Shop", "none", "prod")).await,
        "branch: not found",
    );
    check(
        &broker.get(&way("Web-Shop", "main", "none")).await,
        "environment: not found",
    );
    let tagged = broker
        .get("/pacticipants/Orders/latest-version/dev/can-i-deploy/to/prod/badge")
        .await;
    check(&tagged, "can-i-deploy: dev to prod");
    let untagged = broker
        .get("/pacticipants/Orders/latest-version/none/can-i-deploy/to/prod/badge")
        .await;
    check(&untagged, "version: not found");
}

#[tokio::test]
async fn a_badge_says_whether_the_main_branch_can_be_merged() {
    let broker = TestBroker::new();
    let badge = || broker.get("/pacticipants/Web-Shop/main-branch/can-i-merge/badge");
    check(&badge().await, "pacticipant: not found");
    broker
        .post("/pacticipants", json!({ "name": "Web-Shop" }))
        .await;
    check(&badge().await, "main branch version: not found");
    let hash = broker.publish("Web-Shop", "1", "Orders", 1).await;
    broker
        .put("/pacticipants/Orders/branches/main/versions/7", json!({}))
        .await;
    check(&badge().await, "can-i-merge: unknown");
    verify(&broker, &hash, true).await;
    let yes = badge().await;
    check(&yes, "can-i-merge: success");
    assert!(yes.text.contains("#2e8b2e"));
    verify(&broker, &hash, false).await;
    check(&badge().await, "can-i-merge: failed");
}

#[tokio::test]
async fn a_label_is_text_in_a_badge() {
    let broker = TestBroker::new();
    broker
        .put("/pacticipants/Web/branches/main/versions/1", json!({}))
        .await;
    let badge = broker
        .get("/pacticipants/Web/main-branch/can-i-merge/badge?label=%3Cscript%3E%22")
        .await;
    assert!(badge.text.contains("&lt;script&gt;&quot;") && !badge.text.contains("<script"));
}
