//! What every page has in common.

use maud::{DOCTYPE, Markup, html};

use crate::domain::model::{Labels, VerificationResult};
use crate::hal::Urls;
use crate::http::{Call, MediaType, Outcome, Reply};
use crate::time::{ago, in_words};

const STYLE: &str = include_str!("style.css");

/// `GET /assets/style.css`
pub(crate) async fn style() -> Outcome {
    Ok(Reply::text(MediaType::Css, STYLE.to_owned()))
}

/// What a page needs of its request: where links lead, and what time it is.
pub(super) struct Page {
    pub(super) urls: Urls,
    pub(super) now: String,
}

impl Page {
    pub(super) fn new(call: &Call) -> Self {
        Self {
            urls: call.urls.in_place(),
            now: call.now(),
        }
    }

    /// The page as an answer.
    pub(super) fn show(&self, title: &str, body: &Markup) -> Reply {
        Reply::text(MediaType::Html, shell(&self.urls, title, body))
    }

    /// How long ago something was, with the moment for whoever points at it.
    pub(super) fn age(&self, moment: &str) -> Markup {
        html! { time datetime=(moment) title=(in_words(moment)) { (ago(moment, &self.now)) " ago" } }
    }

    /// A link to a pacticipant.
    pub(super) fn pacticipant(&self, name: &str) -> Markup {
        html! { a href=(self.urls.pacticipant(name)) { (name) } }
    }
}

fn shell(urls: &Urls, title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Treaty" }
                link rel="stylesheet" href=(urls.path("/assets/style.css"));
            }
            body {
                header { nav aria-label="Main" {
                    a.home href=(urls.path("/")) { "Treaty broker" }
                    a href=(urls.path("/")) { "Integrations" }
                    a href=(urls.path("/dashboard")) { "Dashboard" }
                    a href=(urls.path("/matrix")) { "Can I deploy?" }
                    a href=(urls.path("/openapi.json")) { "API" }
                } }
                main { (body) }
                footer { p { "Treaty " (env!("CARGO_PKG_VERSION")) } }
            }
        }
    };
    page.into_string()
}

/// The page of an answer that is no success.
pub(crate) fn problem(urls: &Urls, status: http::StatusCode, text: &str) -> String {
    let reason = status.canonical_reason().unwrap_or("No answer");
    let body = html! {
        h1 { (reason) }
        p.lead { (text) }
        p { a href=(urls.path("/")) { "All integrations" } }
    };
    shell(urls, reason, &body)
}

/// How a pact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Verified,
    Failed,
    /// Verified before, but not with this content.
    Changed,
    Never,
}

impl Standing {
    pub(super) fn of(result: Option<&VerificationResult>) -> Self {
        Self::of_outcome(result.map(|result| result.success))
    }

    pub(super) fn of_outcome(success: Option<bool>) -> Self {
        match success {
            Some(true) => Self::Verified,
            Some(false) => Self::Failed,
            None => Self::Never,
        }
    }

    pub(super) fn mark(self) -> Markup {
        let (class, text) = match self {
            Self::Verified => ("mark good", "✓ verified"),
            Self::Failed => ("mark bad", "✗ failed"),
            Self::Changed => ("mark wait", "• changed since"),
            Self::Never => ("mark wait", "• not verified"),
        };
        html! { span class=(class) { (text) } }
    }

    pub(super) fn line(self) -> &'static str {
        match self {
            Self::Verified => "good-line",
            Self::Failed => "bad-line",
            Self::Changed | Self::Never => "wait-line",
        }
    }
}

/// Branches, tags and environments of a version.
pub(super) fn chips(labels: &Labels) -> Markup {
    html! {
        @for (name, is_head) in &labels.branches {
            span.chip title=(if *is_head { "head of this branch" } else { "on this branch" }) {
                "⎇ " (name) @if *is_head { " (latest)" }
            }
        }
        @for tag in &labels.tags { span.chip title="tag" { "# " (tag.name) } }
        @for environment in &labels.environments {
            span.chip.here title="in this environment now" { "● " (environment.name) }
        }
    }
}

/// JSON as a person reads it.
pub(super) fn json(value: &serde_json::Value) -> Markup {
    let text = match value {
        serde_json::Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    html! { pre { (text) } }
}
