//! A whole broker, told to another one.
//!
//! Everything is read through the links of the one and written through the links of the other, the oldest first, and
//! nothing that is there already is touched: after a break, the same again goes on where it ended.

mod pacticipants;
mod places;
mod results;
mod versions;
mod webhooks;

use std::collections::BTreeMap;
use std::fmt;

use http::Method;
use serde_json::Value;
use url::Url;

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pages::text;

/// What is not carried from any broker.
const NOT_CARRIED: [&str; 4] = [
    "contents that a version published and then overwrote, and the results for them",
    "deployments that were replaced or undone, and releases whose support has ended",
    "whether a result was for work in progress: here none counts as such",
    "what webhooks have sent, who did what, and the users",
];

/// When and under which identifier the next change happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportStamp<'a> {
    /// The moment, as the source tells it.
    pub at: Option<&'a str>,
    /// The identifier, of what has one.
    pub id: Option<&'a str>,
}

/// The kinds of things that brokers hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ImportKind {
    /// Applications.
    Pacticipants,
    /// Their labels.
    Labels,
    /// Their versions.
    Versions,
    /// Places of versions on branches.
    BranchVersions,
    /// Tags of versions.
    Tags,
    /// Pacts that versions published.
    Pacts,
    /// Results of verifications.
    Results,
    /// Environments.
    Environments,
    /// What is deployed there.
    Deployments,
    /// What is released there and supported.
    Releases,
    /// Webhooks.
    Webhooks,
}

impl fmt::Display for ImportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pacticipants => "pacticipants",
            Self::Labels => "labels",
            Self::Versions => "versions",
            Self::BranchVersions => "versions on branches",
            Self::Tags => "tags",
            Self::Pacts => "pacts",
            Self::Results => "results",
            Self::Environments => "environments",
            Self::Deployments => "deployments",
            Self::Releases => "releases",
            Self::Webhooks => "webhooks",
        })
    }
}

/// How many of a kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCount {
    /// In the source.
    pub there: usize,
    /// Of these, here, as the target tells it after the import.
    pub here: usize,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Imported {
    /// How many there are of each kind.
    pub counts: BTreeMap<ImportKind, ImportCount>,
    /// What the source has and the target does not, each with the reason.
    pub left_out: Vec<String>,
    /// What is carried from no broker: most of it none tells.
    pub not_carried: Vec<&'static str>,
}

impl Imported {
    /// Whether everything that the source tells is here.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let mut counts = self.counts.values();
        self.left_out.is_empty() && counts.all(|count| count.here == count.there)
    }
}

impl Client {
    /// Tells this broker everything that another one tells. This one has to be open for history, so that nothing follows
    /// from what it is told; the function is called before each change.
    ///
    /// What is here already stays as it is. After an error, the same call goes on where it ended.
    ///
    /// # Errors
    /// [`ClientError`] if one of the brokers cannot be asked. What this one refuses is no error, but left out.
    pub async fn import_from(
        &self,
        source: &Self,
        stamp: &(dyn Fn(ImportStamp<'_>) + Sync),
    ) -> Result<Imported, ClientError> {
        let mut import = Import {
            source,
            target: self,
            stamp,
            imported: Imported {
                not_carried: NOT_CARRIED.to_vec(),
                ..Imported::default()
            },
        };
        let pacticipants = import.pacticipants().await?;
        let mut publishers = Vec::new();
        for pacticipant in &pacticipants {
            publishers.extend(import.versions(pacticipant).await?);
        }
        import.results(publishers).await?;
        import.places().await?;
        import.webhooks().await?;
        Ok(import.imported)
    }
}

/// An import on its way.
struct Import<'a> {
    source: &'a Client,
    target: &'a Client,
    stamp: &'a (dyn Fn(ImportStamp<'_>) + Sync),
    imported: Imported,
}

impl Import<'_> {
    fn count(&mut self, kind: ImportKind, there: usize, here: usize) {
        let count = self.imported.counts.entry(kind).or_default();
        count.there += there;
        count.here += here;
    }

    fn leave_out(&mut self, what: impl Into<String>) {
        self.imported.left_out.push(what.into());
    }

    /// Changes the target. What it refuses is left out.
    async fn tell(
        &mut self,
        stamp: ImportStamp<'_>,
        (method, url): (Method, &Url),
        body: &Value,
    ) -> Result<(), ClientError> {
        (self.stamp)(stamp);
        let told = self.target.ask(method, url, Some(body)).await;
        self.unless_refused(url.path(), told.map(drop))
    }

    fn unless_refused(
        &mut self,
        what: &str,
        told: Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        match told {
            Err(ClientError::Refused { status, words, .. }) if status.is_client_error() => {
                self.leave_out(format!("{what}: {words}"));
                Ok(())
            }
            told => told,
        }
    }

    /// Since when something is there, of whose document only the link is at hand.
    async fn since(&self, item: &Document) -> Result<Option<String>, ClientError> {
        let Ok(link) = item.link("self") else {
            return Ok(None);
        };
        let document = self.source.get(&item.follow(&link, &[])?).await?;
        Ok(text(&document.body["createdAt"]))
    }
}

/// The items of a list inside a document, each as a document.
fn inside(document: &Document, list: &str) -> Vec<Document> {
    let items = document.embedded(list).iter();
    let item = |body: &Value| Document {
        url: document.url.clone(),
        body: body.clone(),
    };
    items.map(item).collect()
}

/// The text of a member; nothing if there is none.
fn member<'a>(document: &'a Document, name: &str) -> &'a str {
    document.body[name].as_str().unwrap_or_default()
}

fn created_at(document: &Document) -> ImportStamp<'_> {
    ImportStamp {
        at: document.body["createdAt"].as_str(),
        id: None,
    }
}

/// The members of a document that are its own, and not the broker's.
fn own(document: &Document, names: &[&str]) -> Value {
    let members = names.iter().filter_map(|name| {
        let value = document.body.get(*name).filter(|value| !value.is_null())?;
        Some(((*name).to_owned(), value.clone()))
    });
    Value::Object(members.collect())
}
