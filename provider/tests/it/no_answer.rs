//! A provider that is down, hangs, breaks off or floods.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use treaty_core::outcome::{Cause, Verdict};
use treaty_provider::{Report, VerifyOptions};

use crate::fakes::{cause, get_of, ok, only, serve, source, verifier};

/// Nothing was found out, and this is why.
#[track_caller]
fn check_cause(report: &Report, expected: &Cause) {
    assert_eq!(report.verdict(), Verdict::Unknown);
    assert_eq!(report.summary().interactions_replayed, 0);
    assert_eq!(cause(&only(report).outcome), expected);
}

/// Nobody answered, for a reason with these words in it.
#[track_caller]
fn check(report: &Report, reason_part: &str) {
    let Cause::NoAnswer { reason } = cause(&only(report).outcome) else {
        panic!("{:?}", only(report).outcome);
    };
    assert!(reason.contains(reason_part), "{reason}");
    check_cause(report, cause(&only(report).outcome));
}

#[tokio::test]
async fn a_provider_that_does_not_run_is_no_failure_and_no_success() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let report = verifier()
        .base_url(format!("http://{address}"))
        .verify(source(&[get_of("/ok")]))
        .await;

    check(&report, "refused");
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_hangs_is_given_up_at_the_deadline() {
    let hang = async || std::future::pending::<StatusCode>().await;
    let app = Router::new().route("/hang", get(hang)).merge(ok());

    let report = verifier()
        .service(app)
        .verify(source(&[get_of("/hang"), get_of("/ok")]))
        .await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    let interactions = &report.pacts[0].interactions;
    let expected = Cause::AnswerDeadline { limit_ms: 5000 };
    assert_eq!(cause(&interactions[0].outcome), &expected);
    assert!(interactions[1].outcome.passed());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up_at_the_deadline() {
    let endless = async || {
        let frame = |()| async { Some((Ok::<_, std::io::Error>("x"), ())) };
        let begin = futures_util::stream::unfold((), frame);
        let rest = futures_util::stream::pending();
        use futures_util::StreamExt;
        Body::from_stream(begin.take(1).chain(rest))
    };
    let app = Router::new().route("/ok", get(endless));

    let report = verifier()
        .service(app)
        .verify(source(&[get_of("/ok")]))
        .await;

    check_cause(&report, &Cause::BodyDeadline { limit_ms: 5000 });
}

/// Answers the first request with these bytes and hangs up.
async fn raw(answer: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        socket.write_all(answer).await.unwrap();
    });
    address
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let address = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf").await;

    let report = verifier()
        .base_url(format!("http://{address}"))
        .verify(source(&[get_of("/ok")]))
        .await;

    let text = cause(&only(&report).outcome).to_string();
    let begin = "the provider's answer broke off: ";
    assert!(text.starts_with(begin), "{text}");
    assert!(
        text.ends_with("end of file before message length reached"),
        "{text}"
    );
    assert_eq!(report.verdict(), Verdict::Unknown);
}

#[tokio::test]
async fn what_is_no_http_is_no_answer() {
    let address = raw(b"220 mail.example.com ESMTP\r\n").await;

    let report = verifier()
        .base_url(format!("http://{address}"))
        .verify(source(&[get_of("/ok")]))
        .await;

    check(&report, "invalid HTTP");
}

#[tokio::test]
async fn a_flood_is_cut_off_in_process() {
    let app = Router::new().route("/ok", get(async || vec![b'x'; 1001]));
    let mut options = VerifyOptions::default();
    options.body_bytes_max = 1000;

    let report = verifier()
        .service(app)
        .options(options)
        .verify(source(&[get_of("/ok")]))
        .await;

    check_cause(&report, &Cause::AnswerTooLarge { bytes_max: 1000 });
}

#[tokio::test]
async fn a_flood_is_cut_off_over_tcp() {
    let app = Router::new().route("/ok", get(async || vec![b'x'; 1001]));
    let address = serve(app).await;
    let mut options = VerifyOptions::default();
    options.body_bytes_max = 1000;

    let report = verifier()
        .base_url(format!("http://{address}"))
        .options(options)
        .verify(source(&[get_of("/ok")]))
        .await;

    check_cause(&report, &Cause::AnswerTooLarge { bytes_max: 1000 });
}

#[tokio::test]
async fn a_service_that_panics_is_no_answer() {
    let panics = async || -> StatusCode { panic!("out of users") };
    let app = Router::new().route("/ok", get(panics));

    let report = verifier()
        .service(app)
        .verify(source(&[get_of("/ok")]))
        .await;

    check(&report, "it panicked: out of users");
}

#[tokio::test]
async fn a_connection_that_is_closed_at_once_is_no_answer() {
    let address = raw(b"").await;

    let report = verifier()
        .base_url(format!("http://{address}"))
        .verify(source(&[get_of("/ok")]))
        .await;

    check(&report, "connection closed before message completed");
}

#[tokio::test]
async fn heads_that_never_end_are_no_answer() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while socket.write_all(&[b'x'; 4096]).await.is_ok() {}
    });

    let report = verifier()
        .base_url(format!("http://{address}"))
        .verify(source(&[get_of("/ok")]))
        .await;

    assert_eq!(report.verdict(), Verdict::Unknown);
    assert!(matches!(
        cause(&only(&report).outcome),
        Cause::NoAnswer { .. }
    ));
}

#[tokio::test]
async fn a_body_that_is_not_what_its_type_says_is_a_mismatch_and_loses_nothing_else() {
    let app = ok().route(
        "/broken",
        get(async || ([("content-type", "application/json")], "{\"id\": 4")),
    );
    let mut broken = get_of("/broken");
    broken["response"]["headers"] = serde_json::json!({ "Content-Type": "application/json" });
    broken["response"]["body"] = serde_json::json!({ "id": 42 });

    let report = verifier()
        .service(app)
        .verify(source(&[broken, get_of("/ok")]))
        .await;

    assert_eq!(report.verdict(), Verdict::No);
    let interactions = &report.pacts[0].interactions;
    let mismatches = crate::fakes::mismatches(&interactions[0].outcome);
    assert!(mismatches[0].starts_with('$'), "{mismatches:?}");
    assert!(interactions[1].outcome.passed());
}

#[tokio::test]
async fn a_redirect_that_nobody_asked_for_is_a_mismatch() {
    let app = Router::new().route("/ok", get(async || axum::response::Redirect::to("/ok")));
    let address = serve(app).await;

    let report = verifier()
        .base_url(format!("http://{address}"))
        .verify(source(&[get_of("/ok")]))
        .await;

    let mismatches = crate::fakes::mismatches(&only(&report).outcome);
    assert_eq!(
        mismatches,
        ["status  expected 200, got 303  (rule: equality)"]
    );
}

#[tokio::test]
async fn a_request_whose_generator_panics_is_not_replaced_by_the_example() {
    let mut dated = get_of("/ok");
    let never = serde_json::json!({
        "type": "Date", "format": "yyyy", "expression": "today + 100000000 days",
    });
    dated["request"]["generators"] = serde_json::json!({ "path": never });

    let report = verifier().service(ok()).verify(source(&[dated])).await;

    let reason = "a generator of the pact fails".to_owned();
    check_cause(&report, &Cause::RequestNotBuilt { reason });
}
