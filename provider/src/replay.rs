//! One interaction: its states, its request, its answer, and its states again.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::FutureExt;
use http::Request;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;
use tokio::time::Instant;
use treaty_core::interaction::Interaction;
use treaty_core::matching::{generate_request, match_response};
use treaty_core::outcome::{Cause, Outcome};

use crate::exchange::{Transport, exchange};
use crate::report::InteractionReport;
use crate::state::States;
use crate::target::{panic_text, request};
use crate::verifier::Settings;
use crate::verify::millis;

/// All that a replay needs, made once for a whole run.
pub(crate) struct Run<'v> {
    pub(crate) settings: &'v Settings,
    pub(crate) transport: Transport,
    pub(crate) states: States<'v>,
}

/// Replays the interaction. Whatever happens after a state was set up, the state is torn down.
pub(crate) async fn replay(run: &Run<'_>, interaction: &Interaction) -> InteractionReport {
    let started = Instant::now();
    let Interaction::Http(http) = interaction else {
        let what = format!("{} interactions", interaction.kind());
        let outcome = inconclusive(Cause::Unsupported { what });
        return InteractionReport::new(interaction, outcome);
    };
    let mut set_up = run.states.set_up(interaction.provider_states()).await;
    let outcome = match set_up.failure.take() {
        Some(cause) => inconclusive(cause),
        None => answer_of(run, http, &set_up.values).await,
    };
    let replayed = matches!(outcome, Outcome::Passed | Outcome::Failed { .. });
    let tear_down_failures = run.states.tear_down(&set_up).await;
    let outcome = match tear_down_failures.first() {
        Some(cause) if outcome.passed() => inconclusive(cause.clone()),
        _ => outcome,
    };
    let report = InteractionReport {
        replayed,
        states_run: set_up.states_run(),
        states_ignored: set_up.ignored,
        tear_down_failures,
        duration_ms: millis(started),
        ..InteractionReport::new(interaction, outcome)
    };
    tracing::debug!(
        interaction = report.description,
        replayed,
        passed = report.outcome.passed(),
        duration_ms = report.duration_ms,
        "interaction done"
    );
    report
}

async fn answer_of(
    run: &Run<'_>,
    http: &SynchronousHttp,
    state_values: &HashMap<String, Value>,
) -> Outcome {
    let expected = generate_request(&http.request, state_values);
    let request = match request(&expected, &run.settings.headers) {
        Ok(request) => request,
        Err(what) => return inconclusive(Cause::Unsupported { what }),
    };
    let request = match filtered(run, request).await {
        Ok(request) => request,
        Err(reason) => return inconclusive(Cause::NoAnswer { reason }),
    };
    match exchange(&run.transport, request, &run.settings.options).await {
        Ok(actual) => Outcome::of(match_response(&http.response, &actual)),
        Err(cause) => inconclusive(cause),
    }
}

async fn filtered(run: &Run<'_>, request: Request<Bytes>) -> Result<Request<Bytes>, String> {
    let Some(filter) = &run.settings.request_filter else {
        return Ok(request);
    };
    let request = AssertUnwindSafe(async { filter(request).await }).catch_unwind();
    let timeout = run.settings.options.request_timeout;
    match tokio::time::timeout(timeout, request).await {
        Ok(Ok(request)) => Ok(request),
        Ok(Err(panic)) => Err(format!(
            "the request filter panicked: {}",
            panic_text(&*panic)
        )),
        Err(_) => Err(format!(
            "the request filter was not done within {} ms",
            timeout.as_millis()
        )),
    }
}

fn inconclusive(cause: Cause) -> Outcome {
    Outcome::Inconclusive { cause }
}

impl InteractionReport {
    /// A report about which only the outcome is known.
    fn new(interaction: &Interaction, outcome: Outcome) -> Self {
        let states = interaction.provider_states().iter();
        Self {
            id: interaction.id().map(str::to_owned),
            position: 0,
            description: interaction.description().to_owned(),
            provider_states: states.map(|state| state.name.clone()).collect(),
            pending: interaction.pending(),
            outcome,
            replayed: false,
            states_run: 0,
            states_ignored: Vec::new(),
            tear_down_failures: Vec::new(),
            stability: None,
            order_dependence: None,
            duration_ms: 0,
        }
    }
}
