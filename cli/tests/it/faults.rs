//! What goes wrong between the command and its broker: the right exit code, and a sentence that names the cause.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::broker::Served;
use crate::command::{Place, Told};
use crate::golden;
use crate::provider::{self, nobody};

/// How long a command may take that has nothing to wait for: far less than any deadline that it keeps of itself.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Something that listens, and how often it was asked.
struct Listener {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Listener {
    /// Does this with each connection, which is told its number.
    fn doing(work: impl Fn(usize, TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                work(count.fetch_add(1, Ordering::SeqCst), stream.unwrap());
            }
        });
        Self { url, asked }
    }

    /// Answers with these, the last of them for good.
    fn answering(answers: Vec<String>) -> Self {
        Self::doing(move |number, mut stream| {
            read_request(&mut stream);
            let answer = answers.get(number).or(answers.last()).unwrap();
            // Whoever has hung up wants no answer.
            let _ = stream.write_all(answer.as_bytes());
        })
    }

    /// Asks it for its environments.
    fn asked(&self, further: &str) -> Told {
        let line = format!("list-environments -b {} {further}", self.url);
        let mut told = Place::new().run(&line);
        told.stderr = told.stderr.replace(&self.url, "http://BROKER");
        told
    }

    fn count(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn read_request(stream: &mut impl Read) {
    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        seen.push(byte[0]);
    }
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

fn ok(body: &str) -> String {
    answer("200 OK", "content-type: application/hal+json\r\n", body)
}

fn index() -> String {
    ok(r#"{"_links": {"pb:environments": {"href": "/environments"}}}"#)
}

fn environments() -> String {
    ok(r#"{"_embedded": {"environments": []}}"#)
}

#[test]
fn a_refused_connection_is_said_within_two_seconds() {
    let url = nobody();
    let started = Instant::now();
    let told = Place::new().run(&format!("list-environments -b {url}"));
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    told.ends_with(3)
        .complains("got no answer")
        .complains("refused")
        .complains("check that the broker is running");
}

#[test]
fn a_broker_that_hangs_up_is_asked_again_before_that_is_said() {
    let listener = Listener::doing(|_, stream| drop(stream));
    listener
        .asked("--retries 2")
        .ends_with(3)
        .complains("GET http://BROKER/ got no answer");
    assert_eq!(listener.count(), 3);
}

#[test]
fn a_broker_that_never_answers_is_given_up_at_the_deadline() {
    let listener = Listener::doing(|_, stream| std::mem::forget(stream));
    let started = Instant::now();
    listener
        .asked("--broker-timeout 1")
        .ends_with(3)
        .complains("got no answer within 1000 ms");
    assert!(started.elapsed() < AT_ONCE * 3, "{:?}", started.elapsed());
}

#[test]
fn a_broker_that_is_ill_for_a_moment_is_asked_again() {
    for ill in [
        answer("500 Internal Server Error", "", r#"{"error": "broken"}"#),
        answer("502 Bad Gateway", "", ""),
        answer("408 Request Timeout", "", ""),
        answer("429 Too Many Requests", "retry-after: 0\r\n", ""),
    ] {
        let listener = Listener::answering(vec![ill, index(), environments()]);
        listener
            .asked("")
            .ends_with(0)
            .says("There are no environments.");
        assert_eq!(listener.count(), 3);
    }
}

#[test]
fn a_broker_that_stays_ill_is_told_with_its_words() {
    let ill = answer(
        "500 Internal Server Error",
        "",
        r#"{"error": {"message": "see abc", "reference": "abc"}}"#,
    );
    let told = Listener::answering(vec![ill])
        .asked("--retries 1")
        .ends_with(3);
    golden::check("fault-500", &told.stderr);
}

#[test]
fn a_broker_that_is_busy_for_long_is_not_waited_for() {
    let busy = answer("429 Too Many Requests", "retry-after: 3600\r\n", "");
    let listener = Listener::answering(vec![busy]);
    let started = Instant::now();
    let told = listener.asked("").ends_with(3);
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
    assert_eq!(listener.count(), 1);
    golden::check("fault-429", &told.stderr);
}

#[test]
fn what_is_no_document_of_a_broker_is_told_for_what_it_is() {
    let html = "content-type: text/html\r\n";
    for (name, what) in [
        ("fault-truncated-json", ok(r#"{"_links": {"#)),
        (
            "fault-proxy",
            answer(
                "502 Bad Gateway",
                html,
                "<html><head><title>502 Bad Gateway</title></head></html>",
            ),
        ),
        (
            "fault-login-page",
            answer("200 OK", html, "<!doctype html><title>Sign in</title>"),
        ),
        (
            "fault-login-redirect",
            answer(
                "302 Found",
                "location: https://sso.example/login?next=/\r\n",
                "",
            ),
        ),
        (
            "fault-redirect-loop",
            answer("301 Moved Permanently", "location: /\r\n", ""),
        ),
    ] {
        let told = Listener::answering(vec![what])
            .asked("--retries 0")
            .ends_with(3);
        golden::check(name, &told.stderr);
    }
}

#[test]
fn an_answer_that_breaks_off_is_no_answer() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"_links\"";
    let listener = Listener::answering(vec![cut.to_owned()]);
    listener
        .asked("--retries 1")
        .ends_with(3)
        .complains("got no answer");
    assert_eq!(listener.count(), 2);
}

#[test]
fn a_proxy_that_the_environment_names_is_used() {
    let proxy = Listener::answering(vec![index(), environments()]);
    let mut place = Place::new();
    place.set("HTTP_PROXY", &proxy.url);
    place
        .run("list-environments -b http://broker.invalid")
        .ends_with(0)
        .says("There are no environments.");
    assert_eq!(proxy.count(), 2);
}

#[test]
fn how_it_is_done_is_logged_on_stderr_and_only_if_that_is_asked() {
    let listener = Listener::answering(vec![index(), environments()]);
    for (level, logged) in [
        ("--log-level none", false),
        ("--log-level trace", true),
        ("-v", true),
    ] {
        let listener = Listener::answering(vec![index(), environments()]);
        let told = listener.asked(level).ends_with(0);
        assert_eq!(told.stdout, "There are no environments.\n");
        assert_eq!(!told.stderr.is_empty(), logged, "{level}: {}", told.stderr);
    }
    let told = listener.asked("--output json").ends_with(0);
    assert_eq!(told.stderr, "");
}

#[test]
fn credentials_and_headers_go_with_every_request_and_into_no_message() {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let broker = Listener::doing(move |_, mut stream| {
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).unwrap();
        log.lock()
            .unwrap()
            .push(String::from_utf8_lossy(&bytes[..read]).to_lowercase());
        let _ = stream.write_all(answer("401 Unauthorized", "", r#"{"error": "who?"}"#).as_bytes());
    });
    for (words, expected) in [
        ("-u user -p secret", "authorization: basic dxnlcjpzzwnyzxq="),
        (
            "--broker-username user --broker-password secret",
            "authorization: basic dxnlcjpzzwnyzxq=",
        ),
        ("-k secret", "authorization: bearer secret"),
        ("--broker-token secret", "authorization: bearer secret"),
        ("--custom-header X-Key:secret", "x-key: secret"),
    ] {
        let told = broker
            .asked(&format!("{words} -v"))
            .ends_with(3)
            .complains("who?");
        assert!(!told.stderr.contains("secret"), "{told:?}");
        let last = seen.lock().unwrap().pop().unwrap();
        assert!(last.contains(expected), "{words}: {last}");
    }
}

#[test]
fn a_url_that_is_no_brokers_is_told_as_such() {
    let place = Place::new();
    let served = Served::start(&place);
    let elsewhere = provider::serve(axum::Router::new());
    place.write("a.json", &provider::pact());
    for url in [format!("{}/pactbroker", served.url), elsewhere] {
        for line in [
            "list-pacticipants",
            "describe-pacticipant --name A",
            "describe-version -a A -e 1",
            "create-version-tag -a A -e 1 -t x",
            "record-deployment -a A -e 1 --environment production",
            "can-i-deploy -a A -e 1",
            "publish a.json -a 1",
            "delete-branch -a A --branch main",
        ] {
            place
                .run(&format!("{line} -b {url}"))
                .ends_with(3)
                .complains(&format!("no Pact Broker answers at {url}"))
                .complains("check the port and the path prefix");
        }
    }
}
