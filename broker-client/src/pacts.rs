//! The pacts that a provider is to verify, and any pact by its URL.

use http::Method;
use serde::Serialize;
use serde_json::Value;
use treaty_core::names::{BranchName, PacticipantName, TagName};
use treaty_core::selectors::ConsumerVersionSelector;
use url::Url;

use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::{Document, links_in};

/// Which pacts a provider wants to verify.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PactsForVerification {
    /// The branch of the provider's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_version_branch: Option<BranchName>,
    /// The tags of the provider's version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provider_version_tags: Vec<TagName>,
    /// Which consumer versions; the broker's own choice if there is no selector.
    pub consumer_version_selectors: Vec<ConsumerVersionSelector>,
    /// Whether the broker is to say which pacts are pending.
    pub include_pending_status: bool,
    /// The day from which on pacts that are work in progress are wanted too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_wip_pacts_since: Option<String>,
}

/// A pact that a broker wants verified.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiablePact {
    /// What the broker calls it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Why it was chosen, in a few words.
    pub short_description: String,
    /// Whether its failure must not fail the provider's build.
    pub pending: bool,
    /// Whether it is work in progress.
    pub wip: bool,
    /// What the broker wants said, and when.
    pub notices: Vec<Notice>,
}

/// A text that the broker wants said at some moment of the verification.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// The moment, such as `before_verification`.
    pub when: String,
    /// The text.
    pub text: String,
}

/// A pact as the broker sent it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FetchedPact {
    /// Where it was fetched from.
    pub url: String,
    /// The whole document, the broker's links included.
    pub document: Value,
}

impl FetchedPact {
    pub(crate) fn hal(&self) -> Result<Document, ClientError> {
        Ok(Document {
            url: parsed(&self.url)?,
            body: self.document.clone(),
        })
    }
}

impl Client {
    /// The pacts that the provider is to verify; none if the broker does not know the provider.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let pacts = client.pacts_for_verification(&"Unheard".parse()?, &Default::default()).await?;
    /// assert!(pacts.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or refuses.
    pub async fn pacts_for_verification(
        &self,
        provider: &PacticipantName,
        wanted: &PactsForVerification,
    ) -> Result<Vec<VerifiablePact>, ClientError> {
        let index = self.index().await?;
        let relations = [
            "pb:provider-pacts-for-verification",
            "beta:provider-pacts-for-verification",
        ];
        let link = index.link_of(&relations)?;
        let url = index.follow(&link, &[("provider", provider.as_str())])?;
        let body = serde_json::to_value(wanted).expect("names and flags are JSON");
        match self.send_repeatable(&url, &body).await {
            Ok(document) => verifiable_pacts(&document),
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Reads the pact at the URL.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// # use treaty_broker_client::{ContractToPublish, OnConflict, PublishContracts};
    /// # let content = r#"{"consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": []}"#;
    /// # client.publish_contracts(&PublishContracts {
    /// #     pacticipant: "A".parse()?, version: "1".parse()?, branch: None, tags: vec![], build_url: None,
    /// #     contracts: vec![ContractToPublish { provider: "B".parse()?, content: content.into(), on_conflict: OnConflict::default() }],
    /// # }).await?;
    /// let pact = client.fetch_pact("http://broker/pacts/provider/B/consumer/A/latest").await?;
    /// assert_eq!(pact.document["consumer"]["name"], "A");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the URL is none, or nothing that is JSON is there.
    pub async fn fetch_pact(&self, url: &str) -> Result<FetchedPact, ClientError> {
        let document = self.get_from_anybody(&parsed(url)?).await?;
        Ok(FetchedPact {
            url: url.to_owned(),
            document: document.body,
        })
    }
}

pub(crate) fn parsed(url: &str) -> Result<Url, ClientError> {
    Url::parse(url).map_err(|error| ClientError::BaseUrl {
        given: url.to_owned(),
        reason: error.to_string(),
    })
}

/// A list that is not there would pass for "nothing to verify", so its absence is an error.
fn verifiable_pacts(document: &Document) -> Result<Vec<VerifiablePact>, ClientError> {
    let strange = |what: &str| ClientError::NotABroker {
        asked: Asked::new(&Method::POST, &document.url),
        what: what.to_owned(),
    };
    let list = document.body.pointer("/_embedded/pacts");
    let list = list.and_then(Value::as_array);
    let list = list.ok_or_else(|| strange("no list of pacts in it"))?;
    let pacts = list.iter().map(|pact| {
        let link = links_in(pact, "self").into_iter().next();
        let link = link.ok_or_else(|| strange("a pact without a link to itself in it"))?;
        let url = document.follow(&link, &[])?;
        Ok(verifiable_pact(pact, link.name, &url))
    });
    pacts.collect()
}

fn verifiable_pact(pact: &Value, name: Option<String>, url: &Url) -> VerifiablePact {
    let properties = &pact["verificationProperties"];
    let flag = |name: &str| properties[name].as_bool().unwrap_or(false);
    let notices = properties["notices"].as_array().into_iter().flatten();
    VerifiablePact {
        name: name.unwrap_or_else(|| url.to_string()),
        url: url.to_string(),
        short_description: pact["shortDescription"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        pending: flag("pending"),
        wip: flag("wip"),
        notices: notices.filter_map(notice).collect(),
    }
}

fn notice(notice: &Value) -> Option<Notice> {
    Some(Notice {
        when: notice["when"].as_str()?.to_owned(),
        text: notice["text"].as_str()?.to_owned(),
    })
}
