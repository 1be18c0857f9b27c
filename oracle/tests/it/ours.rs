//! The verdicts of our verifier.

use serde_json::Value;
use treaty_core::mismatch::Mismatch;
use treaty_core::outcome::Outcome;
use treaty_provider::{PactSource, Verifier, VerifyOptions};

use crate::provider::Provider;
use crate::verdict::{Place, Verdict, Verdicts};

pub(crate) async fn verdicts(name: &str, document: &Value, provider: &Provider) -> Verdicts {
    let verifier = Verifier::new(name).state_change_url(provider.states_url());
    verdicts_of(verifier, document, provider).await
}

pub(crate) async fn verdicts_of(
    verifier: Verifier,
    document: &Value,
    provider: &Provider,
) -> Verdicts {
    let mut options = VerifyOptions::default();
    // Over plain HTTP it changes nothing but the time that it takes to make a client.
    options.accept_invalid_certificates = true;
    options.allow_unknown_states = true;
    let verifier = verifier.base_url(provider.url()).options(options);
    let report = verifier
        .verify(PactSource::json("a pact", document.clone()))
        .await;
    assert!(report.refusal.is_none(), "{:?}", report.refusal);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let replayed = report.pacts.into_iter().flat_map(|pact| pact.interactions);
    let verdict = |outcome: Outcome| match outcome {
        Outcome::Passed => Verdict::Passed,
        Outcome::Failed { mismatches } => Verdict::Failed(mismatches.iter().map(place).collect()),
        other => Verdict::NotFoundOut(format!("{other:?}")),
    };
    replayed
        .map(|replayed| (replayed.description, verdict(replayed.outcome)))
        .collect()
}

fn place(mismatch: &Mismatch) -> Place {
    (mismatch.part.as_str(), mismatch.path.clone())
}
