//! A pact as a person reads it: each interaction with what is asked and what is answered.

use axum::extract::Path;
use maud::{Markup, html};
use serde_json::Value;

use super::index::verified;
use super::layout::{Page, Standing, chips, json};
use crate::domain::document;
use crate::domain::model::{Labels, Publication, VerificationResult};
use crate::domain::test_results::{FailedInteraction, failed_interactions};
use crate::handlers::pacts::{find, pair};
use crate::http::{Call, Outcome, Problem};
use crate::store::publications::{self, Of};
use crate::store::{Sql, results, versions};

/// A pact with what is known of it.
struct Shown {
    pact: Publication,
    document: Value,
    labels: Labels,
    result: Option<VerificationResult>,
}

fn complete(sql: &mut dyn Sql, pact: Publication) -> Result<Shown, Problem> {
    let document = publications::document(sql, pact.content_id)?;
    let labels = versions::labels(sql, &[pact.version_id])?.remove(&pact.version_id);
    Ok(Shown {
        document: serde_json::from_str(&document).unwrap_or_default(),
        labels: labels.unwrap_or_default(),
        result: results::latest_of(sql, &[pact.content_id])?.pop(),
        pact,
    })
}

/// `GET P/version/{number}` for browsers.
pub(crate) async fn of_version(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pact = find(sql, &provider, &consumer, &number)?;
        complete(sql, pact)
    };
    show(&call, &call.state.store.read(read).await?)
}

/// `GET P/pact-version/{hash}` for browsers.
pub(crate) async fn of_content(
    call: Call,
    Path((provider, consumer, hash)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &provider, &consumer)?;
        let pact = publications::of_content(sql, pair, &hash)?.ok_or(Problem::NotFound)?;
        complete(sql, pact)
    };
    show(&call, &call.state.store.read(read).await?)
}

/// `GET P/latest` for browsers.
pub(crate) async fn latest(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| latest_of(sql, &provider, &consumer, Of::Any);
    show(&call, &call.state.store.read(read).await?)
}

