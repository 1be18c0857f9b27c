//! Results for a broker: only what was really found out, and the broker's own word that it has it.

use serde_json::{Value, json};
use treaty_broker_client::{Client, ProviderVersion, VerificationResult, VerifiedBy};
use treaty_core::causes::with_causes;
use treaty_core::document::load_json;
use treaty_core::mismatch::{Mismatch, Part};
use treaty_core::names::{BranchName, TagName, VersionNumber};
use treaty_core::outcome::Outcome;
use treaty_core::receipt::Acknowledgement;

use crate::report::{InteractionReport, PactReport, Publication, Report, Withheld};
use crate::source::FromBroker;
use crate::target::web_url;

/// What is published with every result: the provider's version, and what the broker is to know about it.
///
/// ```
/// use treaty_provider::{PactSource, Publish, Refusal, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), treaty_core::names::NameError> {
/// let publish = Publish::version("3f9c2ab".parse()?).branch("main".parse()?).build_url("https://ci.example/512");
/// let report = Verifier::new("UserService")
///     .service(axum::Router::new())
///     .publish(publish)
///     .verify(PactSource::dir("../../pacts"))
///     .await;
/// assert_eq!(report.refusal, Some(Refusal::PublishWithoutBroker));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Publish {
    version: VersionNumber,
    about: ProviderVersion,
    build_url: Option<String>,
}

impl Publish {
    /// Publishes for this version of the provider.
    pub fn version(version: VersionNumber) -> Self {
        Self {
            version,
            about: ProviderVersion::default(),
            build_url: None,
        }
    }

    /// The branch from which the version was built. The broker is told before it gets the result.
    pub fn branch(mut self, branch: BranchName) -> Self {
        self.about.branch = Some(branch);
        self
    }

    /// A tag for the version; several add up. The broker is told before it gets the result.
    pub fn tag(mut self, tag: TagName) -> Self {
        self.about.tags.push(tag);
        self
    }

    /// Where a person finds the build that verified the pact.
    pub fn build_url(mut self, url: impl Into<String>) -> Self {
        self.build_url = Some(url.into());
        self
    }
}

/// Publishes the results of a report that was read back: of one run, or of several that were [joined](crate::join).
///
/// Each pact is fetched again from where it was read, to see that the broker still has the content that was verified,
/// and to learn where its results go. A pact that was read elsewhere than in this client's broker has no result to
/// publish, and its URL is not asked: the client's credentials are for its own broker.
pub async fn publish_results(mut report: Report, client: &Client, options: &Publish) -> Report {
    for pact in &mut report.pacts {
        pact.publication = Publication::NotAsked;
        match (result(pact), fetched(client, pact).await) {
            (Ok(_), Ok(from)) => publish(options, Some(&from), pact).await,
            (Ok(success), Err(Unfetched::Failed { reason })) => {
                pact.publication = Publication::Refused { success, reason };
            }
            (Ok(_), Err(Unfetched::Withheld { reason })) | (Err(reason), _) => {
                pact.publication = Publication::Withheld { reason };
            }
        }
    }
    report
}

/// Why a pact's place in a broker could not be found again.
enum Unfetched {
    Withheld { reason: Withheld },
    Failed { reason: String },
}

async fn fetched(client: &Client, pact: &PactReport) -> Result<FromBroker, Unfetched> {
    let withheld = |reason| Unfetched::Withheld { reason };
    if !is_below(&pact.origin, client.base_url()) {
        return Err(withheld(Withheld::NotFromABroker));
    }
    let fetched = client.fetch_pact(&pact.origin).await;
    let fetched = fetched.map_err(|error| Unfetched::Failed {
        reason: with_causes(&error),
    })?;
    let found = load_json(&pact.origin, &fetched.document);
    if !found.is_ok_and(|found| found.content_hash == pact.receipt.pact_hash) {
        return Err(withheld(Withheld::ContentChanged));
    }
    Ok(FromBroker {
        client: client.clone(),
        fetched,
    })
}

