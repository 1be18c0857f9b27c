//! What to do about a verification that is no "yes", where that is a matter of the command line. On stderr: the report says
//! what is so.

use treaty_core::outcome::{Cause, Outcome, Verdict};
use treaty_provider::{Refusal, Report};

use crate::args::VerifyArgs;
use crate::broker_access;
use crate::error::Failure;
use crate::output;
use crate::suggestions::{self, Name};

pub(super) async fn note(report: &Report, args: &VerifyArgs) -> Result<(), Failure> {
    if let Some(refusal) = &report.refusal {
        of_refusal(refusal, args);
        return Ok(());
    }
    of_causes(report, args);
    if report.pacts.is_empty() && report.verdict() != Verdict::Unknown {
        of_names(report, args).await?;
    }
    Ok(())
}

/// Which flag gave the URL that is none: several take one.
fn of_refusal(refusal: &Refusal, args: &VerifyArgs) {
    let Refusal::Url { url, .. } = refusal else {
        return;
    };
    let flags = [
        ("--provider-base-url", &args.provider.provider_base_url),
        ("--state-change-url", &args.provider.state_change_url),
        ("--message-url", &args.way.message_url),
        ("--proxy", &args.way.proxy),
    ];
    let mut given = flags
        .iter()
        .filter(|(_, given)| given.as_ref().is_some_and(|given| given == url));
    if let Some((flag, _)) = given.next() {
        output::note(&format!(
            "to fix it: give {flag} a URL with its scheme, such as http://127.0.0.1:8080"
        ));
    }
}

/// Other verifiers go on when nobody sets a state up; whoever comes from them is told what is expected here.
fn of_causes(report: &Report, args: &VerifyArgs) {
    let interactions = report.pacts.iter().flat_map(|pact| &pact.interactions);
    let causes = interactions.filter_map(|interaction| match &interaction.outcome {
        Outcome::Inconclusive { cause } => Some(cause),
        _ => None,
    });
    let causes: Vec<&Cause> = causes.collect();
    let any = |is: fn(&Cause) -> bool| causes.iter().any(|cause| is(cause));
    if any(|cause| matches!(cause, Cause::UnknownState { .. }))
        && args.provider.state_change_url.is_none()
    {
        output::note(
            "to fix it: name the URL that sets provider states up with --state-change-url, or replay without them with --allow-unknown-states",
        );
    }
    if any(|cause| matches!(cause, Cause::NoAnswer { .. })) {
        output::note(
            "to fix it: start the provider before it is verified, or correct where it answers: --provider-base-url, or --hostname and --port",
        );
    }
}

/// A broker without a pact for the provider may know another of a name like this.
async fn of_names(report: &Report, args: &VerifyArgs) -> Result<(), Failure> {
    let broker = args.pacts.of_broker.broker();
    if let (Some(_), Some(name)) = (broker.named(), &args.provider.provider_name) {
        let client = broker_access::open(&broker)?;
        if suggestions::note(&client, &[Name::Pacticipant(name)]).await {
            return Ok(());
        }
    }
    if report.verdict() != Verdict::Yes {
        output::note(
            "to fix it: correct the name after --provider-name, or publish a pact with it first; if there need not be one: --ignore-no-pacts-error",
        );
    }
    Ok(())
}
