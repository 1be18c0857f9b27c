//! One pact: publishing it, and reading it by version, by content, or the latest.

use ::http::HeaderName;
use axum::extract::Path;
use serde_json::{Value, json};

use super::publishing::{self, NameCheck, Order, ReadyPact};
use super::triggering::Trigger;
use crate::domain::metadata;
use crate::domain::model::Publication;
use crate::domain::notices::Before;
use crate::hal::{href, titled};
use crate::http::{Call, EXTENDED, JsonBody, MediaType, Outcome, Problem, Reply, Violations};
use crate::store::publications::{self, Of, Pair};
use crate::store::{Sql, heads, pacticipants, versions};
use crate::views::pacts::{self as views, Asked};

type Names = (String, String);

/// Names the version of the latest pact, for clients that only look at headers.
const CONSUMER_VERSION: HeaderName = HeaderName::from_static("x-pact-consumer-version");

const JSON: &[&str] = &["application/json", "application/hal+json"];
const PATCH: &[&str] = &[
    "application/json",
    "application/hal+json",
    "application/merge-patch+json",
];

/// A publication with its document and how it was asked for.
struct Found {
    publication: Publication,
    document: String,
    asked: Asked,
}

/// The pair of a provider and a consumer by name, or 404.
pub(crate) fn pair(sql: &mut dyn Sql, provider: &str, consumer: &str) -> Result<Pair, Problem> {
    publications::pair(sql, consumer, provider)?.ok_or(Problem::NotFound)
}

/// The pact of a consumer version, or 404.
pub(crate) fn find(
    sql: &mut dyn Sql,
    provider: &str,
    consumer: &str,
    number: &str,
) -> Result<Publication, Problem> {
    let pair = pair(sql, provider, consumer)?;
    let version = versions::find(sql, pair.consumer_id, number)?.ok_or(Problem::NotFound)?;
    publications::find(sql, version.id, pair.provider_id)?.ok_or(Problem::NotFound)
}

fn with_document(sql: &mut dyn Sql, publication: Publication) -> Result<Found, Problem> {
    let document = publications::document(sql, publication.content_id)?;
    Ok(Found {
        publication,
        document,
        asked: Asked::default(),
    })
}

fn reply(call: &Call, found: &Found) -> Reply {
    let body = views::pact(
        &call.urls,
        &found.publication,
        &found.document,
        &found.asked,
    );
    let wants_json = call
        .accept
        .as_deref()
        .is_some_and(|accept| accept.starts_with("application/json"));
    Reply::text(
        if wants_json {
            MediaType::Json
        } else {
            MediaType::Hal
        },
        body,
    )
}

/// `GET P/version/{number}`
pub(crate) async fn read(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let publication = find(sql, &provider, &consumer, &number)?;
        let tags = heads::tags(sql, &[publication.id])?.remove(&publication.id);
        Ok::<_, Problem>((with_document(sql, publication)?, tags.unwrap_or_default()))
    };
    let (found, tags) = call.state.store.read(read).await?;
    if call.accepts(EXTENDED) {
        let body = views::extended(&call.urls, &found.publication, &found.document, &tags);
        return Ok(Reply::text(MediaType::Extended, body));
    }
    Ok(reply(&call, &found))
}

/// `GET P/version/{number}/previous-distinct`
pub(crate) async fn previous_distinct(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let publication = find(sql, &provider, &consumer, &number)?;
        let previous =
            publications::previous_distinct(sql, &publication)?.ok_or(Problem::NotFound)?;
        with_document(sql, previous)
    };
    let found = call.state.store.read(read).await?;
    Ok(reply(&call, &found))
}

/// Which of the pacts between two pacticipants is the latest.
enum Latest {
    Any,
    WithTag(String),
    Untagged,
    OnBranch(String),
}

impl Latest {
    fn of(&self) -> Of<'_> {
        match self {
            Self::Any => Of::Any,
            Self::WithTag(tag) => Of::Tag(tag),
            Self::Untagged => Of::Untagged,
            Self::OnBranch(branch) => Of::Branch(branch),
        }
    }
}

