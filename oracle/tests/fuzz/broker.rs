//! What comes to a broker: the requests that its clients know, and changes of them, on a socket.
//!
//! An input is a session with a broker of its own, which first hears the beginning of the story that `known_routes`
//! tells. Its clock and its identifiers are the same in every run, so that a session can be had again.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use std::{fmt, str};

use bytes::Bytes;
use chrono::DateTime;
use fastrand::Rng;
use http::header::CONTENT_TYPE;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use regex::Regex;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::time::timeout;
use treaty_broker::{
    Broker, Clock, Config, DatabaseUrl, HostPattern, Ids, Step, WebhookSettings, known_routes,
};

use crate::bytes::{BETWEEN, split_once};
use crate::campaign::{campaign, inputs, tell};
use crate::postgres_server::Database;
use crate::requests::{Asked, changed};

/// What every link starts with.
const BASE: &str = "http://broker.test";
/// Requests of a session after its story.
const REQUESTS: u64 = 200;
/// A database server is slower, and is asked the same.
const SHARE_ON_POSTGRES: u64 = 10;
/// Far longer than any answer takes; only what hangs comes to it.
const DEADLINE: Duration = Duration::from_secs(20);
/// The least share of requests that must succeed, for the run to be worth something: one in so many.
const SUCCEEDS_ONE_IN: u64 = 5;

#[test]
fn no_request_finds_a_fault_of_the_broker() {
    let story = story();
    let statuses = RefCell::new(BTreeMap::<u16, u64>::new());
    campaign(
        "broker",
        inputs(REQUESTS),
        |random| session(&story, random),
        |input| {
            for (_, answer) in heard(input, &story, DatabaseUrl::memory()) {
                *statuses
                    .borrow_mut()
                    .entry(answer.status.as_u16())
                    .or_default() += 1;
            }
        },
    );
    let statuses = statuses.into_inner();
    let all: u64 = statuses.values().sum();
    tell(&format!(
        "broker: {all} requests besides the stories, by status: {statuses:?}"
    ));
    let succeeded: u64 = statuses.range(200..300).map(|(_, count)| count).sum();
    assert!(
        succeeded * SUCCEEDS_ONE_IN >= all,
        "only {succeeded} of {all} requests succeeded"
    );
}

#[test]
fn no_request_is_answered_differently_on_postgresql() {
    // Without a server this says so, once.
    if Database::new().is_none() {
        return;
    }
    let story = story();
    let count = inputs(REQUESTS * SHARE_ON_POSTGRES);
    campaign(
        "broker-on-postgresql",
        count,
        |random| session(&story, random),
        |input| {
            let database = Database::new().unwrap();
            let url = DatabaseUrl::parse(&database.url()).unwrap();
            let here = heard(input, &story, DatabaseUrl::memory());
            let there = heard(input, &story, url);
            for ((request, here), (_, there)) in here.iter().zip(&there) {
                assert!(
                    here.without_ids() == there.without_ids(),
                    "SQLite: {here}\nPostgreSQL: {there}\nto\n{request}"
                );
            }
            assert_eq!(here.len(), there.len());
        },
    );
}

/// Requests after a beginning of the story.
fn session(story: &[Asked], random: &mut Rng) -> Vec<u8> {
    let beginning = random.usize(story.len() / 2..story.len());
    let mut parts = vec![beginning.to_string().into_bytes()];
    while parts.len() <= REQUESTS as usize {
        let request = changed(story, random).to_bytes();
        if Asked::read(&request).is_some() {
            parts.push(request);
        }
    }
    parts.join(BETWEEN)
}

/// The requests of a session that HTTP can carry, with their answers.
fn heard(session: &[u8], story: &[Asked], database: DatabaseUrl) -> Vec<(String, Answer)> {
    with_a_broker(database, async |address| {
        let (beginning, mut rest) = split_once(session);
        let beginning = str::from_utf8(beginning)
            .ok()
            .and_then(|text| text.parse().ok());
        for asked in story.iter().take(beginning.unwrap_or_default()) {
            ask(address, &asked.to_bytes()).await;
        }
        let mut heard = Vec::new();
        while !rest.is_empty() {
            let (request, others) = split_once(rest);
            let text = String::from_utf8_lossy(request).into_owned();
            heard.extend(ask(address, request).await.map(|answer| (text, answer)));
            rest = others;
        }
        heard
    })
}

