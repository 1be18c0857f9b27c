//! A consumer's client, and pacts for it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use treaty_consumer::prelude::*;
use url::Url;

/// Far longer than anything here takes; only what hangs comes to it.
const DEADLINE: Duration = Duration::from_secs(20);

/// The status that `GET` of a URL gets, without a runtime.
#[track_caller]
pub(crate) fn get(url: &str) -> u16 {
    let url = Url::parse(url).unwrap();
    let address = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let target = &url[url::Position::BeforePath..];
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// A pact with one interaction, which gets a status.
pub(crate) fn pact(dir: &Path, description: &str, status: u16) -> PactBuilder {
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.with_output_dir(dir)
        .interaction(description, "", |mut i| {
            i.given("a state");
            i.request.path("/x");
            i.response.status(status);
            i
        });
    pact
}

/// A pact that asks for `/ping`.
pub(crate) fn ping(dir: &Path) -> PactBuilder {
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.with_output_dir(dir)
        .interaction("a ping", "", |mut i| {
            i.request.path("/ping");
            i
        });
    pact
}

/// A whole test: the interaction is asked for, and the pact written.
#[track_caller]
pub(crate) fn write(dir: &Path, description: &str, status: u16) {
    try_write(&pact(dir, description, status)).unwrap();
}

pub(crate) fn try_write(pact: &PactBuilder) -> Result<(), Unmet> {
    let mock = pact.mock_server();
    get(mock.path("/x").as_str());
    mock.finish()
}

pub(crate) fn text(dir: &Path) -> String {
    fs::read_to_string(dir.join("A-B.json")).unwrap()
}

/// The descriptions and statuses in the pact file.
pub(crate) fn told(dir: &Path) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(&text(dir)).unwrap();
    let interactions = document["interactions"].as_array().unwrap().iter();
    let text = |interaction: &serde_json::Value| {
        format!(
            "{} {}",
            interaction["description"].as_str().unwrap(),
            interaction["response"]["status"]
        )
    };
    interactions.map(text).collect()
}
