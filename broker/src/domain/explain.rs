//! Why a verdict is not a yes, row by row, and what would change it: the part of a verdict that only this broker gives.

use std::collections::HashMap;

use serde::Serialize;
use treaty_core::shell::word;

use super::deployable::{Evidence, Verdict};
use super::matrix::{Integration, Origin, Resolved, Row, Target};
use super::test_results::{FailedInteraction, failed_interactions};

/// What the verdict checked, and why it is not a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    pub(crate) checked: Checked,
    pub(crate) reasons: Vec<Reason>,
}

/// How much the verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checked {
    /// How many rows have a result.
    pub(crate) rows: usize,
    /// How many results were needed.
    pub(crate) required: usize,
}

/// Why something does not count as verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    /// The last result says no.
    Failed,
    /// There is no result for these versions.
    NeverVerified,
    /// Nothing is in the environment that could be met there.
    NothingDeployed,
    /// The version asked about does not exist.
    NoSuchVersion,
    /// The question said not to look.
    Ignored,
    /// The question's limit cut rows off.
    Truncated,
    /// The question lets a later version stand for others that are in the environment, too.
    PassedOver,
}

/// One thing that stands between the question and a yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reason {
    pub(crate) cause: Cause,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) consumer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) consumer_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) provider_version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) interactions: Vec<FailedInteraction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) build_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deployed_since: Option<String>,
    pub(crate) remedy: String,
}

/// What is known about the results and the environment besides the matrix.
#[derive(Debug, Clone, Default)]
pub(crate) struct Details {
    /// The test results and the build of a result, by its number.
    pub(crate) results: HashMap<i64, (Option<String>, Option<String>)>,
    /// Since when a version is in the environment asked about, by its id.
    pub(crate) deployed_since: HashMap<i64, String>,
    /// The arguments that make `treaty verify` choose the pact of a consumer version with a provider, by their ids; none
    /// where it is chosen without them.
    pub(crate) choosing: HashMap<(i64, i64), String>,
}

/// Explains a verdict.
pub(crate) fn explain(evidence: Evidence<'_>, verdict: &Verdict, details: &Details) -> Explanation {
    let mut reasons: Vec<Reason> = evidence
        .resolved
        .iter()
        .filter(|resolved| is_missing(resolved))
        .map(no_such_version)
        .collect();
    let rows = &evidence.rows.considered;
    reasons.extend(
        rows.iter()
            .filter(|row| row.success() == Some(false))
            .map(|row| failed(row, details)),
    );
    let unverified = rows.iter().filter(|row| row.success().is_none());
    reasons.extend(unverified.map(|row| never_verified(evidence, &Pair::of_row(row), details)));
    let without_row = verdict.without_row.iter();
    reasons.extend(
        without_row.map(|pair| never_verified(evidence, &Pair::of_integration(pair), details)),
    );
    reasons.extend(evidence.rows.ignored.iter().map(ignored));
    if evidence.rows.cut_off > 0 {
        reasons.push(truncated(evidence.rows.cut_off));
    }
    if evidence.rows.passed_over > 0 {
        reasons.push(passed_over(evidence.rows.passed_over));
    }
    let checked = Checked {
        rows: verdict.success + verdict.failed,
        required: verdict.required + evidence.rows.cut_off + evidence.rows.passed_over,
    };
    Explanation { checked, reasons }
}

fn is_missing(resolved: &Resolved) -> bool {
    resolved.origin == Origin::Specified && resolved.is_empty()
}

fn bare(cause: Cause, remedy: String) -> Reason {
    Reason {
        cause,
        consumer: None,
        consumer_version: None,
        provider: None,
        provider_version: None,
        interactions: Vec::new(),
        build_url: None,
        deployed_since: None,
        remedy,
    }
}

fn no_such_version(resolved: &Resolved) -> Reason {
    let selector = &resolved.selector;
    let name = &selector.pacticipant;
    let remedy = match (&selector.version, &selector.environment) {
        (Some(version), _) => format!(
            "publish a pact or a verification result of {name} {version} first, or correct the version number"
        ),
        (None, Some(environment)) => {
            format!(
                "treaty record-deployment --pacticipant {} --version VERSION --environment {}",
                word(name),
                word(environment)
            )
        }
        (None, None) => format!(
            "build {name} once where this question looks for it, or name a version with --version"
        ),
    };
    Reason {
        consumer: Some(name.clone()),
        consumer_version: selector.version.clone(),
        ..bare(Cause::NoSuchVersion, remedy)
    }
}

