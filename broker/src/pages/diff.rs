//! What changed between two pacts, line by line.

use axum::extract::Path;
use maud::{Markup, html};

use super::layout::Page;
use crate::domain::model::Publication;
use crate::handlers::diffs::{self, Found};
use crate::http::{Call, Outcome};
use crate::store::Sql;

/// `GET P/version/{number}/diff/previous-distinct` for browsers.
pub(crate) async fn with_previous_distinct(
    call: Call,
    Path((provider, consumer, number)): Path<(String, String, String)>,
) -> Outcome {
    let read =
        move |sql: &mut dyn Sql| diffs::previous_distinct(sql, &provider, &consumer, &number);
    let found = call.state.store.read(read).await?;
    show(&call, found).await
}

/// `GET P/version/{number}/diff/version/{other}` for browsers.
pub(crate) async fn with_version(
    call: Call,
    Path(path): Path<(String, String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| diffs::two_versions(sql, &path);
    let found = call.state.store.read(read).await?;
    show(&call, found).await
}

/// `GET P/pact-version/{hash}/diff/pact-version/{other}` for browsers.
pub(crate) async fn with_content(
    call: Call,
    Path(path): Path<(String, String, String, String)>,
) -> Outcome {
    let read = move |sql: &mut dyn Sql| diffs::two_contents(sql, &path);
    let found = call.state.store.read(read).await?;
    show(&call, found).await
}

async fn show(call: &Call, found: Found) -> Outcome {
    let page = Page::new(call);
    let mut two = match found {
        Found::First(pact) => {
            let body = html! {
                h1 { "Nothing before it" }
                p.lead { "This is the first content of the " (link(&page, &pact)) "." }
            };
            return Ok(page.show("Nothing before it", &body));
        }
        Found::Two(two) => two,
    };
    let lines = two.lines().await;
    let body = html! {
        h1 { (two.pact.consumer) " → " (two.pact.provider) }
        p.lead {
            "What changed from " (link(&page, &two.other)) " to " (link(&page, &two.pact)) ", "
            (page.age(&two.changed_at))
        }
        @if lines.is_empty() { div.empty { p { "Nothing that a verification depends on." } } }
        @else { pre { @for line in lines.lines() { (shown(line)) } } }
    };
    Ok(page.show("What changed", &body))
}

fn link(page: &Page, pact: &Publication) -> Markup {
    let url = page
        .urls
        .pact(&pact.provider, &pact.consumer, &pact.version_number);
    html! { a href=(url) { "pact of version " (pact.version_number) } }
}

fn shown(line: &str) -> Markup {
    let class = match line.as_bytes().first() {
        Some(b'+') => "line plus",
        Some(b'-') => "line minus",
        Some(b'@') => "line place",
        _ => "line",
    };
    html! { span class=(class) { (line) } }
}
