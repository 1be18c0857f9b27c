//! A provider, the pacts that it is to honour, its state callback, and the verification.

use std::collections::HashMap;

use cucumber::gherkin::Step;
use cucumber::{given, when};
use pact_models::provider_states::ProviderState;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::{Value, json};
use tempfile::TempDir;
use treaty_core::document::{Draft, SpecVersion, render};
use treaty_core::interaction::Interaction;
use treaty_core::names::PacticipantName;
use treaty_provider::{PactSource, Publish, Report, StateChange, Verifier, VerifyOptions};

use crate::broker::Broker;
use crate::interactions::{change_response, chosen};
use crate::message_provider::Messages;
use crate::server::{Log, Server, answers_of, listen};
use crate::table::{self, Row, row, rows};
use crate::world::World;

/// The names by which the log knows who listens.
pub(crate) const PROVIDER: &str = "provider";
pub(crate) const CALLBACK: &str = "callback";

/// What is verified with what, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct ProviderTest {
    pub(crate) provider: Option<Server>,
    pub(crate) messages: Messages,
    callback: Option<Server>,
    pub(crate) brokers: Vec<Broker>,
    pub(crate) log: Log,
    sources: Vec<PactSource>,
    publishes: bool,
    added_headers: Vec<(String, String)>,
    report: Option<Report>,
    dir: Option<TempDir>,
}

impl ProviderTest {
    /// The report of the verification that was run.
    pub(crate) fn report(&self) -> &Report {
        let report = self.report.as_ref();
        report.expect("the verification comes before its report")
    }
}

#[given(
    regex = r#"^a provider is started that returns the responses? from interactions? "?([\d, ]+)"?$"#
)]
async fn the_provider_is_started(world: &mut World, numbers: String) {
    let interactions = chosen(world, &numbers);
    start(world, interactions).await;
}

#[given(
    expr = "a provider is started that returns the response from interaction {int}, with the following changes:"
)]
async fn the_provider_is_started_with_changes(world: &mut World, number: usize, step: &Step) {
    let mut interaction = world.interaction(number);
    change_response(&mut interaction.response, &row(step), &world.fixtures);
    start(world, vec![interaction]).await;
}

async fn start(world: &mut World, interactions: Vec<SynchronousHttp>) {
    let interactions = interactions.into_iter();
    let interactions: Vec<_> = interactions
        .map(|http| Interaction::Http(Box::new(http)))
        .collect();
    let log = &world.provider.log;
    let provider = listen(PROVIDER, log, |url| answers_of(interactions, url)).await;
    world.provider.provider = Some(provider);
}

#[given("a provider state callback is configured")]
async fn the_callback_is_started(world: &mut World) {
    listen_for_states(world, 200).await;
}

#[given("a provider state callback is configured, but will return a failure")]
async fn a_failing_callback_is_started(world: &mut World) {
    listen_for_states(world, 500).await;
}

async fn listen_for_states(world: &mut World, status: u16) {
    let answer = move |_: &_| HttpResponse {
        status,
        ..HttpResponse::default()
    };
    let callback = listen(CALLBACK, &world.provider.log, |_| answer).await;
    world.provider.callback = Some(callback);
}

#[given("a request filter is configured to make the following changes:")]
fn a_filter_is_configured(world: &mut World, step: &Step) {
    world.provider.added_headers = table::headers(&row(step)["headers"]);
}

#[given("publishing of verification results is enabled")]
fn results_are_published(world: &mut World) {
    world.provider.publishes = true;
}

#[given(expr = "a Pact file for interaction {int} is to be verified")]
fn a_pact_is_verified(world: &mut World, number: usize) {
    let interaction = world.interaction(number);
    add_file(world, number, interaction);
}

#[given(
    expr = "a Pact file for interaction {int} is to be verified with a provider state {string} defined"
)]
fn a_pact_with_a_state_is_verified(world: &mut World, number: usize, state: String) {
    let mut interaction = world.interaction(number);
    interaction
        .provider_states
        .push(ProviderState::default(state));
    add_file(world, number, interaction);
}

#[given(
    expr = "a Pact file for interaction {int} is to be verified with the following provider states defined:"
)]
fn a_pact_with_states_is_verified(world: &mut World, number: usize, step: &Step) {
    let mut interaction = world.interaction(number);
    interaction.provider_states = rows(step).iter().map(state).collect();
    add_file(world, number, interaction);
}

