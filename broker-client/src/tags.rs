//! The tags of a version.

use http::Method;
use serde_json::json;
use treaty_core::names::{PacticipantName, TagName, VersionNumber};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;

/// The relation of the link from the index to a tag.
const TAG: &str = "pb:pacticipant-version-tag";

impl Client {
    /// Tags a version, which comes into being if the broker does not know it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// client.tag_version(&"A".parse()?, &"1".parse()?, &"dev".parse()?).await?;
    /// client.untag_version(&"A".parse()?, &"1".parse()?, &"dev".parse()?).await?;
    /// assert!(client.untag_version(&"A".parse()?, &"1".parse()?, &"dev".parse()?).await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker refuses.
    pub async fn tag_version(
        &self,
        pacticipant: &PacticipantName,
        version: &VersionNumber,
        tag: &TagName,
    ) -> Result<(), ClientError> {
        self.put_linked(TAG, &names(pacticipant, version, tag))
            .await
    }

    /// Takes a tag from a version.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let untagged = client.untag_version(&"A".parse()?, &"1".parse()?, &"dev".parse()?).await;
    /// assert_eq!(untagged.unwrap_err().to_string(), "the broker has no tag \"dev\" on version \"1\" of \"A\"");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the version does not have it.
    pub async fn untag_version(
        &self,
        pacticipant: &PacticipantName,
        version: &VersionNumber,
        tag: &TagName,
    ) -> Result<(), ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link(TAG)?, &names(pacticipant, version, tag))?;
        let removed = self.ask(Method::DELETE, &url, None).await;
        removed.map_err(|error| {
            let (tag, version) = (tag.as_str(), version.as_str());
            error.or_unknown(|| {
                format!(
                    "tag {tag:?} on version {version:?} of {:?}",
                    pacticipant.as_str()
                )
            })
        })?;
        Ok(())
    }

    /// Tags a version, through the document of its pacticipant.
    pub(crate) async fn put_tag(
        &self,
        pacticipant: &Document,
        tag: &TagName,
        version: &VersionNumber,
    ) -> Result<(), ClientError> {
        let names = [("tag", tag.as_str()), ("version", version.as_str())];
        let url = pacticipant.follow(&pacticipant.link("pb:version-tag")?, &names)?;
        self.ask(Method::PUT, &url, Some(&json!({}))).await?;
        Ok(())
    }
}

fn names<'a>(
    pacticipant: &'a PacticipantName,
    version: &'a VersionNumber,
    tag: &'a TagName,
) -> [(&'static str, &'a str); 3] {
    [
        ("pacticipant", pacticipant.as_str()),
        ("version", version.as_str()),
        ("tag", tag.as_str()),
    ]
}
