//! What comes to a mock server: requests in process, bytes on a socket.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use fastrand::Rng;
use tokio::runtime::Runtime;
use treaty_core::document::load;
use treaty_core::interaction::Interaction;
use treaty_core::wire;
use treaty_mock_server::{MockServer, Session};

use crate::bytes::{self, BETWEEN, split_once};
use crate::campaign::{campaign, inputs};
use crate::documents::Documents;

/// Far longer than any answer takes; only what hangs comes to it.
const DEADLINE: Duration = Duration::from_secs(20);
const PACT: &[u8] = include_bytes!("seeds/v4.json");
const URL: &str = "http://127.0.0.1:1";
const REQUESTS: [&[u8]; 4] = [
    b"GET /users/42?page=1&page=2&q=%C3%A9 HTTP/1.1\r\nhost: x\r\naccept: application/json\r\ncontent-length: 0\r\n\r\n",
    b"POST /users HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 30\r\n\r\n{\"id\":1,\"name\":\"a\",\"tags\":[0]}",
    b"POST /users HTTP/1.1\r\nhost: x\r\ncontent-type: application/xml\r\ntransfer-encoding: chunked\r\n\r\n7\r\n<a b=''\r\n2\r\n/>\r\n0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x05\x01\x05\0\0\0\x01\x82\x84\x86\x41\x01x",
];

#[test]
fn no_request_brings_down_a_session() {
    let documents = Documents::read();
    let make = |random: &mut Rng| {
        let document = documents.changed(random);
        [&document, BETWEEN, &request(random)].concat()
    };
    campaign("session", inputs(1), make, |input| {
        let (document, request) = split_once(input);
        if let Ok(pact) = load("f", document) {
            ask(pact.interactions, request);
        }
    });
}

/// One of the requests, changed.
fn request(random: &mut Rng) -> Vec<u8> {
    let mut request = random.choice(REQUESTS).unwrap().to_vec();
    bytes::change(&mut request, random);
    request
}

/// The bytes as a request, read far more generously than HTTP allows, and each interaction's own request.
fn ask(interactions: Vec<Interaction>, bytes: &[u8]) {
    let own: Vec<_> = interactions
        .iter()
        .filter_map(|interaction| match interaction {
            Interaction::Http(http) => Some(http.request.clone()),
            _ => None,
        })
        .collect();
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.split("\r\n");
    let mut line = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (
        line.next().unwrap_or_default(),
        line.next().unwrap_or_default(),
    );
    let (path, query) = target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)));
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name, value.trim().as_bytes()));
    let request = wire::request(method, path, query, headers, body.to_owned().into());

    let mut session = Session::new(interactions, URL);
    session.answer(&request);
    for request in &own {
        session.answer(request);
    }
    drop(session.report().to_string());
}

#[test]
fn no_bytes_on_a_socket_bring_down_a_mock_server() {
    let runtime = Runtime::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let interactions = load("v4.json", PACT).unwrap().interactions;
    let server = MockServer::start(interactions, listener, runtime.handle()).unwrap();
    // One input at a time, so that a failure is its own.
    let one = Mutex::new(());
    campaign("socket", inputs(10), request, |input| {
        let _one = one.lock().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        // The server may close while the rest is still on its way.
        stream.write_all(input).ok();
        stream.shutdown(Shutdown::Write).ok();
        let read = stream.read_to_end(&mut Vec::new());
        let hangs = read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        assert!(!hangs, "the server neither answers nor closes");
    });
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    drop(server);
}
