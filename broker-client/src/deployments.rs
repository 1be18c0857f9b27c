//! Recording what is deployed where.

use http::Method;
use serde_json::{Value, json};
use treaty_core::names::{EnvironmentName, PacticipantName, VersionNumber};

use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::{Document, Link};

/// The relation of the links from a version to its deployments, one for each environment.
const RECORD_DEPLOYMENT: &str = "pb:record-deployment";

/// A deployment to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentToRecord {
    /// What was deployed.
    pub pacticipant: PacticipantName,
    /// Its version.
    pub version: VersionNumber,
    /// Where.
    pub environment: EnvironmentName,
    /// Which of several instances there.
    pub application_instance: Option<String>,
}

/// A deployment or release as the broker recorded it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Deployment {
    /// The broker's id for it.
    pub uuid: String,
    /// The whole document.
    pub document: Value,
}

impl Client {
    /// Records a deployment; what was deployed there before is deployed no longer.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::DeploymentToRecord;
    ///
    /// let deployment = DeploymentToRecord {
    ///     pacticipant: "A".parse()?,
    ///     version: "1".parse()?,
    ///     environment: "production".parse()?,
    ///     application_instance: None,
    /// };
    /// let error = client.record_deployment(&deployment).await.unwrap_err();
    /// assert_eq!(error.to_string(), "the broker has no version \"1\" of \"A\"");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::UnknownVersion`] or [`ClientError::UnknownEnvironment`], with the environments that there are.
    pub async fn record_deployment(
        &self,
        deployment: &DeploymentToRecord,
    ) -> Result<Deployment, ClientError> {
        let version = self
            .version(&deployment.pacticipant, &deployment.version)
            .await?;
        let body = match &deployment.application_instance {
            // Brokers before the renaming know the instance as the target.
            Some(instance) => json!({ "applicationInstance": instance, "target": instance }),
            None => json!({}),
        };
        self.record(&version, RECORD_DEPLOYMENT, &deployment.environment, &body)
            .await
    }

    /// Records that a version is in an environment, by the version's link of the relation and the environment's name.
    pub(crate) async fn record(
        &self,
        version: &Document,
        relation: &str,
        environment: &EnvironmentName,
        body: &Value,
    ) -> Result<Deployment, ClientError> {
        let link = self.link_to(version, relation, environment).await?;
        let url = version.follow(&link, &[])?;
        let (recorded, _) = self.send(Method::POST, &url, body).await?;
        let uuid = recorded.body["uuid"].as_str();
        let uuid = uuid.ok_or_else(|| ClientError::NotABroker {
            asked: Asked::new(&Method::POST, &url),
            what: "a record without an id".to_owned(),
        })?;
        Ok(Deployment {
            uuid: uuid.to_owned(),
            document: recorded.body,
        })
    }

    async fn link_to(
        &self,
        version: &Document,
        relation: &str,
        environment: &EnvironmentName,
    ) -> Result<Link, ClientError> {
        let links = version.links(relation);
        let wanted = |link: &&Link| link.name.as_deref() == Some(environment.as_str());
        if let Some(link) = links.iter().find(wanted) {
            return Ok(link.clone());
        }
        let environments = self.environments().await?;
        let known: Vec<String> = environments.into_iter().map(|e| e.name).collect();
        if !known.iter().any(|name| name == environment.as_str()) {
            return Err(ClientError::UnknownEnvironment {
                name: environment.to_string(),
                known,
            });
        }
        Err(ClientError::MissingLink {
            url: version.url.to_string(),
            relation: relation.to_owned(),
            candidates: links.into_iter().filter_map(|link| link.name).collect(),
        })
    }
}
