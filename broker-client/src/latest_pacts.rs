//! The latest pact of every consumer and provider.

use http::Method;
use serde_json::Value;
use treaty_core::names::{PacticipantName, VersionNumber};

use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::{Document, links_in};
use crate::pacts::FetchedPact;
use crate::pages::text;

/// A pact that a broker has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PactInBroker {
    /// Who asks.
    pub consumer: PacticipantName,
    /// The consumer's version that published it last.
    pub consumer_version: VersionNumber,
    /// Who answers.
    pub provider: PacticipantName,
    /// When it was published.
    pub created_at: Option<String>,
    /// Where it is, for that consumer version.
    pub url: String,
    /// The broker's whole entry for it.
    pub document: Value,
}

impl Client {
    /// The latest pact of every consumer and provider, by their names.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.latest_pacts().await?.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or its list is none.
    pub async fn latest_pacts(&self) -> Result<Vec<PactInBroker>, ClientError> {
        let list = self.get_linked("pb:latest-pact-versions", &[]).await?;
        let strange = |what: &str| ClientError::NotABroker {
            asked: Asked::new(&Method::GET, &list.url),
            what: what.to_owned(),
        };
        let items = list.body["pacts"].as_array();
        let items = items.ok_or_else(|| strange("no list of pacts in it"))?;
        let pacts: Option<Vec<_>> = items.iter().map(|item| pact(&list, item)).collect();
        let mut pacts = pacts.ok_or_else(|| strange("a pact without names or links in it"))?;
        pacts.sort_by(|a, b| (&a.consumer, &a.provider).cmp(&(&b.consumer, &b.provider)));
        Ok(pacts)
    }

    /// The pact that a version of a consumer published.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let (consumer, provider) = ("A".parse()?, "B".parse()?);
    /// let none = client.published_pact(&consumer, &"1".parse()?, &provider).await.unwrap_err();
    /// assert_eq!(none.to_string(), r#"the broker has no pact of "A" version "1" with "B""#);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if it published none, and any other if the broker cannot be asked.
    pub async fn published_pact(
        &self,
        consumer: &PacticipantName,
        version: &VersionNumber,
        provider: &PacticipantName,
    ) -> Result<FetchedPact, ClientError> {
        let index = self.index().await?;
        let names = [
            ("provider", provider.as_str()),
            ("consumer", consumer.as_str()),
            ("consumerApplicationVersion", version.as_str()),
        ];
        let url = index.follow(&index.link("pb:publish-pact")?, &names)?;
        let fetched = self.fetch_pact(url.as_str()).await;
        fetched.map_err(|error| {
            error.or_unknown(|| {
                let (consumer, provider) = (consumer.as_str(), provider.as_str());
                let version = version.as_str();
                format!("pact of {consumer:?} version {version:?} with {provider:?}")
            })
        })
    }
}

fn pact(list: &Document, item: &Value) -> Option<PactInBroker> {
    let (consumer, provider) = (
        &item["_embedded"]["consumer"],
        &item["_embedded"]["provider"],
    );
    // The first of its links is to whatever will be the latest one, the last to this very version.
    let link = links_in(item, "self").pop()?;
    Some(PactInBroker {
        consumer: consumer["name"].as_str()?.parse().ok()?,
        consumer_version: consumer["_embedded"]["version"]["number"]
            .as_str()?
            .parse()
            .ok()?,
        provider: provider["name"].as_str()?.parse().ok()?,
        created_at: text(&item["createdAt"]),
        url: list.follow(&link, &[]).ok()?.to_string(),
        document: item.clone(),
    })
}