/// `GET P/latest/{tag}` for browsers.
pub(crate) async fn latest_with_tag(
    call: Call,
    Path((provider, consumer, tag)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| latest_of(sql, &provider, &consumer, Of::Tag(&tag));
    show(&call, &call.state.store.read(read).await?)
}

/// `GET P/branch/{branch}/latest` for browsers.
pub(crate) async fn latest_on_branch(
    call: Call,
    Path((provider, consumer, branch)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| latest_of(sql, &provider, &consumer, Of::Branch(&branch));
    show(&call, &call.state.store.read(read).await?)
}

fn latest_of(
    sql: &mut dyn Sql,
    provider: &str,
    consumer: &str,
    of: Of<'_>,
) -> Result<Shown, Problem> {
    let pair = pair(sql, provider, consumer)?;
    let pact = publications::latest_between(sql, pair, of)?.ok_or(Problem::NotFound)?;
    complete(sql, pact)
}

fn show(call: &Call, shown: &Shown) -> Outcome {
    let page = Page::new(call);
    let pact = &shown.pact;
    let title = format!("{} → {}", pact.consumer, pact.provider);
    let own = page
        .urls
        .pact(&pact.provider, &pact.consumer, &pact.version_number);
    let failed = shown
        .result
        .as_ref()
        .filter(|result| !result.success)
        .and_then(|result| result.test_results.as_deref())
        .map(failed_interactions)
        .unwrap_or_default();
    let interactions: Vec<&Value> = document::interactions(&shown.document).collect();
    let body = html! {
        h1 { (page.pacticipant(&pact.consumer)) " → " (page.pacticipant(&pact.provider)) }
        p.lead { (interactions.len()) " interactions, published " (page.age(&pact.created_at)) }
        dl {
            dt { "Status" } dd { (Standing::of(shown.result.as_ref()).mark()) " " (verified(&page, pact, shown.result.as_ref())) }
            dt { "Version" } dd { (pact.version_number) " " (chips(&shown.labels)) }
            dt { "Content" } dd { code { (pact.hash) } }
            dt { "More" } dd {
                a href={ (own) "/diff/previous-distinct" } { "what changed" } " · "
                a href=(super::matrix::link_of_two(&page.urls, pact)) { "matrix" } " · "
                a href=(page.urls.path(&format!("/dashboard/provider/{}/consumer/{}",
                    crate::hal::segment(&pact.provider), crate::hal::segment(&pact.consumer)))) { "all that matter now" } " · "
                a href={ (own) ".json" } { "JSON" }
            }
        }
        @if interactions.len() > 1 { details open[interactions.len() <= 20] {
            summary { "All of them" }
            ul { @for (place, interaction) in interactions.iter().enumerate() {
                li { a href={ "#i" (place) } { (description(interaction)) } }
            } }
        } }
        h2 { "Interactions" }
        @if interactions.is_empty() { div.empty { p { "This pact has no interactions." } } }
        @for (place, interaction) in interactions.iter().enumerate() {
            (exchange(place, interaction, shown.result.as_ref(), &failed))
        }
    };
    Ok(page.show(&title, &body))
}

fn description(interaction: &Value) -> &str {
    interaction["description"]
        .as_str()
        .unwrap_or("an interaction")
}

fn exchange(
    place: usize,
    interaction: &Value,
    result: Option<&VerificationResult>,
    failed: &[FailedInteraction],
) -> Markup {
    let description = description(interaction);
    let states = document::states(interaction);
    let names: Vec<String> = states.iter().map(|(name, _)| name.clone()).collect();
    let has_failed = failed.iter().any(|one| one.is(description, &names));
    let standing = match result {
        Some(result) if result.success => Some(Standing::Verified),
        Some(_) if has_failed => Some(Standing::Failed),
        _ => None,
    };
    html! {
        section.exchange id={ "i" (place) } {
            h3 { (description) @if let Some(standing) = standing { (standing.mark()) } }
            @for (name, params) in &states {
                p.soft { "Given " b { (name) } @if let Some(params) = params.as_ref().filter(|params| params.as_object().is_none_or(|members| !members.is_empty())) {
                    " with " code { (params.to_string()) }
                } }
            }
            div.sides {
                @if interaction.get("request").is_some() {
                    div { h4 { "Request" } (request(&interaction["request"])) }
                    @for response in responses(interaction) { div { h4 { "Response" } (response_side(response)) } }
                } @else { div { h4 { "Message" } (message(interaction)) } }
            }
            (rules(interaction))
        }
    }
}

/// One response of an HTTP interaction, all of a message's.
fn responses(interaction: &Value) -> Vec<&Value> {
    match &interaction["response"] {
        Value::Array(all) => all.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn request(request: &Value) -> Markup {
    let query = match &request["query"] {
        Value::String(text) => text.clone(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, values)| match values {
                Value::Array(values) => values
                    .iter()
                    .map(|value| format!("{name}={}", plain(value)))
                    .collect(),
                other => vec![format!("{name}={}", plain(other))],
            })
            .collect::<Vec<_>>()
            .join("&"),
        _ => String::new(),
    };
    html! {
        @if request.get("path").is_some() {
            pre { (request["method"].as_str().unwrap_or("GET").to_uppercase()) " " (plain(&request["path"]))
                @if !query.is_empty() { "?" (query) } "\n" (headers(request)) }
        }
        (content(request))
    }
}

fn response_side(response: &Value) -> Markup {
    html! {
        @if response.get("status").is_some() { pre { (plain(&response["status"])) "\n" (headers(response)) } }
        (content(response))
    }
}

fn message(message: &Value) -> Markup {
    html! {
        @if let Some(metadata) = message.get("metadata").or_else(|| message.get("metaData")) {
            details { summary { "Metadata" } (json(metadata)) }
        }
        (content(message))
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn headers(part: &Value) -> String {
    let line = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
            other => plain(other),
        };
        format!("{name}: {value}\n")
    };
    let headers = part["headers"].as_object();
    headers.into_iter().flatten().map(line).collect()
}

/// A body: as it stands in older pacts, under `content` in newer ones.
fn content(part: &Value) -> Markup {
    let body = part.get("body").or_else(|| part.get("contents"));
    let body = body.map(|body| body.get("content").unwrap_or(body));
    html! { @if let Some(body) = body.filter(|body| !body.is_null()) { (json(body)) } }
}

fn rules(interaction: &Value) -> Markup {
    let parts = [("request", "Request"), ("response", "Response")];
    let mut found: Vec<(&str, &Value)> = parts
        .iter()
        .filter_map(|(member, title)| Some((*title, interaction[member].get("matchingRules")?)))
        .collect();
    found.extend(
        interaction
            .get("matchingRules")
            .map(|rules| ("Message", rules)),
    );
    html! { @if !found.is_empty() { details { summary { "Matching rules" }
        @for (title, rules) in found { h4.soft { (title) } (json(rules)) }
    } } }
}
