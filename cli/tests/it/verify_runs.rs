//! `treaty verify`: how often, in which order, which part, and which way to the provider.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::command::{Place, Told};
use crate::golden;
use crate::provider::{broken, good, nobody, pact};

/// A pact with two interactions: the second asks for what no provider of these tests has.
fn two() -> Value {
    let mut pact: Value = serde_json::from_str(&pact()).unwrap();
    let missing = json!({
        "description": "something else",
        "request": { "method": "GET", "path": "/missing" },
        "response": { "status": 404 },
    });
    pact["interactions"].as_array_mut().unwrap().push(missing);
    pact
}

fn with_two() -> Place {
    let place = Place::new();
    place.write("a.json", &two().to_string());
    place
}

fn verify(place: &Place, url: &str, more: &str) -> Told {
    place.run(&format!(
        "verify -f a.json --provider-base-url {url} --output json {more}"
    ))
}

#[track_caller]
fn refused(golden: &str, more: &str) {
    let place = with_two();
    let told = place.run(&format!("verify -f a.json {more}"));
    golden::check(golden, &told.ends_with(2).stderr);
}

fn receipt(place: &Place, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(place.path(name)).unwrap()).unwrap()
}

#[test]
fn every_interaction_is_repeated_as_often_as_it_is_said() {
    let told = verify(&with_two(), &good(), "--repeat 3 --jobs 2").ends_with(0);
    let stability = &told.json()["pacts"][0]["interactions"][0]["stability"];
    assert_eq!(stability["runs"], 3, "{stability}");
}

#[test]
fn an_order_that_is_given_is_in_the_receipt_and_told_nowhere_else() {
    let told = verify(&with_two(), &good(), "--shuffle=7").ends_with(0);
    assert_eq!(told.json()["pacts"][0]["receipt"]["seed"], 7);
    assert_eq!(told.stderr, "");
}

#[test]
fn an_order_that_is_drawn_is_told_so_that_it_can_be_given() {
    let told = verify(&with_two(), &good(), "--shuffle").ends_with(0);
    let seed = &told.json()["pacts"][0]["receipt"]["seed"];
    let line = format!("the order of this run is that of --shuffle={seed}\n");
    assert_eq!(told.stderr, line);
}

#[test]
fn a_run_ends_at_the_first_failure_by_either_name() {
    for flag in ["--fail-fast", "--exit-on-first-error"] {
        let told = verify(&with_two(), &broken(), &format!("{flag} --jobs 1")).ends_with(1);
        assert_eq!(told.json()["summary"]["interactionsReplayed"], 1);
    }
}

#[test]
fn what_a_failure_depends_on_is_found_out() {
    let told = verify(&with_two(), &broken(), "--find-order-dependence").ends_with(1);
    let failed = &told.json()["pacts"][0]["interactions"][0];
    assert_eq!(failed["orderDependence"]["kind"], "fails_alone", "{failed}");
}

#[test]
fn a_shard_replays_its_part_alone() {
    let place = with_two();
    let url = good();
    let parts = ["1/2", "2/2"].map(|shard| {
        let told = verify(&place, &url, &format!("--shard {shard}")).json();
        told["summary"]["interactionsReplayed"].as_u64().unwrap()
    });
    assert_eq!(parts.iter().sum::<u64>(), 2);
    verify(&place, &url, "--shard 3/2")
        .ends_with(2)
        .complains("1/2 to 2/2 are");
}

#[test]
fn what_does_not_go_together_is_refused_with_a_sentence() {
    let publish = "--publish --provider-version 1";
    refused("verify-shard-publish", &format!("--shard 1/2 {publish}"));
    refused("verify-shard-drawn", "--shard 1/2 --shuffle");
    refused("verify-order-jobs", "--find-order-dependence --jobs 4");
    refused("verify-transport-twice", "--transports a:1 a:2");
    refused("verify-transport-wrong", "--transports grpc");
}

