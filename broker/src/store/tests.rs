//! The database full, locked, or gone: through HTTP, with a connector that makes it so.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::sql::{Connector, Session, SqlResult, params};
use super::{Store, sqlite};
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
