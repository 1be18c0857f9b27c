//! The versions of a pacticipant.

use http::Method;
use serde_json::{Value, json};
use treaty_core::names::{BranchName, EnvironmentName, PacticipantName, TagName, VersionNumber};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pages::text;

/// A version as the broker describes it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Version {
    /// Its number.
    pub number: String,
    /// The branches that it is on.
    pub branches: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The environments that it is deployed or released to.
    pub environments: Vec<String>,
    /// The build that made it.
    pub build_url: Option<String>,
    /// When the broker heard of it first.
    pub created_at: Option<String>,
    /// The whole document.
    pub document: Value,
}

/// Which version of a pacticipant is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhichVersion {
    /// This one.
    Number(VersionNumber),
    /// The latest one.
    Latest,
    /// The latest one with the tag.
    LatestWithTag(TagName),
}

/// How a version is in an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Deployed: the one that runs there.
    Deployed,
    /// Released: one of those that are supported there.
    Released,
}

impl Client {
    /// One version of a pacticipant.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::WhichVersion;
    ///
    /// let error = client.describe_version(&"A".parse()?, &WhichVersion::Latest).await.unwrap_err();
    /// assert_eq!(error.to_string(), "the broker has no version of \"A\"");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::UnknownVersion`] or [`ClientError::Unknown`] if there is no such version.
    pub async fn describe_version(
        &self,
        pacticipant: &PacticipantName,
        which: &WhichVersion,
    ) -> Result<Version, ClientError> {
        let name = ("pacticipant", pacticipant.as_str());
        let found = match which {
            WhichVersion::Number(number) => self.version(pacticipant, number).await,
            WhichVersion::Latest => {
                let found = self.get_linked("pb:latest-version", &[name]).await;
                found.map_err(|e| e.or_unknown(|| format!("version of {:?}", pacticipant.as_str())))
            }
            WhichVersion::LatestWithTag(tag) => {
                let names = [name, ("tag", tag.as_str())];
                let found = self.get_linked("pb:latest-tagged-version", &names).await;
                let what = || {
                    format!(
                        "version of {:?} with the tag {:?}",
                        pacticipant.as_str(),
                        tag.as_str()
                    )
                };
                found.map_err(|e| e.or_unknown(what))
            }
        };
        found.map(|document| version(&document))
    }

    /// The versions of a pacticipant that are in an environment, in one way or the other.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::Presence;
    ///
    /// let (name, place) = ("A".parse()?, "test".parse()?);
    /// let asked = client.versions_in_environment(&name, &place, &[Presence::Deployed]).await;
    /// assert_eq!(asked.unwrap_err().to_string(), "the broker has no environment \"test\": it has none yet");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::UnknownEnvironment`] if there is no such environment.
    pub async fn versions_in_environment(
        &self,
        pacticipant: &PacticipantName,
        environment: &EnvironmentName,
        presences: &[Presence],
    ) -> Result<Vec<Version>, ClientError> {
        let environment = self.environment_by_name(environment).await?;
        let mut numbers: Vec<String> = Vec::new();
        for presence in presences {
            let found = self
                .in_environment(&environment, *presence, pacticipant)
                .await?;
            for number in found
                .iter()
                .filter_map(|item| text(&item.body["_embedded"]["version"]["number"]))
            {
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        let mut versions = Vec::new();
        for number in numbers {
            let number = VersionNumber::parse(number).map_err(|error| ClientError::NotABroker {
                asked: crate::error::Asked::new(&Method::GET, &environment.url),
                what: format!("a version number that is none: {error}"),
            })?;
            versions.push(version(&self.version(pacticipant, &number).await?));
        }
        Ok(versions)
    }

    /// Makes a version known, puts it on a branch and tags it; what is not given stays as it is.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let version = client.create_or_update_version(&"A".parse()?, &"1".parse()?, Some(&"main".parse()?), &[]).await?;
    /// assert_eq!(version.branches, ["main"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker refuses.
    pub async fn create_or_update_version(
        &self,
        pacticipant: &PacticipantName,
        number: &VersionNumber,
        branch: Option<&BranchName>,
        tags: &[TagName],
    ) -> Result<Version, ClientError> {
        let names = [
            ("pacticipant", pacticipant.as_str()),
            ("version", number.as_str()),
        ];
        if let Some(branch) = branch {
            let names = [names[0], names[1], ("branch", branch.as_str())];
            self.put_linked("pb:pacticipant-branch-version", &names)
                .await?;
        }
        for tag in tags {
            self.tag_version(pacticipant, number, tag).await?;
        }
        match self.version(pacticipant, number).await {
            Err(ClientError::UnknownVersion { .. }) => {
                self.put_linked("pb:pacticipant-version", &names).await?;
                let made = self.version(pacticipant, number).await?;
                Ok(version(&made))
            }
            made => made.map(|made| version(&made)),
        }
    }

    /// Deletes a version with its pacts and results.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.delete_version(&"A".parse()?, &"1".parse()?).await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::UnknownVersion`] if the broker does not know it.
    pub async fn delete_version(
        &self,
        pacticipant: &PacticipantName,
        number: &VersionNumber,
    ) -> Result<(), ClientError> {
        let there = self.version(pacticipant, number).await?;
        let url = there.follow(&there.link("self")?, &[])?;
        self.ask(Method::DELETE, &url, None).await?;
        Ok(())
    }

    /// The document of a version.
    pub(crate) async fn version(
        &self,
        pacticipant: &PacticipantName,
        version: &VersionNumber,
    ) -> Result<Document, ClientError> {
        let names = [
            ("pacticipant", pacticipant.as_str()),
            ("version", version.as_str()),
        ];
        let found = self.get_linked("pb:pacticipant-version", &names).await;
        found.map_err(|error| {
            if error.is_not_found() {
                ClientError::UnknownVersion {
                    pacticipant: pacticipant.to_string(),
                    version: version.to_string(),
                }
            } else {
                error
            }
        })
    }

    /// Puts an empty document where a link of the index leads.
    pub(crate) async fn put_linked(
        &self,
        relation: &str,
        names: &[(&str, &str)],
    ) -> Result<(), ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link(relation)?, names)?;
        self.ask(Method::PUT, &url, Some(&json!({}))).await?;
        Ok(())
    }
}

fn version(document: &Document) -> Version {
    let names = |list: &str| {
        let items = document.embedded(list).iter();
        items.filter_map(|item| text(&item["name"])).collect()
    };
    let places = ["pb:deployed-environments", "pb:released-environments"];
    let places = places.iter().flat_map(|relation| document.links(relation));
    let body = &document.body;
    Version {
        number: text(&body["number"]).unwrap_or_default(),
        branches: names("branchVersions"),
        tags: names("tags"),
        environments: places.filter_map(|link| link.name).collect(),
        build_url: text(&body["buildUrl"]),
        created_at: text(&body["createdAt"]),
        document: body.clone(),
    }
}
