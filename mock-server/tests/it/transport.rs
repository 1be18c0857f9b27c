use std::io::{Read, Write};
use std::net::TcpStream;

use treaty_mock_server::{MockServer, MockServerOptions};

use crate::support::{get, start};

#[tokio::test]
async fn many_servers_answer_at_once() {
    let servers: Vec<MockServer> = (0..50)
        .map(|_| start(MockServerOptions::default()))
        .collect();
    for server in &servers {
        assert_eq!(get(server, "/ping").await.unwrap().status(), 204);
    }
    assert!(servers.iter().all(|server| server.report().answered == 1));
}

#[tokio::test]
async fn a_dropped_server_is_gone() {
    let server = start(MockServerOptions::default());
    let address = server.url();
    drop(server);
    tokio::task::yield_now().await;
    assert!(reqwest::get(format!("{address}/ping")).await.is_err());
}

#[tokio::test]
async fn http_2_is_spoken_without_being_asked() {
    let server = start(MockServerOptions::default());
    let client = reqwest::Client::builder()
        .http2_prior_knowledge()
        .build()
        .unwrap();
    let answer = client
        .get(format!("{}/users/42", server.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.version(), answer.status().as_u16()),
        (reqwest::Version::HTTP_2, 200)
    );
}

#[tokio::test]
async fn connections_are_kept_unless_asked_otherwise() {
    let options = MockServerOptions::default();
    for (options, closes) in [
        (options.clone(), false),
        (options.closes_connections(), true),
    ] {
        let server = start(options);
        let url = server.url();
        let closed = tokio::task::spawn_blocking(move || is_closed_behind_an_answer(&url));
        assert_eq!(closed.await.unwrap(), closes);
    }
}

#[tokio::test]
async fn a_request_has_been_received_before_it_is_answered() {
    let server = start(MockServerOptions::default());
    let (answer, ()) = tokio::join!(get(&server, "/ping"), server.received(1));
    assert_eq!(answer.unwrap().status(), 204);
    server.received(1).await;
    assert_eq!(server.report().answered, 1);
}

fn is_closed_behind_an_answer(url: &str) -> bool {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream
        .write_all(b"GET /ping HTTP/1.1\r\nhost: here\r\n\r\n")
        .unwrap();
    let mut answer = [0; 512];
    let read = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..read]).contains("connection: close")
}
