//! What a verification found out, interaction by interaction.

use axum::extract::Path;
use maud::{Markup, html};
use serde_json::Value;

use super::layout::{Page, Standing, json};
use crate::domain::document;
use crate::domain::model::{Publication, VerificationResult};
use crate::domain::test_results::{FailedInteraction, Mismatch, failed_interactions};
use crate::handlers::results;
use crate::http::{Call, Outcome, Problem};
use crate::store::{Sql, publications};

/// An interaction of a pact: its description and the names of its provider states.
type Interaction = (String, Vec<String>);

/// A result, the pact it is about, and the pact's interactions.
type Found = (Publication, VerificationResult, Vec<Interaction>);

/// `GET P/pact-version/{hash}/verification-results/{number}` for browsers.
pub(crate) async fn result(
    call: Call,
    Path(path): Path<(String, String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let found = results::find(sql, &path)?;
        complete(sql, found)
    };
    show(&call, &call.state.store.read(read).await?)
}

/// `GET P/pact-version/{hash}/metadata/{metadata}/verification-results/{number}` for browsers.
pub(crate) async fn result_with_metadata(
    call: Call,
    Path((provider, consumer, hash, _, number)): Path<(String, String, String, String, String)>,
) -> Outcome {
    result(call, Path((provider, consumer, hash, number))).await
}

/// `GET P/version/{number}/verification-results/latest` for browsers.
pub(crate) async fn latest_of_version(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pact = crate::handlers::pacts::find(sql, &provider, &consumer, &number)?;
        let found = results::latest_of(sql, pact)?;
        complete(sql, found)
    };
    show(&call, &call.state.store.read(read).await?)
}

fn complete(
    sql: &mut dyn Sql,
    (pact, result): (Publication, VerificationResult),
) -> Result<Found, Problem> {
    let document = publications::document(sql, pact.content_id)?;
    let document: Value = serde_json::from_str(&document).unwrap_or_default();
    let interactions = document::interactions(&document).map(|one| {
        let description = one["description"].as_str().unwrap_or("an interaction");
        let states = document::states(one).into_iter().map(|(name, _)| name);
        (description.to_owned(), states.collect())
    });
    Ok((pact, result, interactions.collect()))
}

fn show(call: &Call, (pact, result, interactions): &Found) -> Outcome {
    let page = Page::new(call);
    let tests = result.test_results.as_deref().unwrap_or_default();
    let failed = failed_interactions(tests);
    let standing = Standing::of(Some(result));
    let url = page
        .urls
        .pact(&pact.provider, &pact.consumer, &pact.version_number);
    let verified_by: Option<Value> = result
        .verified_by
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok());
    let body = html! {
        h1 { (pact.provider) " " (result.provider_version_number) " and " (pact.consumer) " " (pact.version_number) }
        p.lead { "Verified " (page.age(&result.executed_at)) }
        dl {
            dt { "Result" } dd { (standing.mark()) }
            dt { "Pact" } dd { a href=(url) { (pact.title()) } }
            @if let Some(build) = result.build_url.as_deref().filter(|url| url.starts_with("http")) {
                dt { "Build" } dd { a href=(build) rel="noreferrer" { (build) } }
            }
            @if let Some(verified_by) = &verified_by {
                dt { "Verifier" } dd { (verified_by["implementation"].as_str().unwrap_or_default()) " "
                    (verified_by["version"].as_str().unwrap_or_default()) }
            }
        }
        h2 { "Interactions" }
        @if !result.success && failed.is_empty() {
            p.soft { "The verifier did not say which interactions failed." }
        }
        @for (name, states) in interactions {
            @let own = failed.iter().find(|one| one.is(name, states));
            (interaction(name, own, result.success))
        }
        @for other in failed.iter().filter(|one| !interactions.iter().any(|(name, states)| one.is(name, states))) {
            (interaction(&other.description, Some(other), false))
        }
        @if let Ok(document) = serde_json::from_str::<Value>(tests) {
            details { summary { "Everything the verifier said" } (json(&document)) }
        }
    };
    Ok(page.show("Verification result", &body))
}

fn interaction(name: &str, own: Option<&FailedInteraction>, success: bool) -> Markup {
    let standing = match own {
        Some(_) => Some(Standing::Failed),
        None if success => Some(Standing::Verified),
        None => None,
    };
    html! { section.exchange {
        h3 { (name) @if let Some(standing) = standing { (standing.mark()) } }
        @if let Some(own) = own {
            @if !own.provider_states.is_empty() { p.soft { "Given " (own.provider_states.join(", ")) } }
            @if !own.mismatches.is_empty() { (mismatches(&own.mismatches)) }
        }
    } }
}

fn mismatches(all: &[Mismatch]) -> Markup {
    // A text keeps its quotes: that may be all the difference.
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    html! { div.scroll { table {
        thead { tr { th { "Where" } th { "Expected" } th { "Actual" } th { "What" } } }
        tbody { @for one in all { tr {
            td { code { (one.path.as_deref().unwrap_or_default()) } }
            td { code { (text(&one.expected)) } }
            td { code { (text(&one.actual)) } }
            td { (one.description.as_deref().or(one.rule.as_deref()).unwrap_or_default()) }
        } } }
    } } }
}
