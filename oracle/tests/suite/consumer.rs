//! A consumer's test: the mock server, the requests to it, and its account at the end.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use cucumber::gherkin::Step;
use cucumber::{then, when};
use pact_models::query_strings::build_query_string;
use pact_models::v4::http_parts::HttpRequest;
use tempfile::TempDir;
use treaty_consumer::{MockServer, PactBuilder, Report, Unmet};
use treaty_core::mismatch::{Mismatch, Part};

use crate::interactions::{change_request, chosen};
use crate::matching::{assert_contains, part, says};
use crate::server::client;
use crate::table::row;
use crate::world::World;

/// A mock server and the conversation with it.
#[derive(Debug, Default)]
pub(crate) struct ConsumerTest {
    server: Running,
    report: Option<Report>,
    outcome: Option<Result<(), Unmet>>,
    response: Option<Received>,
    /// Where the pact file goes; dropped after the server, which may still write.
    dir: Option<TempDir>,
}

/// A mock server that a scenario may leave running.
#[derive(Debug, Default)]
struct Running(Option<MockServer>);

impl Drop for Running {
    /// Ends the server quietly: not every scenario asks for its account.
    fn drop(&mut self) {
        self.0.take().map(MockServer::finish);
    }
}

#[derive(Debug)]
struct Received {
    status: u16,
    content_type: Option<String>,
    body: Bytes,
}

impl ConsumerTest {
    /// The directory of this scenario's pact files.
    pub(crate) fn dir(&mut self) -> &Path {
        let dir = || tempfile::tempdir().expect("a temporary directory");
        self.dir.get_or_insert_with(dir).path()
    }

    /// The pact file, where there is one.
    pub(crate) fn pact_file(&self) -> Option<PathBuf> {
        let files = std::fs::read_dir(self.dir.as_ref()?.path()).ok()?;
        let mut paths = files.flatten().map(|file| file.path());
        paths.find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
    }

    /// The account so far.
    fn report(&self) -> Report {
        let running = self.server.0.as_ref().map(MockServer::report);
        running
            .or_else(|| self.report.clone())
            .expect("a mock server")
    }

    /// The mismatches of requests that came near an interaction: right method, right path, something else wrong.
    fn mismatches(&self) -> Vec<Mismatch> {
        let unexpected = self.report().unexpected.into_iter();
        let closest = unexpected.filter_map(|request| request.closest);
        let near = closest.filter(|closest| !is_another_request(&closest.mismatches));
        near.flat_map(|closest| closest.mismatches).collect()
    }

    /// Whether a request came that is no interaction's, not even nearly.
    fn was_asked_for_something_else(&self, request: &str) -> bool {
        self.report().unexpected.iter().any(|unexpected| {
            let closest = unexpected.closest.as_ref();
            unexpected.request == request
                && closest.is_none_or(|closest| is_another_request(&closest.mismatches))
        })
    }
}

fn is_another_request(mismatches: &[Mismatch]) -> bool {
    let mut parts = mismatches.iter().map(|mismatch| mismatch.part);
    parts.any(|part| matches!(part, Part::Method | Part::Path))
}

/// A builder for a pact of the feature's version; features older than version 3 are about what did not change since.
pub(crate) fn pact_builder(world: &mut World) -> PactBuilder {
    let mut builder = match world.version.as_str() {
        "V4" => PactBuilder::new_v4("c", "p"),
        _ => PactBuilder::new("c", "p"),
    };
    builder.with_output_dir(world.consumer.dir());
    builder
}

fn start(world: &mut World, numbers: &str, changes: Option<&Step>) {
    let mut builder = pact_builder(world);
    for mut interaction in chosen(world, numbers) {
        if let Some(step) = changes {
            change_request(&mut interaction.request, &row(step), &world.fixtures);
        }
        builder.push_interaction(&interaction);
    }
    world.consumer.server = Running(Some(builder.mock_server()));
}

#[when(regex = r#"^the mock server is started with interactions? "?([\d, ]+)"?$"#)]
fn the_server_is_started(world: &mut World, numbers: String) {
    start(world, &numbers, None);
}

#[when(expr = "the mock server is started with interaction {word} but with the following changes:")]
fn the_server_is_started_with_changes(world: &mut World, number: String, step: &Step) {
    start(world, &number, Some(step));
}

#[when(expr = "request {int} is made to the mock server")]
async fn a_request_is_made(world: &mut World, number: usize) {
    let request = world.interaction(number).request;
    send(world, &request).await;
}

#[when(expr = "request {int} is made to the mock server with the following changes:")]
async fn a_changed_request_is_made(world: &mut World, number: usize, step: &Step) {
    let mut request = world.interaction(number).request;
    change_request(&mut request, &row(step), &world.fixtures);
    send(world, &request).await;
}

