//! The results of the pacts, which only the matrix lists all.

use std::collections::{BTreeMap, HashMap, HashSet};

use http::Method;
use serde_json::Value;
use url::Url;

use super::versions::Publisher;
use super::{Import, ImportKind, ImportStamp, LeftOut, own};
use crate::client::Client;
use crate::error::ClientError;
use crate::hal::{Document, links_in};

/// The most rows that are read for one consumer version. What is more is left out, and that is told.
const ROWS_MAX: usize = 100_000;

const MEMBERS: [&str; 5] = [
    "success",
    "providerApplicationVersion",
    "buildUrl",
    "testResults",
    "verifiedBy",
];

/// What a result is known by in both brokers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Outcome {
    provider_version: String,
    success: bool,
    verified_at: String,
}

/// A result in the matrix.
#[derive(Debug, Clone)]
struct Listed {
    outcome: Outcome,
    /// Its number: of one content, later results have larger ones.
    number: u64,
    /// The hash of the content that was verified.
    hash: String,
    result: Document,
}

impl Listed {
    /// What no two results have.
    fn key(&self) -> (String, u64) {
        (self.hash.clone(), self.number)
    }
}

/// The rows of the matrix for one pact.
#[derive(Debug, Clone, Default)]
struct Rows {
    /// When it was published, for the last time.
    published_at: String,
    pact: Option<Document>,
    /// The oldest first.
    results: Vec<Listed>,
}

/// What has been dealt with: versions that share a content share its results.
#[derive(Debug, Default)]
struct Done {
    contents: HashSet<(String, String, String)>,
    results: HashSet<(String, u64)>,
}

