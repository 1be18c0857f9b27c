//! `treaty stub`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use axum::Json;
use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

use crate::broker::{self, Served};
use crate::command::Place;
use crate::golden;
use crate::provider;
use crate::verify_flags;

/// How long a change may take to show.
const DEADLINE: Duration = Duration::from_secs(20);

/// The status and the body of an answer.
fn ask(url: &str, line: &str, headers: &[&str]) -> (u16, String) {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let headers: String = headers
        .iter()
        .map(|header| format!("{header}\r\n"))
        .collect();
    write!(
        stream,
        "{line} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

fn get_status(served: &Served, path: &str) -> u16 {
    ask(&served.url, &format!("GET {path}"), &[]).0
}

fn interaction(path: &str, state: &str, status: u16) -> Value {
    json!({
        "description": format!("a request for {path}"),
        "providerStates": [{"name": state}],
        "request": {"method": "GET", "path": path},
        "response": {"status": status},
    })
}

fn pact(interactions: &[Value]) -> String {
    let pact = json!({
        "consumer": {"name": "OrderService"}, "provider": {"name": "UserService"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    });
    pact.to_string()
}

/// Two users, one of them in two states.
fn place() -> Place {
    let place = Place::new();
    let users = [
        interaction("/users/42", "exists", 200),
        interaction("/users/42", "is locked", 423),
        interaction("/users/43", "exists", 203),
    ];
    place.write("pacts/a.json", &pact(&users));
    place
}

#[test]
fn files_and_directories_are_answered_from_and_a_miss_is_explained() {
    let place = place();
    place.write("more/b.pact", &pact(&[interaction("/orders", "any", 202)]));
    for line in [
        "stub pacts more/b.pact",
        "stub --file pacts/a.json --dir more --extension pact --port 0",
    ] {
        let served = Served::run(&place, line);
        assert_eq!(get_status(&served, "/users/42"), 200);
        assert_eq!(get_status(&served, "/orders"), 202);
        let (status, body) = ask(&served.url, "GET /users/44", &[]);
        assert_eq!(status, 404);
        golden::check("stub-miss", &body);
    }
}

#[test]
fn directories_below_a_directory_are_answered_from() {
    let place = place();
    for file in ["pacts/deep/b.json", "more/deep/b.json"] {
        place.write(file, &pact(&[interaction("/orders", "any", 202)]));
    }
    for line in ["stub pacts", "stub --dir more"] {
        assert_eq!(get_status(&Served::run(&place, line), "/orders"), 202);
    }
    place
        .run("stub --dir more -e pact")
        .ends_with(2)
        .complains("no pact file at more/**/*.pact");
}

#[test]
fn a_state_that_no_interaction_is_in_is_told_as_such() {
    let place = place();
    let mut command = place.command(&["stub", "pacts", "-s", "nobody", "-l", "none"]);
    let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
    let told = BufReader::new(process.stderr.take().unwrap());
    let told: Vec<String> = told.lines().take(2).map(Result::unwrap).collect();
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(
        told[1].contains("no interaction is in a provider state like \"nobody\""),
        "{told:?}"
    );
    assert!(told[1].ends_with("there are exists, is locked"), "{told:?}");
}

#[test]
fn the_provider_state_is_chosen_by_flag_or_header() {
    let place = place();
    let served = Served::run(&place, "stub pacts -s locked");
    assert_eq!(get_status(&served, "/users/42"), 423);
    let (status, _) = ask(&served.url, "GET /users/42", &["x-provider-state: exists"]);
    assert_eq!(status, 200);
    let named = Served::run(&place, "stub pacts --provider-state-header-name X-State");
    let (status, _) = ask(&named.url, "GET /users/42", &["x-state: is locked"]);
    assert_eq!(status, 423);
}

#[test]
fn a_chosen_state_leaves_out_interactions_without_one_unless_they_are_wanted() {
    let place = Place::new();
    let mut stateless = interaction("/health", "", 200);
    stateless.as_object_mut().unwrap().remove("providerStates");
    let users = [stateless, interaction("/users/42", "exists", 200)];
    place.write("pacts/a.json", &pact(&users));
    let strict = Served::run(&place, "stub pacts --provider-state exists");
    assert_eq!(get_status(&strict, "/health"), 404);
    let line = "stub pacts --provider-state exists --empty-provider-state";
    let lenient = Served::run(&place, line);
    assert_eq!(get_status(&lenient, "/health"), 200);
    assert_eq!(get_status(&lenient, "/users/42"), 200);
}

#[test]
fn browsers_may_ask_where_that_is_allowed() {
    let place = place();
    let question = ["origin: http://a", "access-control-request-method: GET"];
    let preflight = |line: &str| {
        ask(
            &Served::run(&place, line).url,
            "OPTIONS /users/42",
            &question,
        )
        .0
    };
    assert_eq!(preflight("stub pacts --cors"), 204);
    assert_eq!(preflight("stub pacts --cors-referer"), 204);
    assert_eq!(preflight("stub pacts"), 404);
}

#[test]
fn a_changed_file_is_answered_from_and_a_broken_one_changes_nothing() {
    let place = place();
    let served = Served::run(&place, "stub pacts --watch");
    assert_eq!(get_status(&served, "/users/43"), 203);
    place.write("pacts/a.json", "{");
    place.write("pacts/b.json", "{");
    assert_eq!(get_status(&served, "/users/43"), 203);
    place.write(
        "pacts/a.json",
        &pact(&[interaction("/users/43", "exists", 410)]),
    );
    std::fs::remove_file(place.path("pacts/b.json")).unwrap();
    let begin = Instant::now();
    while get_status(&served, "/users/43") != 410 {
        assert!(
            begin.elapsed() < DEADLINE,
            "the stub never noticed the change"
        );
        std::thread::yield_now();
    }
}

#[test]
fn a_brokers_latest_pacts_are_answered_from() {
    broker::each(|place| {
        place.write("a.json", &pact(&[interaction("/users/42", "exists", 200)]));
        place.run("publish a.json -a 1").ends_with(0);
        place.write("a.json", &pact(&[interaction("/users/43", "exists", 201)]));
        place.run("publish a.json -a 2").ends_with(0);
        let served = Served::run(
            place,
            "stub --consumer-name Order --provider-name UserService",
        );
        assert_eq!(get_status(&served, "/users/43"), 201);
        assert_eq!(get_status(&served, "/users/42"), 404);
        place
            .run("stub --provider-name ^User$")
            .ends_with(2)
            .complains("no HTTP interaction in any pact");
    });
}

#[test]
fn a_pact_at_a_url_is_answered_from() {
    let document: Value =
        serde_json::from_str(&pact(&[interaction("/users/42", "exists", 200)])).unwrap();
    let url = provider::serve(Router::new().route("/pact", get(async || Json(document))));
    let served = Served::run(&Place::new(), &format!("stub --url {url}/pact"));
    assert_eq!(get_status(&served, "/users/42"), 200);
}

#[test]
fn credentials_go_to_a_url_or_to_the_broker() {
    let document: Value =
        serde_json::from_str(&pact(&[interaction("/users/42", "exists", 200)])).unwrap();
    let (url, log) = verify_flags::listener(200, document);
    for (words, expected) in [
        ("--user user --password secret", "Basic dXNlcjpzZWNyZXQ="),
        ("--user user:secret", "Basic dXNlcjpzZWNyZXQ="),
        ("-t secret", "Bearer secret"),
        ("--token secret", "Bearer secret"),
    ] {
        Served::run(&Place::new(), &format!("stub --url {url}/pact {words}"));
        assert!(verify_flags::asked(&log)[0].contains(expected), "{words}");
        let told = Place::new().run(&format!("stub -b {url} {words} --log-level none"));
        told.ends_with(3);
        assert!(verify_flags::asked(&log)[0].contains(expected), "{words}");
    }
}

#[test]
fn a_broker_that_is_ill_is_asked_as_often_as_is_wanted() {
    let (url, log) = verify_flags::listener(500, json!({}));
    for (retries, times) in [(0, 1), (1, 2)] {
        Place::new()
            .run(&format!("stub -b {url} --retries {retries}"))
            .ends_with(3);
        assert_eq!(verify_flags::asked(&log).len(), times);
    }
}

#[test]
fn how_it_is_done_is_logged_if_that_is_asked() {
    let (url, _) = verify_flags::listener(404, json!({}));
    for (level, logged) in [
        ("-l debug", true),
        ("--loglevel debug", true),
        ("--log-level none", false),
    ] {
        let told = Place::new().run(&format!("stub -u {url} {level}"));
        let line = told.stderr.contains("was answered with 404");
        assert!(told.code != 0 && line, "{told:?}");
        assert_eq!(told.stderr.contains("DEBUG"), logged, "{told:?}");
    }
}

#[test]
fn the_version_is_told() {
    for word in ["-v", "--version"] {
        let told = Place::new().run(&format!("stub {word}")).ends_with(0);
        told.says(env!("CARGO_PKG_VERSION"));
    }
}

#[test]
fn only_what_the_deployed_provider_has_passed_is_answered_if_that_is_asked_for() {
    broker::each(|place| {
        let users = [
            interaction("/users/42", "exists", 200),
            interaction("/users/43", "exists", 203),
        ];
        place.write("a.json", &pact(&users));
        place.run("publish a.json -a 1").ends_with(0);
        place
            .run("create-environment --name production --production")
            .ends_with(0);
        let nothing = Served::run(place, "stub --verified-only production");
        let (status, body) = ask(&nothing.url, "GET /users/42", &[]);
        assert_eq!(status, 404);
        assert!(
            body.contains("no version of UserService is in production"),
            "{body}"
        );

        let provider = provider::serve(Router::new().route("/users/42", get(async || ())));
        let verify = format!(
            "verify --provider-name UserService --provider-base-url {provider} --allow-unknown-states \
             --provider-version 7 --publish"
        );
        place.run(&verify).ends_with(1);
        place
            .run("record-deployment -a UserService -e 7 --environment production")
            .ends_with(0);
        let partly = Served::run(place, "stub --verified-only production");
        assert_eq!(get_status(&partly, "/users/42"), 200);
        let (status, body) = ask(&partly.url, "GET /users/43", &[]);
        assert_eq!(status, 404);
        golden::check("stub-unverified", &body);
    });
}

#[test]
fn a_list_that_is_cut_shows_of_nothing_that_it_has_passed() {
    let document: Value =
        serde_json::from_str(&pact(&[interaction("/users/42", "exists", 200)])).unwrap();
    let links = json!({"_links": {"pb:latest-pact-versions": {"href": "/latest"}}});
    let latest = json!({"pacts": [{
        "_embedded": {
            "consumer": {"name": "OrderService", "_embedded": {"version": {"number": "1"}}},
            "provider": {"name": "UserService"},
        },
        "_links": {"self": [{"href": "/pact"}]},
    }]});
    let row = json!({"consumer": {"name": "OrderService"}, "provider": {"name": "Other"}});
    let matrix = json!({"summary": {"deployable": true}, "matrix": vec![row; 1000]});
    let answer = |document: Value| get(async || Json(document));
    let place = broker::fake(
        Router::new()
            .route("/", answer(links))
            .route("/latest", answer(latest))
            .route("/pact", answer(document))
            .route("/matrix", answer(matrix)),
    );
    let served = Served::run(&place, "stub --verified-only production");
    let (status, body) = ask(&served.url, "GET /users/42", &[]);
    assert_eq!(status, 404);
    assert!(
        body.contains("the broker's list of what is in production is cut"),
        "{body}"
    );
}

#[test]
fn an_environment_that_the_broker_does_not_know_is_told() {
    broker::each(|place| {
        place.write("a.json", &pact(&[interaction("/users/42", "exists", 200)]));
        place.run("publish a.json -a 1").ends_with(0);
        place
            .run("stub --verified-only produktion")
            .ends_with(2)
            .complains("the broker has no environment \"produktion\"");
    });
}

#[test]
fn nothing_to_answer_from_is_a_wrong_command_line() {
    let place = Place::new();
    place
        .run("stub pacts")
        .ends_with(2)
        .complains("no pact file at pacts");
    place.write("pacts/a.json", &pact(&[]));
    place
        .run("stub pacts")
        .ends_with(2)
        .complains("no HTTP interaction in any pact");
    place
        .run("stub pacts --verified-only production")
        .ends_with(2)
        .complains("--verified-only answers from pacts of a broker");
}

#[test]
fn a_port_that_is_taken_is_told_at_once() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    place()
        .run(&format!("stub pacts --port {port}"))
        .ends_with(3)
        .complains(&format!("cannot listen on 127.0.0.1:{port}"))
        .complains("take another --port");
}
