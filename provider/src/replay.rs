//! One interaction: its states, its request, its answer, and its states again.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio::time::Instant;
use treaty_core::interaction::Interaction;
use treaty_core::outcome::{Cause, Outcome};

use crate::answer::{check_values, compared};
use crate::evidence::Evidence;
use crate::exchange::Transport;
use crate::instance::{Factory, Instance};
use crate::redact::redacted_interaction;
use crate::report::InteractionReport;
use crate::run::Work;
use crate::state::{SetUp, StateChangeClient, States};
use crate::target::{HttpTarget, ServiceTarget, panic_text};
use crate::verifier::Settings;
use crate::verify::millis;

/// All that a replay needs, made once for a whole run.
pub(crate) struct Run<'v> {
    pub(crate) settings: &'v Settings,
    /// The way over HTTP, where a pact names no other transport.
    pub(crate) main: Option<Way<'v>>,
    /// The ways over transports with a name.
    pub(crate) named: BTreeMap<&'v str, Way<'v>>,
    pub(crate) state_change: Option<StateChangeClient>,
}

/// A way to the provider.
#[derive(Debug)]
pub(crate) enum Way<'v> {
    Http(HttpTarget),
    Service(&'v ServiceTarget),
    Factory(&'v Factory),
}

/// One replay: the run, and the provider that was made for this interaction alone, where one was.
pub(crate) struct Stage<'r> {
    pub(crate) run: &'r Run<'r>,
    pub(crate) instance: Option<Instance>,
}

/// Replays the interaction. Whatever happens after a state was set up, the state is torn down.
pub(crate) async fn replay(run: &Run<'_>, work: &Work<'_>) -> InteractionReport {
    let interaction = work.interaction;
    let started = Instant::now();
    let instance = match run.instance().await {
        Ok(instance) => instance,
        Err(cause) => return InteractionReport::new(interaction, Outcome::Inconclusive { cause }),
    };
    let stage = Stage { run, instance };
    let states = stage.states(interaction);
    let mut set_up = states.set_up(interaction.provider_states()).await;
    let (outcome, evidence) = match set_up.failure.take() {
        Some(cause) => (Outcome::Inconclusive { cause }, Evidence::default()),
        None => outcome(&stage, work, &set_up).await,
    };
    let replayed = matches!(outcome, Outcome::Passed | Outcome::Failed { .. });
    let tear_down_failures = states.tear_down(&set_up).await;
    let outcome = match tear_down_failures.first() {
        Some(cause) if outcome.passed() => Outcome::Inconclusive {
            cause: cause.clone(),
        },
        _ => outcome,
    };
    let report = InteractionReport {
        replayed,
        states_run: set_up.states_run(),
        states_ignored: set_up.ignored,
        tear_down_failures,
        body_diff: evidence.body_diff,
        protection: evidence.protection,
        duration_ms: millis(started),
        ..InteractionReport::new(interaction, outcome)
    };
    log(run, &report);
    report
}

fn log(run: &Run<'_>, report: &InteractionReport) {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let report = redacted_interaction(report.clone(), &run.settings.redaction());
    tracing::debug!(
        interaction = report.description,
        replayed = report.replayed,
        passed = report.outcome.passed(),
        duration_ms = report.duration_ms,
        "interaction done"
    );
}

/// A panic of the comparison itself is this interaction's trouble and no other's.
async fn outcome(stage: &Stage<'_>, work: &Work<'_>, set_up: &SetUp) -> (Outcome, Evidence) {
    let compared = async {
        check_values(work.interaction, &set_up.values)?;
        match work.delegate {
            Some(delegate) => delegate.compared(stage, &set_up.values).await,
            None => compared(stage, work.interaction, &set_up.values).await,
        }
    };
    let cause = match AssertUnwindSafe(compared).catch_unwind().await {
        Ok(Ok(compared)) => return (Outcome::of(compared.mismatches), compared.evidence),
        Ok(Err(cause)) => cause,
        Err(panic) => {
            let reason = format!("the comparison panicked: {}", panic_text(&*panic));
            Cause::NotCompared { reason }
        }
    };
    (Outcome::Inconclusive { cause }, Evidence::default())
}

