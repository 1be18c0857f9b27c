//! The versions of a pacticipant, with their branches, their tags and the pacts that they published.

use std::collections::HashMap;

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::pacticipants::Both;
use super::{Import, ImportKind, ImportStamp, created_at, inside, member, own};
use crate::client::Client;
use crate::error::{Asked, ClientError};
use crate::hal::Document;
use crate::publication::{ContractToPublish, OnConflict, PublishContracts};

const BRANCHES: &str = "branchVersions";
const TAGS: &str = "tags";
const PACTS: &str = "pb:pact-versions";

/// A version that published pacts.
pub(super) struct Publisher {
    pub(super) consumer: String,
    pub(super) number: String,
    /// The providers and the hashes of its pacts, as far as they were read.
    pub(super) contents: Vec<(String, String)>,
    /// How many pacts there are.
    pub(super) pacts: usize,
}

/// A name that is put on a version through a link of its pacticipant.
struct Mark<'a> {
    relation: &'static str,
    role: &'static str,
    document: Document,
    number: &'a str,
}

impl Import<'_> {
    /// The oldest version goes first, because the order in which a broker hears of versions is their order.
    pub(super) async fn versions(&mut self, both: &Both) -> Result<Vec<Publisher>, ClientError> {
        let mut theirs = list(self.source, &both.source).await?;
        theirs.reverse();
        let ours = by_number(list(self.target, &both.target).await?);
        let mut publishers = Vec::new();
        let mut heads = Vec::new();
        for version in &theirs {
            let number = member(version, "number");
            let known = ours.get(number);
            if known.is_none() {
                let link = both.target.link("pb:version")?;
                let url = both.target.follow(&link, &[("version", number)])?;
                let body = own(version, &["buildUrl"]);
                self.tell(created_at(version), (Method::PUT, &url), &body)
                    .await?;
            }
            for mark in marks(version, known, number) {
                // Who joins a branch last is its head.
                if mark.document.body["latest"] == true && mark.role == "branch" {
                    heads.push(mark);
                } else {
                    self.mark(&both.target, &mark).await?;
                }
            }
            publishers.extend(
                self.pacts(member(&both.source, "name"), version, known)
                    .await?,
            );
        }
        for head in &heads {
            self.mark(&both.target, head).await?;
        }
        let ours = by_number(list(self.target, &both.target).await?);
        self.count_versions(&theirs, &ours);
        Ok(publishers)
    }

    async fn mark(&mut self, target: &Document, mark: &Mark<'_>) -> Result<(), ClientError> {
        let since = self.since(&mark.document).await?;
        let names = [
            (mark.role, member(&mark.document, "name")),
            ("version", mark.number),
        ];
        let url = target.follow(&target.link(mark.relation)?, &names)?;
        let stamp = ImportStamp {
            at: since.as_deref(),
            id: None,
        };
        self.tell(stamp, (Method::PUT, &url), &json!({})).await
    }

    async fn pacts(
        &mut self,
        consumer: &str,
        version: &Document,
        known: Option<&Document>,
    ) -> Result<Option<Publisher>, ClientError> {
        let links = version.links(PACTS);
        if links.is_empty() {
            return Ok(None);
        }
        let mut publisher = Publisher {
            consumer: consumer.to_owned(),
            number: member(version, "number").to_owned(),
            contents: Vec::new(),
            pacts: links.len(),
        };
        let known = known.map(|known| known.links(PACTS)).unwrap_or_default();
        for link in links {
            if known.iter().any(|known| known.name == link.name) {
                continue;
            }
            let url = version.follow(&link, &[])?;
            let answer = self.source.ask(Method::GET, &url, None).await?;
            let body = answer.json().ok_or_else(|| ClientError::NotABroker {
                asked: Asked::new(&Method::GET, &url),
                what: "a pact that is not JSON".to_owned(),
            })?;
            let pact = Document { url, body };
            let content = self.publish(&publisher, &pact, answer.body).await?;
            publisher.contents.push(content);
        }
        Ok(Some(publisher))
    }

    /// Publishes the text as it came, so that its members keep their order.
    async fn publish(
        &mut self,
        publisher: &Publisher,
        pact: &Document,
        content: Bytes,
    ) -> Result<(String, String), ClientError> {
        let named = |relation: &str| {
            pact.link(relation)
                .map(|link| link.name.unwrap_or_default())
        };
        let provider = named("pb:provider")?;
        let hash = named("pb:pact-version")?;
        let not_a_name = |error: String| ClientError::NotABroker {
            asked: Asked::new(&Method::GET, &pact.url),
            what: format!("a name that is none: {error}"),
        };
        let order = PublishContracts {
            pacticipant: publisher
                .consumer
                .parse()
                .map_err(|error| not_a_name(format!("{error}")))?,
            version: publisher
                .number
                .parse()
                .map_err(|error| not_a_name(format!("{error}")))?,
            branch: None,
            tags: Vec::new(),
            build_url: None,
            contracts: vec![ContractToPublish {
                provider: provider
                    .parse()
                    .map_err(|error| not_a_name(format!("{error}")))?,
                content,
                on_conflict: OnConflict::AsTheBrokerDoes,
            }],
        };
        (self.stamp)(created_at(pact));
        let published = self.target.publish_contracts(&order).await;
        self.unless_refused(pact.url.path(), published.map(drop))?;
        Ok((provider, hash))
    }

    fn count_versions(&mut self, theirs: &[Document], ours: &HashMap<String, Document>) {
        let own = |version: &Document| ours.get(member(version, "number"));
        let here = theirs.iter().filter_map(own).count();
        self.count(ImportKind::Versions, theirs.len(), here);
        for version in theirs {
            let own = own(version);
            for (kind, list) in [
                (ImportKind::BranchVersions, BRANCHES),
                (ImportKind::Tags, TAGS),
            ] {
                let is_here = |name: &&Value| own.is_some_and(|own| has(own, list, &name["name"]));
                let names = version.embedded(list);
                self.count(kind, names.len(), names.iter().filter(is_here).count());
            }
            let published = own.map(|own| own.links(PACTS)).unwrap_or_default();
            let pacts = version.links(PACTS);
            let here = pacts
                .iter()
                .filter(|pact| published.iter().any(|own| own.name == pact.name));
            self.count(ImportKind::Pacts, pacts.len(), here.count());
        }
    }
}

