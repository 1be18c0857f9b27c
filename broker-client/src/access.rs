//! Tokens, the audit log and clean-up: what only administrators of a Treaty broker may ask for.

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::Document;

/// A token of a Treaty broker.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Token {
    /// What it is known by: the part of it that is no secret.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it is trusted with.
    pub scopes: Vec<String>,
    /// When it was created.
    pub created_at: String,
    /// Since when it is worth nothing.
    #[serde(default)]
    pub revoked_at: Option<String>,
    /// The token itself, only where it was just created.
    #[serde(default)]
    pub token: Option<String>,
}

/// A change that somebody asked a Treaty broker for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AuditEntry {
    /// Its place in the log.
    pub id: i64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// The method of the request.
    pub method: String,
    /// The path of the request.
    pub path: String,
    /// What the path does not tell.
    #[serde(default)]
    pub about: Option<String>,
}

/// What a clean-up took out, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CleanUp {
    /// How many versions there were.
    pub versions: u64,
    /// How many of them nobody needs.
    pub unneeded: u64,
    /// How many revisions, results and contents nothing refers to.
    pub leftovers: u64,
    /// How many webhooks that were sent and entries of the audit log are too old.
    pub history: u64,
    /// What is younger than this many days stays.
    pub keep_days: u64,
    /// Of how many days webhooks that were sent and the audit log stay.
    pub history_keep_days: u64,
    /// The whole document.
    pub document: Value,
}

impl Client {
    /// Creates a token; the answer is the only place where it stands.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// let created = client.create_token("ci", &["publish:Web".to_owned()]).await?;
    /// assert!(created.token.is_some());
    /// assert_eq!(client.tokens().await?[0].token, None);
    /// client.revoke_token(&created.id).await?;
    /// assert!(client.tokens().await?[0].revoked_at.is_some());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError::Refused`] if a scope is none, or if the broker is not one of Treaty's.
    pub async fn create_token(&self, name: &str, scopes: &[String]) -> Result<Token, ClientError> {
        let url = self.below_base("tokens");
        let body = json!({ "name": name, "scopes": scopes });
        let (created, _) = self.send(Method::POST, &url, &body).await?;
        read(&Method::POST, &created, &created.body)
    }

    /// Every token that was created, the revoked ones, too.
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or refuses.
    pub async fn tokens(&self) -> Result<Vec<Token>, ClientError> {
        let list = self.get(&self.below_base("tokens")).await?;
        let tokens = list.embedded("tokens").iter();
        tokens
            .map(|token| read(&Method::GET, &list, token))
            .collect()
    }

    /// Makes a token worth nothing.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with 404 if there is none of this id, or if it is revoked already.
    pub async fn revoke_token(&self, id: &str) -> Result<(), ClientError> {
        let mut url = self.below_base("tokens");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.push(id);
        }
        self.ask(Method::DELETE, &url, None).await.map(drop)
    }

    /// The latest changes, the last one first.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// client.create_token("ci", &["read".to_owned()]).await?;
    /// assert_eq!(client.audit_log(10).await?[0].path, "/tokens");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or refuses.
    pub async fn audit_log(&self, entries_max: u32) -> Result<Vec<AuditEntry>, ClientError> {
        let mut url = self.below_base("audit");
        url.set_query(Some(&format!("size={entries_max}")));
        let list = self.get(&url).await?;
        let entries = list.embedded("entries").iter();
        entries
            .map(|entry| read(&Method::GET, &list, entry))
            .collect()
    }

    /// What a clean-up would take out now.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use treaty_broker::{Broker, Config, DatabaseUrl};
    /// # let broker = Broker::open(Config::new(DatabaseUrl::memory()).base_url("http://broker"))?;
    /// # let client = treaty_broker_client::Client::over(broker, "http://broker")?;
    /// assert_eq!(client.clean_up_dry_run().await?.unneeded, 0);
    /// assert_eq!(client.clean_up().await?.keep_days, 90);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or refuses.
    pub async fn clean_up_dry_run(&self) -> Result<CleanUp, ClientError> {
        let found = self.get(&self.below_base("clean-up")).await?;
        Ok(cleaned(found.body))
    }

    /// Takes out what nobody needs any more.
    ///
    /// # Errors
    /// [`ClientError`] if the broker cannot be asked or refuses.
    pub async fn clean_up(&self) -> Result<CleanUp, ClientError> {
        let url = self.below_base("clean-up");
        let (done, _) = self.send(Method::POST, &url, &json!({})).await?;
        Ok(cleaned(done.body))
    }
}

fn cleaned(document: Value) -> CleanUp {
    let number = |pointer: &str| {
        let number = document.pointer(pointer);
        number.and_then(Value::as_u64).unwrap_or_default()
    };
    CleanUp {
        versions: number("/versions/count"),
        unneeded: number("/versions/unneeded"),
        leftovers: number("/leftovers"),
        history: number("/history"),
        keep_days: number("/keepDays"),
        history_keep_days: number("/historyKeepDays"),
        document,
    }
}

fn read<T: for<'a> Deserialize<'a>>(
    method: &Method,
    document: &Document,
    body: &Value,
) -> Result<T, ClientError> {
    T::deserialize(body).map_err(|error| ClientError::NotABroker {
        asked: Asked::new(method, &document.url),
        what: format!("a document with something amiss: {error}"),
    })
}