#[test]
fn a_receipt_is_there_when_it_is_whole() {
    let place = with_two();
    verify(&place, &broken(), "--receipt receipt.json").ends_with(1);
    assert_eq!(receipt(&place, "receipt.json")["verdict"], "no");
    verify(&place, &good(), "--receipt receipt.json").ends_with(0);
    assert_eq!(receipt(&place, "receipt.json")["verdict"], "yes");
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn a_receipt_keeps_the_link_or_the_pipe_that_it_is_written_to() {
    use std::os::unix::fs::{FileTypeExt, symlink};

    let place = with_two();
    place.write("elsewhere/old.json", "{}");
    for (link, target) in [
        ("first.json", "elsewhere/old.json"),
        ("second.json", "elsewhere/new.json"),
        ("third.json", "first.json"),
    ] {
        symlink(target, place.path(link)).unwrap();
        verify(&place, &good(), &format!("--receipt {link}")).ends_with(0);
        assert!(place.path(link).is_symlink(), "{link}");
        assert_eq!(receipt(&place, link)["verdict"], "yes", "{link}");
    }
    assert_eq!(receipt(&place, "elsewhere/old.json")["verdict"], "yes");

    let pipe = place.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    verify(&place, &good(), "--receipt pipe").ends_with(0);
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    let read: Value = serde_json::from_str(&reader.join().unwrap()).unwrap();
    assert_eq!(read["verdict"], "yes");
}

#[test]
fn a_receipt_that_cannot_be_written_stops_the_run_before_it_begins() {
    verify(&with_two(), &nobody(), "--receipt no/such/receipt.json")
        .ends_with(3)
        .complains("cannot write no/such/receipt.json");
}

#[test]
fn a_run_that_does_not_begin_leaves_no_receipt_of_an_earlier_one() {
    let place = with_two();
    verify(&place, &good(), "--receipt receipt.json").ends_with(0);
    verify(&place, "ftp://host", "--receipt receipt.json").ends_with(2);
    assert_eq!(receipt(&place, "receipt.json")["verdict"], "nothing_to_do");
}

#[test]
fn a_transport_with_a_port_is_where_its_interactions_go() {
    let place = with_two();
    let url = good();
    let port = url.rsplit(':').next().unwrap();
    let elsewhere = nobody();
    let told = place.run(&format!(
        "verify -f a.json --provider-base-url {elsewhere} --transports http:{port} grpc:1"
    ));
    told.ends_with(0);
    verify(&place, &elsewhere, &format!("--transports http={url}")).ends_with(0);
}

#[test]
fn messages_are_asked_for_at_their_own_url() {
    let place = Place::new();
    let message = json!({
        "consumer": { "name": "A" }, "provider": { "name": "B" },
        "messages": [{ "description": "a user was created", "contents": { "id": 42 } }],
        "metadata": { "pactSpecification": { "version": "3.0.0" } },
    });
    place.write("a.json", &message.to_string());
    let answer = axum::routing::post(async || axum::Json(json!({ "id": 42 })));
    let url = crate::provider::serve(axum::Router::new().route("/messages", answer));
    verify(&place, &nobody(), &format!("--message-url {url}/messages")).ends_with(0);
}

#[test]
fn a_certificate_that_is_none_is_a_wrong_command_line() {
    let place = with_two();
    place.write("no.pem", "not PEM");
    let url = "https://127.0.0.1:1";
    for what in ["ca", "client"] {
        let told = verify(&place, url, &format!("--{what}-certificate no.pem")).ends_with(2);
        assert_eq!(told.json()["refusal"]["kind"], "certificate");
    }
    verify(
        &place,
        url,
        "--ca-certificate no.pem --disable-ssl-verification",
    )
    .ends_with(2)
    .complains("cannot be used with '--disable-ssl-verification'");
    verify(&place, url, "--ca-certificate missing.pem")
        .ends_with(2)
        .complains("cannot read missing.pem");
}

#[test]
fn requests_go_through_the_proxy_that_is_named() {
    let proxy = good();
    let url = "http://provider.invalid";
    verify(&with_two(), url, &format!("--proxy {proxy}")).ends_with(0);
}

/// A provider that begins to answer and never ends.
fn endless() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
            open.push(stream);
        }
    });
    url
}

#[test]
fn a_body_that_never_ends_is_given_up_after_the_timeout_for_requests() {
    let told = verify(&with_two(), &endless(), "--request-timeout 200").ends_with(3);
    let took = told.json()["durationMs"].as_u64().unwrap();
    assert!(took < 4000, "{took} ms");
}
