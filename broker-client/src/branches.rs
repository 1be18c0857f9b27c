//! The branches that versions were built from.

use http::Method;
use serde_json::{Value, json};
use treaty_core::names::{BranchName, PacticipantName, VersionNumber};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pages::text;

/// A branch as the broker describes it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// When the broker heard of it first.
    pub created_at: Option<String>,
    /// The whole document.
    pub document: Value,
}

impl Client {
    /// Every branch of a pacticipant.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// client.create_or_update_version(&"A".parse()?, &"1".parse()?, Some(&"main".parse()?), &[]).await?;
    /// assert_eq!(client.branches(&"A".parse()?).await?[0].name, "main");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know the pacticipant.
    pub async fn branches(
        &self,
        pacticipant: &PacticipantName,
    ) -> Result<Vec<Branch>, ClientError> {
        let there = self.pacticipant_document(pacticipant).await?;
        let url = there.follow(&there.link("pb:branches")?, &[])?;
        let found = self.all_embedded(&url, "branches").await?;
        let branch = |document: Document| Branch {
            name: text(&document.body["name"]).unwrap_or_default(),
            created_at: text(&document.body["createdAt"]),
            document: document.body,
        };
        Ok(found.into_iter().map(branch).collect())
    }

    /// Deletes a branch; its versions stay.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let deleted = client.delete_branch(&"A".parse()?, &"main".parse()?).await;
    /// assert_eq!(deleted.unwrap_err().to_string(), "the broker has no branch \"main\" of \"A\"");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn delete_branch(
        &self,
        pacticipant: &PacticipantName,
        branch: &BranchName,
    ) -> Result<(), ClientError> {
        let index = self.index().await?;
        let names = [
            ("pacticipant", pacticipant.as_str()),
            ("branch", branch.as_str()),
        ];
        let url = index.follow(&index.link("pb:pacticipant-branch")?, &names)?;
        let deleted = self.ask(Method::DELETE, &url, None).await;
        deleted.map_err(|error| {
            error.or_unknown(|| {
                format!("branch {:?} of {:?}", branch.as_str(), pacticipant.as_str())
            })
        })?;
        Ok(())
    }

    /// Puts a version on a branch, through the document of its pacticipant.
    pub(crate) async fn put_on_branch(
        &self,
        pacticipant: &Document,
        branch: &BranchName,
        version: &VersionNumber,
    ) -> Result<(), ClientError> {
        let names = [("branch", branch.as_str()), ("version", version.as_str())];
        let url = pacticipant.follow(&pacticipant.link("pb:branch-version")?, &names)?;
        self.ask(Method::PUT, &url, Some(&json!({}))).await?;
        Ok(())
    }
}
