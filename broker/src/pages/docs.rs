//! What the relations mean that links carry.

mod relations;

use axum::extract::Path;
use maud::{Markup, html};

use super::layout::Page;
use crate::http::{Call, Outcome, Problem};
use relations::RELATIONS;

/// What stands before the relations of lists of webhooks, whose prefix is explained elsewhere than all others'.
const OF_WEBHOOKS: &str = "webhooks-";

/// `GET /doc/{relation}` for browsers.
pub(crate) async fn relation(call: Call, Path(name): Path<String>) -> Outcome {
    let known = |name: &str| RELATIONS.iter().find(|(relation, ..)| *relation == name);
    let of_webhooks = || name.strip_prefix(OF_WEBHOOKS).and_then(known);
    let found = known(&name).or_else(of_webhooks);
    let (relation, methods, text) = found.ok_or(Problem::NotFound)?;
    let page = Page::new(&call);
    let body = html! {
        h1 { "pb:" (relation) }
        p.lead { (text) }
        dl { dt { "Methods" } dd { code { (methods) } } }
        @if *relation == "webhooks" { (allowed()) }
        p { a href=(page.urls.path("/openapi.json")) { "Every path of this broker" } }
    };
    Ok(page.show(relation, &body))
}

/// What webhooks may do: errors about them lead here.
fn allowed() -> Markup {
    html! {
        h2 #whitelist { "What is allowed" }
        p {
            "Unless the broker is started otherwise, webhooks are sent with " code { "POST" } " over " code { "https" }
            " to any host at a public address, and their answers are not shown."
        }
        p {
            code { "--webhook-methods" } ", " code { "--webhook-schemes" } " and " code { "--webhook-hosts" }
            " list what is allowed instead. Hosts that are listed may be at private addresses, and their answers are shown."
        }
    }
}
