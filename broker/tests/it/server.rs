use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use treaty_broker::{Broker, Config, DatabaseUrl, StartError};

use crate::support::database;

async fn heartbeat(broker: &Broker) -> String {
    let mut stream = TcpStream::connect(broker.address()).await.unwrap();
    let request =
        "GET /diagnostic/status/heartbeat HTTP/1.1\r\nHost: pacts\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn answers_as_soon_as_it_has_started() {
    let broker = Broker::start(Config::new(database()), ([127, 0, 0, 1], 0))
        .await
        .unwrap();
    let answer = heartbeat(&broker).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("\"ok\":true"), "{answer}");
    assert!(
        answer.contains("http://pacts/diagnostic/status/heartbeat"),
        "{answer}"
    );
}

#[tokio::test]
async fn stops_listening_when_it_is_shut_down() {
    let broker = Broker::start(Config::new(database()), ([127, 0, 0, 1], 0))
        .await
        .unwrap();
    let address = broker.address();
    heartbeat(&broker).await;
    broker.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let first = Broker::start(Config::new(database()), ([127, 0, 0, 1], 0))
        .await
        .unwrap();
    let error = Broker::start(Config::new(database()), first.address())
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Listen { address, .. } if address == first.address()));
    assert_eq!(
        error.to_string(),
        format!("cannot listen on {}", first.address())
    );
}

/// Makes a database by these statements, and asks a broker to use it. Returns why it does not.
fn refused(statements: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("theirs.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(statements).unwrap();
    connection.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    let refused = Broker::open(Config::new(DatabaseUrl::file(&path))).unwrap_err();
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    let cause = std::error::Error::source(&refused).unwrap().to_string();
    cause.replace(path.to_str().unwrap(), "FILE")
}

#[test]
fn a_file_of_somebody_else_stays_as_it_is() {
    assert_eq!(
        refused("CREATE TABLE bookmarks (id INTEGER)"),
        "FILE is not a broker's database: it has a table bookmarks"
    );
    let theirs =
        "CREATE TABLE schema_info (version INTEGER); CREATE TABLE pact_publications (id INTEGER)";
    assert_eq!(refused(theirs), "FILE is the database of a Pact Broker");
}
