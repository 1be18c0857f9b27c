//! What is sent.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use serde_json::{Value, json};
use treaty_core::outcome::Verdict;
use treaty_provider::{Report, Target, Verifier};

use crate::fakes::{Diary, cause, only, serve, source, verifier};

/// A provider that writes down every request.
fn provider() -> (Router, Diary) {
    let diary = Diary::default();
    let noted = diary.clone();
    let answer = async move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        noted.note(format!("{method} {}", uri.path_and_query().unwrap()));
        for name in ["x-many", "authorization", "content-type"] {
            for value in headers.get_all(name) {
                noted.note(format!("{name}: {}", value.to_str().unwrap()));
            }
        }
        noted.note(String::from_utf8(body.to_vec()).unwrap());
    };
    (Router::new().fallback(answer), diary)
}

fn interaction() -> Value {
    json!({
        "description": "a sign-up",
        "request": {
            "method": "post",
            "path": "/users/a b",
            "query": { "q": ["x&y", "z"], "a": [""] },
            "headers": {
                "X-Many": ["1", "2"],
                "Authorization": "Bearer expired",
                "Content-Type": "application/json",
            },
            "body": { "name": "Joe" },
        },
        "response": { "status": 200 },
    })
}

const SENT: [&str; 6] = [
    "POST /users/a%20b?a=&q=x%26y&q=z",
    "x-many: 1",
    "x-many: 2",
    "authorization: Bearer expired",
    "content-type: application/json",
    "{\"name\":\"Joe\"}",
];

async fn verified(verifier: Verifier<Target>) -> Report {
    verifier.verify(source(&[interaction()])).await
}

#[tokio::test]
async fn the_whole_request_is_sent_in_process() {
    let (app, diary) = provider();

    let report = verified(verifier().service(app)).await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(diary.read(), SENT);
}

#[tokio::test]
async fn the_same_request_is_sent_over_tcp() {
    let (app, diary) = provider();
    let address = serve(app).await;

    let report = verified(verifier().base_url(format!("http://{address}"))).await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(diary.read(), SENT);
}

#[tokio::test]
async fn a_custom_header_takes_the_place_of_the_expected_one() {
    let (app, diary) = provider();

    let _ = verified(
        verifier()
            .service(app)
            .header("authorization", "Bearer fresh"),
    )
    .await;

    assert_eq!(diary.read()[3], "authorization: Bearer fresh");
}

#[tokio::test]
async fn a_request_filter_may_wait_for_a_token() {
    let (app, diary) = provider();
    let token = "Bearer fetched".to_owned();

    let report = verified(verifier().service(app).request_filter(
        async move |mut request: axum::http::Request<Bytes>| {
            tokio::task::yield_now().await;
            let value = HeaderValue::try_from(token).unwrap();
            request.headers_mut().insert("authorization", value);
            request
        },
    ))
    .await;

    assert_eq!(report.verdict(), Verdict::Yes);
    assert_eq!(diary.read()[3], "authorization: Bearer fetched");
}

#[tokio::test]
async fn a_request_filter_that_panics_is_named() {
    let (app, diary) = provider();

    let filter = async |_| panic!("no token");
    let report = verified(verifier().service(app).request_filter(filter)).await;

    let text = cause(&only(&report).outcome).to_string();
    assert!(
        text == "the request filter failed: it panicked: no token",
        "{text}"
    );
    assert_eq!(diary.read(), Vec::<String>::new());
}

#[tokio::test]
async fn a_base_path_goes_before_every_path() {
    let (app, diary) = provider();
    let address = serve(app).await;

    let _ = verified(verifier().base_url(format!("http://{address}/api/"))).await;

    assert_eq!(diary.read()[0], "POST /api/users/a%20b?a=&q=x%26y&q=z");
}

#[test]
fn a_verification_can_move_to_another_thread() {
    fn moved<T: Send>(value: T) -> T {
        value
    }
    let (app, _) = provider();
    drop(moved(verified(moved(verifier().service(app)))));
}
