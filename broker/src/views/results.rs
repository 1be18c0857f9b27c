//! Verification results.

use serde_json::{Map, Value, json};

use super::add_text;
use crate::domain::metadata;
use crate::domain::model::{Publication, VerificationResult};
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

/// The last results of everything that a consumer version published.
pub(crate) fn summary(
    urls: &Urls,
    consumer: &str,
    number: &str,
    pacts: &[(Publication, Option<VerificationResult>)],
) -> Value {
    let providers = |wanted: Option<bool>| -> Vec<&str> {
        let outcome =
            |result: &Option<VerificationResult>| result.as_ref().map(|result| result.success);
        pacts
            .iter()
            .filter(|(_, result)| outcome(result) == wanted)
            .map(|(pact, _)| pact.provider.as_str())
            .collect()
    };
    let results: Vec<Value> = pacts
        .iter()
        .filter_map(|(pact, known)| Some(result(urls, pact, known.as_ref()?)))
        .collect();
    let all_good = !results.is_empty() && providers(Some(true)).len() == pacts.len();
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
        "_embedded": { "verificationResults": results },
        "_links": { "self": titled(title, urls.path(&own)) },
    })
}
