//! Versions of pacticipants, their branches and tags.

use serde_json::{Map, Value, json};

use super::{add_moments, add_text, deployments};
use crate::domain::model::{Branch, Deployment, Environment, Labels, Mark, Publication, Version};
use crate::hal::{Urls, named, titled};
use crate::store::deployments::Kind;
use crate::time::day;

/// Everything that a document about a version shows.
#[derive(Debug, Clone)]
pub(crate) struct VersionView<'a> {
    pub(crate) pacticipant: &'a str,
    pub(crate) version: &'a Version,
    pub(crate) labels: &'a Labels,
    pub(crate) pacts: Vec<&'a Publication>,
    pub(crate) deployed: Vec<Deployment>,
    pub(crate) released: Vec<Deployment>,
    pub(crate) environments: &'a [Environment],
}

impl VersionView<'_> {
    /// The version as a document of its own, at the URL that was asked for.
    pub(crate) fn document(&self, urls: &Urls, own: &str) -> Value {
        let mut links = self.links(urls, own);
        let records = [
            ("pb:deployed-environments", Kind::Deployed, &self.deployed),
            ("pb:released-environments", Kind::Released, &self.released),
        ];
        for (relation, kind, records) in records {
            links.insert(
                relation.to_owned(),
                deployments::links(urls, kind, records, self.environments).into(),
            );
        }
        let version = urls.version(self.pacticipant, &self.version.number);
        let record = |verb: &str, kind: &str| -> Vec<Value> {
            let link = |environment: &Environment| {
                let title = format!(
                    "Record {verb} to {}",
                    super::environments::display_name(environment)
                );
                named(
                    title,
                    &environment.name,
                    format!("{version}/{kind}/environment/{}", environment.uuid),
                )
            };
            self.environments.iter().map(link).collect()
        };
        links.insert(
            "pb:record-deployment".to_owned(),
            record("deployment", "deployed-versions").into(),
        );
        links.insert(
            "pb:record-release".to_owned(),
            record("release", "released-versions").into(),
        );
        self.with_links(urls, links)
    }

    /// The version as an item of a list.
    pub(crate) fn item(&self, urls: &Urls) -> Value {
        let mut links = self.links(urls, &urls.version(self.pacticipant, &self.version.number));
        let deployed = deployments::links(urls, Kind::Deployed, &self.deployed, self.environments);
        if !deployed.is_empty() {
            links.insert("pb:deployed-environments".to_owned(), deployed.into());
        }
        self.with_links(urls, links)
    }

    fn links(&self, urls: &Urls, own: &str) -> Map<String, Value> {
        let (name, number) = (self.pacticipant, &self.version.number);
        let pact = |pact: &&Publication| {
            named(
                "Pact",
                pact.title(),
                urls.pact(&pact.provider, &pact.consumer, &pact.version_number),
            )
        };
        let verified = format!(
            "/verification-results/consumer/{}/version/{}/latest",
            crate::hal::segment(name),
            crate::hal::segment(number)
        );
        super::members(json!({
            "self": named("Version", number, own),
            "pb:pacticipant": named("Pacticipant", name, urls.pacticipant(name)),
            "pb:tag": {
                "href": format!("{}/tags/{{tag}}", urls.version(name, number)),
                "title": "Get, create or delete a tag for this pacticipant version",
                "templated": true,
            },
            "pb:latest-verification-results-where-pacticipant-is-consumer":
                titled("Latest verification results for consumer version", urls.path(&verified)),
            "pb:pact-versions": self.pacts.iter().map(pact).collect::<Vec<_>>(),
            "curies": urls.curies("version"),
        }))
    }

    fn with_links(&self, urls: &Urls, links: Map<String, Value>) -> Value {
        let mut document = Map::new();
        add_text(&mut document, "number", Some(&self.version.number));
        add_text(&mut document, "buildUrl", self.version.build_url.as_deref());
        add_moments(
            &mut document,
            &self.version.created_at,
            self.version.updated_at.as_deref(),
        );
        let embedded = json!({
            "branchVersions": branches(urls, self.pacticipant, &self.version.number, self.labels),
            "tags": self.labels.tags.iter().map(|tag| {
                let own = urls.tag(self.pacticipant, &self.version.number, &tag.name);
                json!({ "name": tag.name, "_links": { "self": named("Tag", &tag.name, own) } })
            }).collect::<Vec<_>>(),
        });
        document.insert("_embedded".to_owned(), embedded);
        document.insert("_links".to_owned(), links.into());
        Value::Object(document)
    }
}

