use futures_util::future::join_all;
use serde_json::{Value, json};
use treaty_broker::{Broker, DatabaseUrl, StartError};

use crate::support::{LastingDatabase, TestBroker, config, publication};

async fn versions(broker: &TestBroker) -> usize {
    let list = broker.get("/pacticipants/Web/versions").await.json();
    list["_embedded"]["versions"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_seen_by_another_broker_on_the_database() {
    let database = LastingDatabase::new();
    let (one, other) = (
        TestBroker::open(config(database.url())),
        TestBroker::open(config(database.url())),
    );
    let publish = |number: usize| {
        let broker = if number.is_multiple_of(2) {
            one.clone()
        } else {
            other.clone()
        };
        async move {
            let body = publication("Web", &number.to_string(), "Orders", 1);
            broker.post("/contracts/publish", body).await.status
        }
    };
    let statuses = join_all((0..40).map(publish)).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!((versions(&one).await, versions(&other).await), (40, 40));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn brokers_on_one_database_count_together() {
    let database = LastingDatabase::new();
    let brokers = [(); 2].map(|()| TestBroker::open(config(database.url())));
    let publish = |number: usize| {
        let broker = brokers[number % 2].clone();
        async move {
            let hash = broker
                .publish("Web", &number.to_string(), "Orders", 1)
                .await;
            let result =
                json!({ "success": true, "providerApplicationVersion": number.to_string() });
            let answer = broker.verify(("Web", "Orders"), &hash, result).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
            let path = answer.json()["_links"]["self"]["href"].clone();
            let number = path
                .as_str()
                .unwrap()
                .rsplit('/')
                .next()
                .unwrap()
                .to_owned();
            number.parse::<i64>().unwrap()
        }
    };
    let mut numbers = join_all((0..40).map(publish)).await;
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 40, "every result has a number of its own");
    let rows = brokers[0]
        .get("/matrix?q[][pacticipant]=Web&q[][pacticipant]=Orders")
        .await;
    assert_eq!(rows.json()["matrix"].as_array().unwrap().len(), 40 * 40);
    for broker in &brokers {
        let path = "/pacts/provider/Orders/consumer/Web/latest/verification-results/latest";
        let latest = broker.get(path).await.json()["_links"]["self"]["href"].clone();
        assert!(
            latest
                .as_str()
                .unwrap()
                .ends_with(&format!("/{}", numbers[39])),
            "{latest}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn brokers_that_publish_one_version_at_once_agree_on_what_it_is() {
    let database = LastingDatabase::new();
    let brokers = [(); 2].map(|()| TestBroker::open(config(database.url())));
    let publish = |number: usize| {
        let broker = brokers[number % 2].clone();
        let answer = i64::try_from(number / 2).unwrap();
        async move {
            let body = publication("Web", "1", "Orders", answer);
            broker
                .post("/contracts/publish", body)
                .await
                .status
                .as_u16()
        }
    };
    let statuses = join_all((0..20).map(publish)).await;
    let published = statuses.iter().filter(|status| **status == 200).count();
    let refused = statuses.iter().filter(|status| **status == 409).count();
    assert_eq!((published, refused), (2, 18), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_change_does_not_take_its_neighbours_with_it() {
    let broker = TestBroker::new();
    broker.publish("Web", "0", "Orders", 1).await;
    let publish = |number: usize| {
        let broker = broker.clone();
        async move {
            let (number, answer) = if number.is_multiple_of(4) {
                (0, 2)
            } else {
                (number, 1)
            };
            let body = publication("Web", &number.to_string(), "Orders", answer);
            broker
                .post("/contracts/publish", body)
                .await
                .status
                .as_u16()
        }
    };
    let statuses = join_all((1..=40).map(publish)).await;
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 10);
    assert_eq!(versions(&broker).await, 31);
}

#[tokio::test]
async fn a_database_outlives_its_broker() {
    let database = LastingDatabase::new();
    TestBroker::open(config(database.url()))
        .publish("Web", "1", "Orders", 1)
        .await;
    assert_eq!(versions(&TestBroker::open(config(database.url()))).await, 1);
}

#[tokio::test]
async fn a_database_of_a_later_release_is_refused() {
    let database = LastingDatabase::new();
    drop(TestBroker::open(config(database.url())));
    database.execute("UPDATE treaty_schema SET number = 99");
    let error = Broker::open(config(database.url())).unwrap_err();
    let StartError::Database(source) = error else {
        panic!("{error}")
    };
    let text = source.to_string();
    assert!(
        text.starts_with("the database has schema 99, this release knows up to "),
        "{text}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(
        &path,
        "this is certainly not a database, whatever its length may be".repeat(50),
    )
    .unwrap();
    assert!(matches!(
        Broker::open(config(DatabaseUrl::file(&path))),
        Err(StartError::Database(_))
    ));
    let missing = directory.path().join("no/such/directory/pacts.db");
    assert!(matches!(
        Broker::open(config(DatabaseUrl::file(missing))),
        Err(StartError::Database(_))
    ));
}

#[tokio::test]
async fn the_same_requests_on_the_same_clock_give_the_same_answers() {
    let run = async || {
        let broker = TestBroker::new();
        broker.publish("Web", "1", "Orders", 1).await;
        let uuid = broker.environment("prod").await;
        broker.deploy("Web", "1", &uuid).await;
        broker.get("/pacticipants/Web/versions/1").await.json()
    };
    let (one, other): (Value, Value) = (run().await, run().await);
    assert_eq!(one, other);
}
