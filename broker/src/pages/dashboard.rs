//! The pacts that matter now: the latest, the latest with each tag, and those in an environment.

use axum::extract::Path;
use maud::{Markup, html};

use super::index::verified;
use super::layout::{Page, Standing, chips};
use crate::handlers::dashboard::heads;
use crate::handlers::pacts::pair;
use crate::http::{Call, Outcome, Problem, Reply};
use crate::store::Sql;
use crate::views::dashboard::Head;

/// `GET /dashboard` for browsers.
pub(crate) async fn dashboard(call: Call) -> Outcome {
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(heads(sql, None)?);
    let heads = call.state.store.read(read).await?;
    Ok(reply(&call, "Dashboard", &heads))
}

/// `GET /dashboard/provider/{provider}/consumer/{consumer}` for browsers.
pub(crate) async fn of_pair(
    call: Call,
    Path((provider, consumer)): Path<(String, String)>,
) -> Outcome {
    let title = format!("{consumer} and {provider}");
    let read = move |sql: &mut dyn Sql| {
        let pair = pair(sql, &provider, &consumer)?;
        Ok::<_, Problem>(heads(sql, Some(pair))?)
    };
    let heads = call.state.store.read(read).await?;
    Ok(reply(&call, &title, &heads))
}

fn reply(call: &Call, title: &str, heads: &[Head]) -> Reply {
    let page = Page::new(call);
    let body = html! {
        h1 { (title) }
        p.lead { "The pacts that matter now: the latest of each pair, the latest with each tag, and what is deployed." }
        @if heads.is_empty() { div.empty { p { "There is no pact here." } } } @else { div.scroll { table {
            thead { tr { th { "Consumer" } th { "Version" } th { "Provider" } th { "Verified by" } th { "Status" } } }
            tbody { @for head in heads { (row(&page, head)) } }
        } } }
    };
    page.show(title, &body)
}

fn row(page: &Page, head: &Head) -> Markup {
    let pact = &head.pact;
    let result = head.verified.as_ref().map(|(result, _)| result);
    html! { tr {
        td { (page.pacticipant(&pact.consumer)) }
        td {
            a href=(page.urls.pact(&pact.provider, &pact.consumer, &pact.version_number)) { (pact.version_number) }
            " " span.soft { (page.age(&pact.created_at)) }
            div { (chips(&head.consumer)) }
        }
        td { (page.pacticipant(&pact.provider)) }
        td {
            (verified(page, pact, result))
            @if let Some((_, labels)) = &head.verified { div { (chips(labels)) } }
        }
        td { (Standing::of(result).mark()) }
    } }
}
