//! Every integration and how it stands.

use std::collections::HashMap;

use maud::{Markup, html};

use super::layout::{Page, Standing, chips};
use crate::domain::model::{Labels, Publication, VerificationResult};
use crate::hal::segment;
use crate::http::{Call, Outcome, Problem};
use crate::store::publications::Pair;
use crate::store::{Sql, SqlResult, publications, results, versions};
use crate::views::pages::Page as Part;

/// A pair's latest pact and what is known of it.
pub(super) struct Line {
    pub(super) pact: Publication,
    pub(super) labels: Labels,
    pub(super) result: Option<VerificationResult>,
    pub(super) standing: Standing,
}

/// `GET /` for browsers; `?q=` keeps the names that hold a text.
pub(crate) async fn index(call: Call) -> Outcome {
    let part = Part::asked(&call.query)?.unwrap_or_else(Part::first);
    let asked = call.query.get("q").unwrap_or_default().to_owned();
    let wanted = asked.to_lowercase();
    let read = move |sql: &mut dyn Sql| {
        let mut pacts = publications::latest(sql)?;
        pacts.retain(|pact| {
            pact.consumer.to_lowercase().contains(&wanted)
                || pact.provider.to_lowercase().contains(&wanted)
        });
        let counts = Counts::of(sql, &pacts)?;
        let shown = part.of(&pacts).to_vec();
        Ok::<_, Problem>((counts, lines(sql, shown)?))
    };
    let (counts, lines) = call.state.store.read(read).await?;
    let page = Page::new(&call);
    let url = page.urls.path("/");
    let search = match asked.as_str() {
        "" => String::new(),
        asked => format!("&q={}", segment(asked)),
    };
    let total = i64::try_from(counts.all).unwrap_or(i64::MAX);
    let body = html! {
        h1 { "Integrations" }
        p.lead { "Who has a pact with whom, and how its latest version stands." }
        (counts.shown())
        form.ask action=(url) method="get" role="search" {
            div { label for="q" { "Name of a consumer or provider" }
                input #q type="search" name="q" value=(asked) placeholder="part of a name"; }
            button { "Search" }
        }
        h2 { "Latest pacts" }
        @if lines.is_empty() {
            div.empty {
                @if asked.is_empty() {
                    p { "No pact has been published yet." }
                    p { code { "treaty publish pacts --broker-base-url " (call.urls.base()) } }
                } @else { p { "No name holds “" (asked) "”." } }
            }
        } @else { (table(&page, lines.iter())) }
        p {
            @for (relation, link) in part.links(&url, total) {
                a href={ (link["href"].as_str().unwrap_or_default()) (search) } rel=(relation) {
                    (link["title"].as_str().unwrap_or_default())
                } " "
            }
        }
    };
    Ok(page.show("Integrations", &body))
}

/// What is known of the latest pacts of pairs.
pub(super) fn lines(sql: &mut dyn Sql, pacts: Vec<Publication>) -> SqlResult<Vec<Line>> {
    let contents: Vec<i64> = pacts.iter().map(|pact| pact.content_id).collect();
    let results: HashMap<i64, VerificationResult> = results::latest_of(sql, &contents)?
        .into_iter()
        .map(|result| (result.content_id, result))
        .collect();
    let ids: Vec<i64> = pacts.iter().map(|pact| pact.version_id).collect();
    let labels = versions::labels(sql, &ids)?;
    let mut lines = Vec::new();
    for pact in pacts {
        let result = results.get(&pact.content_id).cloned();
        let pair = Pair {
            consumer_id: pact.consumer_id,
            provider_id: pact.provider_id,
        };
        let was_verified =
            result.is_none() && results::any_between(sql, pair.consumer_id, pair.provider_id)?;
        lines.push(Line {
            standing: if was_verified {
                Standing::Changed
            } else {
                Standing::of(result.as_ref())
            },
            labels: labels.get(&pact.version_id).cloned().unwrap_or_default(),
            result,
            pact,
        });
    }
    Ok(lines)
}

/// How the latest pacts of all pairs stand, those on other pages too.
struct Counts {
    all: usize,
    verified: usize,
    failed: usize,
}

impl Counts {
    fn of(sql: &mut dyn Sql, pacts: &[Publication]) -> SqlResult<Self> {
        let contents: Vec<i64> = pacts.iter().map(|pact| pact.content_id).collect();
        let results = results::latest_of(sql, &contents)?;
        let success: HashMap<i64, bool> = results
            .into_iter()
            .map(|result| (result.content_id, result.success))
            .collect();
        let count = |wanted: bool| {
            let found = contents.iter().filter_map(|content| success.get(content));
            found.filter(|success| **success == wanted).count()
        };
        Ok(Self {
            all: pacts.len(),
            verified: count(true),
            failed: count(false),
        })
    }

    fn shown(&self) -> Markup {
        html! {
            ul.counts {
                li { b { (self.all) } "integrations" }
                li { b { (self.verified) } "verified" }
                li { b { (self.failed) } "failed" }
                li { b { (self.all - self.verified - self.failed) } "waiting" }
            }
        }
    }
}

/// The latest pacts of pairs as a table.
pub(super) fn table<'a>(page: &Page, lines: impl Iterator<Item = &'a Line>) -> Markup {
    html! {
        div.scroll { table {
            thead { tr { th { "Consumer" } th { "Provider" } th { "Latest pact" } th { "Last verified" } th { "Status" } } }
            tbody { @for line in lines { tr {
                td { (page.pacticipant(&line.pact.consumer)) }
                td { (page.pacticipant(&line.pact.provider)) }
                td {
                    a href=(page.urls.pact(&line.pact.provider, &line.pact.consumer, &line.pact.version_number)) {
                        (line.pact.version_number)
                    } " " span.soft { (page.age(&line.pact.created_at)) }
                    div { (chips(&line.labels)) }
                }
                td { (verified(page, &line.pact, line.result.as_ref())) }
                td { (line.standing.mark()) }
            } } }
        } }
    }
}

/// By which provider version a pact was verified, with a link to what was found out.
pub(super) fn verified(
    page: &Page,
    pact: &Publication,
    result: Option<&VerificationResult>,
) -> Markup {
    html! { @match result {
        None => span.soft { "–" },
        Some(result) => {
            a href=(crate::views::results::url(&page.urls, pact, result)) { (result.provider_version_number) }
            " " span.soft { (page.age(&result.executed_at)) }
        }
    } }
}
