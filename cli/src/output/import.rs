//! What came of an import.

use serde_json::{Value, json};
use treaty_broker_client::{ImportKind, Imported, LeftOut, NotCarried};

/// How many of each kind there are on both sides, and everything that is not here.
pub(crate) fn text(source: &str, imported: &Imported) -> String {
    let mut text = format!("imported from {source}:\n      there      here\n");
    for (kind, count) in &imported.counts {
        let kind = kind_words(*kind);
        text.push_str(&format!("  {:>9} {:>9}  {kind}\n", count.there, count.here));
    }
    if !imported.left_out.is_empty() {
        text.push_str("left out:\n");
        for what in &imported.left_out {
            text.push_str(&format!("  {}\n", left_out_words(what)));
        }
    }
    text.push_str("carried from no broker:\n");
    for what in NotCarried::ALL {
        text.push_str(&format!("  {}\n", not_carried_words(what)));
    }
    text
}

/// The same as one document.
pub(crate) fn json(imported: &Imported) -> Value {
    let counts = imported
        .counts
        .iter()
        .map(|(kind, count)| json!({ "kind": kind, "there": count.there, "here": count.here }));
    json!({
        "counts": counts.collect::<Vec<_>>(),
        "leftOut": imported.left_out,
        "notCarried": NotCarried::ALL,
    })
}

fn kind_words(kind: ImportKind) -> String {
    let words = match kind {
        ImportKind::Pacticipants => "pacticipants",
        ImportKind::Labels => "labels",
        ImportKind::Versions => "versions",
        ImportKind::BranchVersions => "versions on branches",
        ImportKind::Tags => "tags",
        ImportKind::Pacts => "pacts",
        ImportKind::Results => "results",
        ImportKind::Environments => "environments",
        ImportKind::Deployments => "deployments",
        ImportKind::Releases => "releases",
        ImportKind::Webhooks => "webhooks",
        other => return format!("{other:?}"),
    };
    words.to_owned()
}

fn left_out_words(what: &LeftOut) -> String {
    match what {
        LeftOut::Refused { path, words } => format!("{path}: {words}"),
        LeftOut::OtherContent {
            consumer,
            version,
            provider,
        } => {
            format!("the pact between {consumer} {version} and {provider}: another content is here")
        }
        LeftOut::MoreResults {
            consumer,
            version,
            results_max,
        } => format!("results for {consumer} {version} beyond the first {results_max}"),
        LeftOut::NoSuchVersion {
            pacticipant,
            version,
            environment,
        } => format!("{pacticipant} {version} in {environment}: there is no such version here"),
        LeftOut::NotRecordable {
            pacticipant,
            version,
            environment,
        } => format!("{pacticipant} {version} in {environment}: it cannot be recorded here"),
        LeftOut::Secret { uuid, description } => {
            format!(
                "webhook {uuid} ({description}): it holds a secret, which is not told; create it anew"
            )
        }
        other => format!("{other:?}"),
    }
}

fn not_carried_words(what: NotCarried) -> String {
    let words = match what {
        NotCarried::OverwrittenContents => {
            "contents that a version published and then overwrote, and the results for them"
        }
        NotCarried::EndedPlaces => {
            "deployments that were replaced or undone, and releases whose support has ended"
        }
        NotCarried::WorkInProgress => {
            "whether a result was for work in progress: here none counts as such"
        }
        NotCarried::Activity => "what webhooks have sent, who did what, and the users",
        other => return format!("{other:?}"),
    };
    words.to_owned()
}
