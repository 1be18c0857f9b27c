//! Deployed and released versions.

use serde_json::{Map, Value, json};

use super::add_text;
use super::environments::{display_name, environment as environment_document};
use crate::domain::model::{Deployment, Environment};
use crate::hal::{Urls, href, named};
use crate::store::deployments::Kind;
use crate::time::shown;

fn attributes(urls: &Urls, kind: Kind, record: &Deployment) -> Map<String, Value> {
    let mut document = Map::new();
    let is_current = record.ended_at.is_none();
    add_text(&mut document, "uuid", Some(&record.uuid));
    let ended_at = record.ended_at.as_deref().map(shown);
    let own = match kind {
        Kind::Deployed => {
            document.insert("currentlyDeployed".to_owned(), is_current.into());
            add_text(
                &mut document,
                "target",
                record.application_instance.as_deref(),
            );
            add_text(
                &mut document,
                "applicationInstance",
                record.application_instance.as_deref(),
            );
            add_text(&mut document, "undeployedAt", ended_at.as_deref());
            urls.deployed_version(&record.uuid)
        }
        Kind::Released => {
            document.insert("currentlySupported".to_owned(), is_current.into());
            add_text(&mut document, "supportEndedAt", ended_at.as_deref());
            urls.released_version(&record.uuid)
        }
    };
    add_text(&mut document, "createdAt", Some(&shown(&record.created_at)));
    document.insert("_links".to_owned(), json!({ "self": href(own) }));
    document
}

fn sides(urls: &Urls, record: &Deployment) -> Map<String, Value> {
    let Deployment {
        pacticipant,
        version_number,
        ..
    } = record;
    let version = named(
        "Version",
        version_number,
        urls.version(pacticipant, version_number),
    );
    super::members(json!({
        "pacticipant": { "name": pacticipant, "_links": { "self": href(urls.pacticipant(pacticipant)) } },
        "version": { "number": version_number, "_links": { "self": version } },
    }))
}

/// A record with the version and the environment it is about.
pub(crate) fn record(
    urls: &Urls,
    kind: Kind,
    record: &Deployment,
    environment: &Environment,
) -> Value {
    let mut document = attributes(urls, kind, record);
    let mut embedded = sides(urls, record);
    embedded.insert(
        "environment".to_owned(),
        environment_document(urls, environment),
    );
    document.insert("_embedded".to_owned(), embedded.into());
    Value::Object(document)
}

fn list_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Deployed => "deployedVersions",
        Kind::Released => "releasedVersions",
    }
}

/// What is in an environment now.
pub(crate) fn current(
    urls: &Urls,
    kind: Kind,
    records: &[Deployment],
    environment: &Environment,
    own: &str,
) -> Value {
    let one = |record: &Deployment| {
        let mut document = attributes(urls, kind, record);
        document.insert("_embedded".to_owned(), sides(urls, record).into());
        Value::Object(document)
    };
    let all: Vec<Value> = records.iter().map(one).collect();
    let name = display_name(environment);
    let title = match kind {
        Kind::Deployed => format!("Currently deployed versions for {name}"),
        Kind::Released => format!("Currently supported versions in {name}"),
    };
    json!({ "_embedded": { list_name(kind): all }, "_links": { "self": { "href": own, "title": title } } })
}

/// The records of one version in an environment.
pub(crate) fn of_version(
    urls: &Urls,
    kind: Kind,
    records: &[Deployment],
    title: &str,
    own: &str,
) -> Value {
    let all: Vec<Value> = records
        .iter()
        .map(|record| Value::Object(attributes(urls, kind, record)))
        .collect();
    json!({ "_embedded": { list_name(kind): all }, "_links": { "self": { "href": own, "title": title } } })
}

/// The links from a version or a pacticipant to its records.
pub(crate) fn links(
    urls: &Urls,
    kind: Kind,
    records: &[Deployment],
    environments: &[Environment],
) -> Vec<Value> {
    let link = |record: &Deployment| {
        let environment = environments
            .iter()
            .find(|environment| environment.id == record.environment_id)?;
        let name = display_name(environment);
        let mut link = match kind {
            Kind::Deployed => {
                let title = format!("Version deployed to {name}");
                super::members(named(title, name, urls.deployed_version(&record.uuid)))
            }
            Kind::Released => {
                let title = format!("Version released to {name}");
                super::members(named(title, name, urls.released_version(&record.uuid)))
            }
        };
        let current = if kind == Kind::Deployed {
            "currently_deployed"
        } else {
            "currently_supported"
        };
        link.insert(current.to_owned(), record.ended_at.is_none().into());
        add_text(
            &mut link,
            "application_instance",
            record.application_instance.as_deref(),
        );
        Some(Value::Object(link))
    };
    records.iter().filter_map(link).collect()
}
