use serde_json::{Value, json};

use crate::support::TestBroker;

fn pairs(list: &Value) -> Vec<(String, String)> {
    let name = |role: &Value| role["name"].as_str().unwrap().to_owned();
    let items = list["_embedded"]["integrations"].as_array().unwrap();
    items
        .iter()
        .map(|item| (name(&item["consumer"]), name(&item["provider"])))
        .collect()
}

fn pair(consumer: &str, provider: &str) -> (String, String) {
    (consumer.to_owned(), provider.to_owned())
}

async fn three() -> TestBroker {
    let broker = TestBroker::new();
    for (consumer, provider) in [("Web", "Orders"), ("Orders", "Stock"), ("Phone", "Mail")] {
        broker.publish(consumer, "1", provider, 1).await;
    }
    broker
}

#[tokio::test]
async fn the_integration_with_the_latest_news_comes_first() {
    let broker = three().await;
    let list = broker.get("/integrations").await.json();
    assert_eq!(
        pairs(&list),
        [
            pair("Phone", "Mail"),
            pair("Orders", "Stock"),
            pair("Web", "Orders")
        ]
    );
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    broker.publish("Phone", "1", "Mail", 1).await;
    let result = json!({ "success": true, "providerApplicationVersion": "7" });
    broker.verify(("Web", "Orders"), &hash, result).await;
    let list = broker.get("/integrations").await.json();
    assert_eq!(pairs(&list)[0], pair("Web", "Orders"));
}

#[tokio::test]
async fn integrations_come_in_pages_and_by_name() {
    let broker = three().await;
    let page = broker.get("/integrations?page=2&size=2").await.json();
    assert_eq!(pairs(&page), [pair("Web", "Orders")]);
    assert_eq!(page["page"]["totalElements"], 3);
    let found = broker.get("/integrations?q=STO").await.json();
    assert_eq!(pairs(&found), [pair("Orders", "Stock")]);
}

#[tokio::test]
async fn an_integration_is_forgotten_with_its_pacts_and_nothing_else() {
    let broker = three().await;
    let path = "/integrations/provider/Orders/consumer/Web";
    assert_eq!(broker.delete(path).await.status, 204);
    assert_eq!(broker.delete(path).await.status, 404);
    assert_eq!(
        broker
            .get("/pacts/provider/Orders/consumer/Web/latest")
            .await
            .status,
        404
    );
    assert_eq!(broker.get("/pacticipants/Web/versions/1").await.status, 200);
    assert_eq!(
        broker
            .get("/pacts/provider/Stock/consumer/Orders/latest")
            .await
            .status,
        200
    );
    let unknown = broker
        .delete("/integrations/provider/Nobody/consumer/Web")
        .await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn every_integration_is_forgotten_at_once() {
    let broker = three().await;
    assert_eq!(broker.delete("/integrations").await.status, 204);
    assert!(pairs(&broker.get("/integrations").await.json()).is_empty());
    assert_eq!(
        broker
            .get("/pacts/provider/Mail/consumer/Phone/latest")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_group_is_everybody_who_can_be_reached() {
    let broker = three().await;
    let group = broker.get("/groups/Stock").await;
    assert_eq!(group.header("content-type"), "text/csv;charset=utf-8");
    let lines: Vec<Vec<&str>> = group
        .text
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    let names: Vec<&str> = lines.iter().map(|line| line[1]).collect();
    assert_eq!(names, ["Web", "Orders", "Stock"]);
    assert_eq!(
        (lines[0][6], lines[1][6], lines[2][6]),
        (lines[1][0], lines[2][0], "0")
    );
    assert_eq!(broker.get("/groups/Nobody").await.status, 404);
    let all = broker.get("/relationships").await.text;
    assert_eq!(all, "Orders,Stock\nPhone,Mail\nWeb,Orders\n");
}

#[tokio::test]
async fn integrations_are_a_graph_for_graphviz() {
    let broker = TestBroker::new();
    broker.publish("Web", "1", "Orders", 1).await;
    broker.publish("App", "1", "Orders", 1).await;
    let graph = broker.get_as("/integrations", "text/vnd.graphviz").await;
    assert_eq!(
        graph.header("content-type"),
        "text/vnd.graphviz;charset=utf-8"
    );
    let expected = "digraph {\n  \"App\" -> \"Orders\";\n  \"Web\" -> \"Orders\";\n}\n";
    assert_eq!(graph.text, expected);
}
