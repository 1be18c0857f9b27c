//! `treaty mock`.

use std::io::{BufRead, Read, Write};
use std::net::TcpStream;

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::broker::Served;
use crate::command::{Place, Told};
use crate::provider;

fn place() -> Place {
    let place = Place::new();
    let pact = json!({
        "consumer": {"name": "Web"}, "provider": {"name": "Users"},
        "interactions": [{
            "description": "a ping", "request": {"method": "GET", "path": "/ping"}, "response": {"status": 204},
        }],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    });
    place.write("web-users.json", &pact.to_string());
    place
}

/// The process, and what one of its commands says.
struct Process<'a> {
    place: &'a Place,
    port: String,
    served: Served,
}

impl<'a> Process<'a> {
    fn start(place: &'a Place, words: &str) -> Self {
        let served = Served::run(
            place,
            &format!("mock start --host 127.0.0.1 --port 0 {words}"),
        );
        let port = served.url.rsplit(':').next().unwrap().to_owned();
        Self {
            place,
            port,
            served,
        }
    }

    fn run(&self, line: &str) -> Told {
        self.place.run(&format!(
            "mock {line} --host 127.0.0.1 --port {}",
            self.port
        ))
    }

    /// The port of a new mock server.
    fn create(&self) -> u64 {
        let told = self
            .run("create --file web-users.json --output json")
            .ends_with(0);
        told.json()["port"].as_u64().unwrap()
    }
}

fn get(port: u64, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", u16::try_from(port).unwrap())).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_pact_whose_requests_all_came_is_written() {
    let place = place();
    let process = Process::start(&place, "--output written");
    process
        .run("list")
        .ends_with(0)
        .says("There is no mock server");
    let port = process.create();
    process.run("list").ends_with(0).says("Users").says("error");

    let told = process.run(&format!("verify -m {port}")).ends_with(1);
    told.says("failed verification with 1 error")
        .says("expected, but never came: GET /ping\n    a ping");
    assert!(!place.path("written").exists());

    assert!(get(port, "/ping").starts_with("HTTP/1.1 204"));
    process
        .run(&format!("verify -m {port}"))
        .ends_with(0)
        .says("verified ok");
    let written = std::fs::read_to_string(place.path("written/Web-Users.json")).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["metadata"]["pactSpecification"]["version"], "4.0");
    process.run("list").ends_with(0).says("ok");

    assert!(get(port, "/pong").starts_with("HTTP/1.1 500"));
    let told = process
        .run(&format!("verify -m {port} --output json"))
        .ends_with(1);
    let mismatch = &told.json()["mismatches"][0];
    assert_eq!(mismatch["type"], "request-mismatch");
    assert_eq!(mismatch["interaction"], "a ping");

    process.run(&format!("shutdown -m {port}")).ends_with(0);
    process
        .run(&format!("verify -m {port}"))
        .ends_with(2)
        .complains(&format!("there is no mock server {port}"));
    process
        .run("shutdown -i none")
        .ends_with(2)
        .complains("treaty mock list");
}

#[test]
fn an_edited_test_runs_again_in_the_same_process() {
    let place = place();
    let process = Process::start(&place, "--output written");
    for status in ["204", "200"] {
        let pact = std::fs::read_to_string(place.path("web-users.json")).unwrap();
        place.write("web-users.json", &pact.replace("204", status));
        let port = process.create();
        assert!(get(port, "/ping").starts_with(&format!("HTTP/1.1 {status}")));
        let verify = format!("verify -m {port}");
        process.run(&verify).ends_with(0).says("verified ok");
        process.run(&format!("shutdown -m {port}")).ends_with(0);
        let written = std::fs::read_to_string(place.path("written/Web-Users.json")).unwrap();
        let written: Value = serde_json::from_str(&written).unwrap();
        let interactions = written["interactions"].as_array().unwrap();
        assert_eq!(interactions.len(), 1);
        assert_eq!(interactions[0]["response"]["status"].to_string(), status);
    }
}

#[test]
fn the_pact_is_written_in_the_version_that_is_asked_for() {
    let place = place();
    let process = Process::start(&place, "");
    let told = process
        .run("create -f web-users.json --specification V3 --output json")
        .ends_with(0);
    let (id, port) = (
        told.json()["id"].clone(),
        told.json()["port"].as_u64().unwrap(),
    );
    get(port, "/ping");
    process
        .run(&format!("verify -i {}", id.as_str().unwrap()))
        .ends_with(0);
    let written = std::fs::read_to_string(place.path("Web-Users.json")).unwrap();
    assert!(written.contains("3.0.0"), "{written}");
}

#[test]
fn somebody_else_who_answers_is_no_process_of_mock_servers() {
    for status in [200, 500] {
        let status = StatusCode::from_u16(status).unwrap();
        let url = provider::serve(Router::new().fallback(async move || (status, "hello")));
        let port = url.rsplit(':').next().unwrap();
        let place = place();
        for line in ["list", "create -f web-users.json", "verify -i x"] {
            place
                .run(&format!("mock {line} --host 127.0.0.1 --port {port}"))
                .ends_with(3)
                .complains("is no process of mock servers");
        }
        for line in ["shutdown -i x", "shutdown-master -k x"] {
            let told = place.run(&format!("mock {line} --host 127.0.0.1 --port {port}"));
            assert_eq!(
                told.code,
                if status.is_success() { 0 } else { 3 },
                "{told:?}"
            );
        }
    }
}

#[test]
fn a_pact_may_be_as_large_as_a_broker_takes_it() {
    let place = place();
    let pact = std::fs::read_to_string(place.path("web-users.json")).unwrap();
    place.write("large.json", &format!("{pact}{}", " ".repeat(3_000_000)));
    let process = Process::start(&place, "");
    process.run("create -f large.json").ends_with(0);
}

#[test]
fn what_is_no_pact_is_refused_with_the_reason() {
    let place = place();
    place.write("bad.json", "{\"interactions\": 1}");
    let process = Process::start(&place, "");
    process
        .run("create --file bad.json")
        .ends_with(2)
        .complains("the pact is not a pact");
    process
        .run("create --file none.json")
        .ends_with(2)
        .complains("cannot read none.json");
}

#[test]
fn the_process_is_shut_down_by_who_has_its_key() {
    let place = place();
    let mut process = Process::start(&place, "");
    let mut line = String::new();
    process.served.rest.read_line(&mut line).unwrap();
    let key = line.strip_prefix("server key ").unwrap().trim().to_owned();
    process
        .run("shutdown-master --server-key wrong")
        .ends_with(2)
        .complains("this is not the key of the process");
    process
        .run(&format!("shutdown-master --period 0 -k {key}"))
        .ends_with(0);
    assert_eq!(process.served.process.wait().unwrap().code(), Some(0));
    process
        .run("list")
        .ends_with(3)
        .complains("the process of the mock servers does not answer")
        .complains("treaty mock start");
}
