//! The main path: sources to pacts, pacts to interactions, interactions to a report.

use tokio::time::Instant;
use treaty_core::interaction::Interaction;
use treaty_core::names::PacticipantName;
use treaty_core::outcome::Outcome;
use treaty_core::receipt::{LeftOut, Receipt, Shard};

use crate::publish::publish;
use crate::redact::{redacted, redacted_pacts};
use crate::replay::{Run, Way};
use crate::report::{
    InteractionReport, PactLeftOutReason, PactReport, Publication, Refusal, Report, SourceCause,
    SourceProblem,
};
use crate::run::{self, Plan, Results, jobs};
use crate::source::{Loaded, PactSource, Reader, Sources};
use crate::state::StateChangeClient;
use crate::target::{HttpTarget, web_url};
use crate::verifier::{Settings, TargetKind, Targets};

/// The reason in a receipt for an interaction that did not run because another did not pass.
pub(crate) const NOT_RUN: &str = "not run: an interaction before it did not pass";

pub(crate) async fn verify(settings: &Settings, targets: &Targets, sources: Sources) -> Report {
    let started = Instant::now();
    let mut report = Report {
        provider: settings.provider.clone(),
        refusal: None,
        pacts: Vec::new(),
        pacts_left_out: Vec::new(),
        problems: Vec::new(),
        duration_ms: 0,
    };
    if let Err(refusal) = verify_all(settings, targets, &sources, &mut report).await {
        report.refusal = Some(refusal);
    }
    report.duration_ms = millis(started);
    redacted(report, &settings.redaction())
}

async fn verify_all(
    settings: &Settings,
    targets: &Targets,
    sources: &Sources,
    report: &mut Report,
) -> Result<(), Refusal> {
    let provider = check(settings, sources)?;
    let client = one_client(settings, targets, sources)?;
    let run = prepare(settings, targets, client.clone())?;
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
    let pacts = &found.pacts;
    let replayed = replay_all(&run, targets, pacts).await;
    let replayed = redacted_pacts(replayed, &settings.redaction());
    for (mut pact, loaded) in replayed.into_iter().zip(pacts) {
        if let Some(options) = &settings.publish {
            publish(options, loaded.broker.as_ref(), &mut pact).await;
        }
        report.pacts.push(pact);
    }
    Ok(())
}

/// Replays the interactions of all pacts, and gives each pact its own part of what came of it.
pub(crate) async fn replay_all(
    run: &Run<'_>,
    targets: &Targets,
    pacts: &[Loaded],
) -> Vec<PactReport> {
    let settings = run.settings;
    let mut reports: Vec<PactReport> = pacts.iter().map(|p| begun(settings, p)).collect();
    let mut plan = Plan::default();
    for (number, loaded) in pacts.iter().enumerate() {
        plan.add(settings, number, loaded);
    }
    for (pact, interaction, reason) in plan.left_out {
        leave_out(&mut reports[pact].receipt, interaction, reason.to_owned());
    }
    let jobs = jobs(settings, targets, &plan.work);
    let results: Results = run::run(run, &plan.work, jobs).await;
    for (work, result) in plan.work.iter().zip(results) {
        let report = &mut reports[work.pact];
        match result {
            Some(replayed) => {
                account(&mut report.receipt, work.interaction, &replayed);
                report.duration_ms += replayed.duration_ms;
                report.interactions.push(replayed);
            }
            None => leave_out(&mut report.receipt, work.interaction, NOT_RUN.to_owned()),
        }
    }
    reports
}

/// The report of a pact with which nothing has been done yet.
fn begun(settings: &Settings, loaded: &Loaded) -> PactReport {
    let pact = &loaded.pact;
    let mut receipt = Receipt::new(
        pact.consumer.clone(),
        pact.provider.clone(),
        pact.content_hash.clone(),
    );
    receipt.interactions_found = pact.interactions.len();
    receipt.seed = settings.options.shuffle_seed;
    receipt.shard = settings.options.shard;
    PactReport {
        origin: loaded.origin.clone(),
        receipt,
        interactions: Vec::new(),
        pending: loaded.pending,
        wip: loaded.wip,
        notices: loaded.notices.clone(),
        publication: Publication::NotAsked,
        duration_ms: 0,
    }
}

/// Refuses what could only end in a wrong answer, before anything runs.
pub(crate) fn check(settings: &Settings, sources: &Sources) -> Result<PacticipantName, Refusal> {
    if let Some(refusal) = &settings.refusal {
        return Err(refusal.clone());
    }
    if settings.publish.is_some() && settings.filter.narrows_interactions() {
        return Err(Refusal::PublishFiltered);
    }
    if let Some(shard) = settings.options.shard {
        if Shard::new(shard.number, shard.of).is_err() {
            return Err(Refusal::Shard { shard });
        }
        if settings.publish.is_some() {
            return Err(Refusal::PublishShard { shard });
        }
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
pub(crate) fn one_client(
    settings: &Settings,
    targets: &Targets,
    sources: &Sources,
) -> Result<Option<reqwest::Client>, Refusal> {
    let mut kinds = targets.main.iter().chain(targets.named.values());
    let needed = kinds.any(|kind| matches!(kind, TargetKind::Http(_)))
        || settings.state_change.is_some()
        || sources.0.iter().any(PactSource::needs_client);
    let accept_invalid = settings.options.accept_invalid_certificates;
    needed
        .then(|| settings.connection.client(accept_invalid))
        .transpose()
}

pub(crate) fn prepare<'v>(
    settings: &'v Settings,
    targets: &'v Targets,
    client: Option<reqwest::Client>,
) -> Result<Run<'v>, Refusal> {
    let way = |kind: &'v TargetKind| match kind {
        TargetKind::Service(service) => Ok(Way::Service(service)),
        TargetKind::Factory(factory) => Ok(Way::Factory(factory)),
        TargetKind::Http(url) => {
            let client = client.clone().expect("a run over HTTP has its client");
            Ok(Way::Http(HttpTarget::new(client, web_url(url)?)))
        }
    };
    let named = targets.named.iter();
    let named = named.map(|(name, kind)| Ok((name.as_str(), way(kind)?)));
    let named: Result<_, Refusal> = named.collect();
    let (main, named) = (targets.main.as_ref().map(way).transpose()?, named?);
    let state_change = match (&settings.state_change, client) {
        (Some(change), Some(client)) => {
            let url = web_url(&change.url)?;
            Some(StateChangeClient::new(client, url, change))
        }
        _ => None,
    };
    Ok(Run {
        settings,
        main,
        named,
        state_change,
    })
}

pub(crate) fn weighed(settings: &Settings, problem: SourceProblem) -> SourceProblem {
    let none = matches!(
        problem.cause,
        SourceCause::NoPact { .. } | SourceCause::NoPactInBroker
    );
    SourceProblem {
        ignored: none && settings.options.ignore_no_pacts_error,
        ..problem
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
