use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use treaty_mock_server::{Fault, MockServerOptions, Report, StartError};

use crate::support::{get, start, try_start, user_and_ping};

const USER: &str = "a request for user 42";

fn with(fault: Fault) -> MockServerOptions {
    MockServerOptions::default().fault(fault)
}

/// What each fault of a report was, in the order of the requests.
fn happened(report: &Report) -> Vec<String> {
    report
        .faults
        .iter()
        .map(|faulty| format!("{} {}", faulty.call, faulty.faults.join("+")))
        .collect()
}

#[tokio::test]
async fn a_burst_ends_and_the_interaction_is_met_behind_it() {
    let server = start(with(Fault::status(503).on(USER).first(2)));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(get(&server, "/users/42").await.unwrap().status().as_u16());
    }
    get(&server, "/ping").await.unwrap();
    assert_eq!(statuses, [503, 503, 200]);
    let report = server.report();
    assert!(report.is_ok(), "{report}");
    assert_eq!(happened(&report), ["1 status 503", "2 status 503"]);
    assert_eq!(report.withheld, []);
}

#[tokio::test]
async fn a_client_that_does_not_try_again_has_not_met_the_interaction() {
    let server = start(with(Fault::status(503).on(USER).first(1)));
    get(&server, "/users/42").await.unwrap();
    get(&server, "/ping").await.unwrap();
    assert_eq!(
        server.report().to_string(),
        "expected once more, behind 1 answer with a fault: GET /users/42\n    \
             a request for user 42\n\
         answered with status 503: GET /users/42\n    \
             a request for user 42, call 1\n"
    );
}

#[tokio::test]
async fn what_fails_on_every_call_is_withheld_once_it_was_asked_for() {
    let server = start(with(Fault::status(500).on(USER)));
    get(&server, "/ping").await.unwrap();
    assert_eq!(server.report().unmet[0].title, USER, "nobody asked");
    get(&server, "/users/42").await.unwrap();
    let report = server.report();
    assert!(report.is_ok(), "{report}");
    assert_eq!((report.withheld.len(), report.withheld[0].place), (1, 0));
}

#[tokio::test]
async fn a_busy_provider_says_when_to_try_again() {
    let server = start(with(
        Fault::too_many_requests(Duration::from_millis(1500)).first(1),
    ));
    let busy = get(&server, "/users/42").await.unwrap();
    assert_eq!(
        (busy.status().as_u16(), &busy.headers()["retry-after"]),
        (429, &"2".parse().unwrap())
    );
    assert_eq!(busy.headers()["x-treaty-mock-server"], "faulty");
    assert_eq!(get(&server, "/users/42").await.unwrap().status(), 200);
}

#[tokio::test]
async fn only_the_nth_call_fails() {
    let server = start(
        with(Fault::status(502).on(USER).every_nth(3)).fault(Fault::status(401).on(USER).nth(2)),
    );
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(get(&server, "/users/42").await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 401, 502, 200, 200, 502]);
}

#[tokio::test]
async fn a_delayed_answer_is_the_right_one() {
    let server = start(with(Fault::delay(Duration::from_millis(40)).on(USER)));
    let started = Instant::now();
    assert_eq!(get(&server, "/users/42").await.unwrap().status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(40));
    get(&server, "/ping").await.unwrap();
    let report = server.report();
    assert!(report.is_ok() && report.withheld.is_empty(), "{report}");
    assert_eq!(happened(&report), ["1 a delay of 40ms"]);
}

#[tokio::test]
async fn an_answer_that_is_too_late_for_its_client_meets_nothing() {
    let server = start(with(Fault::delay(Duration::from_secs(600)).on(USER)));
    let client = reqwest::Client::builder()
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let late = client
        .get(format!("{}/users/42", server.url()))
        .send()
        .await;
    assert!(late.unwrap_err().is_timeout());
    assert_eq!(server.report().withheld[0].title, USER);
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let server = start(with(Fault::reset().on(USER)));
    let url = server.url();
    let read = tokio::task::spawn_blocking(move || read_all(&url))
        .await
        .unwrap();
    assert_eq!(
        read.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionReset
    );
    assert_eq!(happened(&server.report()), ["1 a reset"]);
}

