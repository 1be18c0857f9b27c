//! The pacts that matter now and how they stand, for the page of another tool.

use serde_json::{Value, json};

use super::table::table;
use crate::domain::model::{Labels, Publication, VerificationResult};
use crate::hal::{Urls, href, titled};
use crate::time::shown;

/// A pact that matters now, with what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// The pact.
    pub(crate) pact: Publication,
    /// What the consumer version is known by.
    pub(crate) consumer: Labels,
    /// The tags of which it is the latest pact.
    pub(crate) tags: Vec<String>,
    /// Its last result, and what the provider version of that is known by.
    pub(crate) verified: Option<(VerificationResult, Labels)>,
}

impl Head {
    /// `never`, `success` or `failed`.
    pub(crate) fn status(&self) -> &'static str {
        match &self.verified {
            None => "never",
            Some((result, _)) if result.success => "success",
            Some(_) => "failed",
        }
    }

    /// When the pact was published or verified last.
    fn last_activity(&self) -> &str {
        let verified = self
            .verified
            .as_ref()
            .map(|(result, _)| result.executed_at.as_str());
        verified
            .unwrap_or_default()
            .max(self.pact.created_at.as_str())
    }

    fn provider_tags(&self) -> Vec<&str> {
        let tags = self.verified.iter().flat_map(|(_, labels)| &labels.tags);
        let mut names: Vec<&str> = tags
            .filter(|tag| tag.latest)
            .map(|tag| tag.name.as_str())
            .collect();
        names.sort_unstable();
        names
    }
}

/// The branches that a version is the head of.
fn headed(labels: &Labels) -> Vec<&str> {
    let heads = labels.branches.iter().filter(|(_, is_head)| *is_head);
    heads.map(|(name, _)| name.as_str()).collect()
}

/// What had news last comes first.
pub(crate) fn sort(heads: &mut [Head]) {
    heads.sort_by(|one, other| other.last_activity().cmp(one.last_activity()));
}

/// The document.
pub(crate) fn dashboard(urls: &Urls, heads: &[Head]) -> Value {
    let items: Vec<Value> = heads.iter().map(|head| item(urls, head)).collect();
    json!({ "items": items })
}

fn item(urls: &Urls, head: &Head) -> Value {
    let Publication {
        consumer,
        provider,
        version_number: number,
        ..
    } = &head.pact;
    let version = json!({
        "number": number,
        "branch": headed(&head.consumer).last(),
        "headBranchNames": headed(&head.consumer),
        "_links": { "self": href(urls.version(consumer, number)) },
    });
    let provider_version = head.verified.as_ref().map(|(result, labels)| {
        json!({
            "number": result.provider_version_number,
            "branch": headed(labels).last(),
            "headBranchNames": headed(labels),
        })
    });
    let own = urls.pact(provider, consumer, number);
    let latest_result = head.verified.as_ref().map(|(result, _)| {
        json!({
            "success": result.success,
            "verifiedAt": shown(&result.created_at),
            "_links": { "self": href(format!("{own}/verification-results/latest")) },
        })
    });
    let tag = |pacticipant: &str, number: &str, tag: &str| json!({ "name": tag, "latest": true, "_links": { "self": href(urls.tag(pacticipant, number, tag)) } });
    let provider_number = head
        .verified
        .as_ref()
        .map_or("", |(result, _)| &result.provider_version_number);
    json!({
        "consumer": { "name": consumer, "version": version, "_links": { "self": href(urls.pacticipant(consumer)) } },
        "provider": {
            "name": provider, "version": provider_version, "_links": { "self": href(urls.pacticipant(provider)) },
        },
        "pact": { "createdAt": shown(&head.pact.created_at), "_links": { "self": href(own) } },
        "pactTags": head.tags.iter().map(|name| tag(consumer, number, name)).collect::<Vec<_>>(),
        "latestVerificationResult": latest_result,
        "latestVerificationResultTags":
            head.provider_tags().iter().map(|name| tag(provider, provider_number, name)).collect::<Vec<_>>(),
        "verificationStatus": head.status(),
        // Clients know these two members; the status of webhooks stands behind the link.
        "webhookStatus": "none",
        "latestWebhookExecution": null,
        "_links": { "pb:webhook-status": titled(
            format!("Status of webhooks for {consumer}/{provider} pact"),
            format!("{}/webhooks/status", urls.pacts(provider, consumer)),
        ) },
    })
}

/// The same as a table of plain text.
pub(crate) fn text(heads: &[Head]) -> String {
    let row = |head: &Head| {
        let provider_number = head
            .verified
            .as_ref()
            .map_or("", |(result, _)| &result.provider_version_number);
        vec![
            head.pact.consumer.clone(),
            head.pact.version_number.clone(),
            head.tags.join(", "),
            head.pact.provider.clone(),
            provider_number.to_owned(),
            head.provider_tags().join(", "),
            head.status().to_owned(),
        ]
    };
    const HEADER: [&str; 7] = [
        "CONSUMER_NAME",
        "C_VERSION",
        "C_TAGS",
        "PROVIDER_NAME",
        "P_VERSION",
        "P_TAGS",
        "SUCCESS",
    ];
    table(&HEADER, &heads.iter().map(row).collect::<Vec<_>>())
}
