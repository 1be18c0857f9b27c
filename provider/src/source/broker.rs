//! Pacts that a broker wants verified.

use treaty_broker_client::{
    Client, ClientError, FetchedPact, PactsForVerification, VerifiablePact,
};
use treaty_core::causes::with_causes;
use treaty_core::names::{BranchName, PacticipantName, TagName};
use treaty_core::selectors::ConsumerVersionSelector;

use super::document::{Found, Loaded};
use super::kinds::{Kind, PactSource};
use crate::report::{Notice, SourceCause};
use crate::target::bare;

/// A broker, and which of its pacts are wanted.
///
/// ```
/// use treaty_broker_client::{Client, Options};
/// use treaty_core::selectors::ConsumerVersionSelector;
/// use treaty_provider::{BrokerSource, PactSource};
///
/// let client = Client::new("https://broker.example.com", Options::default())?;
/// let source = BrokerSource::new(client)
///     .branch("main".parse()?)
///     .selector(ConsumerVersionSelector { main_branch: Some(true), ..Default::default() })
///     .include_pending();
/// let source = PactSource::broker(source);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct BrokerSource {
    client: Client,
    wanted: PactsForVerification,
}

/// One pact of a broker.
#[derive(Debug, Clone)]
pub(super) struct BrokerUrl {
    client: Client,
    url: String,
}

/// Where a pact came from and its result goes to.
pub(crate) struct FromBroker {
    pub(crate) client: Client,
    pub(crate) fetched: FetchedPact,
}

impl BrokerSource {
    /// All pacts that the broker chooses by itself.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            wanted: PactsForVerification::default(),
        }
    }

    /// The branch of the provider's version, by which the broker tells what is pending.
    pub fn branch(mut self, branch: BranchName) -> Self {
        self.wanted.provider_version_branch = Some(branch);
        self
    }

    /// A tag of the provider's version, by which the broker tells what is pending where there are no branches.
    pub fn tag(mut self, tag: TagName) -> Self {
        self.wanted.provider_version_tags.push(tag);
        self
    }

    /// The consumer versions whose pacts are wanted; several selectors add up.
    pub fn selector(mut self, selector: ConsumerVersionSelector) -> Self {
        self.wanted.consumer_version_selectors.push(selector);
        self
    }

    /// Lets the broker say which pacts are pending.
    pub fn include_pending(mut self) -> Self {
        self.wanted.include_pending_status = true;
        self
    }

    /// Asks for pacts that are work in progress since this date, as the broker reads dates: `2026-01-31`.
    pub fn include_wip_since(mut self, date: impl Into<String>) -> Self {
        self.wanted.include_wip_pacts_since = Some(date.into());
        self
    }
}

impl PactSource {
    /// The pacts that a broker wants verified by the provider.
    pub fn broker(source: BrokerSource) -> Self {
        Self(Kind::Broker(Box::new(source)))
    }

    /// One pact at its URL in a broker, with the client's credentials: what a broker's webhook asks for. Its result
    /// can be published.
    pub fn broker_url(client: Client, url: impl Into<String>) -> Self {
        let url = url.into();
        Self(Kind::BrokerUrl(Box::new(BrokerUrl { client, url })))
    }
}

pub(super) async fn read(source: &BrokerSource, provider: &PacticipantName, found: &mut Found) {
    let client = &source.client;
    let pacts = match client
        .pacts_for_verification(provider, &source.wanted)
        .await
    {
        Ok(pacts) => pacts,
        Err(error) => return found.problem(client.base_url(), unreachable(&error)),
    };
    if pacts.is_empty() {
        found.problem(client.base_url(), SourceCause::NoPactInBroker);
    }
    for pact in pacts {
        let loaded = fetch(client, &pact.url).await;
        found.add(&pact.url, loaded.map(|loaded| described(loaded, &pact)));
    }
}

pub(super) async fn read_url(source: &BrokerUrl, found: &mut Found) {
    let loaded = fetch(&source.client, &source.url).await;
    found.add(&bare(&source.url), loaded);
}

async fn fetch(client: &Client, url: &str) -> Result<Loaded, SourceCause> {
    let fetched = client.fetch_pact(url).await;
    let fetched = fetched.map_err(|error| unreachable(&error))?;
    let mut loaded = Loaded::from_json(&bare(url), &fetched.document)?;
    loaded.broker = Some(FromBroker {
        client: client.clone(),
        fetched,
    });
    Ok(loaded)
}

fn described(loaded: Loaded, pact: &VerifiablePact) -> Loaded {
    let notices = pact.notices.iter().map(|notice| Notice {
        when: notice.when.clone(),
        text: notice.text.clone(),
    });
    Loaded {
        pending: pact.pending,
        wip: pact.wip,
        notices: notices.collect(),
        ..loaded
    }
}

fn unreachable(error: &ClientError) -> SourceCause {
    SourceCause::Unreachable {
        reason: with_causes(error),
    }
}
