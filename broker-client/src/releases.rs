//! What leaves an environment, and releases, of which several live side by side.

use serde_json::{Value, json};
use treaty_core::names::{EnvironmentName, PacticipantName, VersionNumber};
use url::Url;

use crate::client::Client;
use crate::deployments::Deployment;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pages::text;
use crate::versions::Presence;

impl Client {
    /// Records that nothing of a pacticipant runs in an environment, or in one application instance of it, any more.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let undeployed = client.record_undeployment(&"A".parse()?, &"test".parse()?, None).await;
    /// assert_eq!(undeployed.unwrap_err().to_string(), "the broker has no environment \"test\": it has none yet");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::NotThere`] if it is not deployed there, with the instances that it is deployed to.
    pub async fn record_undeployment(
        &self,
        pacticipant: &PacticipantName,
        environment: &EnvironmentName,
        application_instance: Option<&str>,
    ) -> Result<Vec<Deployment>, ClientError> {
        let place = self.environment_by_name(environment).await?;
        let found = self
            .in_environment(&place, Presence::Deployed, pacticipant)
            .await?;
        let instance = |item: &Document| {
            text(&item.body["applicationInstance"]).or_else(|| text(&item.body["target"]))
        };
        let (leaving, staying): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|item| instance(item).as_deref() == application_instance);
        if leaving.is_empty() {
            return Err(ClientError::NotThere {
                what: pacticipant.to_string(),
                environment: environment.to_string(),
                instances: staying.iter().filter_map(instance).collect(),
            });
        }
        self.end(leaving, "currentlyDeployed").await
    }

    /// Records a release; what was released there before is supported as well.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let released = client.record_release(&"A".parse()?, &"1".parse()?, &"test".parse()?).await;
    /// assert_eq!(released.unwrap_err().to_string(), "the broker has no version \"1\" of \"A\"");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::UnknownVersion`] or [`ClientError::UnknownEnvironment`], with the environments that there are.
    pub async fn record_release(
        &self,
        pacticipant: &PacticipantName,
        version: &VersionNumber,
        environment: &EnvironmentName,
    ) -> Result<Deployment, ClientError> {
        let version = self.version(pacticipant, version).await?;
        self.record(&version, "pb:record-release", environment, &json!({}))
            .await
    }

    /// Records that a release is supported no longer.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let ended = client.record_support_ended(&"A".parse()?, &"1".parse()?, &"test".parse()?).await;
    /// assert!(ended.is_err(), "there is no such environment");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::NotThere`] if the version is not supported there.
    pub async fn record_support_ended(
        &self,
        pacticipant: &PacticipantName,
        version: &VersionNumber,
        environment: &EnvironmentName,
    ) -> Result<Vec<Deployment>, ClientError> {
        let place = self.environment_by_name(environment).await?;
        let mut ending = self
            .in_environment(&place, Presence::Released, pacticipant)
            .await?;
        ending.retain(|item| item.body["_embedded"]["version"]["number"] == version.as_str());
        if ending.is_empty() {
            return Err(ClientError::NotThere {
                what: format!("{pacticipant} {version}"),
                environment: environment.to_string(),
                instances: Vec::new(),
            });
        }
        self.end(ending, "currentlySupported").await
    }

    /// What of a pacticipant is in an environment.
    pub(crate) async fn in_environment(
        &self,
        environment: &Document,
        presence: Presence,
        pacticipant: &PacticipantName,
    ) -> Result<Vec<Document>, ClientError> {
        let (relations, list): (&[&str], _) = match presence {
            Presence::Deployed => (
                &[
                    "pb:currently-deployed-deployed-versions",
                    "pb:currently-deployed-versions",
                ],
                "deployedVersions",
            ),
            Presence::Released => (
                &[
                    "pb:currently-supported-released-versions",
                    "pb:currently-supported-versions",
                ],
                "releasedVersions",
            ),
        };
        let mut url: Url = environment.follow(&environment.link_of(relations)?, &[])?;
        url.query_pairs_mut()
            .append_pair("pacticipant", pacticipant.as_str());
        let mut found = self.all_embedded(&url, list).await?;
        found.retain(|item| item.body["_embedded"]["pacticipant"]["name"] == pacticipant.as_str());
        Ok(found)
    }

    async fn end(
        &self,
        ending: Vec<Document>,
        member: &str,
    ) -> Result<Vec<Deployment>, ClientError> {
        let mut ended = Vec::new();
        for item in ending {
            let url = item.follow(&item.link("self")?, &[])?;
            let body: Value = json!({ member: false });
            let document = self.change(&url, &body).await?;
            ended.push(Deployment {
                uuid: text(&document.body["uuid"]).unwrap_or_default(),
                document: document.body,
            });
        }
        Ok(ended)
    }
}
