use std::env;
use std::io::{self, Write};
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use serde_json::json;
use treaty_broker::{Broker, DatabaseUrl};

use crate::support::{TestBroker, config, postgres_execute};

/// Names a PostgreSQL server on which these tests may make databases.
const SERVER: &str = "TREATY_TEST_POSTGRES";

/// The server, if there is one; else this says loudly that there is none, and fails where there must be one.
fn server() -> Option<String> {
    let named = env::var(SERVER).ok().filter(|url| !url.is_empty());
    if named.is_none() {
        let required = env::var("TREATY_REQUIRE").unwrap_or_default();
        assert!(
            !required.split(',').any(|name| name.trim() == "postgres"),
            "TREATY_REQUIRE asks for `postgres`, and {SERVER} names no server"
        );
        let text = format!(
            "DID NOT RUN: the broker's tests on PostgreSQL: {SERVER} names no server; \
             oracle/with-postgres.sh starts one\n"
        );
        // Past the test harness, which keeps what a passing test says with `eprintln!` to itself.
        io::stderr().write_all(text.as_bytes()).unwrap();
    }
    named
}

/// A database on the server, gone with this value.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn new(server: String) -> Self {
        let name = format!("treaty_{}", uuid::Uuid::new_v4().simple());
        postgres_execute(&server, &format!("CREATE DATABASE {name}"));
        Self { server, name }
    }

    fn url(&self) -> String {
        let (start, _) = self.server.rsplit_once('/').unwrap();
        format!("{start}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        postgres_execute(&self.server, &statement);
    }
}

#[test]
fn every_other_test_passes_on_postgresql_too() {
    let Some(server) = server() else { return };
    let database = Database::new(server);
    let output = Command::new(env::current_exe().unwrap())
        .args(["--skip", "stores::"])
        .env("TREATY_TEST_STORE", database.url())
        .output()
        .unwrap();
    let said =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{}", said.concat());
}

#[tokio::test]
async fn a_locked_postgresql_is_told_and_free_again_when_it_is() {
    let Some(server) = server() else { return };
    let database = Database::new(server);
    let url = format!("{}?options=-clock_timeout%3D20ms", database.url());
    let broker = TestBroker::open(config(DatabaseUrl::parse(&url).unwrap()));
    let lock = "BEGIN; LOCK TABLE treaty_schema IN EXCLUSIVE MODE";
    let (locked, unlocked) = mpsc::channel();
    let (unlock, told) = mpsc::channel::<()>();
    let url = database.url();
    let other = thread::spawn(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client.batch_execute(lock).unwrap();
        locked.send(()).unwrap();
        told.recv().unwrap();
    });
    unlocked.recv().unwrap();
    let answer = broker.post("/pacticipants", json!({ "name": "Web" })).await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert_eq!(
        answer.json()["error"],
        "The database is locked by another process. Nothing was changed; try again."
    );
    assert_eq!(broker.get("/pacticipants/Web").await.status, 404);
    unlock.send(()).unwrap();
    other.join().unwrap();
    let answer = broker.post("/pacticipants", json!({ "name": "Web" })).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn a_broker_survives_the_loss_of_its_connections() {
    let Some(server) = server() else { return };
    let database = Database::new(server);
    let broker = TestBroker::open(config(DatabaseUrl::parse(&database.url()).unwrap()));
    broker.publish("Web", "1", "Orders", 1).await;
    let end_all = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
    postgres_execute(&database.url(), end_all);
    assert_eq!(broker.get("/pacticipants/Web").await.status, 200);
    postgres_execute(&database.url(), end_all);
    broker.publish("Web", "2", "Orders", 1).await;
}

#[test]
fn a_server_that_is_not_there_is_told_at_the_start() {
    let url = DatabaseUrl::parse("postgres://nobody@127.0.0.1:1/pacts").unwrap();
    let error = Broker::open(config(url)).unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the database cannot be reached");
}