async fn read_latest(call: Call, provider: String, consumer: String, latest: Latest) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &provider, &consumer)?;
        let publication =
            publications::latest_between(sql, pair, latest.of())?.ok_or(Problem::NotFound)?;
        let tag = match &latest {
            Latest::WithTag(tag) => Some(tag.as_str()),
            Latest::Untagged => Some("untagged"),
            Latest::Any | Latest::OnBranch(_) => None,
        };
        let text = metadata::encode_latest(publication.version_id, tag);
        let mut found = with_document(sql, publication)?;
        found.asked.metadata = Some(text);
        Ok::<_, Problem>(found)
    };
    let found = call.state.store.read(read).await?;
    let number = found.publication.version_number.clone();
    Ok(reply(&call, &found).header(CONSUMER_VERSION, number))
}

/// `GET P/latest`
pub(crate) async fn latest(call: Call, Path((provider, consumer)): Path<Names>) -> Outcome {
    read_latest(call, provider, consumer, Latest::Any).await
}

/// `GET P/latest/{tag}`
pub(crate) async fn latest_with_tag(
    call: Call,
    Path((provider, consumer, tag)): Path<(String, String, String)>,
) -> Outcome {
    read_latest(call, provider, consumer, Latest::WithTag(tag)).await
}

/// `GET P/latest-untagged`
pub(crate) async fn latest_untagged(
    call: Call,
    Path((provider, consumer)): Path<Names>,
) -> Outcome {
    read_latest(call, provider, consumer, Latest::Untagged).await
}

/// `GET P/branch/{branch}/latest`
pub(crate) async fn latest_on_branch(
    call: Call,
    Path((provider, consumer, branch)): Path<(String, String, String)>,
) -> Outcome {
    read_latest(call, provider, consumer, Latest::OnBranch(branch)).await
}

/// `GET P/pact-version/{hash}`
pub(crate) async fn by_content(
    call: Call,
    Path((provider, consumer, hash)): Path<(String, String, String)>,
) -> Outcome {
    read_content(call, (provider, consumer, hash), None).await
}

/// `GET P/pact-version/{hash}/metadata/{metadata}`
pub(crate) async fn by_content_with_metadata(
    call: Call,
    Path((provider, consumer, hash, metadata)): Path<(String, String, String, String)>,
) -> Outcome {
    read_content(call, (provider, consumer, hash), Some(metadata)).await
}

async fn read_content(
    call: Call,
    (provider, consumer, hash): (String, String, String),
    metadata: Option<String>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &provider, &consumer)?;
        let publication = publications::of_content(sql, pair, &hash)?.ok_or(Problem::NotFound)?;
        let mut found = with_document(sql, publication)?;
        if let Some(text) = metadata {
            let metadata = metadata::decode(&text);
            found.asked.consumer_versions = named_versions(sql, &metadata)?;
            found.asked.metadata = Some(text);
        }
        Ok::<_, Problem>(found)
    };
    let found = call.state.store.read(read).await?;
    Ok(reply(&call, &found))
}

/// The consumer version numbers that metadata names.
pub(super) fn named_versions(
    sql: &mut dyn Sql,
    metadata: &metadata::Metadata,
) -> Result<Vec<String>, Problem> {
    let mut numbers = metadata.consumer_version_numbers.clone();
    for id in &metadata.consumer_versions {
        if let Some(version) = versions::by_id(sql, *id)?
            && !numbers.contains(&version.number)
        {
            numbers.push(version.number);
        }
    }
    Ok(numbers)
}

/// What a publication does where the version has published another content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Refuse,
    Replace,
    Merge,
}

/// `PUT P/version/{number}`
pub(crate) async fn put(
    call: Call,
    Path(path): Path<(String, String, String)>,
    body: JsonBody,
) -> Outcome {
    let known = if call.state.config.contract_modification {
        Known::Replace
    } else {
        Known::Refuse
    };
    publish(call, path, body, known).await
}

