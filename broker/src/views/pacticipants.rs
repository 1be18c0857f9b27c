//! Pacticipants.

use serde_json::{Map, Value, json};

use super::{add_moments, add_text};
use crate::domain::model::Pacticipant;
use crate::hal::{Urls, href, named, templated, titled};

/// What a document about a pacticipant shows besides the pacticipant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    /// The number of the latest version.
    pub(crate) latest_version: Option<String>,
    /// The labels, in the order they were given.
    pub(crate) labels: Vec<String>,
    /// Links to where versions are deployed; none in lists.
    pub(crate) deployed: Option<Vec<Value>>,
}

/// A pacticipant.
pub(crate) fn pacticipant(urls: &Urls, pacticipant: &Pacticipant, around: &Around) -> Value {
    let name = &pacticipant.name;
    let mut document = Map::new();
    add_text(&mut document, "name", Some(name));
    let display_name = pacticipant
        .display_name
        .clone()
        .unwrap_or_else(|| display_name(name));
    add_text(&mut document, "displayName", Some(&display_name));
    add_text(
        &mut document,
        "repositoryUrl",
        pacticipant.repository_url.as_deref(),
    );
    add_text(
        &mut document,
        "repositoryName",
        pacticipant.repository_name.as_deref(),
    );
    add_text(
        &mut document,
        "repositoryNamespace",
        pacticipant.repository_namespace.as_deref(),
    );
    add_text(
        &mut document,
        "mainBranch",
        pacticipant.main_branch.as_deref(),
    );
    add_moments(
        &mut document,
        &pacticipant.created_at,
        pacticipant.updated_at.as_deref(),
    );
    document.insert("_embedded".to_owned(), embedded(urls, name, around));
    document.insert(
        "_links".to_owned(),
        links(urls, name, around.deployed.clone()),
    );
    Value::Object(document)
}

fn embedded(urls: &Urls, name: &str, around: &Around) -> Value {
    let labels = super::labels::embedded(urls, name, &around.labels);
    let mut embedded = super::members(json!({ "labels": labels }));
    if let Some(number) = &around.latest_version {
        let link = json!({ "self": named("Version", number, urls.version(name, number)) });
        let deprecated = "DEPRECATED - please use latestVersion";
        embedded.insert(
            "latestVersion".to_owned(),
            json!({ "number": number, "_links": link }),
        );
        embedded.insert(
            "latest-version".to_owned(),
            json!({ "number": number, "_links": link, "title": deprecated, "name": deprecated }),
        );
    }
    Value::Object(embedded)
}

fn links(urls: &Urls, name: &str, deployed: Option<Vec<Value>>) -> Value {
    let own = urls.pacticipant(name);
    let mut links = super::members(json!({
        "self": href(&own),
        "pb:versions": href(format!("{own}/versions")),
        "pb:branches": href(format!("{own}/branches")),
        "pb:version": templated("Get, create or delete a pacticipant version", format!("{own}/versions/{{version}}")),
        "pb:version-tag": templated(
            format!("Get, create or delete a tag for a version of {name}"),
            format!("{own}/versions/{{version}}/tags/{{tag}}"),
        ),
        "pb:branch-version": templated(
            format!("Get or add/create a version for a branch of {name}"),
            format!("{own}/branches/{{branch}}/versions/{{version}}"),
        ),
        "pb:label": templated(
            format!("Get, create or delete a label for {name}"),
            format!("{own}/labels/{{label}}"),
        ),
        "versions": titled("Deprecated - use pb:versions", format!("{own}/versions")),
        "pb:can-i-deploy-badge": templated(
            format!("Can I Deploy {name} badge"),
            format!("{own}/latest-version/{{tag}}/can-i-deploy/to/{{environmentTag}}/badge"),
        ),
        "pb:can-i-deploy-branch-to-environment-badge": templated(
            format!("Can I Deploy {name} from branch to environment badge"),
            format!("{own}/branches/{{branch}}/latest-version/can-i-deploy/to-environment/{{environment}}/badge"),
        ),
        "curies": urls.curies("pacticipant"),
    }));
    if let Some(deployed) = deployed {
        links.insert("pb:deployed-environments".to_owned(), deployed.into());
    }
    Value::Object(links)
}

/// The list of pacticipants.
pub(crate) fn pacticipants(urls: &Urls, all: &[(Pacticipant, Around)]) -> Value {
    let documents: Vec<Value> = all
        .iter()
        .map(|(one, around)| pacticipant(urls, one, around))
        .collect();
    let deprecated: Vec<Value> = documents
        .iter()
        .cloned()
        .map(|document| {
            let mut document = super::members(document);
            let title = "DEPRECATED - Please use the embedded pacticipants collection";
            document.insert("title".to_owned(), title.into());
            Value::Object(document)
        })
        .collect();
    let link = |(one, _): &(Pacticipant, Around)| {
        named("Pacticipant", &one.name, urls.pacticipant(&one.name))
    };
    let old_link = |(one, _): &(Pacticipant, Around)| {
        named(
            &one.name,
            "DEPRECATED - please use pb:pacticipants",
            urls.pacticipant(&one.name),
        )
    };
    json!({
        "_embedded": { "pacticipants": documents },
        "_links": {
            "self": href(urls.path("/pacticipants")),
            "pb:pacticipants": all.iter().map(link).collect::<Vec<_>>(),
            "pacticipants": all.iter().map(old_link).collect::<Vec<_>>(),
            "pb:pacticipants-with-label":
                templated("Find pacticipants by label", urls.path("/pacticipants/label/{label}")),
        },
        "pacticipants": deprecated,
    })
}

/// A name as people read it: `order-service` is `Order Service`.
pub(crate) fn display_name(name: &str) -> String {
    let mut words = vec![String::new()];
    let mut previous_is_small = false;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let before_letter = characters.peek().is_some_and(|next| next.is_alphabetic());
        let parts = matches!(character, ' ' | '-' | '_' | '.') && before_letter;
        if parts || (previous_is_small && character.is_uppercase()) {
            words.push(String::new());
        }
        if !parts && let Some(word) = words.last_mut() {
            if word.is_empty() {
                word.extend(character.to_uppercase())
            } else {
                word.push(character)
            }
        }
        previous_is_small = character.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}
