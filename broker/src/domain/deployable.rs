//! The verdict over the rows of the matrix: deployable, not deployable, or unknown, and why.

use super::matrix::{
    IgnoreSelector, Integration, MatrixSelector, Origin, Question, Resolved, Row, Rows, Target,
};
use super::words::{describe, no_such_version};

/// Whether a version can go where it is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deployable {
    /// Everything that it meets there honours the pacts.
    Yes,
    /// Something does not, or the version does not exist.
    No,
    /// A result is missing.
    Unknown,
}

impl Deployable {
    /// As the `deployable` member of an answer.
    pub(crate) fn as_option(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Unknown => None,
        }
    }
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Success,
    Warning,
    Error,
}

impl Tone {
    /// As the `type` member of a notice.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) deployable: Deployable,
    pub(crate) notices: Vec<(Tone, String)>,
    pub(crate) success: usize,
    pub(crate) failed: usize,
    pub(crate) unknown: usize,
    /// How many rows do not count, if the question names any.
    pub(crate) ignored: Option<usize>,
    /// How many answers the verdict needed: rows, and integrations without a row.
    pub(crate) required: usize,
    /// The integrations that have no row though one is needed.
    pub(crate) without_row: Vec<Integration>,
}

/// Everything a verdict is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence<'a> {
    pub(crate) question: &'a Question,
    pub(crate) resolved: &'a [Resolved],
    pub(crate) integrations: &'a [Integration],
    pub(crate) rows: &'a Rows,
}

const NO_VERSION: &str = "WARN: It is recommended to specify the version number (rather than the tag or branch) of the \
                          pacticipant you wish to deploy to avoid race conditions. Without a version number, this \
                          result will not be reliable.";
const NO_ENVIRONMENT: &str = "WARN: It is recommended to specify the environment into which you are deploying. \
                              Without the environment, this result will not be reliable.";
const ALL_VERIFIED: &str = "All required verification results are published and successful";
const NO_DEPENDENCIES: &str = "There are no missing dependencies";

/// Decides.
pub(crate) fn decide(evidence: Evidence<'_>) -> Verdict {
    let considered = &evidence.rows.considered;
    let count = |wanted: Option<bool>| {
        considered
            .iter()
            .filter(|row| row.success() == wanted)
            .count()
    };
    let without_row = integrations_without_row(evidence);
    let missing_versions = missing_versions(evidence);
    let (success, failed) = (count(Some(true)), count(Some(false)));
    let unknown = count(None) + without_row.len();
    let deployable = match (missing_versions.is_empty(), unknown, failed) {
        (false, _, _) => Deployable::No,
        (true, 1.., _) => Deployable::Unknown,
        (true, 0, 1..) => Deployable::No,
        (true, 0, 0) => Deployable::Yes,
    };
    let mut notices = warnings(evidence.question);
    if !missing_versions.is_empty() {
        notices.extend(missing_versions.into_iter().map(|text| (Tone::Error, text)));
    } else if failed + unknown > 0 {
        notices.extend(
            faults(evidence, &without_row)
                .into_iter()
                .map(|text| (Tone::Error, text)),
        );
    } else {
        let text = if considered.is_empty() {
            NO_DEPENDENCIES
        } else {
            ALL_VERIFIED
        };
        notices.push((Tone::Success, text.to_owned()));
    }
    Verdict {
        deployable,
        notices,
        success,
        failed,
        unknown,
        ignored: (!evidence.question.ignore.is_empty()).then_some(evidence.rows.ignored.len()),
        required: considered.len() + without_row.len(),
        without_row,
    }
}

fn integrations_without_row(evidence: Evidence<'_>) -> Vec<Integration> {
    let rows = || {
        evidence
            .rows
            .considered
            .iter()
            .chain(&evidence.rows.ignored)
    };
    let has_row = |integration: &Integration| {
        rows().any(|row| {
            row.consumer_id == integration.consumer_id && row.provider_id == integration.provider_id
        })
    };
    let ignored = |integration: &Integration| {
        evidence.question.ignore.iter().any(|selector| {
            selector.version.is_none()
                && (selector.pacticipant == integration.consumer
                    || selector.pacticipant == integration.provider)
        })
    };
    let needed = |integration: &&Integration| {
        integration.required && !has_row(integration) && !ignored(integration)
    };
    evidence
        .integrations
        .iter()
        .filter(needed)
        .cloned()
        .collect()
}

