//! Environments.

use serde_json::{Map, Value, json};

use super::{add_moments, add_text};
use crate::domain::model::Environment;
use crate::hal::{Urls, named, titled};

/// The name that people read.
pub(crate) fn display_name(environment: &Environment) -> &str {
    environment
        .display_name
        .as_deref()
        .unwrap_or(&environment.name)
}

fn attributes(environment: &Environment) -> Map<String, Value> {
    let mut document = Map::new();
    add_text(&mut document, "uuid", Some(&environment.uuid));
    add_text(&mut document, "name", Some(&environment.name));
    add_text(
        &mut document,
        "displayName",
        Some(display_name(environment)),
    );
    document.insert("production".to_owned(), environment.production.into());
    if let Some(contacts) = environment
        .contacts
        .as_deref()
        .and_then(|text| serde_json::from_str::<Value>(text).ok())
    {
        document.insert("contacts".to_owned(), contacts);
    }
    add_moments(
        &mut document,
        &environment.created_at,
        environment.updated_at.as_deref(),
    );
    document
}

/// An environment with all its links.
pub(crate) fn environment(urls: &Urls, environment: &Environment) -> Value {
    let own = urls.environment(&environment.uuid);
    let name = display_name(environment);
    let mut document = attributes(environment);
    let links = json!({
        "self": named("Environment", &environment.name, &own),
        "pb:currently-deployed-deployed-versions": titled(
            format!("Versions currently deployed to {name} environment"),
            format!("{own}/deployed-versions/currently-deployed"),
        ),
        "pb:currently-supported-released-versions": titled(
            format!("Versions released and supported in {name} environment"),
            format!("{own}/released-versions/currently-supported"),
        ),
        "pb:environments": titled("Environments", urls.path("/environments")),
    });
    document.insert("_links".to_owned(), links);
    Value::Object(document)
}

/// An environment as it stands inside another document.
pub(crate) fn embedded(urls: &Urls, environment: &Environment) -> Value {
    let mut document = attributes(environment);
    document.remove("contacts");
    let own = named(
        "Environment",
        &environment.name,
        urls.environment(&environment.uuid),
    );
    document.insert("_links".to_owned(), json!({ "self": own }));
    Value::Object(document)
}

/// The list of environments.
pub(crate) fn environments(urls: &Urls, environments: &[Environment]) -> Value {
    let all: Vec<Value> = environments
        .iter()
        .map(|one| environment(urls, one))
        .collect();
    let links: Vec<Value> = environments
        .iter()
        .map(|one| named("Environment", &one.name, urls.environment(&one.uuid)))
        .collect();
    json!({
        "_embedded": { "environments": all },
        "_links": { "self": titled("Environments", urls.path("/environments")), "pb:environments": links },
    })
}