fn state(row: &Row) -> ProviderState {
    let params = row
        .get("Parameters")
        .map(|text| serde_json::from_str(text).unwrap());
    let params: HashMap<String, Value> = params.unwrap_or_default();
    ProviderState {
        name: row["State Name"].clone(),
        params,
    }
}

#[given(expr = "a Pact file for interaction {int} is to be verified, but is marked pending")]
fn a_pending_pact_is_verified(world: &mut World, number: usize) {
    let mut interaction = world.interaction(number);
    interaction.pending = true;
    add_file(world, number, interaction);
}

#[given(expr = "a Pact file for interaction {int} is to be verified with the following comments:")]
fn a_pact_with_comments_is_verified(world: &mut World, number: usize, step: &Step) {
    let mut interaction = world.interaction(number);
    interaction.comments = comments(step);
    add_file(world, number, interaction);
}

/// The comments of a table as a pact keeps them: texts in a list, everything else under its own name.
pub(crate) fn comments(step: &Step) -> HashMap<String, Value> {
    let mut comments = HashMap::from([("text".to_owned(), json!([]))]);
    for row in rows(step) {
        let comment = json!(row["comment"]);
        match row["type"].as_str() {
            "text" => comments
                .get_mut("text")
                .and_then(Value::as_array_mut)
                .unwrap()
                .push(comment),
            kind => drop(comments.insert(kind.to_owned(), comment)),
        }
    }
    comments
}

#[given(expr = "a Pact file for interaction {int} is to be verified from a Pact broker")]
async fn a_pact_of_a_broker_is_verified(world: &mut World, number: usize) {
    let consumer = format!("c_{number}");
    let interaction = Interaction::Http(Box::new(world.interaction(number)));
    let document = document(&world.version, &consumer, interaction);
    let broker = Broker::start(&world.fixtures, &world.provider.log, &consumer, document).await;
    world.provider.sources.push(broker.source());
    world.provider.brokers.push(broker);
}

/// Writes a pact file with the interaction, by our own writer, and adds it to what is verified.
fn add_file(world: &mut World, number: usize, interaction: SynchronousHttp) {
    let interaction = Interaction::Http(Box::new(interaction));
    add_document(world, &format!("c_{number}"), interaction);
}

/// As [`add_file`], for an interaction of any kind.
pub(crate) fn add_document(world: &mut World, consumer: &str, interaction: Interaction) {
    let document = document(&world.version, consumer, interaction);
    let dir = || tempfile::tempdir().expect("a temporary directory");
    let dir = world.provider.dir.get_or_insert_with(dir);
    let path = dir.path().join(format!("{consumer}-p.json"));
    std::fs::write(&path, render(document)).unwrap();
    world.provider.sources.push(PactSource::file(path));
}

/// A pact document of the feature's version, or the oldest one that is written.
fn document(version: &str, consumer: &str, interaction: Interaction) -> Value {
    let name = |name: &str| PacticipantName::parse(name).unwrap();
    let draft = Draft {
        consumer: name(consumer),
        provider: name("p"),
        version: if version == "V4" {
            SpecVersion::V4
        } else {
            SpecVersion::V3
        },
        interactions: vec![interaction],
    };
    draft.merge_into(None).unwrap()
}

/// Runs our verifier on everything that was configured. A state that nobody knows is let pass, and told, as the suite
/// expects it of every verifier; Treaty's own default is stricter.
#[when("the verification is run")]
async fn the_verification_is_run(world: &mut World) {
    let test = &mut world.provider;
    let provider = test.provider.as_ref().expect("a provider");
    let mut options = VerifyOptions::default();
    options.allow_unknown_states = true;
    let mut verifier = Verifier::new("p")
        .base_url(provider.url.clone())
        .options(options);
    if let Some(callback) = &test.callback {
        let mut change = StateChange::new(callback.url.clone());
        change.tear_down = true;
        verifier = verifier.state_change_url(change);
    }
    if test.publishes {
        verifier = verifier.publish(Publish::version("1.0.0".parse().unwrap()));
    }
    let added = test.added_headers.clone();
    if !added.is_empty() {
        verifier = verifier.request_filter(async move |mut request| {
            for (name, value) in added {
                let name: http::HeaderName = name.parse().unwrap();
                request.headers_mut().insert(name, value.parse().unwrap());
            }
            request
        });
    }
    test.report = Some(verifier.verify(test.sources.clone()).await);
}
