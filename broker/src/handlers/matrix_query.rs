//! Reads the questions to the matrix.

use crate::domain::matrix::{IgnoreSelector, LatestBy, MatrixSelector, Question, Target};
use crate::http::{Query, Record, Violations};

/// The question of `GET /matrix`.
pub(super) fn matrix(query: &Query) -> Result<Question, Vec<String>> {
    let selectors: Vec<MatrixSelector> = query.records("q").iter().map(selector).collect();
    let ignore = ignore(query);
    let mut faults = selector_faults(&selectors);
    if ignore.iter().any(is_nobody) {
        faults.push("Please specify the pacticipant name to ignore".to_owned());
    }
    faults.extend(target_faults(query));
    let limit = query.get("limit").map(str::parse::<usize>);
    if limit
        .as_ref()
        .is_some_and(|limit| !matches!(limit, Ok(1..)))
    {
        faults.push("The limit must be 1 or greater.".to_owned());
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Question {
        selectors,
        target: target(query),
        latest_by: latest_by(query),
        success: query.all("success").into_iter().map(outcome).collect(),
        limit: limit.and_then(Result::ok),
        ignore,
    })
}

fn selector_faults(selectors: &[MatrixSelector]) -> Vec<String> {
    let mut faults = Vec::new();
    if selectors.is_empty() {
        faults.push("Please provide 1 or more version selectors.".to_owned());
    }
    if selectors
        .iter()
        .any(|selector| selector.pacticipant.is_empty())
    {
        faults.push("Please specify the pacticipant name".to_owned());
    }
    let is_contradictory =
        |selector: &&MatrixSelector| selector.latest && selector.version.is_some();
    faults.extend(selectors.iter().filter(is_contradictory).map(|selector| {
        let name = &selector.pacticipant;
        format!("A version number and latest flag cannot both be specified for {name}")
    }));
    faults
}

/// A version goes to one place: which of two was meant, only who asks can say.
fn target_faults(query: &Query) -> Vec<String> {
    let is_true = |name: &str| query.get(name) == Some("true");
    let has = |name: &str| query.get(name).is_some_and(|value| !value.is_empty());
    let places = [has("tag"), has("environment"), is_true("mainBranch")];
    let mut faults = Vec::new();
    if places.iter().filter(|place| **place).count() > 1 {
        let fault = "Cannot specify more than one of tag, environment and mainBranch.";
        faults.push(fault.to_owned());
    }
    if has("environment") && is_true("latest") {
        faults.push("Cannot specify both latest=true and an environment.".to_owned());
    }
    faults
}

/// The question of `GET /can-i-deploy`.
pub(super) fn can_i_deploy(query: &Query) -> Result<Question, Violations> {
    let mut violations = Violations::default();
    let mut required = |name: &str| match query.get(name) {
        Some(value) if !value.is_empty() => Some(value.to_owned()),
        Some(_) => {
            violations.add(name, "must be filled");
            None
        }
        None => {
            violations.add(name, "is missing");
            None
        }
    };
    let pacticipant = required("pacticipant").unwrap_or_default();
    let version = required("version");
    let target = match (query.get("environment"), query.get("to")) {
        (Some(environment), None) => Some(Target::Environment(environment.to_owned())),
        (None, Some(tag)) => Some(Target::Tag(tag.to_owned())),
        (Some(_), Some(_)) => {
            violations.add("environment", "cannot specify both 'environment' and 'to'");
            None
        }
        (None, None) => {
            violations.add("environment", "must specify either 'environment' or 'to'");
            None
        }
    };
    let ignore = ignore(query);
    if ignore.iter().any(is_nobody) {
        violations.add("ignore", "must name a pacticipant");
    }
    violations.check()?;
    let latest_by = match &target {
        Some(Target::Environment(_)) => LatestBy::ConsumerVersionProviderVersion,
        _ => LatestBy::ConsumerVersionProvider,
    };
    Ok(Question {
        selectors: vec![MatrixSelector {
            pacticipant,
            version,
            ..MatrixSelector::default()
        }],
        target,
        latest_by,
        success: Vec::new(),
        limit: None,
        ignore,
    })
}

fn selector(record: &Record) -> MatrixSelector {
    let text = |name: &str| record.get(name).map(str::to_owned);
    let is = |name: &str| text(name).as_deref() == Some("true");
    MatrixSelector {
        pacticipant: text("pacticipant").unwrap_or_default(),
        version: text("version"),
        latest: is("latest"),
        tag: text("tag"),
        branch: text("branch"),
        main_branch: is("mainBranch"),
        environment: text("environment"),
    }
}

fn target(query: &Query) -> Option<Target> {
    let text = |name: &str| {
        query
            .get(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    };
    if let Some(environment) = text("environment") {
        return Some(Target::Environment(environment));
    }
    if let Some(tag) = text("tag") {
        return Some(Target::Tag(tag));
    }
    if text("mainBranch").as_deref() == Some("true") {
        return Some(Target::MainBranch);
    }
    (text("latest").as_deref() == Some("true")).then_some(Target::Latest)
}

fn latest_by(query: &Query) -> LatestBy {
    match query.get("latestby") {
        Some("cvpv") => LatestBy::ConsumerVersionProviderVersion,
        Some("cvp") => LatestBy::ConsumerVersionProvider,
        Some("cp") => LatestBy::ConsumerProvider,
        _ => LatestBy::Everything,
    }
}

fn outcome(text: &str) -> Option<bool> {
    if text.is_empty() {
        None
    } else {
        Some(text == "true")
    }
}

fn is_nobody(selector: &IgnoreSelector) -> bool {
    selector.pacticipant.is_empty()
}

fn ignore(query: &Query) -> Vec<IgnoreSelector> {
    let named = |pacticipant: &str, version: Option<String>| IgnoreSelector {
        pacticipant: pacticipant.to_owned(),
        version,
        pacticipant_exists: false,
        version_exists: false,
    };
    let mut ignore: Vec<IgnoreSelector> = query
        .records("ignore")
        .iter()
        .map(selector)
        .map(|selector| named(&selector.pacticipant, selector.version))
        .collect();
    if query.has("ignore[]") {
        ignore.extend(
            query
                .all("ignore")
                .into_iter()
                .map(|name| named(name, None)),
        );
    }
    ignore
}
