//! A broker that is told what happened long ago: it concludes nothing, and what it was told stays for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use serde_json::{Value, json};
use treaty_broker::{Broker, Clock, Config, Moment};

use crate::support::{LastingDatabase, TestBroker, config, pact};

const DAY_S: i64 = 86_400;
const IMPORT_S: i64 = 1_790_000_000;

/// A database, and the seconds that the clocks of its brokers show.
struct Setup {
    database: LastingDatabase,
    seconds: Arc<AtomicI64>,
}

impl Setup {
    fn new() -> Self {
        Self {
            database: LastingDatabase::new(),
            seconds: Arc::new(AtomicI64::new(IMPORT_S)),
        }
    }

    fn config(&self) -> Config {
        let seconds = Arc::clone(&self.seconds);
        let now = move || DateTime::from_timestamp(seconds.load(Ordering::Relaxed), 0).unwrap();
        config(self.database.url()).clock(Clock::new(now))
    }

    fn history(&self) -> (TestBroker, Moment) {
        let (broker, moment) = Broker::open_for_history(self.config()).unwrap();
        (TestBroker::of(broker), moment)
    }
}

async fn put(broker: &TestBroker, path: &str) {
    let answer = broker.put(path, json!({})).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.text);
}

#[tokio::test]
async fn nothing_follows_from_history() {
    let setup = Setup::new();
    let (broker, moment) = setup.history();
    moment.set(Some("2021-03-01T10:00:00+02:00"), Some("the-place"));
    broker.environment("prod").await;
    let hook = json!({
        "events": [{ "name": "contract_published" }],
        "request": { "method": "POST", "url": "https://example.com" },
    });
    broker.put("/webhooks/aaaaaaaaaaaaaaaaaaaa", hook).await;
    put(&broker, "/pacticipants/Web/versions/1").await;
    put(&broker, "/pacticipants/Web/versions/1/tags/prod").await;
    put(&broker, "/pacticipants/Web/branches/master/versions/1").await;
    broker.publish("Web", "1", "Orders", 1).await;
    let web = broker.get("/pacticipants/Web").await.json();
    assert_eq!(web["createdAt"], "2021-03-01T08:00:00+00:00");
    assert_eq!(web["mainBranch"], Value::Null);
    let version = broker.get("/pacticipants/Web/versions/1").await.json();
    let branches = &version["_embedded"]["branchVersions"];
    let names = branches.as_array().unwrap().iter();
    let names: Vec<&Value> = names.map(|branch| &branch["name"]).collect();
    assert_eq!(names, ["master", "main"], "no tag is a branch");
    let deployed = "/environments/the-place/deployed-versions/currently-deployed";
    let deployed = broker.get(deployed).await.json();
    assert_eq!(deployed["_embedded"]["deployedVersions"], json!([]));
    let status = "/pacts/provider/Orders/consumer/Web/webhooks/status";
    let status = broker.get(status).await.json();
    assert_eq!(status["_embedded"]["triggeredWebhooks"], json!([]));
    let audit = broker.get("/audit").await.json();
    assert_eq!(audit["_embedded"]["entries"], json!([]));
}

#[tokio::test]
async fn a_pact_that_a_broker_served_is_the_content_that_it_was() {
    let setup = Setup::new();
    let (broker, _) = setup.history();
    let path = "/pacts/provider/Orders/consumer/Web/version";
    let hash = broker.publish("Web", "1", "Orders", 1).await;
    let served = broker.get(&format!("{path}/1")).await.text;
    let mut publication = crate::support::publication("Web", "2", "Orders", 1);
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &served);
    publication["contracts"][0]["content"] = encoded.into();
    let answer = broker.post("/contracts/publish", publication).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let again = broker.get(&format!("{path}/2")).await.json();
    assert_eq!(again["_links"]["pb:pact-version"]["name"], hash.as_str());
    let told = again["interactions"][0]["description"].as_str();
    assert_eq!(
        told,
        pact("Web", "Orders", 1)["interactions"][0]["description"].as_str()
    );
}

#[tokio::test]
async fn clean_up_counts_from_the_import() {
    let setup = Setup::new();
    let (broker, moment) = setup.history();
    moment.set(Some("2021-03-01T10:00:00Z"), None);
    for number in ["1", "2"] {
        put(&broker, &format!("/pacticipants/Web/versions/{number}")).await;
    }
    let broker = TestBroker::open(setup.config());
    for (days, unneeded) in [(1, 0), (89, 0), (91, 1)] {
        setup
            .seconds
            .store(IMPORT_S + days * DAY_S, Ordering::Relaxed);
        let told = broker.get("/clean-up").await.json();
        assert_eq!(
            told["versions"]["unneeded"], unneeded,
            "after {days} days: {told}"
        );
    }
}