/// A broker that gives the same answers to the same requests, whenever and wherever it is asked.
fn with_a_broker<T>(database: DatabaseUrl, session: impl AsyncFnOnce(SocketAddr) -> T) -> T {
    let count = AtomicU64::new(1);
    let next = move || {
        format!(
            "00000000-0000-4000-8000-{:012}",
            count.fetch_add(1, Ordering::Relaxed)
        )
    };
    // No webhook may leave this machine, whatever becomes of its URL.
    let hosts = vec![HostPattern::parse("127.0.0.1").unwrap()];
    let config = Config::new(database)
        .base_url(BASE)
        .clock(Clock::new(|| DateTime::UNIX_EPOCH))
        .ids(Ids::new(next))
        .webhooks(WebhookSettings::default().hosts(hosts))
        .clean_up(false);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let broker = Broker::start(config, ([127, 0, 0, 1], 0)).await.unwrap();
        session(broker.address()).await
    })
}

/// The requests of the story, with what their answers gave.
fn story() -> Vec<Asked> {
    with_a_broker(DatabaseUrl::memory(), async |address| {
        let mut kept: HashMap<String, String> = HashMap::new();
        let mut story = Vec::new();
        for step in known_routes().into_iter().flat_map(|route| route.steps) {
            let asked = asked(&step, &kept);
            let answer = ask(address, &asked.to_bytes()).await.unwrap();
            assert_eq!(
                answer.status, step.status,
                "{} {}",
                asked.method, asked.target
            );
            let document: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            for (name, pointer) in step.kept {
                let value = document.pointer(&pointer).and_then(Value::as_str).unwrap();
                kept.insert(format!("${name}"), value.replace(BASE, ""));
            }
            story.push(asked);
        }
        story
    })
}

fn asked(step: &Step, kept: &HashMap<String, String>) -> Asked {
    let mut target = step.target.replace('[', "%5B").replace(']', "%5D");
    for (name, value) in kept {
        target = target.replace(name, value);
    }
    let content_type = match step.method.as_str() {
        "PATCH" => "application/merge-patch+json",
        _ => "application/json",
    };
    let body = step.body.clone().unwrap_or_default().into_bytes();
    let content_type =
        (!body.is_empty()).then(|| (CONTENT_TYPE.to_string(), content_type.to_owned()));
    Asked {
        method: step.method.clone(),
        target,
        headers: content_type.into_iter().collect(),
        body,
    }
}

struct Answer {
    status: StatusCode,
    body: Bytes,
}

impl Answer {
    /// The same without what URLs say of ids of versions: PostgreSQL gives no id again, even if it was never used.
    fn without_ids(&self) -> (StatusCode, String) {
        static METADATA: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("/metadata/[A-Za-z0-9_-]+").unwrap());
        let body = String::from_utf8_lossy(&self.body);
        let body = METADATA.replace_all(&body, "/metadata/...");
        (self.status, body.into_owned())
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// What is answered, which is no fault of the broker's; nothing to what HTTP cannot carry.
async fn ask(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    let sent = Asked::read(request)?;
    let is_head = sent.method() == Method::HEAD;
    let text = String::from_utf8_lossy(request);
    let answer = timeout(DEADLINE, send(address, sent)).await;
    let answer = answer.unwrap_or_else(|_| panic!("no answer in {DEADLINE:?} to\n{text}"));
    let (head, body) = answer.unwrap_or_else(|error| panic!("{error} is the answer to\n{text}"));
    let answer = Answer {
        status: head.status,
        body,
    };
    assert!(
        !head.status.is_server_error(),
        "{answer} is the answer to\n{text}"
    );
    let media_type = head
        .headers
        .get(CONTENT_TYPE)
        .map(|value| value.to_str().unwrap());
    // As the Pact Broker, which says nothing of a media type that it does not know.
    let is_silent = is_head || head.status == StatusCode::UNSUPPORTED_MEDIA_TYPE;
    let says_json = media_type.is_some_and(|media_type| media_type.contains("json"));
    let is_json = serde_json::from_slice::<Value>(&answer.body).is_ok();
    assert!(
        is_json || is_silent || !says_json,
        "{answer} is said to be JSON, and is the answer to\n{text}"
    );
    Some(answer)
}

async fn send(
    address: SocketAddr,
    request: Request<Full<Bytes>>,
) -> hyper::Result<(http::response::Parts, Bytes)> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut client, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (head, body) = client.send_request(request).await?.into_parts();
    Ok((head, body.collect().await?.to_bytes()))
}
