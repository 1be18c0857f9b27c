//! Publishing the result of a verification.

use http::{Method, header};
use serde::Serialize;
use serde_json::Value;
use treaty_core::names::{BranchName, TagName, VersionNumber};

use crate::answer::Answer;
use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::Document;
use crate::pacts::FetchedPact;

/// How the verification of one pact ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationResult {
    /// Whether the provider keeps the pact.
    pub success: bool,
    /// The provider's version.
    #[serde(rename = "providerApplicationVersion")]
    pub provider_version: VersionNumber,
    /// The build that verified it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_url: Option<String>,
    /// The details, in whatever form the verifier has.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub test_results: Value,
    /// What verified it.
    pub verified_by: VerifiedBy,
}

/// The program that verified a pact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifiedBy {
    /// Its name.
    pub implementation: String,
    /// Its version.
    pub version: String,
}

/// What else the broker is to know about the provider version of a result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderVersion {
    /// The branch that it was built from.
    pub branch: Option<BranchName>,
    /// Tags for it.
    pub tags: Vec<TagName>,
}

/// The broker has stored the result.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Acknowledged {
    /// Where it keeps the result.
    pub url: String,
}

impl Client {
    /// Publishes a result for the pact, after telling the broker the branch and the tags of the provider's version.
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
    /// use treaty_broker_client::{ProviderVersion, VerificationResult, VerifiedBy};
    ///
    /// let pact = client.fetch_pact("http://broker/pacts/provider/B/consumer/A/latest").await?;
    /// let result = VerificationResult {
    ///     success: true,
    ///     provider_version: "7".parse()?,
    ///     build_url: None,
    ///     test_results: serde_json::json!({ "interactions": [] }),
    ///     verified_by: VerifiedBy { implementation: "mine".to_owned(), version: "1".to_owned() },
    /// };
    /// let about = ProviderVersion { branch: Some("main".parse()?), tags: vec![] };
    /// let acknowledged = client.publish_verification(&pact, &result, &about).await?;
    /// assert!(acknowledged.url.starts_with("http://broker/"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if any of it is refused; [`ClientError::NotAcknowledged`] if the broker does not say where it
    /// keeps the result.
    pub async fn publish_verification(
        &self,
        pact: &FetchedPact,
        result: &VerificationResult,
        version: &ProviderVersion,
    ) -> Result<Acknowledged, ClientError> {
        let document = pact.hal()?;
        let link = document.link("pb:publish-verification-results")?;
        let url = document.follow(&link, &[])?;
        self.describe_provider_version(&document, &result.provider_version, version)
            .await?;
        let body = serde_json::to_value(result).expect("texts and JSON are JSON");
        let answer = self.ask(Method::POST, &url, Some(&body)).await?;
        let asked = || Asked::new(&Method::POST, &url);
        acknowledgement(&answer).ok_or_else(|| ClientError::NotAcknowledged { asked: asked() })
    }

    /// The order matters: the broker decides at the result whether the pact is still pending for the branch.
    async fn describe_provider_version(
        &self,
        pact: &Document,
        number: &VersionNumber,
        version: &ProviderVersion,
    ) -> Result<(), ClientError> {
        if version.branch.is_none() && version.tags.is_empty() {
            return Ok(());
        }
        let provider = pact.follow(&pact.link("pb:provider")?, &[])?;
        let provider = self.get(&provider).await?;
        if let Some(branch) = &version.branch {
            self.put_on_branch(&provider, branch, number).await?;
        }
        for tag in &version.tags {
            self.put_tag(&provider, tag, number).await?;
        }
        Ok(())
    }
}

fn acknowledgement(answer: &Answer) -> Option<Acknowledged> {
    let document = answer.json().unwrap_or_default();
    let link = document.pointer("/_links/self/href");
    let link = link.and_then(Value::as_str);
    let url = link.or_else(|| answer.header(header::LOCATION))?;
    Some(Acknowledged {
        url: url.to_owned(),
    })
}
