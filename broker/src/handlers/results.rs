//! Verification results.

use axum::extract::Path;
use serde_json::{Map, Value};
use url::Url;

use super::pacts;
use super::triggering::Trigger;
use crate::domain::metadata;
use crate::domain::model::{Publication, VerificationResult};
use crate::http::{Call, EXTENDED, JsonBody, MediaType, Outcome, Problem, Reply, Violations};
use crate::store::publications::{self, Of};
use crate::store::results::{self as table, NewResult};
use crate::store::{Sql, pacticipants, versions};
use crate::views::results::{self as views, Verified};

type Names = (String, String, String);

/// What a request says about a result.
struct Fields {
    success: bool,
    provider_version: String,
    build_url: Option<String>,
    test_results: Option<String>,
    verified_by: Option<String>,
}

/// What a URL does not hold; a reader of URLs would escape it.
fn has_space(url: &str) -> bool {
    url.contains(char::is_whitespace)
}

fn fields(body: &Map<String, Value>) -> Result<Fields, Violations> {
    let mut violations = Violations::default();
    let success = violations.required_boolean(body, "success");
    let provider_version = violations.required_name(body, "providerApplicationVersion");
    let build_url = violations.optional_text(body, "buildUrl");
    let build_url = build_url.filter(|url| !url.is_empty());
    if build_url
        .as_deref()
        .is_some_and(|url| Url::parse(url).is_err() || has_space(url))
    {
        violations.add("buildUrl", "is not a valid URL eg. http://example.org");
    }
    let stored = |name: &str| {
        body.get(name)
            .filter(|value| !value.is_null())
            .map(Value::to_string)
    };
    let fields = Fields {
        success: success.unwrap_or_default(),
        provider_version: provider_version.unwrap_or_default(),
        build_url,
        test_results: stored("testResults"),
        verified_by: stored("verifiedBy"),
    };
    violations.check()?;
    Ok(fields)
}

/// `POST P/pact-version/{hash}/verification-results`
pub(crate) async fn create(call: Call, Path(path): Path<Names>, body: JsonBody) -> Outcome {
    store(call, path, String::new(), body).await
}

/// `POST P/pact-version/{hash}/metadata/{metadata}/verification-results`
pub(crate) async fn create_with_metadata(
    call: Call,
    Path((provider, consumer, hash, metadata)): Path<(String, String, String, String)>,
    body: JsonBody,
) -> Outcome {
    store(call, (provider, consumer, hash), metadata, body).await
}

async fn store(
    call: Call,
    (provider, consumer, hash): Names,
    metadata: String,
    body: JsonBody,
) -> Outcome {
    let fields = fields(&body.object()?)?;
    let now = call.now();
    let metadata = metadata::decode(&metadata);
    let trigger = Trigger::new(&call);
    let content_type = call.require_content_type(&["application/json"]);
    let write = move |sql: &mut dyn Sql| {
        let pair = pacts::pair(sql, &provider, &consumer)?;
        let publication = publications::of_content(sql, pair, &hash)?.ok_or(Problem::NotFound)?;
        content_type?;
        let provider = pacticipants::find_or_create(sql, &provider, &now)?;
        let (version, _) =
            versions::find_or_create(sql, provider.id, &fields.provider_version, &now)?;
        let new = NewResult {
            content_id: publication.content_id,
            provider_version_id: version.id,
            success: fields.success,
            wip: metadata.wip,
            build_url: fields.build_url,
            test_results: fields.test_results,
            verified_by: fields.verified_by,
            executed_at: now.clone(),
            now,
        };
        let result = table::insert(sql, &new)?;
        let versions = pacts::named_versions(sql, &metadata)?;
        let triggered = trigger.result(sql, &publication, &result, &versions)?;
        let verdict = if result.success { "passed" } else { "failed" };
        let about = format!("{}, version {}: {verdict}", provider.name, version.number);
        Ok::<_, Problem>(((result, publication, triggered.any()), about))
    };
    let (result, publication, has_triggered) = call.state.store.write_about(write).await?;
    if has_triggered {
        call.state.webhooks.wake();
    }
    let document = views::result(&call.urls, &publication, &result);
    Ok(Reply::created(&document).at(views::url(&call.urls, &publication, &result)))
}

fn reply(call: &Call, (publication, result): &(Publication, VerificationResult)) -> Reply {
    Reply::ok(&views::result(&call.urls, publication, result))
}

/// `GET P/pact-version/{hash}/verification-results/{number}`, with or without metadata
pub(crate) async fn read(
    call: Call,
    Path(path): Path<(String, String, String, String)>,
) -> Outcome {
    if !call.accepts(EXTENDED) {
        let read = move |sql: &mut dyn Sql| find(sql, &path);
        let found = call.state.store.read(read).await?;
        return Ok(reply(&call, &found));
    }
    let read = move |sql: &mut dyn Sql| {
        let found = find(sql, &path)?;
        let id = found.1.provider_version_id;
        let labels = versions::labels(sql, &[id])?.remove(&id);
        Ok::<_, Problem>((found, labels.unwrap_or_default().tags))
    };
    let ((publication, result), tags) = call.state.store.read(read).await?;
    let document = views::extended(&call.urls, &publication, &result, &tags);
    Ok(Reply::text(MediaType::Extended, document.to_string()))
}

