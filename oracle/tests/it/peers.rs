//! The verdicts of `pact_verifier`, without its telemetry: `verify_pact_internal` sends none.

use std::sync::Arc;
use std::time::Duration;

use pact_models::pact::load_pact_from_json;
use pact_models::path_exp::DocPath;
use pact_verifier::callback_executors::HttpRequestProviderStateExecutor;
use pact_verifier::verification_result::VerificationMismatchResult;
use pact_verifier::{
    FilterInfo, MismatchResult, NullRequestFilterExecutor, ProviderInfo, ProviderTransport,
    VerificationOptions, verify_pact_internal,
};
use serde_json::Value;

use crate::provider::Provider;
use crate::verdict::{Place, Verdict, Verdicts};

pub(crate) type Options = VerificationOptions<NullRequestFilterExecutor>;

pub(crate) fn options() -> Options {
    Options {
        // A `Location` in somebody's pact must not send this test into the network.
        follow_redirects: false,
        // Over plain HTTP it changes nothing but the time that it takes to make a client.
        disable_ssl_verification: true,
        coloured_output: false,
        ..Options::default()
    }
}

pub(crate) async fn verdicts(document: &Value, provider: &Provider) -> Verdicts {
    let states = HttpRequestProviderStateExecutor {
        state_change_url: Some(provider.states_url()),
        ..HttpRequestProviderStateExecutor::default()
    };
    verdicts_of(states, &options(), document, provider).await
}

pub(crate) async fn verdicts_of(
    states: HttpRequestProviderStateExecutor,
    options: &Options,
    document: &Value,
    provider: &Provider,
) -> Verdicts {
    let pact = load_pact_from_json("a pact", document).expect("the peer reads what we read");
    let transport = |name: &str| ProviderTransport {
        transport: name.to_owned(),
        port: Some(provider.port),
        path: None,
        scheme: Some("http".to_owned()),
    };
    let info = ProviderInfo {
        host: "127.0.0.1".to_owned(),
        transports: vec![transport("http"), transport("https")],
        ..ProviderInfo::default()
    };
    let (filter, states) = (FilterInfo::None, Arc::new(states));
    let verified = verify_pact_internal(
        &info,
        &filter,
        pact,
        options,
        &states,
        false,
        Duration::ZERO,
    );
    let results = verified.await.expect("the peer verifies").results;
    let verdict = |result: &Result<(), MismatchResult>| match result {
        Ok(()) => Verdict::Passed,
        Err(result) => told(&VerificationMismatchResult::from(result)),
    };
    let results = results.into_iter();
    results
        .map(|one| (one.interaction_description, verdict(&one.result)))
        .collect()
}

/// Through the peer's own JSON: its types are those of `pact_matching`, which only one of our files knows.
fn told(result: &VerificationMismatchResult) -> Verdict {
    let told: Value = result.into();
    match told["mismatches"].as_array() {
        Some(mismatches) => Verdict::Failed(mismatches.iter().flat_map(places).collect()),
        None => Verdict::NotFoundOut(told["message"].to_string()),
    }
}

/// The places of a mismatch, in our terms. The normalisation is this:
///
/// - the peer tells all missing members of an object as one mismatch at the object, we each of them at its own path;
/// - a body that is missing as a whole has the path `/`, and `$` with us;
/// - paths are written anew, so that brackets and dots are the same for the same path.
fn places(mismatch: &Value) -> Vec<Place> {
    let text = |member: &str| mismatch[member].as_str().unwrap_or_default().to_owned();
    match mismatch["type"].as_str().unwrap_or_default() {
        "StatusMismatch" => vec![("status", "status".to_owned())],
        "HeaderMismatch" => vec![("header", text("key"))],
        "BodyTypeMismatch" => vec![("content type", "content type".to_owned())],
        "BodyMismatch" => body_places(&text("path"), &text("mismatch")),
        other => panic!("a response has no {other}"),
    }
}

pub(crate) fn body_places(path: &str, sentence: &str) -> Vec<Place> {
    let path = if path == "/" { "$" } else { path };
    let Ok(parsed) = DocPath::new(path) else {
        return vec![("body", path.to_owned())];
    };
    let Some(names) = sentence.split_once("map is missing the following keys: ") else {
        return vec![("body", parsed.to_string())];
    };
    let missing = names.1.split(", ");
    missing
        .map(|name| ("body", parsed.join(name).to_string()))
        .collect()
}