/// The branches that a version is on.
pub(crate) fn branches(
    urls: &Urls,
    pacticipant: &str,
    number: &str,
    labels: &Labels,
) -> Vec<Value> {
    let branch = |(name, latest): &(String, bool)| {
        let own = named(
            "Branch version",
            name,
            urls.branch_version(pacticipant, name, number),
        );
        json!({ "name": name, "latest": latest, "_links": { "self": own } })
    };
    labels.branches.iter().map(branch).collect()
}

/// The list of versions under a title.
pub(crate) fn versions(
    urls: &Urls,
    pacticipant: &str,
    views: &[VersionView<'_>],
    own: &Value,
) -> Value {
    let items: Vec<Value> = views.iter().map(|view| view.item(urls)).collect();
    let link = |view: &VersionView<'_>| {
        let number = &view.version.number;
        let title = format!("Version {number} - {}", day(&view.version.created_at));
        json!({ "href": urls.version(pacticipant, number), "title": title })
    };
    let deprecated = |view: &VersionView<'_>| {
        let href = urls.version(pacticipant, &view.version.number);
        json!({ "href": href, "title": "Deprecated - please use pb:versions" })
    };
    json!({
        "_embedded": { "versions": items },
        "_links": {
            "self": own,
            "pb:pacticipant": { "href": urls.pacticipant(pacticipant), "title": pacticipant },
            "pb:versions": views.iter().map(link).collect::<Vec<_>>(),
            "pacticipant": {
                "href": urls.pacticipant(pacticipant), "title": "Deprecated - please use pb:pacticipant",
            },
            "versions": views.iter().map(deprecated).collect::<Vec<_>>(),
        },
    })
}

/// A tag of a version.
pub(crate) fn tag(urls: &Urls, pacticipant: &str, number: &str, name: &str, mark: &Mark) -> Value {
    let mut document = Map::new();
    add_text(&mut document, "name", Some(name));
    add_moments(&mut document, &mark.created_at, mark.updated_at.as_deref());
    let links = json!({
        "self": named("Tag", name, urls.tag(pacticipant, number, name)),
        "version": named("Version", number, urls.version(pacticipant, number)),
        "pacticipant": named("Pacticipant", pacticipant, urls.pacticipant(pacticipant)),
    });
    document.insert("_links".to_owned(), links);
    Value::Object(document)
}

/// The fact that a version is on a branch.
pub(crate) fn branch_version(
    urls: &Urls,
    pacticipant: &str,
    branch: &str,
    number: &str,
    mark: &Mark,
) -> Value {
    let mut document = Map::new();
    add_moments(&mut document, &mark.created_at, mark.updated_at.as_deref());
    let links = json!({
        "self": titled("Branch version", urls.branch_version(pacticipant, branch, number)),
        "pb:branch": named("Branch", branch, urls.branch(pacticipant, branch)),
        "pb:version": named("Version", number, urls.version(pacticipant, number)),
    });
    document.insert("_links".to_owned(), links);
    Value::Object(document)
}

/// A branch.
pub(crate) fn branch(urls: &Urls, pacticipant: &str, branch: &Branch) -> Value {
    let own = urls.branch(pacticipant, &branch.name);
    let mut document = Map::new();
    add_text(&mut document, "name", Some(&branch.name));
    // Joining a branch changes it, and without a version there is no branch: it always was changed.
    let updated_at = branch.updated_at.as_deref().unwrap_or(&branch.created_at);
    add_moments(&mut document, &branch.created_at, Some(updated_at));
    let links = json!({
        "self": titled("Branch", &own),
        "pb:latest-version": titled("Latest version for branch", format!("{own}/latest-version")),
    });
    document.insert("_links".to_owned(), links);
    Value::Object(document)
}
