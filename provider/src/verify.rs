//! The main path: sources to pacts, pacts to interactions, interactions to a report.

use tokio::time::Instant;
use treaty_core::interaction::Interaction;
use treaty_core::names::PacticipantName;
use treaty_core::outcome::Outcome;
use treaty_core::receipt::{LeftOut, Receipt};

use crate::exchange::Transport;
use crate::filter::FILTERED;
use crate::publish::publish;
use crate::replay::{Run, replay};
use crate::report::{
    InteractionReport, PactLeftOutReason, PactReport, Publication, Refusal, Report, SourceCause,
    SourceProblem,
};
use crate::source::{Loaded, PactSource, Reader, Sources};
use crate::state::{StateChangeClient, States};
use crate::target::{HttpTarget, client, web_url};
use crate::verifier::{Settings, TargetKind};

pub(crate) async fn verify(settings: &Settings, target: &TargetKind, sources: Sources) -> Report {
    let started = Instant::now();
    let mut report = Report {
        provider: settings.provider.clone(),
        refusal: None,
        pacts: Vec::new(),
        pacts_left_out: Vec::new(),
        problems: Vec::new(),
        duration_ms: 0,
    };
    if let Err(refusal) = verify_all(settings, target, &sources, &mut report).await {
        report.refusal = Some(refusal);
    }
    report.duration_ms = millis(started);
    report
}

async fn verify_all(
    settings: &Settings,
    target: &TargetKind,
    sources: &Sources,
    report: &mut Report,
) -> Result<(), Refusal> {
    let provider = check(settings, sources)?;
    let client = one_client(settings, target, sources)?;
    let run = prepare(settings, target, client.clone())?;
    let reader = Reader {
        provider: &provider,
        client,
    };
    let mut found = reader.read(sources).await;
    found.keep(PactLeftOutReason::FilteredConsumer, |loaded| {
        settings.filter.takes_consumer(&loaded.pact.consumer)
    });
    report.pacts_left_out = found.left_out;
    let problems = found.problems.into_iter();
    report.problems = problems.map(|problem| weighed(settings, problem)).collect();
    for loaded in &found.pacts {
        let mut pact = verify_pact(&run, loaded).await;
        if let Some(options) = &settings.publish {
            publish(options, loaded.broker.as_ref(), &mut pact).await;
        }
        report.pacts.push(pact);
    }
    Ok(())
}

/// Refuses what could only end in a wrong answer, before anything runs.
fn check(settings: &Settings, sources: &Sources) -> Result<PacticipantName, Refusal> {
    if let Some(refusal) = &settings.refusal {
        return Err(refusal.clone());
    }
    if settings.publish.is_some() && settings.filter.narrows_interactions() {
        return Err(Refusal::PublishFiltered);
    }
    let sources = &sources.0;
    if settings.publish.is_some()
        && !sources.is_empty()
        && !sources.iter().any(PactSource::is_broker)
    {
        return Err(Refusal::PublishWithoutBroker);
    }
    PacticipantName::parse(settings.provider.as_str()).map_err(|error| Refusal::Provider {
        reason: error.to_string(),
    })
}

/// The client for everything that this run asks over the network, if it asks anything. Making one costs more than
/// verifying a small pact in process does.
fn one_client(
    settings: &Settings,
    target: &TargetKind,
    sources: &Sources,
) -> Result<Option<reqwest::Client>, Refusal> {
    let needed = matches!(target, TargetKind::Http(_))
        || settings.state_change.is_some()
        || sources.0.iter().any(PactSource::needs_client);
    needed
        .then(|| client(settings.options.accept_invalid_certificates))
        .transpose()
}

fn prepare<'v>(
    settings: &'v Settings,
    target: &TargetKind,
    client: Option<reqwest::Client>,
) -> Result<Run<'v>, Refusal> {
    let url = match (&settings.state_change, &client) {
        (Some(change), Some(client)) => {
            let url = web_url(&change.url)?;
            Some(StateChangeClient::new(client.clone(), url, change))
        }
        _ => None,
    };
    let transport = match (target, client) {
        (TargetKind::Service(service), _) => Transport::Service(service.clone()),
        (TargetKind::Http(url), client) => {
            let client = client.expect("a run over HTTP has its client");
            Transport::Http(HttpTarget::new(client, web_url(url)?))
        }
    };
    let options = &settings.options;
    Ok(Run {
        settings,
        transport,
        states: States {
            registry: &settings.registry,
            url,
            timeout: options.state_timeout,
            allow_unknown: options.allow_unknown_states,
        },
    })
}

fn weighed(settings: &Settings, problem: SourceProblem) -> SourceProblem {
    let none = matches!(
        problem.cause,
        SourceCause::NoPact { .. } | SourceCause::NoPactInBroker
    );
    SourceProblem {
        ignored: none && settings.options.ignore_no_pacts_error,
        ..problem
    }
}

async fn verify_pact(run: &Run<'_>, loaded: &Loaded) -> PactReport {
    let started = Instant::now();
    let pact = &loaded.pact;
    let mut receipt = Receipt::new(
        pact.consumer.clone(),
        pact.provider.clone(),
        pact.content_hash.clone(),
    );
    receipt.interactions_found = pact.interactions.len();
    let mut interactions = Vec::new();
    for (index, interaction) in pact.interactions.iter().enumerate() {
        if !run.settings.filter.takes(interaction) {
            leave_out(&mut receipt, interaction, FILTERED.to_owned());
            continue;
        }
        let mut replayed = replay(run, interaction).await;
        replayed.position = index + 1;
        account(&mut receipt, interaction, &replayed);
        interactions.push(replayed);
    }
    PactReport {
        origin: loaded.origin.clone(),
        receipt,
        interactions,
        pending: loaded.pending,
        wip: loaded.wip,
        notices: loaded.notices.clone(),
        publication: Publication::NotAsked,
        duration_ms: millis(started),
    }
}

fn account(receipt: &mut Receipt, interaction: &Interaction, replayed: &InteractionReport) {
    receipt.states_run += replayed.states_run;
    match &replayed.outcome {
        _ if replayed.replayed => receipt.interactions_replayed += 1,
        Outcome::Inconclusive { cause } => leave_out(receipt, interaction, cause.to_string()),
        _ => {}
    }
}

fn leave_out(receipt: &mut Receipt, interaction: &Interaction, reason: String) {
    receipt.left_out.push(LeftOut {
        interaction: interaction.description().to_owned(),
        reason,
    });
}

/// How long ago that was.
pub(crate) fn millis(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
