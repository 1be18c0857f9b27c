//! The pacticipants and their labels.

use std::collections::HashMap;

use http::Method;
use serde_json::json;

use super::{Import, ImportKind, ImportStamp, created_at, inside, member, own};
use crate::client::Client;
use crate::error::ClientError;
use crate::hal::Document;

const MEMBERS: [&str; 6] = [
    "name",
    "displayName",
    "repositoryUrl",
    "repositoryName",
    "repositoryNamespace",
    "mainBranch",
];

/// A pacticipant as both brokers describe it.
pub(super) struct Both {
    pub(super) source: Document,
    pub(super) target: Document,
}

impl Import<'_> {
    /// All of them go before everything else, so that nothing makes one by the way.
    pub(super) async fn pacticipants(&mut self) -> Result<Vec<Both>, ClientError> {
        let mut theirs = list(self.source).await?;
        theirs.sort_by_key(|one| member(one, "createdAt").to_owned());
        let ours = by_name(list(self.target).await?);
        let index = self.target.index().await?;
        let url = index.follow(&index.link("pb:pacticipants")?, &[])?;
        for one in &theirs {
            if !ours.contains_key(member(one, "name")) {
                let post = (Method::POST, &url);
                self.tell(created_at(one), post, &own(one, &MEMBERS))
                    .await?;
            }
        }
        let mut ours = by_name(list(self.target).await?);
        let there = theirs.len();
        let mut both = Vec::new();
        for source in theirs {
            if let Some(target) = ours.remove(member(&source, "name")) {
                both.push(Both { source, target });
            }
        }
        self.count(ImportKind::Pacticipants, there, both.len());
        for pacticipant in &both {
            self.labels(pacticipant).await?;
        }
        let ours = by_name(list(self.target).await?);
        for pacticipant in &both {
            let theirs = pacticipant.source.embedded("labels");
            let ours = ours.get(member(&pacticipant.source, "name"));
            let ours = ours.map_or(&[][..], |one| one.embedded("labels"));
            let is_here =
                |label: &&serde_json::Value| ours.iter().any(|own| own["name"] == label["name"]);
            let here = theirs.iter().filter(is_here).count();
            self.count(ImportKind::Labels, theirs.len(), here);
        }
        Ok(both)
    }

    async fn labels(&mut self, Both { source, target }: &Both) -> Result<(), ClientError> {
        for label in inside(source, "labels") {
            let name = member(&label, "name");
            if target
                .embedded("labels")
                .iter()
                .any(|own| own["name"] == name)
            {
                continue;
            }
            let since = self.since(&label).await?;
            let url = target.follow(&target.link("pb:label")?, &[("label", name)])?;
            let stamp = ImportStamp {
                at: since.as_deref(),
                id: None,
            };
            self.tell(stamp, (Method::PUT, &url), &json!({})).await?;
        }
        Ok(())
    }
}

async fn list(broker: &Client) -> Result<Vec<Document>, ClientError> {
    let index = broker.index().await?;
    let url = index.follow(&index.link("pb:pacticipants")?, &[])?;
    broker.all_embedded(&url, "pacticipants").await
}

fn by_name(documents: Vec<Document>) -> HashMap<String, Document> {
    let named = |one: Document| (member(&one, "name").to_owned(), one);
    documents.into_iter().map(named).collect()
}
