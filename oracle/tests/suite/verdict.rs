//! What the report of a verification says, and what was heard while it ran.

use cucumber::gherkin::Step;
use cucumber::then;
use serde_json::Value;
use treaty_core::mismatch::Part;
use treaty_core::outcome::{Cause, Outcome, Verdict};
use treaty_provider::InteractionReport;

use crate::provider::{CALLBACK, PROVIDER};
use crate::server::Heard;
use crate::table::json_row;
use crate::world::World;

/// What the suite calls a provider state that could not be set up.
const STATE_FAILED: &str = "State change request failed";

#[then("the verification will be successful")]
fn it_is_a_yes(world: &mut World) {
    let report = world.provider.report();
    assert_eq!(report.verdict(), Verdict::Yes, "{report}");
}

/// A mismatch makes it a "no". A provider that did not get into its state was not verified, which is no "yes" either.
#[then("the verification will NOT be successful")]
fn it_is_no_yes(world: &mut World) {
    let report = world.provider.report();
    let expected = if interactions(world).any(|it| has(&it.outcome, STATE_FAILED)) {
        Verdict::Unknown
    } else {
        Verdict::No
    };
    assert_eq!(report.verdict(), expected, "{report}");
}

#[then(expr = "the verification results will contain a {string} error")]
fn there_is_an_error(world: &mut World, error: String) {
    let mut interactions = interactions(world);
    assert!(
        interactions.any(|it| !it.pending && has(&it.outcome, &error)),
        "{}",
        world.provider.report()
    );
}

#[then(expr = "there will be a pending {string} error")]
fn there_is_a_pending_error(world: &mut World, error: String) {
    let mut interactions = interactions(world);
    assert!(
        interactions.any(|it| it.pending && has(&it.outcome, &error)),
        "{}",
        world.provider.report()
    );
}

fn interactions(world: &World) -> impl Iterator<Item = &InteractionReport> {
    let pacts = world.provider.report().pacts.iter();
    pacts.flat_map(|pact| &pact.interactions)
}

/// Whether the outcome is what the suite calls by this name.
fn has(outcome: &Outcome, error: &str) -> bool {
    let parts: &[Part] = match error {
        "Response status did not match" => &[Part::Status],
        "Headers had differences" => &[Part::Header],
        "Body had differences" => &[Part::Body, Part::ContentType],
        "Metadata had differences" => &[Part::Metadata],
        STATE_FAILED => {
            let cause = |cause: &Cause| matches!(cause, Cause::StateSetUp { .. });
            return matches!(outcome, Outcome::Inconclusive { cause: why } if cause(why));
        }
        other => panic!("nobody says what the error {other:?} is"),
    };
    match outcome {
        Outcome::Failed { mismatches } => mismatches.iter().any(|it| parts.contains(&it.part)),
        _ => false,
    }
}

#[then(
    expr = "a warning will be displayed that there was no provider state callback configured for provider state {string}"
)]
fn the_state_is_told(world: &mut World, state: String) {
    assert!(interactions(world).any(|it| it.states_ignored.contains(&state)));
    let text = world.provider.report().to_string();
    assert!(
        text.contains(&format!("nobody sets up the provider state {state:?}")),
        "{text}"
    );
}

#[then(expr = "the comment {string} will have been printed to the console")]
#[then(expr = "the {string} will displayed as the original test name")]
fn it_is_printed(world: &mut World, text: String) {
    let report = world.provider.report().to_string();
    assert!(report.contains(&text), "{report}");
}

#[then(expr = "the request to the provider will contain the header {string}")]
fn the_header_was_sent(world: &mut World, header: String) {
    let (name, value) = header.split_once(": ").expect("a header");
    let heard = world.provider.log.heard_by(PROVIDER);
    let has = |heard: &Heard| {
        let mut headers = heard.request.headers.iter().flatten();
        headers.any(|(its, values)| its.eq_ignore_ascii_case(name) && values == &[value])
    };
    assert!(heard.iter().any(|(_, heard)| has(heard)), "{heard:?}");
}

/// What the callback was told, with its place in the order of all that was heard.
fn told(world: &World, action: &str) -> Vec<(usize, Value)> {
    let heard = world.provider.log.heard_by(CALLBACK).into_iter();
    let told = heard.map(|(place, heard)| {
        let body = heard.request.body.value().unwrap_or_default();
        (place, serde_json::from_slice(&body).unwrap())
    });
    told.filter(|(_, told): &(usize, Value)| told["action"] == action)
        .collect()
}

/// Where in the order the provider was asked; the end of it where it was not asked at all.
fn asked(world: &World) -> usize {
    let heard = world.provider.log.heard_by(PROVIDER);
    heard.first().map_or(usize::MAX, |(place, _)| *place)
}

#[then("the provider state callback will be called before the verification is run")]
fn states_are_set_up_first(world: &mut World) {
    let told = told(world, "setup");
    assert!(
        told.iter().any(|(place, _)| *place < asked(world)),
        "{told:?}"
    );
}

#[then("the provider state callback will be called after the verification is run")]
fn states_are_torn_down_last(world: &mut World) {
    let told = told(world, "teardown");
    assert!(
        told.iter().any(|(place, _)| *place > asked(world)),
        "{told:?}"
    );
}

#[then(
    regex = r#"^the provider state callback will receive a (setup|teardown) call (?:with )?"(.*)" as the provider state parameter$"#
)]
fn a_state_was_told(world: &mut World, action: String, state: String) {
    let told = told(world, &action);
    assert!(
        told.iter().any(|(_, told)| told["state"] == state),
        "{told:?}"
    );
}

#[then(
    regex = r#"^the provider state callback will receive a (setup|teardown) call (?:with )?"(.*)" and the following parameters:$"#
)]
fn a_state_was_told_with(world: &mut World, action: String, state: String, step: &Step) {
    let expected = json_row(step);
    let told = told(world, &action);
    let is_it = |told: &Value| told["state"] == state && told["params"] == expected;
    assert!(told.iter().any(|(_, told)| is_it(told)), "{told:?}");
}

#[then("the provider state callback will NOT receive a teardown call")]
fn nothing_was_torn_down(world: &mut World) {
    assert!(told(world, "teardown").is_empty());
}

#[then("a verification result will NOT be published back")]
fn no_result_was_published(world: &mut World) {
    let brokers = &world.provider.brokers;
    assert!(brokers.iter().all(|broker| broker.results().is_empty()));
}

#[then(
    regex = r"^a successful verification result will be published back for interaction \{(\d+)\}$"
)]
fn a_success_was_published(world: &mut World, number: usize) {
    assert_published(world, number, true);
}

#[then(
    regex = r"^a failed verification result will be published back for the interaction \{(\d+)\}$"
)]
fn a_failure_was_published(world: &mut World, number: usize) {
    assert_published(world, number, false);
}

/// Fails unless exactly one result went to the broker of the pact, and the broker took it.
#[track_caller]
fn assert_published(world: &World, number: usize, success: bool) {
    let consumer = format!("c_{number}");
    let mut brokers = world.provider.brokers.iter();
    let broker = brokers
        .find(|broker| broker.is_of(&consumer))
        .expect("its broker");
    let results = broker.results();
    let [result] = results.as_slice() else {
        panic!("one result, not {results:#?}\n{}", world.provider.report());
    };
    let body = result.request.body.value().unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        result.status, 201,
        "the broker's contract does not know {body:#}"
    );
    assert_eq!(body["success"], success);
}
