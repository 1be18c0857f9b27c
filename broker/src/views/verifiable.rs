//! The pacts that a provider is given to verify.

use serde_json::{Map, Value, json};

use crate::domain::metadata;
use crate::domain::verifiable::{self, PendingScope, Verifiable};
use crate::domain::wip::{self, WorkInProgress};
use crate::hal::Urls;

/// Whether a pact is pending, and for whom; nothing if nobody asked.
pub(crate) type Pending = Option<(PendingScope, bool)>;

fn notice((when, text): (&str, String)) -> Value {
    json!({ "when": when, "text": text })
}

/// A pact that was selected.
pub(crate) fn selected(urls: &Urls, pact: &Verifiable, pending: &Pending) -> Value {
    let publication = &pact.publication;
    let content = urls.content(
        &publication.provider,
        &publication.consumer,
        &publication.hash,
    );
    let mut notices = vec![notice((
        "before_verification",
        verifiable::selection_text(pact, &content),
    ))];
    let mut properties = Map::new();
    if let Some((scope, is_pending)) = pending {
        properties.insert("pending".to_owned(), (*is_pending).into());
        let more = verifiable::pending_notices(&publication.provider, scope, *is_pending);
        notices.extend(more.into_iter().map(notice));
    }
    properties.insert("notices".to_owned(), notices.into());
    let selectors: Vec<_> = pact
        .reasons
        .iter()
        .map(|(reason, version, _)| reason.metadata(*version))
        .collect();
    let metadata = metadata::encode(
        &selectors,
        pending.as_ref().map(|(_, is_pending)| *is_pending),
    );
    let short: Vec<String> = pact
        .reasons
        .iter()
        .map(|(reason, ..)| reason.short())
        .collect();
    json!({
        "shortDescription": short.join(", "),
        "verificationProperties": properties,
        "_links": { "self": { "href": format!("{content}/metadata/{metadata}"), "name": publication.title() } },
    })
}

/// A pact that is work in progress.
pub(crate) fn work_in_progress(
    urls: &Urls,
    pact: &WorkInProgress,
    provider_branch: Option<&str>,
    show_pending: bool,
) -> Value {
    let publication = &pact.publication;
    let content = urls.content(
        &publication.provider,
        &publication.consumer,
        &publication.hash,
    );
    let href = format!("{content}/metadata/{}", metadata::encode_wip());
    let mut notices = vec![notice((
        "before_verification",
        wip::selection_text(pact, &href, provider_branch),
    ))];
    let mut properties = super::members(json!({ "wip": true }));
    if show_pending {
        properties.insert("pending".to_owned(), true.into());
        notices.push(notice((
            "before_verification",
            wip::pending_text(&publication.provider),
        )));
        let scope = wip::pending_scope(pact, provider_branch);
        let more = verifiable::pending_notices(&publication.provider, &scope, true);
        notices.extend(more.into_iter().skip(1).map(notice));
    }
    properties.insert("notices".to_owned(), notices.into());
    let short: Vec<String> = pact.heads.iter().map(|(head, _)| head.short()).collect();
    json!({
        "shortDescription": short.join(", "),
        "verificationProperties": properties,
        "_links": { "self": { "href": href, "name": publication.title() } },
    })
}

/// Tells a client that it asked in the way of old.
pub(crate) fn warn_of_old_form(pact: &mut Value) {
    let text = "WARNING - this version of the Pact library uses a beta version of the API which will be removed in the \
                future. Please upgrade your Pact library. See \
                https://docs.pact.io/pact_broker/advanced_topics/provider_verification_results/#pacts-for-verification \
                for minimum required versions.";
    if let Some(Value::Array(notices)) = pact.pointer_mut("/verificationProperties/notices") {
        notices.insert(0, notice(("before_verification", text.to_owned())));
    }
}

/// The whole answer.
pub(crate) fn pacts(own: &str, pacts: &[Value]) -> Value {
    json!({
        "_embedded": { "pacts": pacts },
        "_links": { "self": { "href": own, "title": "Pacts to be verified" } },
    })
}