/// A result with the publication it is about, or 404.
pub(crate) fn find(
    sql: &mut dyn Sql,
    (provider, consumer, hash, number): &(String, String, String, String),
) -> Result<(Publication, VerificationResult), Problem> {
    let pair = pacts::pair(sql, provider, consumer)?;
    let publication = publications::of_content(sql, pair, hash)?.ok_or(Problem::NotFound)?;
    let id = number.parse().map_err(|_| Problem::NotFound)?;
    let result = table::find(sql, id)?.filter(|result| result.content_id == publication.content_id);
    Ok((publication, result.ok_or(Problem::NotFound)?))
}

/// `DELETE P/pact-version/{hash}/verification-results/{number}`
pub(crate) async fn delete(
    call: Call,
    Path(path): Path<(String, String, String, String)>,
) -> Outcome {
    let write = move |sql: &mut dyn Sql| {
        let (_, result) = find(sql, &path)?;
        Ok::<_, Problem>(table::delete(sql, &result)?)
    };
    call.state.store.write(write).await?;
    Ok(Reply::no_content())
}

/// `GET P/pact-version/{hash}/metadata/{metadata}/verification-results/{number}`
pub(crate) async fn read_with_metadata(
    call: Call,
    Path((provider, consumer, hash, _, number)): Path<(String, String, String, String, String)>,
) -> Outcome {
    read(call, Path((provider, consumer, hash, number))).await
}

/// The last result of a publication, or 404.
pub(crate) fn latest_of(
    sql: &mut dyn Sql,
    publication: Publication,
) -> Result<(Publication, VerificationResult), Problem> {
    let result = table::latest_of(sql, &[publication.content_id])?.pop();
    Ok((publication, result.ok_or(Problem::NotFound)?))
}

/// `GET P/pact-version/{hash}/verification-results/latest`
pub(crate) async fn latest_of_content(
    call: Call,
    Path((provider, consumer, hash)): Path<Names>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pair = pacts::pair(sql, &provider, &consumer)?;
        let publication = publications::of_content(sql, pair, &hash)?.ok_or(Problem::NotFound)?;
        latest_of(sql, publication)
    };
    let found = call.state.store.read(read).await?;
    Ok(reply(&call, &found))
}

/// `GET P/version/{number}/verification-results/latest`
pub(crate) async fn latest_of_version(
    call: Call,
    Path((provider, consumer, number)): Path<Names>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let publication = pacts::find(sql, &provider, &consumer, &number)?;
        latest_of(sql, publication)
    };
    let found = call.state.store.read(read).await?;
    Ok(reply(&call, &found))
}

/// `GET P/latest/verification-results/latest`
pub(crate) async fn latest_of_latest(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    latest_of_latest_among(call, provider, consumer, None).await
}

/// `GET P/latest/{tag}/verification-results/latest`
pub(crate) async fn latest_of_latest_with_tag(
    call: Call,
    Path((provider, consumer, tag)): Path<Names>,
) -> Outcome {
    latest_of_latest_among(call, provider, consumer, Some(tag)).await
}

async fn latest_of_latest_among(
    call: Call,
    provider: String,
    consumer: String,
    tag: Option<String>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pair = pacts::pair(sql, &provider, &consumer)?;
        let of = tag.as_deref().map_or(Of::Any, Of::Tag);
        let publication = publications::latest_between(sql, pair, of)?.ok_or(Problem::NotFound)?;
        latest_of(sql, publication)
    };
    let found = call.state.store.read(read).await?;
    Ok(reply(&call, &found))
}

/// `GET /verification-results/consumer/{consumer}/version/{number}/latest`
pub(crate) async fn summary(
    call: Call,
    Path((consumer, number)): Path<(String, String)>,
) -> Outcome {
    let (own_consumer, own_number) = (consumer.clone(), number.clone());
    let read = move |sql: &mut dyn Sql| {
        let version = super::version(sql, &own_consumer, &own_number)?;
        let pacts = publications::of_versions(sql, &[version.id])?;
        let contents: Vec<i64> = pacts.iter().map(|pact| pact.content_id).collect();
        let results = table::latest_of(sql, &contents)?;
        let publishers = table::publishers_of(sql, &contents)?;
        let verified = |pact: Publication| Verified {
            result: results
                .iter()
                .find(|one| one.content_id == pact.content_id)
                .cloned(),
            publishers: publishers.get(&pact.content_id).copied().unwrap_or(1),
            pact,
        };
        Ok::<_, Problem>(pacts.into_iter().map(verified).collect::<Vec<_>>())
    };
    let found = call.state.store.read(read).await?;
    Ok(Reply::ok(&views::summary(
        &call.urls, &consumer, &number, &found,
    )))
}
