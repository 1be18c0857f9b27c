//! A receiver of webhooks, and a broker whose clock is set.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use treaty_broker::{
    Broker, BrokerService, Clock, Config, HostPattern, SecretKey, WebhookSettings,
};

use crate::support::{BASE, TestBroker, config};

/// A request that arrived.
pub(super) struct Received {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Received {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

#[derive(Clone)]
struct Desk {
    arrivals: UnboundedSender<Received>,
    gate: Arc<Notify>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

/// Receives webhooks on a port of its own and answers 200, or what it was told to.
pub(super) struct Receiver {
    pub(super) port: u16,
    /// What requests to `/slow` wait for, each for one notification, before they are answered.
    pub(super) gate: Arc<Notify>,
    arrivals: UnboundedReceiver<Received>,
    statuses: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, arrivals) = unbounded_channel();
        let statuses = Arc::new(Mutex::new(VecDeque::new()));
        let gate = Arc::new(Notify::new());
        let desk = Desk {
            arrivals: sender,
            gate: Arc::clone(&gate),
            statuses: Arc::clone(&statuses),
        };
        let router = Router::new().fallback(receive).with_state(desk);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            port,
            gate,
            arrivals,
            statuses,
        }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sets the statuses of the next answers.
    pub(super) fn answer(&self, statuses: &[u16]) {
        self.statuses.lock().unwrap().extend(statuses);
    }

    /// The requests that have arrived since the last call.
    pub(super) fn received(&mut self) -> Vec<Received> {
        std::iter::from_fn(|| self.arrivals.try_recv().ok()).collect()
    }

    /// The next request that arrives.
    pub(super) async fn next(&mut self) -> Received {
        let deadline = std::time::Duration::from_secs(30);
        let next = tokio::time::timeout(deadline, self.arrivals.recv()).await;
        next.expect("nothing arrived in 30 s").unwrap()
    }
}

async fn receive(State(desk): State<Desk>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let received = Received {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: parts.headers,
        body: String::from_utf8(bytes.to_vec()).unwrap(),
    };
    let status = desk.statuses.lock().unwrap().pop_front().unwrap_or(200);
    let is_slow = received.path == "/slow";
    let is_echo = received.path == "/echo";
    let echo = format!("{:?}", received.headers);
    let _ = desk.arrivals.send(received);
    if is_slow {
        desk.gate.notified().await;
    }
    let response = Response::builder()
        .status(status)
        .header("location", "/elsewhere")
        .header("set-cookie", "session=of-the-receiver");
    let body = if is_echo {
        echo
    } else {
        "{\"thanks\":true}".to_owned()
    };
    response.body(Body::from(body)).unwrap()
}

/// A clock that moves when it is told to.
#[derive(Clone)]
pub(super) struct Hands(Arc<Mutex<DateTime<Utc>>>);

impl Hands {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(
            DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
        )))
    }

    pub(super) fn move_on(&self, seconds: i64) {
        *self.0.lock().unwrap() += TimeDelta::seconds(seconds);
    }

    fn clock(&self) -> Clock {
        let moment = Arc::clone(&self.0);
        Clock::new(move || *moment.lock().unwrap())
    }
}

/// Settings that let webhooks go to 127.0.0.1 at once and try three times.
pub(super) fn settings() -> WebhookSettings {
    let list = |items: &[&str]| items.iter().map(|&item| item.to_owned()).collect();
    let seconds = [10, 60].map(std::time::Duration::from_secs);
    WebhookSettings::default()
        .methods(list(&["GET", "POST", "PUT"]))
        .schemes(list(&["http", "https"]))
        .hosts(vec![HostPattern::parse("127.0.0.1").unwrap()])
        .retry_schedule(seconds.to_vec())
        .first_attempt_after(std::time::Duration::ZERO)
}

/// A broker with such settings, with its sender.
pub(super) struct Hooks {
    pub(super) broker: TestBroker,
    service: BrokerService,
    pub(super) hands: Hands,
}

impl Hooks {
    pub(super) fn new() -> Self {
        Self::open(config(crate::support::database()).webhooks(settings()))
    }

    pub(super) fn open(config: Config) -> Self {
        Self::at(config, &Hands::new())
    }

    /// Opens a broker with a clock that is shared with others.
    pub(super) fn at(config: Config, hands: &Hands) -> Self {
        let key = SecretKey::parse(&"5e".repeat(32)).unwrap();
        let ids = treaty_broker::Ids::random();
        let config = config.clock(hands.clock()).secret_key(key).ids(ids);
        let service = Broker::open(config).unwrap();
        Self {
            broker: TestBroker::of(service.clone()),
            service,
            hands: hands.clone(),
        }
    }

    /// Sends what is due; returns how many attempts that were.
    pub(super) async fn send(&self) -> usize {
        self.service.send_webhooks().await.unwrap()
    }

    /// Makes a webhook for all pacts; returns its path.
    pub(super) async fn hook(&self, events: &[&str], request: Value) -> String {
        let body = webhook(events, &request);
        let made = self.broker.post("/webhooks", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.header("location")
            .strip_prefix(BASE)
            .unwrap()
            .to_owned()
    }

    /// How the webhooks of the pact between Web and Orders stand.
    pub(super) async fn triggered(&self) -> Vec<Value> {
        let path = "/pacts/provider/Orders/consumer/Web/webhooks/status";
        let status = self.broker.get(path).await.json();
        status["_embedded"]["triggeredWebhooks"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The status, the attempts made and those remaining of the only triggered webhook.
    pub(super) async fn only(&self) -> (String, u64, u64) {
        let triggered = self.triggered().await;
        let [only] = triggered.as_slice() else {
            panic!("{triggered:?}");
        };
        let number = |name: &str| only[name].as_u64().unwrap();
        let status = only["status"].as_str().unwrap().to_owned();
        (status, number("attemptsMade"), number("attemptsRemaining"))
    }

    /// What was written down about the only triggered webhook.
    pub(super) async fn logs(&self) -> String {
        let triggered = self.triggered().await;
        let url = triggered[0]["_links"]["pb:logs"]["href"].as_str().unwrap();
        self.broker.get(url.strip_prefix(BASE).unwrap()).await.text
    }
}

/// The body that makes a webhook for all pacts.
pub(super) fn webhook(events: &[&str], request: &Value) -> Value {
    let events: Vec<Value> = events.iter().map(|name| json!({ "name": name })).collect();
    json!({ "description": "hook", "events": events, "request": request })
}
