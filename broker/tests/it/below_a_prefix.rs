use std::collections::BTreeSet;

use regex::Regex;
use serde_json::{Value, json};

use crate::support::{TestBroker, config, database};

/// Where the broker is, as its clients see it.
const HOST: &str = "https://host.test";
const PREFIX: &str = "/pb";

/// What a browser accepts, and what a client does.
const ACCEPTED: [&str; 2] = ["text/html", "application/hal+json"];

/// More documents than the links of this broker lead to.
const DOCUMENTS_MAX: usize = 1000;

/// A broker that has something of every kind.
async fn seeded() -> TestBroker {
    let broker = TestBroker::open(config(database()).base_url(format!("{HOST}{PREFIX}")));
    broker.publish("Web", "1", "Orders", 1).await;
    let hash = broker.publish("Web", "2", "Orders", 2).await;
    let result = json!({ "success": false, "providerApplicationVersion": "7" });
    let stored = broker.verify(("Web", "Orders"), &hash, result).await;
    assert_eq!(stored.status, 201, "{}", stored.text);
    let environment = broker.environment("test").await;
    broker.deploy("Web", "2", &environment).await;
    let hook = json!({ "events": [{ "name": "contract_published" }],
        "request": { "method": "POST", "url": "https://ci.example.com/" } });
    for (path, body) in [
        ("/pacticipants/Web/versions/2/tags/dev", json!({})),
        ("/pacticipants/Web/labels/shop", json!({})),
        ("/webhooks/a-webhook-of-this-test", hook),
    ] {
        let put = broker.put(path, body).await;
        assert!(put.status.is_success(), "{path}: {}", put.text);
    }
    broker.publish("Web", "3", "Orders", 3).await;
    broker
}

/// Every address in a document, but for templates.
fn addresses(document: &Value, found: &mut BTreeSet<String>) {
    match document {
        Value::Object(members) => {
            let is_template = members.get("templated") == Some(&json!(true));
            let href = members.get("href").and_then(Value::as_str);
            found.extend(href.filter(|_| !is_template).map(str::to_owned));
            members.values().for_each(|member| addresses(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        _ => {}
    }
}

/// Every address in a page.
fn addresses_of_page(page: &str) -> BTreeSet<String> {
    let attribute = Regex::new(r#"(?:href|action|src)="([^"]*)""#).unwrap();
    let found = attribute.captures_iter(page);
    found.map(|found| found[1].replace("&amp;", "&")).collect()
}

/// Follows every link of the documents of one kind; returns what was read.
async fn walk(broker: &TestBroker, accept: &str) -> BTreeSet<String> {
    let mut read = BTreeSet::new();
    let mut waiting = vec![format!("{PREFIX}/")];
    while let Some(path) = waiting.pop() {
        let is_new = read.insert(path.clone());
        if !is_new {
            continue;
        }
        assert!(read.len() < DOCUMENTS_MAX, "{read:?}");
        let answer = broker.get_as(&path, accept).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
        let mut found = BTreeSet::new();
        if answer.header("content-type").starts_with("text/html") {
            found = addresses_of_page(&answer.text);
        } else if let Ok(document) = serde_json::from_str(&answer.text) {
            addresses(&document, &mut found);
        }
        for link in found {
            let own = link.strip_prefix(HOST).unwrap_or(&link);
            if own.starts_with("https://") || own.starts_with('#') {
                continue;
            }
            let is_below = own == PREFIX || own.starts_with(&format!("{PREFIX}/"));
            assert!(is_below, "{path} leads to {link}");
            // Some templates do not say that they are.
            if !own.contains('{') {
                waiting.push(own.to_owned());
            }
        }
    }
    read
}

#[tokio::test]
async fn every_link_of_every_page_and_document_keeps_to_the_prefix() {
    let broker = seeded().await;
    let [pages, documents] = ACCEPTED;
    let pages = walk(&broker, pages).await;
    let documents = walk(&broker, documents).await;
    for path in ["/matrix", "/dashboard", "/pacticipants/Web"] {
        assert!(pages.contains(&format!("{PREFIX}{path}")), "{pages:?}");
    }
    let pair = format!("{PREFIX}/matrix/provider/Orders/consumer/Web");
    assert!(documents.contains(&pair), "{documents:?}");
    assert!(
        pages.len() > 10 && documents.len() > 30,
        "{pages:?} {documents:?}"
    );
    let page = broker.get_as(&pair, "text/html").await;
    for link in addresses_of_page(&page.text) {
        assert!(link.starts_with(PREFIX), "{pair} leads to {link}");
    }
}