fn failed(row: &Row, details: &Details) -> Reason {
    let result = row.result.as_ref();
    let (test_results, build_url) = result
        .and_then(|result| details.results.get(&result.id))
        .cloned()
        .unwrap_or_default();
    let provider_version = result.map(|result| result.provider_version.number.clone());
    let remedy = format!(
        "honour the pact in {provider}, or deploy a version of {consumer} that does not need it; then {}",
        verify(
            &row.provider,
            provider_version.as_deref(),
            details
                .choosing
                .get(&(row.consumer_version.id, row.provider_id)),
        ),
        provider = row.provider,
        consumer = row.consumer,
    );
    let since = |id: i64| details.deployed_since.get(&id).cloned();
    Reason {
        consumer: Some(row.consumer.clone()),
        consumer_version: Some(row.consumer_version.number.clone()),
        provider: Some(row.provider.clone()),
        provider_version,
        interactions: test_results
            .as_deref()
            .map(failed_interactions)
            .unwrap_or_default(),
        build_url,
        deployed_since: since(row.consumer_version.id)
            .or_else(|| result.and_then(|result| since(result.provider_version.id))),
        ..bare(Cause::Failed, remedy)
    }
}

/// The command whose result is wanted. Where the provider is, and how it gets into its states, nobody knows here.
fn verify(provider: &str, version: Option<&str>, choosing: Option<&String>) -> String {
    let choosing = choosing.map(|arguments| format!(" {arguments}"));
    format!(
        "treaty verify --provider-name {} --provider-version {}{} --publish --provider-base-url URL \
         [--state-change-url URL]",
        word(provider),
        word(version.unwrap_or("VERSION")),
        choosing.unwrap_or_default()
    )
}

/// The two sides of something that has no result.
struct Pair<'a> {
    consumer_id: i64,
    consumer: &'a str,
    consumer_version: Option<(i64, &'a str)>,
    provider_id: i64,
    provider: &'a str,
}

impl<'a> Pair<'a> {
    fn of_row(row: &'a Row) -> Self {
        Self {
            consumer_id: row.consumer_id,
            consumer: &row.consumer,
            consumer_version: Some((row.consumer_version.id, &row.consumer_version.number)),
            provider_id: row.provider_id,
            provider: &row.provider,
        }
    }

    fn of_integration(pair: &'a Integration) -> Self {
        Self {
            consumer_id: pair.consumer_id,
            consumer: &pair.consumer,
            consumer_version: None,
            provider_id: pair.provider_id,
            provider: &pair.provider,
        }
    }
}

fn never_verified(evidence: Evidence<'_>, pair: &Pair<'_>, details: &Details) -> Reason {
    let side = |id: i64| {
        evidence
            .resolved
            .iter()
            .find(|resolved| resolved.pacticipant_id == id)
    };
    let only = |id: i64| match side(id).map(|resolved| &resolved.choice) {
        Some(super::matrix::Choice::Versions(versions)) => versions
            .first()
            .map(|version| (version.id, &version.number)),
        _ => None,
    };
    let provider_version = only(pair.provider_id);
    let consumer_version = pair
        .consumer_version
        .or_else(|| only(pair.consumer_id).map(|(id, number)| (id, number.as_str())));
    let empty = side(pair.provider_id).is_some_and(Resolved::is_empty);
    let (cause, remedy) = match &evidence.question.target {
        Some(Target::Environment(environment)) if empty => (
            Cause::NothingDeployed,
            format!(
                "deploy {} and treaty record-deployment --pacticipant {provider} --version VERSION \
                 --environment {}, or leave it out with --ignore {provider}",
                pair.provider,
                word(environment),
                provider = word(pair.provider)
            ),
        ),
        _ => (
            Cause::NeverVerified,
            verify(
                pair.provider,
                provider_version.map(|(_, number)| number.as_str()),
                consumer_version.and_then(|(id, _)| details.choosing.get(&(id, pair.provider_id))),
            ),
        ),
    };
    let since =
        |version: Option<i64>| version.and_then(|id| details.deployed_since.get(&id).cloned());
    Reason {
        consumer: Some(pair.consumer.to_owned()),
        consumer_version: consumer_version.map(|(_, number)| number.to_owned()),
        provider: Some(pair.provider.to_owned()),
        provider_version: provider_version.map(|(_, number)| number.clone()),
        deployed_since: since(consumer_version.map(|(id, _)| id))
            .or_else(|| since(provider_version.map(|(id, _)| id))),
        ..bare(cause, remedy)
    }
}

fn ignored(row: &Row) -> Reason {
    let remedy = "ask again without --ignore".to_owned();
    Reason {
        consumer: Some(row.consumer.clone()),
        consumer_version: Some(row.consumer_version.number.clone()),
        provider: Some(row.provider.clone()),
        provider_version: row
            .result
            .as_ref()
            .map(|result| result.provider_version.number.clone()),
        ..bare(Cause::Ignored, remedy)
    }
}

fn passed_over(count: usize) -> Reason {
    let remedy = format!(
        "ask again with latestby=cvpv: {count} rows of versions in the environment have no success and do not count"
    );
    bare(Cause::PassedOver, remedy)
}

fn truncated(count: usize) -> Reason {
    bare(
        Cause::Truncated,
        format!("ask again without a limit: {count} rows were not looked at"),
    )
}