impl Import<'_> {
    pub(super) async fn results(&mut self, publishers: Vec<Publisher>) -> Result<(), ClientError> {
        let mut done = Done::default();
        for publisher in &publishers {
            let content = |(provider, hash): &(String, String)| {
                (publisher.consumer.clone(), provider.clone(), hash.clone())
            };
            let contents: Vec<_> = publisher.contents.iter().map(content).collect();
            let is_done = contents.iter().all(|one| done.contents.contains(one));
            if contents.len() == publisher.pacts && is_done {
                continue;
            }
            let theirs = self.rows(self.source, publisher).await?;
            let mut ours = self.rows(self.target, publisher).await?;
            for (provider, mut theirs) in theirs {
                theirs
                    .results
                    .retain(|one| !done.results.contains(&one.key()));
                let ours = ours.remove(&provider).unwrap_or_default();
                let carried = self.of_pact(publisher, &provider, (theirs, ours)).await?;
                done.results.extend(carried);
            }
            done.contents.extend(contents);
        }
        Ok(())
    }

    /// Carries the results of one pact; returns those that are dealt with.
    async fn of_pact(
        &mut self,
        publisher: &Publisher,
        provider: &str,
        (mut theirs, ours): (Rows, Rows),
    ) -> Result<Vec<(String, u64)>, ClientError> {
        if ours.pact.is_none() {
            // Its refusal is told already.
            self.count(ImportKind::Results, theirs.results.len(), 0);
            return Ok(Vec::new());
        }
        let is_known = theirs.published_at == ours.published_at;
        let mut here = ours.results;
        if !is_known || !missing(&theirs.results, &here).is_empty() {
            let Some(pact) = theirs.pact.take() else {
                return Ok(Vec::new());
            };
            let read = publisher.contents.iter().find(|(of, _)| of == provider);
            let hash = match read {
                Some((_, hash)) => hash.clone(),
                None => self.hash_of(&pact).await?,
            };
            let same = self
                .same_content(publisher, provider, (&pact, &hash))
                .await?;
            let Some(url) = same else {
                self.another_content(publisher, provider);
                self.count(ImportKind::Results, theirs.results.len(), 0);
                return Ok(Vec::new());
            };
            theirs.results.retain(|one| one.hash == hash);
            for one in missing(&theirs.results, &here) {
                self.result(one, &url).await?;
            }
            let mut ours = self.rows(self.target, publisher).await?;
            here = ours.remove(provider).unwrap_or_default().results;
        }
        let there = theirs.results.len();
        let arrived = there - missing(&theirs.results, &here).len();
        self.count(ImportKind::Results, there, arrived);
        Ok(theirs.results.iter().map(Listed::key).collect())
    }

    fn another_content(&mut self, publisher: &Publisher, provider: &str) {
        let Publisher {
            consumer, number, ..
        } = publisher;
        self.leave_out(LeftOut::OtherContent {
            consumer: consumer.clone(),
            version: number.clone(),
            provider: provider.to_owned(),
        });
        let count = self.imported.counts.entry(ImportKind::Pacts).or_default();
        count.here = count.here.saturating_sub(1);
    }

    async fn result(&mut self, listed: &Listed, url: &Url) -> Result<(), ClientError> {
        let link = listed.result.link("self")?;
        let document = self.source.get(&listed.result.follow(&link, &[])?).await?;
        let at = document.body["verificationDate"].as_str();
        let stamp = ImportStamp { at, id: None };
        self.tell(stamp, (Method::POST, url), &own(&document, &MEMBERS))
            .await
    }

    /// The hash by which the source knows the content of a pact now.
    async fn hash_of(&self, pact: &Document) -> Result<String, ClientError> {
        let url = pact.follow(&pact.link("self")?, &[])?;
        let pact = self.source.get(&url).await?;
        Ok(pact.link("pb:pact-version")?.name.unwrap_or_default())
    }

    /// Where the target takes results for the pact; nothing if the version has published another content there. A
    /// content that was merged may be known by another hash, and is compared itself.
    async fn same_content(
        &self,
        publisher: &Publisher,
        provider: &str,
        (pact, hash): (&Document, &str),
    ) -> Result<Option<Url>, ClientError> {
        let names = [
            ("provider", provider),
            ("consumer", &publisher.consumer),
            ("consumerApplicationVersion", &publisher.number),
        ];
        let own = match self.target.get_linked("pb:publish-pact", &names).await {
            Err(error) if error.is_not_found() => return Ok(None),
            own => own?,
        };
        if own.link("pb:pact-version")?.name.as_deref() != Some(hash) {
            let pact = self
                .source
                .get(&pact.follow(&pact.link("self")?, &[])?)
                .await?;
            if content(&pact) != content(&own) {
                return Ok(None);
            }
        }
        let url = own.follow(&own.link("pb:publish-verification-results")?, &[])?;
        Ok(Some(url))
    }

    /// The rows for the pacts of a version, by provider.
    async fn rows(
        &mut self,
        broker: &Client,
        publisher: &Publisher,
    ) -> Result<BTreeMap<String, Rows>, ClientError> {
        let Publisher {
            consumer, number, ..
        } = publisher;
        let mut url = broker.matrix_url().await?;
        url.query_pairs_mut()
            .append_pair("q[][pacticipant]", consumer)
            .append_pair("q[][version]", number)
            .append_pair("limit", &ROWS_MAX.to_string());
        let document = broker.get(&url).await?;
        let rows = document.body["matrix"].as_array();
        let rows = rows.map_or(&[][..], Vec::as_slice);
        if rows.len() >= ROWS_MAX {
            self.leave_out(LeftOut::MoreResults {
                consumer: consumer.clone(),
                version: number.clone(),
                results_max: ROWS_MAX,
            });
        }
        let is_own = |row: &&Value| {
            let own = &row["consumer"];
            own["name"] == consumer.as_str() && own["version"]["number"] == number.as_str()
        };
        let mut found: BTreeMap<String, Rows> = BTreeMap::new();
        for row in rows.iter().filter(is_own) {
            let provider = row["provider"]["name"].as_str().unwrap_or_default();
            let rows = found.entry(provider.to_owned()).or_default();
            let published_at = row["pact"]["createdAt"].as_str().unwrap_or_default();
            if published_at > rows.published_at.as_str() {
                published_at.clone_into(&mut rows.published_at);
            }
            rows.pact = Some(part(&document, &row["pact"]));
            rows.results.extend(listed(&document, row));
        }
        for rows in found.values_mut() {
            rows.results
                .sort_by_key(|one| (one.number, one.hash.clone()));
            rows.results.dedup_by_key(|one| one.key());
        }
        Ok(found)
    }
}

fn part(document: &Document, body: &Value) -> Document {
    Document {
        url: document.url.clone(),
        body: body.clone(),
    }
}

/// The result of a row, if it has one. What was verified and the number stand in the link alone.
fn listed(document: &Document, row: &Value) -> Option<Listed> {
    let result = &row["verificationResult"];
    let link = links_in(result, "self").pop()?;
    let segments: Vec<&str> = link.href.split('/').collect();
    let after = |name: &str| {
        let place = segments.iter().rposition(|segment| *segment == name)?;
        segments.get(place + 1).copied()
    };
    Some(Listed {
        outcome: Outcome {
            provider_version: row["provider"]["version"]["number"].as_str()?.to_owned(),
            success: result["success"].as_bool()?,
            verified_at: result["verifiedAt"].as_str().unwrap_or_default().to_owned(),
        },
        number: after("verification-results")?.parse().ok()?,
        hash: after("pact-version")?.to_owned(),
        result: part(document, result),
    })
}

/// What is to be verified.
fn content(pact: &Document) -> [&Value; 3] {
    ["interactions", "messages", "metadata"].map(|member| &pact.body[member])
}

/// Those of the results that have no equal among others.
fn missing<'a>(theirs: &'a [Listed], ours: &[Listed]) -> Vec<&'a Listed> {
    let mut counts: HashMap<&Outcome, usize> = HashMap::new();
    for one in ours {
        *counts.entry(&one.outcome).or_default() += 1;
    }
    let is_missing = |one: &&Listed| match counts.get_mut(&one.outcome) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    theirs.iter().filter(is_missing).collect()
}