fn missing_versions(evidence: Evidence<'_>) -> Vec<String> {
    let ignored = |resolved: &Resolved| {
        let selector = &resolved.selector;
        evidence.question.ignore.iter().any(|ignore| {
            ignore.pacticipant == selector.pacticipant
                && (ignore.version.is_none() || ignore.version == selector.version)
        })
    };
    let missing = |resolved: &&Resolved| {
        resolved.origin == Origin::Specified && resolved.is_empty() && !ignored(resolved)
    };
    evidence
        .resolved
        .iter()
        .filter(missing)
        .map(|resolved| no_such_version(&resolved.selector))
        .collect()
}

fn warnings(question: &Question) -> Vec<(Tone, String)> {
    let mut warnings: Vec<String> = question.ignore.iter().filter_map(cannot_ignore).collect();
    let is_bound = matches!(
        question.target,
        Some(Target::Environment(_) | Target::Tag(_) | Target::MainBranch)
    );
    if question.selectors.len() == 1 && !is_bound {
        warnings.push(NO_ENVIRONMENT.to_owned());
    }
    let has_version = question
        .selectors
        .iter()
        .any(|selector| selector.version.is_some());
    if !has_version && question.selectors.iter().any(is_moving) {
        warnings.push(NO_VERSION.to_owned());
    }
    warnings
        .into_iter()
        .map(|text| (Tone::Warning, text))
        .collect()
}

/// Whether a selector may stand for another version tomorrow.
fn is_moving(selector: &MatrixSelector) -> bool {
    let MatrixSelector {
        latest,
        tag,
        branch,
        main_branch,
        environment,
        ..
    } = selector;
    *latest || *main_branch || tag.is_some() || branch.is_some() || environment.is_some()
}

fn cannot_ignore(selector: &IgnoreSelector) -> Option<String> {
    let subject = match &selector.version {
        Some(version) => format!("version {version} of {}", selector.pacticipant),
        None => format!("any version of {}", selector.pacticipant),
    };
    if !selector.pacticipant_exists {
        return Some(format!(
            "WARN: Cannot ignore {subject} (no such pacticipant exists)"
        ));
    }
    let missing = selector.version.is_some() && !selector.version_exists;
    missing.then(|| format!("WARN: Cannot ignore {subject} (no such version exists)"))
}

fn faults(evidence: Evidence<'_>, without_row: &[Integration]) -> Vec<String> {
    let rows = &evidence.rows.considered;
    let mut texts = Vec::new();
    for row in rows.iter().filter(|row| row.success() == Some(false)) {
        let (consumer, provider) = sides(evidence, row);
        texts.push(format!(
            "The verification for the pact between {consumer} and {provider} failed"
        ));
    }
    for row in rows.iter().filter(|row| row.success().is_none()) {
        let (consumer, provider) = sides(evidence, row);
        texts.push(format!(
            "There is no verified pact between {consumer} and {provider}"
        ));
    }
    for integration in without_row {
        let consumer = describe(
            evidence.resolved,
            integration.consumer_id,
            &integration.consumer,
            None,
        );
        let provider = describe(
            evidence.resolved,
            integration.provider_id,
            &integration.provider,
            None,
        );
        texts.push(format!(
            "There is no verified pact between {consumer} and {provider}"
        ));
    }
    texts
}

/// The two sides of a row, in the words of the question.
fn sides(evidence: Evidence<'_>, row: &Row) -> (String, String) {
    let consumer_version = Some((
        row.consumer_version.id,
        row.consumer_version.number.as_str(),
    ));
    let provider_version = row.result.as_ref().map(|result| {
        (
            result.provider_version.id,
            result.provider_version.number.as_str(),
        )
    });
    (
        describe(
            evidence.resolved,
            row.consumer_id,
            &row.consumer,
            consumer_version,
        ),
        describe(
            evidence.resolved,
            row.provider_id,
            &row.provider,
            provider_version,
        ),
    )
}

#[cfg(test)]
#[path = "deployable/tests.rs"]
mod tests;
