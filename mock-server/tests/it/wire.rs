//! A client and a server for the files about sockets.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Runtime;
use treaty_core::interaction::Interaction;
use treaty_mock_server::MockServer;

use crate::contract::interactions;

/// Far longer than anything here takes; only what hangs comes to it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// A mock server on threads of its own. Fields are dropped in this order.
pub(crate) struct Running {
    pub(crate) server: MockServer,
    pub(crate) runtime: Runtime,
}

impl Running {
    pub(crate) fn of(pact: &Value) -> Self {
        Self::with(interactions(pact))
    }

    pub(crate) fn with(interactions: Vec<Interaction>) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = MockServer::start(interactions, listener, runtime.handle()).unwrap();
        Self { server, runtime }
    }

    /// `127.0.0.1:49152`
    pub(crate) fn address(&self) -> String {
        self.server
            .url()
            .strip_prefix("http://")
            .unwrap()
            .to_owned()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(&self.address())
    }

    /// The whole answer to `GET /users` and the like, on a connection of its own.
    pub(crate) fn ask(&self, line: &str) -> Answered {
        ask(&self.server.url(), line)
    }
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_write_timeout(Some(DEADLINE)).unwrap();
    stream
}

/// As [`Running::ask`], of the server at a URL.
pub(crate) fn ask(url: &str, line: &str) -> Answered {
    let mut stream = connect(url.strip_prefix("http://").unwrap());
    write!(
        stream,
        "{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    Answered::read(stream)
}

/// An answer as text.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answered {
    /// Reads until the server closes the connection.
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{text:?} is no answer"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        lines
            .into_iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Asks again until the answer is yes, without a pause but for the other threads.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < DEADLINE,
            "still not so after {DEADLINE:?}: {what}"
        );
        std::thread::yield_now();
    }
}
