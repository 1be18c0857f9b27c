//! A whole broker, told to another one.
//!
//! Everything is read through the links of the one and written through the links of the other, the oldest first, and
//! nothing that is there already is touched: after a break, the same again goes on where it ended.

mod imported;
mod pacticipants;
mod places;
mod results;
mod versions;
mod webhooks;

use http::Method;
use serde_json::Value;
use url::Url;

use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;
use crate::pages::text;

pub use imported::{ImportCount, ImportKind, Imported, LeftOut, NotCarried};

/// When and under which identifier the next change happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportStamp<'a> {
    /// The moment, as the source tells it.
    pub at: Option<&'a str>,
    /// The identifier, of what has one.
    pub id: Option<&'a str>,
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
            imported: Imported::default(),
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

    fn leave_out(&mut self, what: LeftOut) {
        self.imported.left_out.push(what);
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
        path: &str,
        told: Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        match told {
            Err(ClientError::Refused { status, words, .. }) if status.is_client_error() => {
                self.leave_out(LeftOut::Refused {
                    path: path.to_owned(),
                    words: words.to_string(),
                });
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
