use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http::Request;
use serde_json::json;
use treaty_broker::{Broker, DatabaseUrl};

use crate::support::{Answer, TestBroker, config, database};

async fn problem(broker: &TestBroker, path: &str) -> Answer {
    let request = Request::get(path).header("accept", "application/problem+json");
    broker.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let limit = Duration::from_millis(50);
    let broker = TestBroker::open(config(database()).request_timeout(limit));
    let endless = Body::from_stream(futures_util::stream::pending::<Result<Bytes, Infallible>>());
    let answer = broker
        .with_body("POST", "/pacticipants", "application/json", endless)
        .await;
    assert_eq!(answer.status, 503);
    assert_eq!(
        answer.json()["error"],
        "The request took longer than the 0 s allowed."
    );
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_back() {
    // The clock of the test goes on a second with each request.
    let broker = TestBroker::open(config(database()).requests_per_minute_max(2));
    for _ in 0..2 {
        assert_eq!(broker.get("/").await.status, 200);
    }
    let answer = problem(&broker, "/").await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), "28");
    let problem = answer.json();
    assert_eq!(
        problem["type"],
        "http://broker.test/problems/too-many-requests"
    );
    assert_eq!(problem["detail"], "Too many requests: try again in 28 s.");
}

#[tokio::test]
async fn a_path_prefix_is_in_every_link_and_may_be_in_requests() {
    let base = "https://pacts.example.com/our/broker";
    let broker = TestBroker::open(config(database()).base_url(base));
    for path in ["/pacticipants", "/our/broker/pacticipants"] {
        let answer = broker
            .post(path, json!({ "name": format!("A{path}") }))
            .await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text);
        assert!(
            answer
                .header("location")
                .starts_with(&format!("{base}/pacticipants/A"))
        );
    }
    for path in ["/", "/our/broker", "/our/broker/", "/our/broker?x=1"] {
        let index = broker.get(path).await.json();
        let links = index["_links"].as_object().unwrap();
        for link in links.iter().filter(|(name, _)| *name != "curies") {
            let href = link.1["href"].as_str().unwrap();
            assert!(href.starts_with(base), "{path}: {href}");
        }
    }
    assert_eq!(broker.get("/our/brokers").await.status, 404);
    let own = broker
        .get("/our/broker/diagnostic/status/heartbeat")
        .await
        .json();
    let href = own["_links"]["self"]["href"].as_str().unwrap();
    assert_eq!(href, format!("{base}/diagnostic/status/heartbeat"));
}

#[tokio::test]
async fn a_path_prefix_that_begins_like_a_route_is_told_from_it() {
    let base = "https://example.com/pacts";
    let broker = TestBroker::open(config(database()).base_url(base));
    broker.publish("Web", "1", "Orders", 1).await;
    let own = "/pacts/provider/Orders/consumer/Web/version/1";
    for path in [own.to_owned(), format!("/pacts{own}")] {
        let pact = broker.get(&path).await;
        assert_eq!(pact.status, 200, "{path}: {}", pact.text);
        let link = &pact.json()["_links"]["self"]["href"];
        assert_eq!(*link, format!("{base}{own}"), "{path}");
    }
    let refused = Broker::open(config(database()).base_url("https://example.com/pacticipants"));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the path /pacticipants of the base URL could be meant by paths of the broker itself"
    );
}

#[tokio::test]
async fn what_proxies_say_counts_only_without_a_base_url() {
    let forwarded = |broker: TestBroker, scheme: &'static str| async move {
        let request = Request::get("/diagnostic/status/heartbeat")
            .header("host", "inside:9292")
            .header("x-forwarded-host", "outside")
            .header("x-forwarded-proto", scheme);
        let answer = broker.send(request.body(Body::empty()).unwrap()).await;
        answer.json()["_links"]["self"]["href"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let without = treaty_broker::Config::new(DatabaseUrl::memory());
    let heard = forwarded(TestBroker::open(without.clone()), "https").await;
    assert_eq!(heard, "https://outside/diagnostic/status/heartbeat");
    let no_scheme = forwarded(TestBroker::open(without), "javascript").await;
    assert_eq!(no_scheme, "http://outside/diagnostic/status/heartbeat");
    let unheard = forwarded(TestBroker::new(), "https").await;
    assert_eq!(unheard, "http://broker.test/diagnostic/status/heartbeat");
}

#[tokio::test]
async fn prometheus_is_told_how_long_each_route_takes() {
    let broker = TestBroker::new();
    broker.get("/pacticipants/A").await;
    broker.get("/nowhere").await;
    let request = Request::get("/metrics").header(
        "accept",
        "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    );
    let answer = broker.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("content-type"), "text/plain");
    let count = "treaty_http_request_duration_seconds_count";
    let known =
        format!("{count}{{method=\"GET\",route=\"/pacticipants/{{name}}\",status=\"404\"}} 1\n");
    assert!(answer.text.contains(&known), "{}", answer.text);
    let unknown = format!("{count}{{method=\"\",route=\"\",status=\"404\"}} 1\n");
    assert!(answer.text.contains(&unknown), "{}", answer.text);
}

#[tokio::test]
async fn clean_up_tells_first_what_it_would_take_out() {
    let broker = TestBroker::open(config(database()).clean_up_keep_days(0));
    for (number, answer) in [("0", 0), ("1", 1), ("2", 2)] {
        broker.publish("Web", number, "Orders", answer).await;
    }
    let mut told = broker.get("/clean-up").await.json();
    assert_eq!(told["versions"], json!({ "count": 3, "unneeded": 2 }));
    assert_eq!(
        told["leftovers"], 2,
        "the contents that nothing will refer to"
    );
    assert_eq!(told["done"], false);
    assert_eq!(broker.get("/pacticipants/Web/versions/1").await.status, 200);
    let done = broker.post("/clean-up", json!({})).await.json();
    told["done"] = json!(true);
    assert_eq!(done, told);
    assert_eq!(broker.get("/pacticipants/Web/versions/1").await.status, 404);
    assert_eq!(broker.get("/pacticipants/Web/versions/2").await.status, 200);
    let again = broker.get("/clean-up").await.json();
    assert_eq!(again["versions"], json!({ "count": 1, "unneeded": 0 }));
    assert_eq!(
        again["leftovers"], 0,
        "the content of the version is gone, too"
    );
}