impl Run<'_> {
    /// The provider for one interaction, where each has its own.
    async fn instance(&self) -> Result<Option<Instance>, Cause> {
        match &self.main {
            Some(Way::Factory(factory)) => {
                let timeout = self.settings.options.state_timeout;
                factory.make(timeout).await.map(Some)
            }
            _ => Ok(None),
        }
    }
}

impl Run<'_> {
    /// Brings the provider back to where it was, if anybody said how.
    pub(crate) async fn reset(&self) -> Result<(), Cause> {
        let Some(reset) = &self.settings.reset else {
            return Ok(());
        };
        let timeout = self.settings.options.state_timeout;
        let done = AssertUnwindSafe(async { reset().await }).catch_unwind();
        let reason = match tokio::time::timeout(timeout, done).await {
            Ok(Ok(Ok(()))) => return Ok(()),
            Ok(Ok(Err(reason))) => reason,
            Ok(Err(panic)) => format!("it panicked: {}", panic_text(&*panic)),
            Err(_) => format!("not done within {} ms", timeout.as_millis()),
        };
        Err(Cause::NoInstance {
            reason: format!("the reset failed: {reason}"),
        })
    }
}

impl Stage<'_> {
    fn states<'s>(&'s self, interaction: &'s Interaction) -> States<'s> {
        let settings = self.run.settings;
        States {
            own: self.instance.as_ref().map(|own| &own.handlers.states),
            registry: &settings.handlers.states,
            executor: settings.executor.as_ref(),
            url: self.run.state_change.as_ref(),
            interaction: interaction.id(),
            timeout: settings.options.state_timeout,
            allow_unknown: settings.options.allow_unknown_states,
        }
    }

    /// The way for the interactions of a pact that names this transport, or none.
    pub(crate) fn transport(&self, name: Option<&str>) -> Result<Transport<'_>, Cause> {
        let name = name.unwrap_or("http");
        if let Some(way) = self.run.named.get(name) {
            return self.over(way, name);
        }
        match &self.run.main {
            Some(way) if matches!(name, "http" | "https") => self.over(way, name),
            _ => Err(self.no_transport(name)),
        }
    }

    pub(crate) fn over<'s>(&'s self, way: &'s Way<'_>, name: &str) -> Result<Transport<'s>, Cause> {
        match way {
            Way::Http(target) => Ok(Transport::Http(target)),
            Way::Service(service) => Ok(Transport::Service(service)),
            Way::Factory(_) => {
                let own = self.instance.as_ref().and_then(|own| own.service.as_ref());
                own.map(Transport::Service)
                    .ok_or_else(|| self.no_transport(name))
            }
        }
    }

    pub(crate) fn no_transport(&self, name: &str) -> Cause {
        let has_service = match &self.run.main {
            Some(Way::Factory(_)) => self.instance.as_ref().is_some_and(|i| i.service.is_some()),
            main => main.is_some(),
        };
        let main = has_service.then_some("http");
        let known = main.into_iter().chain(self.run.named.keys().copied());
        Cause::NoTransport {
            transport: name.to_owned(),
            known: known.map(str::to_owned).collect(),
        }
    }
}

impl InteractionReport {
    /// A report about which only the outcome is known.
    pub(crate) fn new(interaction: &Interaction, outcome: Outcome) -> Self {
        let states = interaction.provider_states().iter();
        Self {
            id: interaction.id().map(str::to_owned),
            position: 0,
            description: interaction.description().to_owned(),
            provider_states: states.map(|state| state.name.clone()).collect(),
            comments: interaction.comments(),
            test_name: interaction.test_name(),
            pending: interaction.pending(),
            outcome,
            replayed: false,
            states_run: 0,
            states_ignored: Vec::new(),
            tear_down_failures: Vec::new(),
            body_diff: None,
            protection: None,
            stability: None,
            order_dependence: None,
            duration_ms: 0,
        }
    }
}
