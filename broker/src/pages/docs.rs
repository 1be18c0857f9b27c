//! What the relations mean that links carry.

use axum::extract::Path;
use maud::html;

use super::layout::Page;
use crate::http::{Call, Outcome, Problem};

/// Each relation, the methods that make sense at its end, and what is there.
const RELATIONS: &[(&str, &str, &str)] = &[
    (
        "publish-contracts",
        "POST",
        "Publishes pacts with their version, branch and tags.",
    ),
    ("publish-pact", "PUT", "Publishes one pact of one version."),
    (
        "latest-pact-versions",
        "GET",
        "The latest pact of every integration.",
    ),
    (
        "pacticipants",
        "GET, POST",
        "The pacticipants; POST makes one.",
    ),
    (
        "pacticipant",
        "GET, PUT, PATCH, DELETE",
        "One pacticipant, by its name.",
    ),
    (
        "pacticipant-version",
        "GET, PUT, PATCH, DELETE",
        "One version of a pacticipant.",
    ),
    (
        "pacticipant-version-tag",
        "GET, PUT, DELETE",
        "One tag of a version.",
    ),
    (
        "pacticipant-branch",
        "GET, DELETE",
        "One branch of a pacticipant.",
    ),
    (
        "pacticipant-branch-version",
        "GET, PUT, DELETE",
        "One version on a branch; PUT puts it there.",
    ),
    (
        "branch-version",
        "GET, PUT, DELETE",
        "One version on a branch; PUT puts it there.",
    ),
    ("version-tag", "GET, PUT, DELETE", "One tag of a version."),
    ("provider-pacts", "GET", "All pacts of a provider."),
    (
        "latest-provider-pacts",
        "GET",
        "The latest pact of each consumer of a provider.",
    ),
    (
        "provider-pacts-for-verification",
        "POST",
        "The pacts that a provider's build is to verify.",
    ),
    (
        "latest-version",
        "GET",
        "The latest version of a pacticipant.",
    ),
    (
        "latest-tagged-version",
        "GET",
        "The latest version of a pacticipant with a tag.",
    ),
    ("webhooks", "GET, POST", "The webhooks; POST makes one."),
    ("webhook", "GET, PUT, DELETE", "One webhook, by its uuid."),
    ("integrations", "GET, DELETE", "Who has a pact with whom."),
    (
        "environments",
        "GET, POST",
        "The environments; POST makes one.",
    ),
    (
        "environment",
        "GET, PUT, DELETE",
        "One environment, by its uuid.",
    ),
    (
        "record-deployment",
        "POST",
        "Records that a version runs in an environment now, in place of the one before.",
    ),
    (
        "record-release",
        "POST",
        "Records that a version is available in an environment, beside those before.",
    ),
    (
        "currently-deployed-deployed-versions",
        "GET",
        "What is deployed in an environment now.",
    ),
    (
        "currently-supported-released-versions",
        "GET",
        "What is released in an environment and still supported.",
    ),
    (
        "can-i-deploy-pacticipant-version-to-environment",
        "GET",
        "Whether a version may go to an environment.",
    ),
    (
        "can-i-deploy-pacticipant-version-to-tag",
        "GET",
        "Whether a version may join the latest versions with a tag.",
    ),
    ("metrics", "GET", "How much of everything there is."),
    ("pact-version", "GET", "A pact by the hash of its content."),
    (
        "publish-verification-results",
        "POST",
        "Publishes what a verification of this content found out.",
    ),
    (
        "latest-verification-results",
        "GET",
        "What the last verification found out.",
    ),
    (
        "previous-distinct",
        "GET",
        "The last pact before this one that has another content.",
    ),
    (
        "diff-previous-distinct",
        "GET",
        "What changed since the last pact that has another content.",
    ),
    ("diff", "GET", "What changed between two contents."),
    (
        "triggered-webhooks",
        "GET",
        "The webhooks that this caused, and how they went.",
    ),
    (
        "matrix-for-consumer-version",
        "GET",
        "The rows of the matrix for this consumer version.",
    ),
];

/// `GET /doc/{relation}` for browsers.
pub(crate) async fn relation(call: Call, Path(name): Path<String>) -> Outcome {
    let known = RELATIONS.iter().find(|(relation, ..)| *relation == name);
    let (relation, methods, text) = known.ok_or(Problem::NotFound)?;
    let page = Page::new(&call);
    let body = html! {
        h1 { "pb:" (relation) }
        p.lead { (text) }
        dl { dt { "Methods" } dd { code { (methods) } } }
        p { a href=(page.urls.path("/openapi.json")) { "Every path of this broker" } }
    };
    Ok(page.show(relation, &body))
}
