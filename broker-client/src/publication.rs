//! Publishing pacts.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use treaty_core::names::{BranchName, PacticipantName, TagName, VersionNumber};

use crate::client::Client;
use crate::error::ClientError;

/// The pacts of one consumer version, to be published in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishContracts {
    /// The consumer.
    pub pacticipant: PacticipantName,
    /// Its version.
    pub version: VersionNumber,
    /// The branch that the version was built from.
    pub branch: Option<BranchName>,
    /// Tags for the version.
    pub tags: Vec<TagName>,
    /// The build that made the pacts.
    pub build_url: Option<String>,
    /// The pacts.
    pub contracts: Vec<ContractToPublish>,
}

impl PublishContracts {
    fn may_be_merged_after(&self, refused: &ClientError) -> bool {
        let mut contracts = self.contracts.iter();
        let merged = contracts.all(|contract| contract.on_conflict == OnConflict::Merge);
        merged && refused.status() == Some(StatusCode::CONFLICT)
    }
}

/// One pact to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractToPublish {
    /// The provider.
    pub provider: PacticipantName,
    /// The pact document.
    pub content: Bytes,
    /// What to do if this consumer version has another pact with the provider.
    pub on_conflict: OnConflict,
}

/// What to do if the consumer version has another pact with the provider already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnConflict {
    /// Leave it to the broker: most refuse.
    #[default]
    AsTheBrokerDoes,
    /// Ask for both to be merged, for tests that run on several machines.
    Merge,
}

/// The broker's answer to pacts that it has stored.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Published {
    /// What the broker says.
    pub notices: Vec<BrokerNotice>,
    /// Where the pacts are.
    pub pact_urls: Vec<String>,
    /// The whole answer.
    pub document: Value,
}

/// A text of the broker's and its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrokerNotice {
    /// `debug`, `info`, `success`, `warning`, `prompt` or `error`.
    pub kind: String,
    /// The text.
    pub text: String,
}

impl Client {
    /// Publishes all pacts of one consumer version; the broker stores all of them or none.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::{ContractToPublish, OnConflict, PublishContracts};
    ///
    /// let pact = r#"{"consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": []}"#;
    /// let contract = ContractToPublish {
    ///     provider: "B".parse()?,
    ///     content: pact.into(),
    ///     on_conflict: OnConflict::AsTheBrokerDoes,
    /// };
    /// let (branch, tags, build_url) = (Some("main".parse()?), vec![], None);
    /// let (pacticipant, version) = ("A".parse()?, "1".parse()?);
    /// let contracts = vec![contract];
    /// let publication = PublishContracts { pacticipant, version, branch, tags, build_url, contracts };
    /// let published = client.publish_contracts(&publication).await?;
    /// assert_eq!(published.pact_urls.len(), 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Refused`] with the broker's reason, the differences of a changed pact included.
    pub async fn publish_contracts(
        &self,
        publication: &PublishContracts,
    ) -> Result<Published, ClientError> {
        let index = self.index().await?;
        let Ok(link) = index.link("pb:publish-contracts") else {
            return self.publish_one_by_one(publication).await;
        };
        let url = index.follow(&link, &[])?;
        // Brokers take the same content for the same version any number of times.
        let answer = match self.send_repeatable(&url, &wire(publication)).await {
            Ok(answer) => answer,
            Err(refused) if publication.may_be_merged_after(&refused) => {
                // The Pact Broker merges no pacts that come together, unless it is set up to overwrite them.
                return match index.link("pb:publish-pact") {
                    Ok(_) => self.publish_one_by_one(publication).await,
                    Err(_) => Err(refused),
                };
            }
            Err(error) => return Err(error),
        };
        let links = answer.links("pb:contracts").into_iter();
        Ok(Published {
            notices: notices(&answer.body),
            pact_urls: links.map(|link| link.href).collect(),
            document: answer.body,
        })
    }
}