/// The branches and tags of a version that the target does not know of.
fn marks<'a>(version: &Document, known: Option<&Document>, number: &'a str) -> Vec<Mark<'a>> {
    let lists = [
        (BRANCHES, "pb:branch-version", "branch"),
        (TAGS, "pb:version-tag", "tag"),
    ];
    let of_list = |(list, relation, role): (&'static str, &'static str, &'static str)| {
        let new =
            move |item: &Document| known.is_none_or(|known| !has(known, list, &item.body["name"]));
        let mark = move |document| Mark {
            relation,
            role,
            document,
            number,
        };
        inside(version, list).into_iter().filter(new).map(mark)
    };
    lists.into_iter().flat_map(of_list).collect()
}

fn has(version: &Document, list: &str, name: &Value) -> bool {
    let mut items = version.embedded(list).iter();
    items.any(|item| item["name"] == *name)
}

async fn list(broker: &Client, pacticipant: &Document) -> Result<Vec<Document>, ClientError> {
    let link = pacticipant.link_of(&["pb:versions", "versions"])?;
    let url = pacticipant.follow(&link, &[])?;
    broker.all_embedded(&url, "versions").await
}

fn by_number(documents: Vec<Document>) -> HashMap<String, Document> {
    let numbered = |one: Document| (member(&one, "number").to_owned(), one);
    documents.into_iter().map(numbered).collect()
}
