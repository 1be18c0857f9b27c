//! The matrix and its verdict.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::table::table;
use super::{environments, versions};
use crate::domain::deployable::Verdict;
use crate::domain::explain::Explanation;
use crate::domain::matrix::{Row, Rows, VersionRef};
use crate::domain::metadata;
use crate::domain::model::Labels;
use crate::hal::{Urls, href};
use crate::time::shown;

/// A verdict with the rows it was made from.
pub(crate) fn verdict(
    urls: &Urls,
    rows: &Rows,
    verdict: &Verdict,
    explanation: &Explanation,
    labels: &HashMap<i64, Labels>,
) -> Value {
    let texts: Vec<&str> = verdict
        .notices
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    let mut summary = super::members(json!({
        "deployable": verdict.deployable.as_option(),
        "reason": texts.join("\n"),
        "success": verdict.success,
        "failed": verdict.failed,
        "unknown": verdict.unknown,
    }));
    if let Some(ignored) = verdict.ignored {
        summary.insert("ignored".to_owned(), ignored.into());
    }
    let notices: Vec<Value> = verdict
        .notices
        .iter()
        .map(|(tone, text)| json!({ "type": tone.as_str(), "text": text }))
        .collect();
    let mut matrix: Vec<Value> = rows
        .considered
        .iter()
        .map(|one| Value::Object(row(urls, one, labels)))
        .collect();
    for ignored in &rows.ignored {
        let mut document = row(urls, ignored, labels);
        document.insert("ignored".to_owned(), true.into());
        matrix.push(Value::Object(document));
    }
    object([
        ("summary", Value::Object(summary)),
        ("notices", Value::Array(notices)),
        ("matrix", Value::Array(matrix)),
        ("treaty", json!(explanation)),
    ])
    .into()
}

/// The same as a table of plain text, with the verdict below.
pub(crate) fn text(document: &Value) -> String {
    const HEADER: [&str; 5] = ["CONSUMER", "C.VERSION", "PROVIDER", "P.VERSION", "RESULT"];
    let cell = |text: &Value| text.as_str().unwrap_or_default().to_owned();
    let row = |row: &Value| {
        let outcome = match row["verificationResult"]["success"].as_bool() {
            Some(true) => "success",
            Some(false) => "failed",
            None => "unknown",
        };
        let is_ignored = row["ignored"].as_bool() == Some(true);
        vec![
            cell(&row["consumer"]["name"]),
            cell(&row["consumer"]["version"]["number"]),
            cell(&row["provider"]["name"]),
            cell(&row["provider"]["version"]["number"]),
            outcome.to_owned() + if is_ignored { " (ignored)" } else { "" },
        ]
    };
    let rows: Vec<Vec<String>> = document["matrix"]
        .as_array()
        .map_or(Vec::new(), |rows| rows.iter().map(row).collect());
    let summary = &document["summary"];
    let verdict = match summary["deployable"].as_bool() {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let table = table(&HEADER, &rows);
    format!(
        "{table}\nDeployable: {verdict}\n{}\n",
        cell(&summary["reason"])
    )
}

fn row(urls: &Urls, row: &Row, labels: &HashMap<i64, Labels>) -> Map<String, Value> {
    let content = urls.content(&row.provider, &row.consumer, &row.hash);
    let result = row.result.as_ref().map(|result| {
        let metadata = metadata::encode_number(&row.consumer_version.number);
        json!({
            "success": result.success,
            "verifiedAt": shown(&result.verified_at),
            "_links": {
                "self": href(format!("{content}/metadata/{metadata}/verification-results/{}", result.id)),
            },
        })
    });
    let provider_version = row.result.as_ref().map(|result| &result.provider_version);
    let pact = urls.pact(&row.provider, &row.consumer, &row.consumer_version.number);
    let pact = json!({ "createdAt": shown(&row.published_at), "_links": { "self": href(pact) } });
    let consumer_version = Some(&row.consumer_version);
    object([
        (
            "consumer",
            side(urls, &row.consumer, consumer_version, labels),
        ),
        (
            "provider",
            side(urls, &row.provider, provider_version, labels),
        ),
        ("pact", pact),
        ("verificationResult", result.into()),
    ])
}

fn side(
    urls: &Urls,
    name: &str,
    number: Option<&VersionRef>,
    labels: &HashMap<i64, Labels>,
) -> Value {
    let none = Labels::default();
    let version =
        number.map(|number| version(urls, name, number, labels.get(&number.id).unwrap_or(&none)));
    object([
        ("name", name.into()),
        ("version", version.into()),
        ("_links", json!({ "self": href(urls.pacticipant(name)) })),
    ])
    .into()
}

fn version(urls: &Urls, name: &str, version: &VersionRef, labels: &Labels) -> Value {
    let number = &version.number;
    let branches = versions::branches(urls, name, number, labels);
    let environments: Vec<Value> = labels
        .environments
        .iter()
        .map(|environment| environments::embedded(urls, environment))
        .collect();
    let tag = |tag: &crate::domain::model::TagLabel| {
        let own = urls.tag(name, number, &tag.name);
        json!({ "name": tag.name, "latest": tag.latest, "_links": { "self": href(own) } })
    };
    object([
        ("number", number.as_str().into()),
        (
            "branch",
            json!(labels.branches.last().map(|(name, _)| name)),
        ),
        ("branches", json!(branches)),
        ("branchVersions", branches.into()),
        ("environments", environments.into()),
        (
            "_links",
            json!({ "self": href(urls.version(name, number)) }),
        ),
        ("tags", labels.tags.iter().map(tag).collect()),
    ])
    .into()
}

/// An object of members that are moved into it: `json!` would copy what is below them, once for each level.
fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    let members = members.into_iter();
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
