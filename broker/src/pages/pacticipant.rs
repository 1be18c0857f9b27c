//! A pacticipant: who it has pacts with, and its versions.

use axum::extract::Path;
use maud::{Markup, html};

use super::index::{Line, lines, table};
use super::layout::{Page, chips};
use super::network::network;
use crate::domain::model::{Labels, Pacticipant, Version};
use crate::http::{Call, Outcome, Problem};
use crate::store::versions::{self, Among, Window};
use crate::store::{Sql, publications};

/// How many versions are shown.
const VERSIONS_SHOWN: i64 = 25;

/// `GET /pacticipants/{name}` for browsers.
pub(crate) async fn pacticipant(call: Call, Path(name): Path<String>) -> Outcome {
    let read = move |sql: &mut dyn Sql| {
        let pacticipant = crate::handlers::pacticipant(sql, &name)?;
        let mut pacts = publications::latest(sql)?;
        pacts.retain(|pact| {
            pact.consumer_id == pacticipant.id || pact.provider_id == pacticipant.id
        });
        let lines = lines(sql, pacts)?;
        let window = Window {
            offset: 0,
            size: VERSIONS_SHOWN,
        };
        let versions = versions::list(sql, pacticipant.id, Among::All, window)?;
        let ids: Vec<i64> = versions.iter().map(|version| version.id).collect();
        let mut labels = versions::labels(sql, &ids)?;
        let versions: Vec<(Version, Labels)> = versions
            .into_iter()
            .map(|version| (labels.remove(&version.id).unwrap_or_default(), version))
            .map(|(labels, version)| (version, labels))
            .collect();
        Ok::<_, Problem>((pacticipant, lines, versions))
    };
    let (pacticipant, lines, versions) = call.state.store.read(read).await?;
    let page = Page::new(&call);
    let name = &pacticipant.name;
    let body = html! {
        h1 { (pacticipant.display_name.as_deref().unwrap_or(name)) }
        (facts(&pacticipant))
        @if lines.is_empty() { div.empty { p { (name) " has no pact with anybody." } } } @else {
            h2 { "Network" }
            (network(&page, name, &lines))
            (pacts("Pacts as a consumer", &page, lines.iter().filter(|line| &line.pact.consumer == name)))
            (pacts("Pacts as a provider", &page, lines.iter().filter(|line| &line.pact.provider == name)))
        }
        h2 { "Latest versions" }
        @if versions.is_empty() { div.empty { p { "There is no version yet." } } } @else {
            (version_table(&page, name, &versions))
        }
    };
    Ok(page.show(name, &body))
}

fn facts(pacticipant: &Pacticipant) -> Markup {
    let rows = [
        ("Name", Some(&pacticipant.name)),
        ("Main branch", pacticipant.main_branch.as_ref()),
        ("Repository", pacticipant.repository_url.as_ref()),
    ];
    html! { dl { @for (title, value) in rows { @if let Some(value) = value {
        dt { (title) } dd {
            @if value.starts_with("https://") || value.starts_with("http://") {
                a href=(value) rel="noreferrer" { (value) }
            } @else { (value) }
        }
    } } } }
}

fn pacts<'a>(title: &str, page: &Page, lines: impl Iterator<Item = &'a Line>) -> Markup {
    let mut lines = lines.peekable();
    html! { @if lines.peek().is_some() { h2 { (title) } (table(page, lines)) } }
}

fn version_table(page: &Page, name: &str, versions: &[(Version, Labels)]) -> Markup {
    html! { div.scroll { table {
        thead { tr { th { "Version" } th { "Known as" } th { "First seen" } th { "Can it go?" } } }
        tbody { @for (version, labels) in versions { tr {
            td {
                @match version.build_url.as_deref().filter(|url| url.starts_with("http")) {
                    Some(url) => a href=(url) rel="noreferrer" { (version.number) },
                    None => (version.number),
                }
            }
            td { (chips(labels)) }
            td.soft { (page.age(&version.created_at)) }
            td { a href=(super::matrix::link(&page.urls, name, &version.number)) { "ask the matrix" } }
        } } }
    } } }
}
