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
        let mut person = json!({});
        if let Some(name) = &contact.name {
            person["name"] = name.as_str().into();
        }
        if let Some(address) = &contact.email_address {
            person["details"] = json!({ "emailAddress": address });
        }
        wire["contacts"] = json!([person]);
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
