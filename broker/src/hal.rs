//! Links: where every resource is, and how a link to it looks.

use serde_json::{Value, json};

pub(crate) use crate::domain::segment::segment;

/// Makes the URLs of one broker.
#[derive(Debug, Clone)]
pub(crate) struct Urls {
    base: String,
}

impl Urls {
    /// URLs that start with the base given.
    pub(crate) fn new(base: String) -> Self {
        Self { base }
    }

    /// What every URL starts with.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// URLs without scheme and host, for pages: they work under whatever name the broker was reached.
    pub(crate) fn in_place(&self) -> Self {
        let Some((_, rest)) = self.base.split_once("://") else {
            return self.clone();
        };
        let path = rest.find('/').map_or("", |start| &rest[start..]);
        Self::new(path.to_owned())
    }

    /// A path on this broker.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A pacticipant.
    pub(crate) fn pacticipant(&self, name: &str) -> String {
        format!("{}/pacticipants/{}", self.base, segment(name))
    }

    /// A label of a pacticipant.
    pub(crate) fn label(&self, name: &str, label: &str) -> String {
        format!("{}/labels/{}", self.pacticipant(name), segment(label))
    }

    /// A version of a pacticipant.
    pub(crate) fn version(&self, name: &str, number: &str) -> String {
        format!("{}/versions/{}", self.pacticipant(name), segment(number))
    }

    /// A tag of a version.
    pub(crate) fn tag(&self, name: &str, number: &str, tag: &str) -> String {
        format!("{}/tags/{}", self.version(name, number), segment(tag))
    }

    /// A branch of a pacticipant.
    pub(crate) fn branch(&self, name: &str, branch: &str) -> String {
        format!("{}/branches/{}", self.pacticipant(name), segment(branch))
    }

    /// A version on a branch.
    pub(crate) fn branch_version(&self, name: &str, branch: &str, number: &str) -> String {
        format!("{}/versions/{}", self.branch(name, branch), segment(number))
    }

    /// All pacts of a provider.
    pub(crate) fn provider_pacts(&self, provider: &str) -> String {
        format!("{}/pacts/provider/{}", self.base, segment(provider))
    }

    /// The pacts between two pacticipants.
    pub(crate) fn pacts(&self, provider: &str, consumer: &str) -> String {
        format!(
            "{}/consumer/{}",
            self.provider_pacts(provider),
            segment(consumer)
        )
    }

    /// The pact that a consumer version published.
    pub(crate) fn pact(&self, provider: &str, consumer: &str, number: &str) -> String {
        format!(
            "{}/version/{}",
            self.pacts(provider, consumer),
            segment(number)
        )
    }

    /// A pact by the hash of its content.
    pub(crate) fn content(&self, provider: &str, consumer: &str, hash: &str) -> String {
        format!("{}/pact-version/{hash}", self.pacts(provider, consumer))
    }

    /// An environment.
    pub(crate) fn environment(&self, uuid: &str) -> String {
        format!("{}/environments/{}", self.base, segment(uuid))
    }

    /// A recorded deployment.
    pub(crate) fn deployed_version(&self, uuid: &str) -> String {
        format!("{}/deployed-versions/{}", self.base, segment(uuid))
    }

    /// A recorded release.
    pub(crate) fn released_version(&self, uuid: &str) -> String {
        format!("{}/released-versions/{}", self.base, segment(uuid))
    }

    /// A webhook.
    pub(crate) fn webhook(&self, uuid: &str) -> String {
        format!("{}/webhooks/{}", self.base, segment(uuid))
    }

    /// What was written down about a triggered webhook.
    pub(crate) fn triggered_webhook_logs(&self, uuid: &str) -> String {
        format!("{}/triggered-webhooks/{}/logs", self.base, segment(uuid))
    }

    /// The prefix `pb:` and where the relations under it are explained.
    pub(crate) fn curies(&self, context: &str) -> Value {
        json!([{ "name": "pb", "href": format!("{}/doc/{{rel}}?context={context}", self.base), "templated": true }])
    }
}

/// A link that is only an address.
pub(crate) fn href(href: impl Into<String>) -> Value {
    json!({ "href": href.into() })
}

/// A link with a title.
pub(crate) fn titled(title: impl Into<String>, href: impl Into<String>) -> Value {
    json!({ "title": title.into(), "href": href.into() })
}

/// A link with a title and the name of what it leads to.
pub(crate) fn named(
    title: impl Into<String>,
    name: impl Into<String>,
    href: impl Into<String>,
) -> Value {
    json!({ "title": title.into(), "name": name.into(), "href": href.into() })
}

/// A link with places to fill in.
pub(crate) fn templated(title: impl Into<String>, href: impl Into<String>) -> Value {
    json!({ "title": title.into(), "href": href.into(), "templated": true })
}
