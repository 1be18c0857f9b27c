//! The verdict over the rows of the matrix: deployable, not deployable, or unknown, and why.

use super::matrix::{
    Choice, IgnoreSelector, Integration, MatrixSelector, Origin, Question, Resolved, Row, Rows,
    Target,
};

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

fn no_such_version(selector: &MatrixSelector) -> String {
    let name = &selector.pacticipant;
    if let Some(version) = &selector.version {
        return format!(
            "No pacts or verifications have been published for version {version} of {name}"
        );
    }
    if let Some(tag) = &selector.tag {
        return format!("No version with tag {tag} exists for {name}");
    }
    if selector.main_branch {
        return format!("No version of {name} from the main branch exists");
    }
    if let Some(branch) = &selector.branch {
        return format!("No version of {name} from branch {branch} exists");
    }
    if let Some(environment) = &selector.environment {
        return format!(
            "No version of {name} is currently recorded as deployed or released in environment {environment}"
        );
    }
    format!("No pacts or verifications have been published for {name}")
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

fn describe(resolved: &[Resolved], id: i64, name: &str, version: Option<(i64, &str)>) -> String {
    let matching = |resolved: &&Resolved| {
        resolved.pacticipant_id == id && version.is_none_or(|(version, _)| resolved.allows(version))
    };
    let Some(resolved) = resolved.iter().find(matching) else {
        return format!("any version of {name}");
    };
    let number = version.map(|(_, number)| number.to_owned());
    in_words(resolved, number)
}

fn in_words(resolved: &Resolved, number: Option<String>) -> String {
    let MatrixSelector {
        pacticipant: name,
        version,
        latest,
        tag,
        branch,
        main_branch,
        environment,
    } = &resolved.selector;
    let versions = match &resolved.choice {
        Choice::Any => return format!("any version of {name}"),
        Choice::Versions(versions) => versions,
    };
    let number = number.or_else(|| versions.first().map(|version| version.number.clone()));
    let place = if let Some(tag) = tag {
        format!("with tag {tag}")
    } else if let Some(branch) = branch {
        format!("from branch {branch}")
    } else if *main_branch {
        "from the main branch".to_owned()
    } else if let Some(environment) = environment {
        format!("currently in {environment}")
    } else {
        String::new()
    };
    if let Some(version) = version {
        return format!("version {version} of {name}");
    }
    let place = if place.is_empty() {
        place
    } else {
        format!(" {place}")
    };
    let Some(number) = number else {
        return nothing_in_words(&resolved.selector, &place);
    };
    match (*latest, versions.len()) {
        (true, _) => format!("the latest version of {name}{place} ({number})"),
        (false, ..=1) => format!("the version of {name}{place} ({number})"),
        (false, _) => format!("one of the versions of {name}{place} ({number})"),
    }
}

fn nothing_in_words(selector: &MatrixSelector, place: &str) -> String {
    let name = &selector.pacticipant;
    if selector.environment.is_some() {
        let why = "no version is currently recorded as deployed/released in this environment";
        return format!("a version of {name}{place} ({why})");
    }
    let is_branch = selector.branch.is_some() || selector.main_branch;
    let why = if is_branch {
        "no versions exist for this branch"
    } else {
        "no such version exists"
    };
    let which = if selector.latest {
        "the latest version"
    } else {
        "a version"
    };
    format!("{which} of {name}{place} ({why})")
}

#[cfg(test)]
#[path = "deployable/tests.rs"]
mod tests;
