//! Verification results.

use serde_json::{Map, Value, json};

use super::add_text;
use crate::domain::metadata;
use crate::domain::model::{Publication, TagLabel, VerificationResult};
use crate::hal::{Urls, named, titled};
use crate::time::shown;

/// Where a result is.
pub(crate) fn url(urls: &Urls, pact: &Publication, result: &VerificationResult) -> String {
    format!(
        "{}/verification-results/{}",
        urls.content(&pact.provider, &pact.consumer, &pact.hash),
        result.id
    )
}

/// A result.
pub(crate) fn result(urls: &Urls, pact: &Publication, result: &VerificationResult) -> Value {
    let stored = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| serde_json::from_str::<Value>(text).ok())
    };
    let mut document = Map::new();
    add_text(&mut document, "providerName", Some(&pact.provider));
    add_text(
        &mut document,
        "providerApplicationVersion",
        Some(&result.provider_version_number),
    );
    document.insert("success".to_owned(), result.success.into());
    add_text(
        &mut document,
        "verificationDate",
        Some(&shown(&result.executed_at)),
    );
    add_text(&mut document, "buildUrl", result.build_url.as_deref());
    if let Some(test_results) = stored(&result.test_results) {
        document.insert("testResults".to_owned(), test_results);
    }
    document.insert(
        "verifiedBy".to_owned(),
        stored(&result.verified_by).unwrap_or_else(|| json!({})),
    );
    let own = url(urls, pact, result);
    let content = urls.content(&pact.provider, &pact.consumer, &pact.hash);
    let metadata = metadata::encode_number(&pact.version_number);
    let title = format!("Verification result {} for {}", result.id, pact.title());
    let links = json!({
        "self": named("Verification result", title, &own),
        "pb:pact-version": named("Pact", pact.title(), format!("{content}/metadata/{metadata}")),
        "pb:triggered-webhooks": titled(
            "Webhooks triggered by the publication of this verification result",
            format!("{own}/triggered-webhooks"),
        ),
    });
    document.insert("_links".to_owned(), links);
    Value::Object(document)
}

/// The result with the tags of the provider version that it is of.
pub(crate) fn extended(
    urls: &Urls,
    pact: &Publication,
    one: &VerificationResult,
    tags: &[TagLabel],
) -> Value {
    let tag = |tag: &TagLabel| {
        let own = urls.tag(&pact.provider, &one.provider_version_number, &tag.name);
        json!({ "name": tag.name, "latest": tag.latest, "_links": { "self": named("Tag", &tag.name, own) } })
    };
    let mut document = result(urls, pact, one);
    document["_embedded"] = json!({ "tags": tags.iter().map(tag).collect::<Vec<_>>() });
    document
}

/// A pact of a consumer version and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Verified {
    /// The pact.
    pub(crate) pact: Publication,
    /// Its last result.
    pub(crate) result: Option<VerificationResult>,
    /// How many consumer versions have this content.
    pub(crate) publishers: usize,
}

impl Verified {
    fn outcome(&self) -> Option<bool> {
        self.result.as_ref().map(|result| result.success)
    }

    /// How often the lists name it: the Pact Broker names a result once for each version that has its content.
    fn mentions(&self) -> usize {
        if self.result.is_some() {
            self.publishers
        } else {
            1
        }
    }
}

/// The last results of everything that a consumer version published. A version that published nothing has nothing that
/// failed: clients know that as a success, and `treaty` says how much was checked.
pub(crate) fn summary(urls: &Urls, consumer: &str, number: &str, pacts: &[Verified]) -> Value {
    let providers = |wanted: Option<bool>| -> Vec<&str> {
        let wanted = pacts.iter().filter(|one| one.outcome() == wanted);
        wanted
            .flat_map(|one| std::iter::repeat_n(one.pact.provider.as_str(), one.mentions()))
            .collect()
    };
    let results: Vec<Value> = pacts
        .iter()
        .filter_map(|one| {
            Some((
                result(urls, &one.pact, one.result.as_ref()?),
                one.mentions(),
            ))
        })
        .flat_map(|(document, mentions)| std::iter::repeat_n(document, mentions))
        .collect();
    let all_good = pacts.iter().all(|one| one.outcome() == Some(true));
    let own = format!(
        "/verification-results/consumer/{}/version/{}/latest",
        crate::hal::segment(consumer),
        crate::hal::segment(number)
    );
    let title = format!("Latest verification results for consumer {consumer} version {number}");
    json!({
        "success": all_good,
        "providerSummary": {
            "successful": providers(Some(true)),
            "failed": providers(Some(false)),
            "unknown": providers(None),
        },
        "treaty": { "checked": pacts.len() },
        "_embedded": { "verificationResults": results },
        "_links": { "self": titled(title, urls.path(&own)) },
    })
}