#[tokio::test]
async fn garbage_is_the_same_for_the_same_seed() {
    let mut seen = Vec::new();
    for seed in [1, 1, 2] {
        let server = start(with(Fault::garbage().on(USER)).seed(seed));
        let url = server.url();
        seen.push(
            tokio::task::spawn_blocking(move || read_all(&url))
                .await
                .unwrap()
                .unwrap(),
        );
        assert!(get(&server, "/users/42").await.is_err());
        assert_eq!(server.report().seed, Some(seed));
    }
    assert_eq!((seen[0].len(), &seen[0]), (64, &seen[1]));
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn a_truncated_body_breaks_off_half_way() {
    let server = start(with(Fault::truncated_body().on(USER)));
    let url = server.url();
    let read = tokio::task::spawn_blocking(move || read_all(&url))
        .await
        .unwrap()
        .unwrap();
    let text = String::from_utf8(read).unwrap();
    assert!(text.contains("content-length: 23"), "{text}");
    assert!(text.ends_with("\r\n\r\n{\"id\":42,\"n"), "{text}");
    let response = get(&server, "/users/42").await.unwrap();
    assert!(response.text().await.is_err());
}

#[tokio::test]
async fn a_malformed_body_breaks_its_content_type_and_nothing_else() {
    let server = start(with(Fault::malformed_body().on(USER)));
    let response = get(&server, "/users/42").await.unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            &response.headers()["content-type"]
        ),
        (200, &"application/json".parse().unwrap())
    );
    let text = response.text().await.unwrap();
    assert_eq!(text, "{\"id\":42,\"n<");
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_err());
}

#[tokio::test]
async fn a_client_waits_for_no_answer_until_it_gives_up() {
    let server = start(with(Fault::no_answer().on(USER)));
    let client = reqwest::Client::builder()
        .timeout(Duration::from_millis(50))
        .build()
        .unwrap();
    let silent = client
        .get(format!("{}/users/42", server.url()))
        .send()
        .await;
    assert!(silent.unwrap_err().is_timeout());
    assert_eq!(happened(&server.report()), ["1 no answer"]);
}

#[tokio::test]
async fn faults_add_up() {
    let options = with(Fault::delay(Duration::from_millis(10)))
        .fault(Fault::delay(Duration::from_millis(20)))
        .fault(Fault::status(503).first(1));
    let server = start(options);
    let started = Instant::now();
    assert_eq!(get(&server, "/users/42").await.unwrap().status(), 503);
    assert!(started.elapsed() >= Duration::from_millis(30));
    assert_eq!(
        happened(&server.report()),
        ["1 a delay of 10ms+a delay of 20ms+status 503"]
    );
}

#[tokio::test]
async fn chance_is_decided_by_the_seed() {
    let mut runs = Vec::new();
    for seed in [5, 5, 6] {
        let server = start(with(Fault::status(503).on(USER).randomly(0.5)).seed(seed));
        let mut statuses = Vec::new();
        for _ in 0..16 {
            statuses.push(get(&server, "/users/42").await.unwrap().status().as_u16());
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn a_fault_that_never_happened_is_no_success() {
    let server = start(with(Fault::status(502).on(USER).nth(200)));
    get(&server, "/users/42").await.unwrap();
    get(&server, "/ping").await.unwrap();
    let report = server.report();
    assert!(!report.is_ok());
    assert_eq!(
        report.to_string(),
        "a fault that never happened: status 502, on call 200 of a request for user 42\n"
    );
}

#[tokio::test]
async fn a_fault_that_could_never_happen_is_refused() {
    for (fault, reason) in [
        (
            Fault::reset().on("a request for usr 42"),
            "no interaction is called \"a request for usr 42\"; there are \"a request for user 42\", \"a ping\"",
        ),
        (
            Fault::truncated_body().on("a ping"),
            "a ping has no body, so it cannot get a truncated body",
        ),
        (
            Fault::status(503).nth(0),
            "status 503, on call 0 of any interaction cannot happen: calls count from 1",
        ),
        (
            Fault::status(42),
            "status 42, on every call of any interaction cannot happen: a status is between 200 and 599",
        ),
        (
            Fault::reset().randomly(1.5),
            "a reset, on each call with probability 1.5 of any interaction cannot happen: a probability is between 0 and 1",
        ),
    ] {
        match try_start(user_and_ping(), with(fault)) {
            Err(StartError::Fault(error)) => assert_eq!(error.to_string(), reason),
            other => panic!("{other:?} instead of {reason}"),
        }
    }
}

#[tokio::test]
async fn faults_leave_unexpected_requests_alone() {
    let server = start(with(Fault::status(503)));
    assert_eq!(get(&server, "/pong").await.unwrap().status(), 500);
    assert_eq!(server.report().faults, []);
}

/// Everything that comes back for a request for user 42, as bytes.
fn read_all(url: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://"))?;
    stream.write_all(b"GET /users/42 HTTP/1.1\r\nhost: here\r\n\r\n")?;
    let mut read = Vec::new();
    stream.read_to_end(&mut read)?;
    Ok(read)
}
