//! A broker under test: with a database of its own, a clock that ticks once a call and ids that count.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::postgres_server;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;
use treaty_broker::{Broker, BrokerService, Clock, Config, DatabaseUrl, Ids};

/// What every link starts with.
pub(crate) const BASE: &str = "http://broker.test";

/// An answer of the broker.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// A broker without a socket.
#[derive(Clone)]
pub(crate) struct TestBroker {
    service: BrokerService,
}

/// A database of this test alone: in memory, or on PostgreSQL in the run of these tests that `stores` starts.
pub(crate) fn database() -> DatabaseUrl {
    let url = postgres_database().map(|url| DatabaseUrl::parse(&url).unwrap());
    url.unwrap_or_else(DatabaseUrl::memory)
}

/// A database of this test alone that several brokers can open, one after the other or at once.
pub(crate) struct LastingDatabase {
    directory: TempDir,
    postgres: Option<String>,
}

impl LastingDatabase {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            postgres: postgres_database(),
        }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("pacts.db")
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        match &self.postgres {
            Some(url) => DatabaseUrl::parse(url).unwrap(),
            None => DatabaseUrl::file(self.file()),
        }
    }

    /// The bytes of the files of the database; those of a server's are out of reach.
    pub(crate) fn files(&self) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        let read = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read(entry.unwrap().path());
        entries.map(|entry| read(entry).unwrap()).collect()
    }

    /// Runs statements behind the brokers' backs.
    pub(crate) fn execute(&self, statements: &str) {
        match &self.postgres {
            Some(url) => postgres_server::execute(url, statements),
            None => rusqlite::Connection::open(self.file())
                .and_then(|connection| connection.execute_batch(statements))
                .unwrap(),
        }
    }
}

/// A schema of its own in the database that `stores` makes and drops.
fn postgres_database() -> Option<String> {
    let url = std::env::var("TREATY_TEST_STORE").ok()?;
    let schema = format!("test_{}", uuid::Uuid::new_v4().simple());
    postgres_server::execute(&url, &format!("CREATE SCHEMA {schema}"));
    Some(format!("{url}?options=-csearch_path%3D{schema}"))
}

/// A configuration whose moments and ids are the same in every run.
pub(crate) fn config(database: DatabaseUrl) -> Config {
    let ticks = Arc::new(AtomicI64::new(1_790_000_000));
    let clock = Clock::new(move || {
        DateTime::from_timestamp(ticks.fetch_add(1, Ordering::Relaxed), 0).unwrap()
    });
    let count = Arc::new(AtomicI64::new(1));
    let ids = Ids::new(move || {
        format!(
            "00000000-0000-4000-8000-{:012}",
            count.fetch_add(1, Ordering::Relaxed)
        )
    });
    Config::new(database).base_url(BASE).clock(clock).ids(ids)
}

impl TestBroker {
    pub(crate) fn new() -> Self {
        Self::open(config(database()))
    }

    pub(crate) fn open(config: Config) -> Self {
        Self::of(Broker::open(config).unwrap())
    }

    pub(crate) fn of(service: BrokerService) -> Self {
        Self { service }
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.service.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Gets what a client wants that names a media type.
    pub(crate) async fn get_as(&self, path: &str, accept: &str) -> Answer {
        let request = Request::get(path).header("accept", accept);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Request::delete(path).body(Body::empty()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.with_body("POST", path, "application/json", body.to_string())
            .await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.with_body("PUT", path, "application/json", body.to_string())
            .await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.with_body(
            "PATCH",
            path,
            "application/merge-patch+json",
            body.to_string(),
        )
        .await
    }

    pub(crate) async fn with_body(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", content_type);
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Publishes a pact of a consumer version; returns the hash of its content.
    pub(crate) async fn publish(
        &self,
        consumer: &str,
        number: &str,
        provider: &str,
        answer: i64,
    ) -> String {
        let body = publication(consumer, number, provider, answer);
        let published = self.post("/contracts/publish", body).await;
        assert_eq!(published.status, 200, "{}", published.text);
        let path = format!("/pacts/provider/{provider}/consumer/{consumer}/version/{number}");
        let pact = self.get(&path).await.json();
        pact["_links"]["pb:pact-version"]["name"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Publishes a result for a content.
    pub(crate) async fn verify(
        &self,
        (consumer, provider): (&str, &str),
        hash: &str,
        result: Value,
    ) -> Answer {
        let path = format!(
            "/pacts/provider/{provider}/consumer/{consumer}/pact-version/{hash}/verification-results"
        );
        self.post(&path, result).await
    }

    /// Makes an environment; returns its uuid.
    pub(crate) async fn environment(&self, name: &str) -> String {
        let made = self
            .post("/environments", json!({ "name": name, "production": true }))
            .await;
        made.json()["uuid"].as_str().unwrap().to_owned()
    }

    /// Records a deployment.
    pub(crate) async fn deploy(
        &self,
        pacticipant: &str,
        number: &str,
        environment: &str,
    ) -> Answer {
        let path = format!(
            "/pacticipants/{pacticipant}/versions/{number}/deployed-versions/environment/{environment}"
        );
        self.post(&path, json!({})).await
    }
}

/// A pact with one interaction whose expected answer is the number given.
pub(crate) fn pact(consumer: &str, provider: &str, answer: i64) -> Value {
    json!({
        "consumer": { "name": consumer },
        "provider": { "name": provider },
        "interactions": [{
            "description": "a request for the answer",
            "providerState": "there is an answer",
            "request": { "method": "GET", "path": "/answer" },
            "response": { "status": 200, "body": { "answer": answer } },
        }],
        "metadata": { "pactSpecification": { "version": "2.0.0" } },
    })
}

/// The body of `POST /contracts/publish` for such a pact, on branch main.
pub(crate) fn publication(consumer: &str, number: &str, provider: &str, answer: i64) -> Value {
    json!({
        "pacticipantName": consumer,
        "pacticipantVersionNumber": number,
        "branch": "main",
        "contracts": [{
            "consumerName": consumer,
            "providerName": provider,
            "specification": "pact",
            "contentType": "application/json",
            "content": STANDARD.encode(pact(consumer, provider, answer).to_string()),
        }],
    })
}
