//! What comes to a broker: the requests that its clients know, and changes of them, on a socket.
//!
//! An input is a session with a broker of its own, which first hears the beginning of the story that `known_routes`
//! tells. Its identifiers are the same in every run, so that a session can be had again.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::str;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::time::timeout;
use treaty_broker::{
    Broker, Config, DatabaseUrl, HostPattern, Ids, Step, WebhookSettings, known_routes,
};

use crate::bytes::{BETWEEN, split_once};
use crate::campaign::{campaign, inputs, tell};
use crate::postgres_server::Database;
use crate::requests::{Asked, changed};

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
    sessions("broker", inputs(REQUESTS), || (DatabaseUrl::memory(), None));
}

#[test]
fn no_request_finds_a_fault_of_the_broker_on_postgresql() {
    // Without a server this says so, once.
    if Database::new().is_some() {
        sessions(
            "broker-postgresql",
            inputs(REQUESTS * SHARE_ON_POSTGRES),
            || {
                let database = Database::new().unwrap();
                (DatabaseUrl::parse(&database.url()).unwrap(), Some(database))
            },
        );
    }
}

/// Asks brokers whose databases `open` makes, each of which is gone with what comes with it.
fn sessions(name: &str, count: u64, open: impl Fn() -> (DatabaseUrl, Option<Database>)) {
    let story = in_a_session(&open, async |address| story(address).await);
    let make = |random: &mut Rng| {
        let beginning = random.usize(story.len() / 2..story.len());
        let mut parts = vec![beginning.to_string().into_bytes()];
        while parts.len() <= REQUESTS as usize {
            let request = changed(&story, random).to_bytes();
            if Asked::read(&request).is_some() {
                parts.push(request);
            }
        }
        parts.join(BETWEEN)
    };
    let statuses = RefCell::new(BTreeMap::<u16, u64>::new());
    campaign(name, count, make, |input| {
        in_a_session(&open, async |address| {
            let (beginning, mut rest) = split_once(input);
            let beginning = str::from_utf8(beginning)
                .ok()
                .and_then(|text| text.parse().ok());
            for asked in story.iter().take(beginning.unwrap_or_default()) {
                ask(address, &asked.to_bytes()).await;
            }
            while !rest.is_empty() {
                let (request, others) = split_once(rest);
                if let Some((status, _)) = ask(address, request).await {
                    *statuses.borrow_mut().entry(status.as_u16()).or_default() += 1;
                }
                rest = others;
            }
        });
    });
    let statuses = statuses.into_inner();
    let all: u64 = statuses.values().sum();
    tell(&format!(
        "{name}: {all} requests besides the stories, by status: {statuses:?}"
    ));
    let succeeded: u64 = statuses.range(200..300).map(|(_, count)| count).sum();
    assert!(
        succeeded * SUCCEEDS_ONE_IN >= all,
        "only {succeeded} of {all} requests succeeded"
    );
}

fn in_a_session<T>(
    open: impl Fn() -> (DatabaseUrl, Option<Database>),
    session: impl AsyncFnOnce(SocketAddr) -> T,
) -> T {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (url, _database) = open();
    runtime.block_on(async {
        let count = AtomicU64::new(1);
        let ids = Ids::new(move || {
            format!(
                "00000000-0000-4000-8000-{:012}",
                count.fetch_add(1, Ordering::Relaxed)
            )
        });
        // No webhook may leave this machine, whatever becomes of its URL.
        let hosts = vec![HostPattern::parse("127.0.0.1").unwrap()];
        let config = Config::new(url)
            .ids(ids)
            .webhooks(WebhookSettings::default().hosts(hosts))
            .clean_up(false);
        let broker = Broker::start(config, ([127, 0, 0, 1], 0)).await.unwrap();
        session(broker.address()).await
    })
}

/// The requests of the story, with what their answers gave.
async fn story(address: SocketAddr) -> Vec<Asked> {
    let mut kept: HashMap<String, String> = HashMap::new();
    let mut story = Vec::new();
    for step in known_routes().into_iter().flat_map(|route| route.steps) {
        let asked = asked(&step, &kept);
        let (status, body) = ask(address, &asked.to_bytes()).await.unwrap();
        assert_eq!(status, step.status, "{} {}", asked.method, asked.target);
        let document: Value = serde_json::from_slice(&body).unwrap_or_default();
        for (name, pointer) in step.kept {
            let value = document.pointer(&pointer).and_then(Value::as_str).unwrap();
            let value = value.replace(&format!("http://{address}"), "");
            kept.insert(format!("${name}"), value);
        }
        story.push(asked);
    }
    story
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

/// What is answered, which is no fault of the broker's; nothing to what HTTP cannot carry.
async fn ask(address: SocketAddr, request: &[u8]) -> Option<(StatusCode, Bytes)> {
    let sent = Asked::read(request)?;
    let is_head = sent.method() == "HEAD";
    let text = String::from_utf8_lossy(request);
    let answer = timeout(DEADLINE, send(address, sent)).await;
    let answer = answer.unwrap_or_else(|_| panic!("no answer in {DEADLINE:?} to\n{text}"));
    let (head, body) = answer.unwrap_or_else(|error| panic!("{error} is the answer to\n{text}"));
    let said = String::from_utf8_lossy(&body);
    assert!(
        !head.status.is_server_error(),
        "{} {said} is the answer to\n{text}",
        head.status
    );
    let media_type = head
        .headers
        .get(CONTENT_TYPE)
        .map(|value| value.to_str().unwrap());
    let is_json = media_type.is_some_and(|media_type| media_type.contains("json"));
    let is_what_it_says = !is_json || is_head || serde_json::from_slice::<Value>(&body).is_ok();
    assert!(
        is_what_it_says,
        "{said} is said to be JSON, and is the answer to\n{text}"
    );
    Some((head.status, body))
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
