//! What changed between two pacts.

use axum::extract::Path;
use serde_json::{Value, json};

use super::pacts::{find, pair};
use crate::domain::difference::difference;
use crate::domain::document;
use crate::domain::model::Publication;
use crate::hal::named;
use crate::http::{Call, MediaType, Outcome, Problem, Reply};
use crate::store::{Sql, publications};
use crate::time::{ago, in_words};

/// Two pacts, and since when the newer content is there.
pub(crate) struct Compared {
    pub(crate) pact: Publication,
    pub(crate) other: Publication,
    pub(crate) changed_at: String,
    documents: (String, String),
}

/// What there is to say about two pacts.
pub(crate) enum Found {
    /// There is no other content before this pact's.
    First(Publication),
    /// The two pacts.
    Two(Box<Compared>),
}

/// `GET P/version/{number}/diff/previous-distinct`
pub(crate) async fn with_previous_distinct(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| previous_distinct(sql, &provider, &consumer, &number);
    let found = call.state.store.read(read).await?;
    reply(&call, found).await
}

/// The pact of a version and the one before it that has another content.
pub(crate) fn previous_distinct(
    sql: &mut dyn Sql,
    provider: &str,
    consumer: &str,
    number: &str,
) -> Result<Found, Problem> {
    let pact = find(sql, provider, consumer, number)?;
    match publications::previous_distinct(sql, &pact)? {
        Some(previous) => compared(sql, pact, previous),
        None => Ok(Found::First(pact)),
    }
}

/// `GET P/version/{number}/diff/version/{other}`
pub(crate) async fn with_version(
    call: Call,
    Path(path): Path<(String, String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| two_versions(sql, &path);
    let found = call.state.store.read(read).await?;
    reply(&call, found).await
}

/// The pacts of two versions of a consumer.
pub(crate) fn two_versions(
    sql: &mut dyn Sql,
    (provider, consumer, number, other): &(String, String, String, String),
) -> Result<Found, Problem> {
    let pact = find(sql, provider, consumer, number)?;
    let other = find(sql, provider, consumer, other)?;
    compared(sql, pact, other)
}

/// `GET P/pact-version/{hash}/diff/pact-version/{other}`
pub(crate) async fn with_content(
    call: Call,
    Path(path): Path<(String, String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| two_contents(sql, &path);
    let found = call.state.store.read(read).await?;
    reply(&call, found).await
}

/// Two contents between a provider and a consumer.
pub(crate) fn two_contents(
    sql: &mut dyn Sql,
    (provider, consumer, hash, other): &(String, String, String, String),
) -> Result<Found, Problem> {
    let pair = pair(sql, provider, consumer)?;
    let mut of = |hash: &str| publications::of_content(sql, pair, hash);
    let pact = of(hash)?.ok_or(Problem::NotFound)?;
    let other = of(other)?.ok_or(Problem::NotFound)?;
    compared(sql, pact, other)
}

fn compared(sql: &mut dyn Sql, pact: Publication, other: Publication) -> Result<Found, Problem> {
    let changed_at = publications::next(sql, &other)?.map(|next| next.created_at);
    let documents = (
        publications::document(sql, other.content_id)?,
        publications::document(sql, pact.content_id)?,
    );
    Ok(Found::Two(Box::new(Compared {
        changed_at: changed_at.unwrap_or_else(|| pact.created_at.clone()),
        pact,
        other,
        documents,
    })))
}

impl Compared {
    /// The lines that differ. Comparing takes time, so that it is done beside the threads that answer.
    pub(crate) async fn lines(&mut self) -> String {
        let (old, new) = std::mem::take(&mut self.documents);
        let compare = move || {
            let read = |text: &str| document::without_ids(text).unwrap_or(Value::Null);
            difference(&read(&old), &read(&new))
        };
        tokio::task::spawn_blocking(compare)
            .await
            .unwrap_or_default()
    }
}

async fn reply(call: &Call, found: Found) -> Outcome {
    let mut two = match found {
        Found::First(pact) => {
            let text = format!(
                "No previous distinct version was found for {}",
                pact.title()
            );
            return Ok(Reply::text(MediaType::PlainUtf8, text));
        }
        Found::Two(two) => two,
    };
    let lines = two.lines().await;
    let url = |pact: &Publication| {
        let Publication {
            provider,
            consumer,
            version_number,
            ..
        } = pact;
        call.urls.pact(provider, consumer, version_number)
    };
    if call.accepts("application/json") || call.accepts("application/hal+json") {
        let links = json!({
            "pact-version": named("Pact", two.pact.title(), url(&two.pact)),
            "comparison-pact-version": named("Pact", two.other.title(), url(&two.other)),
        });
        return Ok(Reply::ok(&json!({ "difference": lines, "_links": links })));
    }
    let now = call.now();
    let text = format!(
        "# Diff between versions {old} and {new} of the pact between {consumer} and {provider}\n\n\
         The following changes were made {age} ago ({date})\n\n{lines}\n\n## Links\n\n\
         pact-version:\n{own}comparison-pact-version:\n{other}",
        old = two.other.version_number,
        new = two.pact.version_number,
        consumer = two.pact.consumer,
        provider = two.pact.provider,
        age = ago(&two.changed_at, &now),
        date = in_words(&two.changed_at),
        own = link(&two.pact, &url(&two.pact)),
        other = link(&two.other, &url(&two.other)),
    );
    Ok(Reply::text(MediaType::PlainUtf8, text))
}

fn link(pact: &Publication, url: &str) -> String {
    format!("  title: Pact\n  name: {}\n  href: {url}\n", pact.title())
}
