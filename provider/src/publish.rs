//! Results for a broker: only what was really found out, and the broker's own word that it has it.

use serde_json::{Value, json};
use treaty_broker_client::{ProviderVersion, VerificationResult, VerifiedBy};
use treaty_core::names::{BranchName, TagName, VersionNumber};
use treaty_core::outcome::Outcome;
use treaty_core::receipt::Acknowledgement;

use crate::report::{InteractionReport, PactReport, Publication, Withheld};
use crate::source::FromBroker;
use crate::target::chain;

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
            reason: chain(&error),
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
    if report.receipt.is_whole() {
        Ok(true)
    } else {
        Err(Withheld::NothingReplayed)
    }
}

/// The details beside the result: the receipt, and every interaction about which something was found out.
fn test_results(report: &PactReport) -> Value {
    let interactions = report.interactions.iter();
    let interactions: Vec<Value> = interactions.filter_map(test_result).collect();
    json!({ "receipt": report.receipt, "interactions": interactions })
}

fn test_result(interaction: &InteractionReport) -> Option<Value> {
    let mismatches = match &interaction.outcome {
        Outcome::Passed => json!([]),
        Outcome::Failed { mismatches } => json!(mismatches),
        _ => return None,
    };
    let mut result = json!({
        "description": interaction.description,
        "providerStates": interaction.provider_states,
        "success": interaction.outcome.passed(),
        "mismatches": mismatches,
    });
    if let Some(id) = &interaction.id {
        result["interactionId"] = json!(id);
    }
    Some(result)
}
