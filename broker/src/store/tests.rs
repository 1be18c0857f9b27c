//! The database full, locked, or gone: through HTTP, with a connector that makes it so.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::postgres_server::Database;
use super::sql::{Connector, Session, params};
use super::{Sql, SqlResult, Store, sqlite};
use crate::domain::access::Rules;
use crate::state::State;
use crate::{Config, DatabaseUrl, router};

/// A file whose connections begin with a statement.
struct Prepared {
    path: PathBuf,
    statement: &'static str,
}

impl Connector for Prepared {
    fn connect(&self) -> SqlResult<Box<dyn Session>> {
        let mut session = sqlite::File::at(&self.path).connect()?;
        session.query(self.statement, params![])?;
        Ok(session)
    }
}

fn broker(store: Store) -> Router {
    let everybody = Rules {
        everything: true,
        ..Rules::default()
    };
    let config = Config::new(DatabaseUrl::memory());
    router::router(State::new(store, config, everybody)).unwrap()
}

async fn post(broker: &Router, path: &str, body: Value) -> (u16, String) {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    answer(broker, request).await
}

async fn answer(broker: &Router, request: Request<Body>) -> (u16, String) {
    let response = broker.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn names(broker: &Router) -> usize {
    let request = Request::get("/pacticipants").body(Body::empty()).unwrap();
    let (status, text) = answer(broker, request).await;
    assert_eq!(status, 200, "{text}");
    let list: Value = serde_json::from_str(&text).unwrap();
    list["_embedded"]["pacticipants"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_of_the_change_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pacts.db");
    drop(Store::open(&DatabaseUrl::file(&path)).unwrap());
    let prepared = |statement| {
        let connector = Arc::new(Prepared {
            path: path.clone(),
            statement,
        });
        broker(Store::over(connector, Some(sqlite::READERS_MAX)).unwrap())
    };
    let full = prepared("PRAGMA max_page_count = 1");
    let large = "x".repeat(1_000_000);
    let pacticipant = json!({ "name": "Web", "displayName": large });
    let (status, text) = post(&full, "/pacticipants", pacticipant.clone()).await;
    assert_eq!(
        (status, text.as_str()),
        (
            507,
            r#"{"error":"The disk that holds the database is full. Nothing was changed."}"#
        )
    );
    assert_eq!(names(&full).await, 0);
    // What needs no room still works, and so does the same once there is room.
    let (status, text) = post(&full, "/pacticipants", json!({ "name": "Orders" })).await;
    assert_eq!(status, 201, "{text}");
    let (status, text) = post(
        &prepared("PRAGMA max_page_count = 100000"),
        "/pacticipants",
        pacticipant,
    )
    .await;
    assert_eq!(status, 201, "{text}");
    assert_eq!(names(&full).await, 2);
}

#[tokio::test]
async fn a_locked_database_is_told_and_free_again_when_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pacts.db");
    let connector = Arc::new(Prepared {
        path: path.clone(),
        statement: "PRAGMA busy_timeout = 20",
    });
    let locked = broker(Store::over(connector, Some(sqlite::READERS_MAX)).unwrap());
    let mut other = sqlite::File::at(&path).connect().unwrap();
    other.begin_writing().unwrap();
    let (status, text) = post(&locked, "/pacticipants", json!({ "name": "Web" })).await;
    assert_eq!(
        (status, text.as_str()),
        (
            503,
            r#"{"error":"The database is locked by another process. Nothing was changed; try again."}"#
        )
    );
    assert_eq!(names(&locked).await, 0, "whoever only reads does not wait");
    other.run("ROLLBACK").unwrap();
    let (status, text) = post(&locked, "/pacticipants", json!({ "name": "Web" })).await;
    assert_eq!(status, 201, "{text}");
}

/// Asks what reads the tables about many versions at once.
async fn ask(broker: &Router) {
    for path in [
        "/can-i-deploy?pacticipant=Orders&version=1&environment=test",
        "/matrix?q[][pacticipant]=Orders",
        "/pacticipants/Orders/versions",
        "/dashboard",
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let (status, text) = answer(broker, request).await;
        assert_eq!(status, 200, "{text}");
    }
    let path = "/pacts/provider/Orders/for-verification";
    let query = json!({ "providerVersionBranch": "main", "includePendingStatus": true });
    let (status, text) = post(broker, path, query).await;
    assert_eq!(status, 200, "{text}");
}

#[tokio::test]
async fn a_server_plans_a_question_once_however_much_it_is_about() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = Store::open(&DatabaseUrl::parse(&database.url()).unwrap()).unwrap();
    let broker = broker(store.clone());
    let environment = json!({ "name": "test", "production": false });
    assert_eq!(post(&broker, "/environments", environment).await.0, 201);
    let mut prepared = Vec::new();
    for (consumer, provider) in [
        ("Orders", "Bank"),
        ("Web", "Orders"),
        ("App", "Orders"),
        ("Desk", "Orders"),
    ] {
        let pact = json!({
            "consumer": { "name": consumer },
            "provider": { "name": provider },
            "interactions": [],
            "metadata": { "pactSpecification": { "version": "2.0.0" } },
        });
        let publication = json!({
            "pacticipantName": consumer,
            "pacticipantVersionNumber": "1",
            "branch": "main",
            "contracts": [{
                "consumerName": consumer,
                "providerName": provider,
                "specification": "pact",
                "contentType": "application/json",
                "content": STANDARD.encode(pact.to_string()),
            }],
        });
        let (status, text) = post(&broker, "/contracts/publish", publication).await;
        assert_eq!(status, 200, "{text}");
        ask(&broker).await;
        let count = |sql: &mut dyn Sql| -> SqlResult<_> {
            let statement = "SELECT COUNT(*) FROM pg_prepared_statements";
            sql.first(statement, params![])?.unwrap().integer(0)
        };
        prepared.push(store.read(count).await.unwrap());
    }
    assert!(prepared[1] > 20, "{prepared:?}");
    assert_eq!(prepared[2..], prepared[1..3]);
}
