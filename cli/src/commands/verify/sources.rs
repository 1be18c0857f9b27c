//! Where the arguments say that pacts are.

use treaty_provider::{BrokerSource, PactSource, Sources};

use super::selection;
use crate::args::{BrokerArgs, PactArgs, VerifyArgs};
use crate::broker_access;
use crate::build_properties;
use crate::environment;
use crate::error::Failure;
use crate::output;

/// Everything that is named; the broker of the working directory if nothing is.
pub(super) fn of(args: &VerifyArgs) -> Result<Sources, Failure> {
    let pacts = &args.pacts;
    let broker = pacts.of_broker.broker();
    let files = pacts.file.iter().map(PactSource::file);
    let directories = pacts.dir.iter().map(PactSource::dir);
    let mut sources: Vec<PactSource> = files.chain(directories).collect();
    for url in &pacts.of_broker.url {
        sources.push(PactSource::broker_url(
            broker_access::open_for_url(url, &broker.or_at(url))?,
            url,
        ));
    }
    if let Some(url) = one_pact(pacts) {
        let client = match broker.named() {
            Some(_) => broker_access::open(&broker)?,
            None => broker_access::open(&broker.or_at(&url))?,
        };
        sources.push(PactSource::broker_url(client, url));
    } else if broker.named().is_some() || sources.is_empty() {
        if !sources.is_empty() {
            broker_access::tell_of_broker_beside(&broker);
        }
        sources.push(PactSource::broker(selected(args, &broker)?));
    } else {
        selection::none_is_given(&args.selection)?;
    }
    Ok(sources.into())
}

/// The one pact of the broker that this run is about, as a webhook of the broker says.
fn one_pact(args: &PactArgs) -> Option<String> {
    let given = args.webhook_callback_url.clone();
    let given = given.filter(|url| !url.is_empty());
    given.or_else(|| {
        let url = environment::pact_url()?;
        output::note(&format!(
            "of the broker's pacts, only that in PACT_URL is verified: {url}"
        ));
        Some(url)
    })
}

fn selected(args: &VerifyArgs, broker: &BrokerArgs) -> Result<BrokerSource, Failure> {
    let selectors = selection::selectors(&args.selection)?;
    let mut source = BrokerSource::new(broker_access::open(broker)?);
    let branch = args.publish.provider_branch.clone();
    if let Some(branch) = branch.or_else(build_properties::branch) {
        source = source.branch(branch);
    }
    let tags = args.publish.provider_tags.iter().cloned();
    source = tags.fold(source, BrokerSource::tag);
    source = selectors.into_iter().fold(source, BrokerSource::selector);
    if args.selection.enable_pending {
        source = source.include_pending();
    }
    if let Some(date) = &args.selection.include_wip_pacts_since {
        source = source.include_wip_since(date);
    }
    Ok(source)
}
