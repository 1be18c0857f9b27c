//! Matching rules for places that the example does not have: they never do anything.

use pact_models::matchingrules::{Category, MatchingRule};
use pact_models::path_exp::DocPath;
use serde_json::Value;

use super::flaw::Flaw;
use super::places::{RuleAt, resolve, rules};
use super::run::Found;
use super::subject::{FieldKind, Side, Subject};

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let mut found = Found::new();
    for side in subject.sides() {
        let orphans = rules(side).into_iter().filter(|at| is_orphan(side, at));
        found.extend(orphans.map(|at| {
            let rule = at
                .list
                .rules
                .first()
                .map_or_else(|| "equality".to_owned(), MatchingRule::name);
            let path = place(&at);
            (at.pointer, Flaw::OrphanRule { rule, path })
        }));
    }
    found
}

fn place(at: &RuleAt<'_>) -> String {
    let category = at.category.to_string();
    match at.category {
        Category::BODY => at.path.to_string(),
        _ => format!("{category} {}", at.path.first_field().unwrap_or_default()),
    }
}

fn is_orphan(side: &Side<'_>, at: &RuleAt<'_>) -> bool {
    let name = at.path.first_field();
    let is_missing =
        |kind| name.is_some_and(|name| name != "*" && side.field(kind, name).next().is_none());
    match at.category {
        Category::BODY => side
            .body
            .json
            .as_ref()
            .is_some_and(|body| is_nowhere(body, at.path)),
        Category::HEADER => is_missing(FieldKind::Header),
        Category::QUERY => is_missing(FieldKind::Query) && !is_missing_value(side, name),
        Category::METADATA => is_missing(FieldKind::Metadata),
        _ => false,
    }
}

/// A query parameter without a value has no field here, but it is there.
fn is_missing_value(side: &Side<'_>, name: Option<&str>) -> bool {
    match (&side.json["query"], name) {
        (Value::Object(query), Some(name)) => query.contains_key(name),
        (Value::String(query), Some(name)) => query.contains(name),
        _ => false,
    }
}

/// Whether the path leads nowhere, although no list or object on its way is empty: an empty one is its own finding.
fn is_nowhere(body: &Value, path: &DocPath) -> bool {
    let mut way = DocPath::root();
    let mut last = vec![body];
    for token in path.tokens().iter().skip(1) {
        way.push(token.clone());
        let here: Vec<&Value> = resolve(body, &way)
            .into_iter()
            .map(|example| example.value)
            .collect();
        if here.is_empty() {
            return !last.iter().any(|value| is_empty(value));
        }
        last = here;
    }
    false
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Null => true,
        _ => false,
    }
}
