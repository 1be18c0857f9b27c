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
    /// Publishes all pacts of one consumer version. The broker stores all of them or none, but for those that the version
    /// has already and that are to be merged, and on brokers before 2.86: these are stored one by one.
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
                return self.merge(publication, refused).await;
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
    /// The Pact Broker merges no pacts that come together, unless it is set up to overwrite them. So those that the version
    /// has are merged one by one, after the others went together: whether their names may be is for the broker to say.
    async fn merge(
        &self,
        publication: &PublishContracts,
        refused: ClientError,
    ) -> Result<Published, ClientError> {
        if self.index().await?.link("pb:publish-pact").is_err() {
            return Err(refused);
        }
        let (mut there, mut new) = (publication.clone(), publication.clone());
        there.contracts.clear();
        new.contracts.clear();
        for contract in &publication.contracts {
            if self.has_pact(publication, contract).await? {
                there.contracts.push(contract.clone());
            } else {
                new.contracts.push(contract.clone());
            }
        }
        if there.contracts.is_empty() {
            return Err(refused);
        }
        if new.contracts.is_empty() {
            return self.publish_one_by_one(&there).await;
        }
        let added = Box::pin(self.publish_contracts(&new)).await?;
        let merged = self.publish_one_by_one(&there).await?;
        Ok(Published {
            notices: [added.notices, merged.notices].concat(),
            pact_urls: [added.pact_urls, merged.pact_urls].concat(),
            document: json!([added.document, merged.document]),
        })
    }

    async fn has_pact(
        &self,
        publication: &PublishContracts,
        contract: &ContractToPublish,
    ) -> Result<bool, ClientError> {
        let (consumer, version) = (&publication.pacticipant, &publication.version);
        let published = self.published_pact(consumer, version, &contract.provider);
        match published.await {
            Ok(_) => Ok(true),
            Err(ClientError::Unknown { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

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
        let mut published = Published {
            notices: Vec::new(),
            pact_urls: Vec::new(),
            document: Value::Null,
        };
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
            let itself = itself.map_or_else(|| url.to_string(), |link| link.href);
            published.pact_urls.push(itself);
            published.notices.push(stored(publication, contract));
            documents.push(document.body);
        }
        published.document = Value::Array(documents);
        published
            .notices
            .extend(self.keep_build(publication).await?);
        Ok(published)
    }

    /// Keeps the URL of the build with its version, which is there by now; or the warning that the broker has no place for
    /// it.
    async fn keep_build(
        &self,
        publication: &PublishContracts,
    ) -> Result<Option<BrokerNotice>, ClientError> {
        let Some(build_url) = &publication.build_url else {
            return Ok(None);
        };
        let lost = || BrokerNotice {
            kind: "warning".to_owned(),
            text: format!("The broker did not take the URL of the build, {build_url}."),
        };
        let index = self.index().await?;
        let Ok(link) = index.link("pb:pacticipant-version") else {
            return Ok(Some(lost()));
        };
        let names = [
            ("pacticipant", publication.pacticipant.as_str()),
            ("version", publication.version.as_str()),
        ];
        let url = index.follow(&link, &names)?;
        match self.change(&url, &json!({ "buildUrl": build_url })).await {
            Ok(_) => Ok(None),
            // Brokers that know versions only as what was published.
            Err(error) if error.status() == Some(StatusCode::METHOD_NOT_ALLOWED) => {
                Ok(Some(lost()))
            }
            Err(error) => Err(error),
        }
    }
}

fn stored(publication: &PublishContracts, contract: &ContractToPublish) -> BrokerNotice {
    let (pacticipant, version) = (&publication.pacticipant, &publication.version);
    BrokerNotice {
        kind: "success".to_owned(),
        text: format!(
            "Pact successfully published for {pacticipant} version {version} and provider {}.",
            contract.provider
        ),
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
