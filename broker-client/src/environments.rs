//! The environments that versions are deployed to.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use treaty_core::names::EnvironmentName;

use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::Document;

/// An environment as the broker describes it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Environment {
    /// The broker's id for it.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Its name for people.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Whether it is a production environment.
    #[serde(default)]
    pub production: bool,
    /// The whole document.
    #[serde(skip)]
    pub document: Value,
}

/// An environment to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEnvironment {
    /// Its name.
    pub name: EnvironmentName,
    /// Its name for people; the broker makes one of the name if it is absent.
    pub display_name: Option<String>,
    /// Whether it is a production environment.
    pub production: bool,
    /// Who looks after it.
    pub contact: Option<Contact>,
}

/// Who looks after an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// A name.
    pub name: Option<String>,
    /// An address.
    pub email_address: Option<String>,
}

/// What is to change about an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvironmentChange {
    /// Its name.
    pub name: Option<EnvironmentName>,
    /// Its name for people.
    pub display_name: Option<String>,
    /// Whether it is a production environment.
    pub production: Option<bool>,
    /// Who looks after it.
    pub contact: Option<Contact>,
}

impl Client {
    /// Every environment.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.environments().await?.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or knows no environments.
    pub async fn environments(&self) -> Result<Vec<Environment>, ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link("pb:environments")?, &[])?;
        let list = self.get(&url).await?;
        let environments = list.embedded("environments").iter();
        environments
            .map(|body| environment(&Method::GET, &list, body.clone()))
            .collect()
    }

    /// The environment of this id.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.environment("1").await.unwrap_err().to_string().contains("environment \"1\""));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn environment(&self, uuid: &str) -> Result<Environment, ClientError> {
        let found = self.environment_document(uuid).await?;
        environment(&Method::GET, &found, found.body.clone())
    }

    /// The environment of this name.
    ///
    /// # Errors
    /// [`ClientError::UnknownEnvironment`] with the environments that there are.
    pub async fn environment_named(
        &self,
        name: &EnvironmentName,
    ) -> Result<Environment, ClientError> {
        let found = self.environment_by_name(name).await?;
        environment(&Method::GET, &found, found.body.clone())
    }

    /// Changes the environment of this id; what is absent from the change stays as it is.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::{EnvironmentChange, NewEnvironment};
    ///
    /// let new = NewEnvironment { name: "prod".parse()?, display_name: None, production: false, contact: None };
    /// let uuid = client.create_environment(&new).await?.uuid;
    /// let change = EnvironmentChange { production: Some(true), ..EnvironmentChange::default() };
    /// assert!(client.update_environment(&uuid, &change).await?.production);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn update_environment(
        &self,
        uuid: &str,
        change: &EnvironmentChange,
    ) -> Result<Environment, ClientError> {
        let there = self.environment_document(uuid).await?;
        let url = there.follow(&there.link("self")?, &[])?;
        let (changed, _) = self
            .send(Method::PUT, &url, &changed(&there, change))
            .await?;
        environment(&Method::PUT, &changed, changed.body.clone())
    }

    /// Deletes the environment of this id, and what was recorded about it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert!(client.delete_environment("1").await.is_err());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Unknown`] if the broker does not know it.
    pub async fn delete_environment(&self, uuid: &str) -> Result<(), ClientError> {
        let there = self.environment_document(uuid).await?;
        let url = there.follow(&there.link("self")?, &[])?;
        self.ask(Method::DELETE, &url, None).await?;
        Ok(())
    }

    async fn environment_document(&self, uuid: &str) -> Result<Document, ClientError> {
        let found = self.get_linked("pb:environment", &[("uuid", uuid)]).await;
        found.map_err(|error| error.or_unknown(|| format!("environment {uuid:?}")))
    }

    /// The document of the environment of this name.
    pub(crate) async fn environment_by_name(
        &self,
        name: &EnvironmentName,
    ) -> Result<Document, ClientError> {
        let all = self.environments().await?;
        match all.iter().find(|e| e.name == name.as_str()) {
            Some(found) => self.environment_document(&found.uuid).await,
            None => Err(ClientError::UnknownEnvironment {
                name: name.to_string(),
                known: all.into_iter().map(|e| e.name).collect(),
            }),
        }
    }

    /// Creates an environment.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// use treaty_broker_client::NewEnvironment;
    ///
    /// let new = NewEnvironment { name: "production".parse()?, display_name: None, production: true, contact: None };
    /// assert!(client.create_environment(&new).await?.production);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Refused`] if there is one of this name already.
    pub async fn create_environment(
        &self,
        new: &NewEnvironment,
    ) -> Result<Environment, ClientError> {
        let index = self.index().await?;
        let url = index.follow(&index.link("pb:environments")?, &[])?;
        let (created, _) = self.send(Method::POST, &url, &wire(new)).await?;
        environment(&Method::POST, &created, created.body.clone())
    }
}

fn wire(new: &NewEnvironment) -> Value {
    let mut wire = json!({ "name": new.name, "production": new.production });
    if let Some(display_name) = &new.display_name {
        wire["displayName"] = display_name.as_str().into();
    }
    if let Some(contact) = &new.contact {
        wire["contacts"] = contacts(contact);
    }
    wire
}

fn contacts(contact: &Contact) -> Value {
    let mut person = json!({});
    if let Some(name) = &contact.name {
        person["name"] = name.as_str().into();
    }
    if let Some(address) = &contact.email_address {
        person["details"] = json!({ "emailAddress": address });
    }
    json!([person])
}

/// The whole document as it is to be: the broker replaces what it has.
fn changed(there: &Document, change: &EnvironmentChange) -> Value {
    let mut wire = json!({});
    for member in ["name", "displayName", "production", "contacts"] {
        if let Some(value) = there.body.get(member) {
            wire[member] = value.clone();
        }
    }
    if let Some(name) = &change.name {
        wire["name"] = name.as_str().into();
    }
    if let Some(display_name) = &change.display_name {
        wire["displayName"] = display_name.as_str().into();
    }
    if let Some(production) = change.production {
        wire["production"] = production.into();
    }
    if let Some(contact) = &change.contact {
        wire["contacts"] = contacts(contact);
    }
    wire
}

fn environment(
    method: &Method,
    document: &Document,
    body: Value,
) -> Result<Environment, ClientError> {
    let environment = Environment::deserialize(&body).map_err(|error| ClientError::NotABroker {
        asked: Asked::new(method, &document.url),
        what: format!("an environment with something amiss: {error}"),
    })?;
    Ok(Environment {
        document: body,
        ..environment
    })
}