/// `PATCH P/version/{number}`
pub(crate) async fn patch(
    call: Call,
    Path(path): Path<(String, String, String)>,
    body: JsonBody,
) -> Outcome {
    publish(call, path, body, Known::Merge).await
}

async fn publish(
    call: Call,
    (provider, consumer, number): (String, String, String),
    body: JsonBody,
    known: Known,
) -> Outcome {
    let pact = ReadyPact::read(&body.text)
        .map_err(|error| Problem::Unreadable(format!("The pact is not JSON: {error}")))?;
    check_names(&pact.value, &provider, &consumer)?;
    call.require_content_type(if known == Known::Merge { PATCH } else { JSON })?;
    let (now, name_check) = (call.now(), NameCheck::of(&call));
    let trigger = Trigger::new(&call);
    let write = move |sql: &mut dyn Sql| {
        let conflicts = publishing::name_conflicts(sql, &[&consumer, &provider], &name_check)?;
        if let Some(text) = conflicts.into_iter().next() {
            return Err(Problem::ConflictText(text));
        }
        let consumer = pacticipants::find_or_create(sql, &consumer, &now)?;
        let provider = pacticipants::find_or_create(sql, &provider, &now)?;
        let (version, _) = versions::find_or_create(sql, consumer.id, &number, &now)?;
        let order = Order {
            consumer: &consumer,
            provider: &provider,
            version: &version,
            pact: &pact,
            now: &now,
            trigger: &trigger,
        };
        let joined;
        let order = if known == Known::Merge {
            joined = publishing::merged(sql, order)?.map_err(Problem::ConflictText)?;
            Order {
                pact: &joined,
                ..order
            }
        } else {
            order
        };
        if known == Known::Refuse
            && let Some(conflict) = publishing::conflict(sql, order)?
        {
            return Err(Problem::Conflict(conflict.text));
        }
        versions::touch(sql, version.id, &now)?;
        let published = publishing::publish(sql, order)?;
        Ok((
            with_document(sql, published.publication)?,
            published.before == Before::Nothing,
            published.triggered.any(),
        ))
    };
    let (found, is_new, has_triggered) = call.state.store.write(write).await?;
    if has_triggered {
        call.state.webhooks.wake();
    }
    Ok(reply(&call, &found).created_if(is_new))
}

/// `DELETE P/version/{number}`
pub(crate) async fn delete(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let publication = find(sql, &provider, &consumer, &number)?;
        publications::delete(sql, publication.version_id, publication.provider_id)?;
        let pair = pair(sql, &provider, &consumer)?;
        Ok::<_, Problem>(publications::latest_between(sql, pair, Of::Any)?)
    };
    let latest = call.state.store.write(write).await?;
    let mut links = crate::views::members(json!({ "index": href(call.urls.base()) }));
    if let Some(pact) = latest {
        let url = format!("{}/latest", call.urls.pacts(&pact.provider, &pact.consumer));
        links.insert(
            "pb:latest-pact-version".to_owned(),
            titled("Latest pact", url),
        );
    }
    Ok(Reply::ok(&json!({ "_links": links })))
}

/// Checks that the names in a pact, if there are any, are those in the path.
fn check_names(pact: &Value, provider: &str, consumer: &str) -> Result<(), Problem> {
    let mut violations = Violations::default();
    for (role, in_path) in [("consumer", consumer), ("provider", provider)] {
        let in_pact = pact
            .get(role)
            .and_then(|party| party.get("name"))
            .and_then(Value::as_str);
        if let Some(in_pact) = in_pact.filter(|in_pact| *in_pact != in_path) {
            let text =
                format!("name in pact '{in_pact}' does not match name in URL path '{in_path}'.");
            violations.add(&format!("{role}.name"), text);
        }
    }
    Ok(violations.check()?)
}
