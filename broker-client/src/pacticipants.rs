//! The applications that the broker knows, and their labels.

use http::Method;
use serde_json::{Value, json};
use treaty_core::names::{BranchName, PacticipantName};

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pages::text;

/// A pacticipant as the broker describes it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Pacticipant {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub display_name: Option<String>,
    /// The branch that is deployed from.
    pub main_branch: Option<String>,
    /// Where its sources are.
    pub repository_url: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// The whole document.
    pub document: Value,
}

/// What a pacticipant is to be; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PacticipantChange {
    /// Its name.
    pub name: PacticipantName,
    /// Its name for people.
    pub display_name: Option<String>,
    /// The branch that is deployed from.
    pub main_branch: Option<BranchName>,
    /// Where its sources are.
    pub repository_url: Option<String>,
}

impl Client {
    /// Every pacticipant.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.pacticipants().await?.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked.
    pub async fn pacticipants(&self) -> Result<Vec<Pacticipant>, ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link("pb:pacticipants")?, &[])?;
        let found = self.all_embedded(&url, "pacticipants").await?;
        Ok(found.into_iter().map(pacticipant).collect())
    }

    /// One pacticipant.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let error = client.pacticipant(&"A".parse()?).await.unwrap_err();
    /// assert_eq!(error.to_string(), "the broker has no pacticipant \"A\"");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn pacticipant(&self, name: &PacticipantName) -> Result<Pacticipant, ClientError> {
        self.pacticipant_document(name).await.map(pacticipant)
    }

    /// Makes a pacticipant what it is to be, whether the broker knows it or not.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::PacticipantChange;
    ///
    /// let (name, main_branch) = ("A".parse()?, Some("main".parse()?));
    /// let change = PacticipantChange { name, display_name: None, main_branch, repository_url: None };
    /// let made = client.create_or_update_pacticipant(&change).await?;
    /// assert_eq!(made.main_branch.as_deref(), Some("main"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker refuses.
    pub async fn create_or_update_pacticipant(
        &self,
        change: &PacticipantChange,
    ) -> Result<Pacticipant, ClientError> {
        let body = wire(change);
        let made = match self.pacticipant_document(&change.name).await {
            Ok(there) => {
                let url = there.follow(&there.link("self")?, &[])?;
                self.change(&url, &body).await?
            }
            Err(ClientError::Unknown { .. }) => {
                let index = self.index().await?;
                let url = index.follow(&index.link("pb:pacticipants")?, &[])?;
                self.send(Method::POST, &url, &body).await?.0
            }
            Err(error) => return Err(error),
        };
        Ok(pacticipant(made))
    }

    /// Deletes a pacticipant with all its versions, pacts and results.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.delete_pacticipant(&"A".parse()?).await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn delete_pacticipant(&self, name: &PacticipantName) -> Result<(), ClientError> {
        let url = self.pacticipant_url(name).await?;
        let deleted = self.ask(Method::DELETE, &url, None).await;
        deleted.map_err(|error| unknown(error, name))?;
        Ok(())
    }

    /// Gives a pacticipant a label.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.add_label(&"A".parse()?, "team").await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know the pacticipant.
    pub async fn add_label(&self, name: &PacticipantName, label: &str) -> Result<(), ClientError> {
        let there = self.pacticipant_document(name).await?;
        let url = there.follow(&there.link("pb:label")?, &[("label", label)])?;
        self.ask(Method::PUT, &url, Some(&json!({}))).await?;
        Ok(())
    }

    /// Takes a label from a pacticipant.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.remove_label(&"A".parse()?, "team").await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know the pacticipant, or it has no such label.
    pub async fn remove_label(
        &self,
        name: &PacticipantName,
        label: &str,
    ) -> Result<(), ClientError> {
        let there = self.pacticipant_document(name).await?;
        let url = there.follow(&there.link("pb:label")?, &[("label", label)])?;
        let removed = self.ask(Method::DELETE, &url, None).await;
        removed.map_err(|error| {
            error.or_unknown(|| format!("label {label:?} of {:?}", name.as_str()))
        })?;
        Ok(())
    }

    pub(crate) async fn pacticipant_document(
        &self,
        name: &PacticipantName,
    ) -> Result<Document, ClientError> {
        let url = self.pacticipant_url(name).await?;
        self.get(&url).await.map_err(|error| unknown(error, name))
    }

    async fn pacticipant_url(&self, name: &PacticipantName) -> Result<url::Url, ClientError> {
        let index = self.index().await?;
        let names = [("pacticipant", name.as_str())];
        index.follow(&index.link("pb:pacticipant")?, &names)
    }
}

fn unknown(error: ClientError, name: &PacticipantName) -> ClientError {
    error.or_unknown(|| format!("pacticipant {:?}", name.as_str()))
}

fn wire(change: &PacticipantChange) -> Value {
    let mut wire = json!({ "name": change.name });
    let members = [
        ("displayName", change.display_name.as_deref()),
        (
            "mainBranch",
            change.main_branch.as_ref().map(BranchName::as_str),
        ),
        ("repositoryUrl", change.repository_url.as_deref()),
    ];
    for (member, value) in members {
        if let Some(value) = value {
            wire[member] = value.into();
        }
    }
    wire
}

fn pacticipant(document: Document) -> Pacticipant {
    let labels = document.embedded("labels").iter();
    let labels = labels.filter_map(|label| text(&label["name"])).collect();
    let body = document.body;
    Pacticipant {
        name: text(&body["name"]).unwrap_or_default(),
        display_name: text(&body["displayName"]),
        main_branch: text(&body["mainBranch"]),
        repository_url: text(&body["repositoryUrl"]),
        labels,
        document: body,
    }
}