impl Client {
    /// As brokers before 2.86 want it. The version is described first, so that no pact is without its branch and tags.
    async fn publish_one_by_one(
        &self,
        publication: &PublishContracts,
    ) -> Result<Published, ClientError> {
        let (pacticipant, version) = (&publication.pacticipant, &publication.version);
        let index = self.index().await?;
        let link = index.link("pb:publish-pact")?;
        // Brokers before branches take the rest.
        let branch = publication.branch.as_ref();
        let branch = branch.filter(|_| index.link("pb:pacticipant-branch-version").is_ok());
        if let Some(branch) = branch {
            let names = [
                ("pacticipant", pacticipant.as_str()),
                ("branch", branch.as_str()),
                ("version", version.as_str()),
            ];
            self.put_linked("pb:pacticipant-branch-version", &names)
                .await?;
        }
        for tag in &publication.tags {
            self.tag_version(pacticipant, version, tag).await?;
        }
        let mut pact_urls = Vec::new();
        let mut documents = Vec::new();
        for contract in &publication.contracts {
            let names = [
                ("consumer", pacticipant.as_str()),
                ("provider", contract.provider.as_str()),
                ("consumerApplicationVersion", version.as_str()),
            ];
            let url = index.follow(&link, &names)?;
            let method = match contract.on_conflict {
                OnConflict::AsTheBrokerDoes => Method::PUT,
                OnConflict::Merge => Method::PATCH,
            };
            let (document, _) = self.send(method, &url, &content(contract)?).await?;
            let itself = document.link("self").ok();
            pact_urls.push(itself.map_or_else(|| url.to_string(), |link| link.href));
            documents.push(document.body);
        }
        let text = |contract: &ContractToPublish| {
            format!(
                "Pact successfully published for {pacticipant} version {version} and provider {}.",
                contract.provider
            )
        };
        let notice = |contract| BrokerNotice {
            kind: "success".to_owned(),
            text: text(contract),
        };
        Ok(Published {
            notices: publication.contracts.iter().map(notice).collect(),
            pact_urls,
            document: Value::Array(documents),
        })
    }
}

fn content(contract: &ContractToPublish) -> Result<Value, ClientError> {
    serde_json::from_slice(&contract.content).map_err(|error| ClientError::Option {
        what: format!("pact with {}", contract.provider),
        reason: error.to_string(),
    })
}

fn wire(publication: &PublishContracts) -> Value {
    let contract = |contract: &ContractToPublish| {
        let mut wire = json!({
            "consumerName": publication.pacticipant,
            "providerName": contract.provider,
            "specification": "pact",
            "contentType": "application/json",
            "content": BASE64_STANDARD.encode(&contract.content),
        });
        if contract.on_conflict == OnConflict::Merge {
            wire["onConflict"] = "merge".into();
        }
        wire
    };
    let contracts: Vec<Value> = publication.contracts.iter().map(contract).collect();
    let mut wire = json!({
        "pacticipantName": publication.pacticipant,
        "pacticipantVersionNumber": publication.version,
        "contracts": contracts,
    });
    if let Some(branch) = &publication.branch {
        wire["branch"] = branch.as_str().into();
    }
    if !publication.tags.is_empty() {
        wire["tags"] = json!(publication.tags);
    }
    if let Some(build_url) = &publication.build_url {
        wire["buildUrl"] = build_url.as_str().into();
    }
    wire
}

/// The notices of a document; of older brokers, its logs.
pub(crate) fn notices(document: &Value) -> Vec<BrokerNotice> {
    let list = |list: &str, kind: &str, text: &str| -> Option<Vec<BrokerNotice>> {
        let notice = |notice: &Value| {
            let kind = notice[kind].as_str().unwrap_or("info").to_owned();
            let text = notice[text].as_str()?.to_owned();
            Some(BrokerNotice { kind, text })
        };
        Some(
            document[list]
                .as_array()?
                .iter()
                .filter_map(notice)
                .collect(),
        )
    };
    list("notices", "type", "text")
        .or_else(|| list("logs", "level", "message"))
        .unwrap_or_default()
}