/// Sends the request as it stands: every value of a header has a line of its own.
async fn send(world: &mut World, request: &HttpRequest) {
    let server = world.consumer.server.0.as_ref().expect("a mock server");
    let mut url = server.path(&request.path);
    url.set_query(request.query.clone().map(build_query_string).as_deref());
    let mut sent = client().request(request.method.parse().unwrap(), url);
    for (name, values) in request.headers.iter().flatten() {
        for value in values {
            sent = sent.header(name, value);
        }
    }
    let body = request.body.value().unwrap_or_default();
    let response = sent.body(body).send().await.unwrap();
    let content_type = response.headers().get("content-type");
    world.consumer.response = Some(Received {
        status: response.status().as_u16(),
        content_type: content_type.map(|value| value.to_str().unwrap().to_owned()),
        body: response.bytes().await.unwrap(),
    });
}

fn response(world: &World) -> &Received {
    world.consumer.response.as_ref().expect("a response")
}

#[then(expr = "a {int} success/error response is returned")]
fn the_status_is(world: &mut World, status: u16) {
    assert_eq!(response(world).status, status);
}

#[then(expr = "the payload will contain the {string} JSON document")]
fn the_payload_is(world: &mut World, name: String) {
    let expected = world.fixtures.json(&format!("{name}.json"));
    let actual: serde_json::Value = serde_json::from_slice(&response(world).body).unwrap();
    assert_eq!(expected, actual);
}

#[then(expr = "the content type will be set as {string}")]
fn the_content_type_is(world: &mut World, content_type: String) {
    assert_eq!(response(world).content_type, Some(content_type));
}

#[when("the pact test is done")]
fn the_test_is_done(world: &mut World) {
    let server = world.consumer.server.0.take().expect("a mock server");
    world.consumer.report = Some(server.report());
    world.consumer.outcome = Some(server.finish());
}

#[then("the mock server status will be OK")]
fn the_outcome_is_good(world: &mut World) {
    let outcome = world.consumer.outcome.as_ref();
    assert!(matches!(outcome, Some(Ok(()))), "{outcome:?}");
}

#[then("the mock server status will NOT be OK")]
fn the_outcome_is_bad(world: &mut World) {
    let outcome = world.consumer.outcome.as_ref();
    assert!(
        matches!(outcome, Some(Err(Unmet::Requests { .. }))),
        "{outcome:?}"
    );
}

#[then(regex = r"^the mock server will write out a Pact file for the interactions? when done$")]
fn a_file_is_written(world: &mut World) {
    assert!(world.consumer.pact_file().is_some());
}

#[then(regex = r"^the mock server will NOT write out a Pact file for the interactions? when done$")]
fn no_file_is_written(world: &mut World) {
    assert_eq!(world.consumer.pact_file(), None);
}

#[then(
    regex = r"^the mock server status will be an expected but not received error for interaction \{(\d+)\}$"
)]
fn an_interaction_is_unmet(world: &mut World, number: usize) {
    let title = world.interaction(number).description;
    let unmet = world.consumer.report().unmet;
    assert!(unmet.iter().any(|unmet| unmet.title == title), "{unmet:?}");
}

#[then(
    regex = r#"^the mock server status will be an unexpected "(\w+)" request received error for interaction \{(\d+)\}$"#
)]
fn a_request_is_unexpected(world: &mut World, method: String, number: usize) {
    let request = world.interaction(number).request;
    let query = request.query.map(build_query_string);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let line = format!("{method} {}{query}", request.path);
    assert!(world.consumer.was_asked_for_something_else(&line));
}

#[then(
    expr = "the mock server status will be an unexpected {string} request received error for path {string}"
)]
fn a_path_is_unexpected(world: &mut World, method: String, path: String) {
    let line = format!("{method} {path}");
    assert!(world.consumer.was_asked_for_something_else(&line));
}

#[then("the mock server status will be mismatches")]
fn there_are_mismatches(world: &mut World) {
    assert_ne!(world.consumer.mismatches(), []);
}

#[then(regex = r#"^the mismatches will contain a "([\w-]+)" mismatch with error "(.+)"$"#)]
fn a_part_differs(world: &mut World, name: String, error: String) {
    assert_contains(&world.consumer.mismatches(), |mismatch| {
        mismatch.part == part(&name) && says(mismatch, &error)
    });
}

#[then(
    regex = r#"^the mismatches will contain a "([\w-]+)" mismatch with path "(.+)" with error "(.+)"$"#
)]
fn a_path_in_a_part_differs(world: &mut World, name: String, path: String, error: String) {
    assert_contains(&world.consumer.mismatches(), |mismatch| {
        mismatch.part == part(&name) && mismatch.path == path && says(mismatch, &error)
    });
}
