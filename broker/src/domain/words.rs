//! Versions in the words of the question: what a verdict calls them.

use super::matrix::{Choice, MatrixSelector, Resolved};

/// That there is no version of the kind asked about.
pub(super) fn no_such_version(selector: &MatrixSelector) -> String {
    let name = &selector.pacticipant;
    if selector.criteria() > 1 {
        let all = criteria_in_words(selector).join(", ");
        return format!("No version of {name} is all of this: {all}");
    }
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

/// Each property that a version must have to be meant.
fn criteria_in_words(selector: &MatrixSelector) -> Vec<String> {
    let MatrixSelector {
        pacticipant: _,
        version,
        latest: _,
        tag,
        branch,
        main_branch,
        environment,
    } = selector;
    let named = [
        version.as_ref().map(|version| format!("version {version}")),
        tag.as_ref().map(|tag| format!("with tag {tag}")),
        branch
            .as_ref()
            .map(|branch| format!("from branch {branch}")),
        (*main_branch && branch.is_none()).then(|| "from the main branch".to_owned()),
        environment
            .as_ref()
            .map(|environment| format!("currently in {environment}")),
    ];
    named.into_iter().flatten().collect()
}

/// A version of a pacticipant, or what is asked about it if there is none.
pub(super) fn describe(
    resolved: &[Resolved],
    id: i64,
    name: &str,
    version: Option<(i64, &str)>,
) -> String {
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
        ..
    } = &resolved.selector;
    let versions = match &resolved.choice {
        Choice::Any => return format!("any version of {name}"),
        Choice::Versions(versions) => versions,
    };
    let number = number.or_else(|| versions.first().map(|version| version.number.clone()));
    if let Some(version) = version {
        return format!("version {version} of {name}");
    }
    let criteria = criteria_in_words(&resolved.selector).into_iter();
    let place: String = criteria.map(|criterion| format!(" {criterion}")).collect();
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
