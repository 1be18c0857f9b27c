use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use serde_json::json;
use treaty_broker::{Broker, CopyError, DatabaseUrl, StoreError, backup};

use crate::postgres_server::{Database, execute};
use crate::support::{TestBroker, config};

#[test]
fn every_other_test_passes_on_postgresql_too() {
    let Some(database) = Database::new() else {
        return;
    };
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
    let Some(database) = Database::new() else {
        return;
    };
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
    assert_eq!(answer.header("retry-after"), "1");
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
    let Some(database) = Database::new() else {
        return;
    };
    let broker = TestBroker::open(config(DatabaseUrl::parse(&database.url()).unwrap()));
    broker.publish("Web", "1", "Orders", 1).await;
    let end_all = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
    execute(&database.url(), end_all);
    assert_eq!(broker.get("/pacticipants/Web").await.status, 200);
    execute(&database.url(), end_all);
    broker.publish("Web", "2", "Orders", 1).await;
}

#[test]
fn a_postgresql_that_may_not_be_read_or_is_locked_is_not_taken_for_somebody_elses() {
    let Some(database) = Database::new() else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("backup.db");
    let copied = |options: &str| {
        let url = format!("{}?options={options}", database.url());
        backup(&DatabaseUrl::parse(&url).unwrap(), &file)
    };
    let nobodys = copied("");
    assert!(matches!(nobodys, Err(CopyError::NoDatabase { .. })));
    TestBroker::open(config(DatabaseUrl::parse(&database.url()).unwrap()));

    let refused = copied("-crole%3Dpg_monitor");
    let Err(CopyError::Store(error @ StoreError::Statement { .. })) = refused else {
        panic!("{refused:?}");
    };
    let cause = error.source().unwrap().source().unwrap().to_string();
    assert!(cause.contains("permission denied"), "{cause}");

    let mut other = postgres::Client::connect(&database.url(), postgres::NoTls).unwrap();
    let lock = "BEGIN; LOCK TABLE treaty_schema IN ACCESS EXCLUSIVE MODE";
    other.batch_execute(lock).unwrap();
    let refused = copied("-clock_timeout%3D20ms");
    let is_told = matches!(refused, Err(CopyError::Store(StoreError::Locked { .. })));
    assert!(is_told, "{refused:?}");
    drop(other);
    assert!(copied("").is_ok());
}

/// Names the authority of the server's certificate, which this machine does not trust.
const AUTHORITY: &str = "TREATY_TEST_POSTGRES_CA";

/// What the machine trusts is read from this variable, and so from the environment of another process.
const TRUSTED: &str = "SSL_CERT_FILE";

#[tokio::test]
async fn a_connection_is_encrypted_where_that_is_required() {
    let (Some(database), Some(authority)) = (Database::new(), env::var_os(AUTHORITY)) else {
        let text = format!("DID NOT RUN: a test of encryption: {AUTHORITY} names no authority\n");
        io::stderr().write_all(text.as_bytes()).unwrap();
        return;
    };
    let url = format!("{}?sslmode=require", database.url());
    let opened = Broker::open(config(DatabaseUrl::parse(&url).unwrap()));
    if env::var_os(TRUSTED).as_ref() == Some(&authority) {
        let broker = TestBroker::of(opened.unwrap());
        broker.publish("Web", "1", "Orders", 1).await;
        // Divides by zero unless all of the broker's connections are encrypted.
        let encrypted = "SELECT 1 / (bool_and(ssl) AND count(*) > 0)::int FROM pg_stat_ssl NATURAL JOIN pg_stat_activity \
                         WHERE application_name = 'treaty broker' AND datname = current_database()";
        execute(&database.url(), encrypted);
        drop(broker);
        return;
    }
    let error = opened.unwrap_err();
    let causes = std::iter::successors(error.source(), |&error| error.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    assert!(causes.join(": ").contains("certificate"), "{causes:?}");
    let name = "stores::a_connection_is_encrypted_where_that_is_required";
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name])
        .env(TRUSTED, authority)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[test]
fn a_server_that_is_not_there_is_told_at_the_start() {
    let url = DatabaseUrl::parse("postgres://nobody@127.0.0.1:1/pacts").unwrap();
    let error = Broker::open(config(url)).unwrap_err();
    let source = error.source().unwrap();
    assert_eq!(source.to_string(), "the database cannot be reached");
}