/// Whether the URL leads to the host of the base URL.
fn is_below(url: &str, base: &str) -> bool {
    match (web_url(url), web_url(base)) {
        (Ok(url), Ok(base)) => url.origin() == base.origin(),
        _ => false,
    }
}

/// Publishes the pact's result if there is one, and writes down what became of it.
pub(crate) async fn publish(publish: &Publish, from: Option<&FromBroker>, report: &mut PactReport) {
    report.publication = match (result(report), from) {
        (Err(reason), _) => Publication::Withheld { reason },
        (Ok(_), None) => Publication::Withheld {
            reason: Withheld::NotFromABroker,
        },
        (Ok(success), Some(from)) => offer(publish, from, report, success).await,
    };
}

async fn offer(
    publish: &Publish,
    from: &FromBroker,
    report: &mut PactReport,
    success: bool,
) -> Publication {
    let result = VerificationResult {
        success,
        provider_version: publish.version.clone(),
        build_url: publish.build_url.clone(),
        test_results: test_results(report),
        verified_by: VerifiedBy {
            implementation: "treaty".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
    };
    let client = &from.client;
    match client
        .publish_verification(&from.fetched, &result, &publish.about)
        .await
    {
        Ok(acknowledged) => {
            report.receipt.acknowledgement = Some(Acknowledgement {
                url: acknowledged.url,
                provider_version: publish.version.clone(),
            });
            Publication::Acknowledged { success }
        }
        Err(error) => Publication::Refused {
            success,
            reason: with_causes(&error),
        },
    }
}

/// Whether the provider keeps the pact: a "no" from a single mismatch, a "yes" only from a verification that is whole.
fn result(report: &PactReport) -> Result<bool, Withheld> {
    let mut outcomes = report
        .interactions
        .iter()
        .map(|interaction| &interaction.outcome);
    if outcomes
        .clone()
        .any(|outcome| matches!(outcome, Outcome::Failed { .. }))
    {
        return Ok(false);
    }
    if !outcomes.all(Outcome::passed) {
        return Err(Withheld::Inconclusive);
    }
    match report.receipt.interactions_replayed {
        _ if report.receipt.is_whole() => Ok(true),
        0 => Err(Withheld::NothingReplayed),
        _ => Err(Withheld::NotWhole),
    }
}

/// The details beside the result, in the form that brokers read: one entry for each interaction about which something was
/// found out. Nothing else fits into it; the broker itself knows which interactions of the pact have no entry.
fn test_results(report: &PactReport) -> Value {
    report.interactions.iter().map(test_result).collect()
}

fn test_result(interaction: &InteractionReport) -> Value {
    let mut result = json!({ "success": interaction.outcome.passed() });
    match &interaction.outcome {
        Outcome::Passed => {}
        Outcome::Failed { mismatches } => {
            let mismatches: Vec<Value> = mismatches.iter().map(mismatch).collect();
            result["mismatches"] = json!(mismatches);
        }
        Outcome::Inconclusive { cause } => {
            result["exceptions"] = json!([{ "message": cause.to_string() }]);
        }
        other => {
            result["exceptions"] = json!([{ "message": format!("{other:?}") }]);
        }
    }
    if let Some(id) = &interaction.id {
        result["interactionId"] = json!(id);
    }
    if interaction.id.is_none() || !interaction.outcome.passed() {
        result["interactionDescription"] = json!(interaction.title());
    }
    result
}

fn mismatch(mismatch: &Mismatch) -> Value {
    let attribute = match mismatch.part {
        Part::ContentType => Part::Body,
        part => part,
    };
    let mut published = json!({
        "attribute": attribute.as_str(),
        "description": mismatch.difference(),
    });
    if matches!(
        attribute,
        Part::Query | Part::Header | Part::Body | Part::Metadata
    ) {
        published["identifier"] = json!(mismatch.path);
    }
    published
}
