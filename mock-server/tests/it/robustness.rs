//! What a socket brings that is no request.

use std::io::{Read, Write};
use std::thread;

use serde_json::json;
use treaty_mock_server::{ANSWER_HEADER, BODY_BYTES_MAX};

use crate::contract::get;
use crate::wire::{Answered, Running, until};

fn running() -> Running {
    Running::of(&json!([get("a ping", "/ping", 204)]))
}

#[test]
fn garbage_does_not_kill_the_server() {
    let running = running();
    for garbage in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(), // the first bytes of a TLS client
        b"\r\n\r\n\r\n",
        b"hello?\r\n\r\n",
        b"GET /ping HTTP/9.9\r\n\r\n",
        b"GET \xff HTTP/1.1\r\n\r\n",
        b"GET /ping HTTP/1.1\r\ncontent-length: many\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        &[0; 100_000],
    ] {
        let mut stream = running.connect();
        // The server may close while the garbage is still on its way.
        stream.write_all(garbage).ok();
        stream.shutdown(std::net::Shutdown::Write).ok();
        stream.read_to_end(&mut Vec::new()).ok();
        assert_eq!(running.ask("GET /ping").status, 204, "after {garbage:?}");
    }
    assert!(running.server.report().unexpected.is_empty());
}

#[test]
fn a_client_that_goes_away_before_its_request_is_told_has_not_asked() {
    let running = running();
    for begun in ["", "GET", "GET /ping HTTP/1.1\r\nhost: x\r\n"] {
        let mut stream = running.connect();
        stream.write_all(begun.as_bytes()).unwrap();
        drop(stream);
    }
    assert_eq!(running.ask("GET /ping").status, 204);
    let report = running.server.report();
    assert_eq!((report.answered, report.unexpected.len()), (1, 0));
}

#[test]
fn a_body_that_breaks_off_or_is_no_body_is_in_the_account() {
    for (begun, told) in [
        ("content-length: 9\r\n\r\n{", "its body broke off: "),
        (
            "transfer-encoding: chunked\r\n\r\nzz\r\n",
            "its body broke off: ",
        ),
    ] {
        let running = running();
        let mut stream = running.connect();
        write!(stream, "POST /ping?x=1 HTTP/1.1\r\nhost: x\r\n{begun}").unwrap();
        drop(stream);
        until("the account has the request", || {
            !running.server.report().unexpected.is_empty()
        });
        let account = running.server.report().unexpected[0].to_string();
        assert!(
            account.starts_with(&format!("POST /ping?x=1\n    {told}")),
            "{account}"
        );
        assert_eq!(running.ask("GET /ping").status, 204);
    }
}

#[test]
fn clients_that_never_finish_keep_nobody_waiting() {
    let running = running();
    let mut stuck: Vec<_> = (0..50).map(|_| running.connect()).collect();
    for stream in &mut stuck {
        stream.write_all(b"GET /ping HTTP/1.1\r\nhost:").unwrap();
    }
    assert_eq!(running.ask("GET /ping").status, 204);
}

#[test]
fn a_body_that_is_too_large_is_refused_and_in_the_account() {
    let running = running();
    let mut stream = running.connect();
    let head = format!(
        "POST /ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        BODY_BYTES_MAX + 1
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let answer = thread::scope(|scope| {
        scope.spawn(move || {
            let chunk = vec![b'x'; 1024 * 1024];
            for _ in 0..BODY_BYTES_MAX / chunk.len() {
                writer.write_all(&chunk).unwrap();
            }
            writer.write_all(b"x").unwrap();
        });
        Answered::read(stream)
    });
    assert_eq!(
        (answer.status, answer.header(ANSWER_HEADER)),
        (500, Some("unreadable"))
    );
    assert_eq!(
        answer.body,
        "{\n  \"error\": \"its body has more than 67108864 bytes\"\n}\n"
    );

    assert_eq!(running.ask("GET /ping").status, 204);
    assert_eq!(
        running.server.report().to_string(),
        "came, but was not expected: POST /ping\n    its body has more than 67108864 bytes\n"
    );
}
