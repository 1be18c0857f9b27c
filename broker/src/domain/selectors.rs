//! Consumer version selectors: what a provider asks to verify, checked and understood.

use serde_json::{Map, Value};

/// What a selector asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The head of the consumer's main branch.
    MainBranch,
    /// The head of a branch.
    Branch(String),
    /// The head of the branch that is named like the provider's.
    MatchingBranch(String),
    /// The head of every branch.
    EveryBranch,
    /// The latest with a tag, or with the other tag where no pact has the first.
    LatestWithTag {
        tag: String,
        fallback: Option<String>,
    },
    /// Every version with a tag.
    EveryWithTag(String),
    /// The latest of each consumer.
    Latest,
    /// What is deployed, anywhere or in an environment.
    Deployed(Option<String>),
    /// What is released and supported, anywhere or in an environment.
    Released(Option<String>),
    /// What is in an environment.
    Environment(String),
}

/// A selector that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selector {
    pub(crate) consumer: Option<String>,
    pub(crate) wanted: Wanted,
}

/// What the request says about the provider version that will verify.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ProviderSide {
    pub(crate) branch: Option<String>,
    pub(crate) tags: Vec<String>,
}

/// The members that must be true where they stand.
const FLAGS: [&str; 5] = [
    "mainBranch",
    "matchingBranch",
    "deployed",
    "released",
    "deployedOrReleased",
];
/// The members that must be texts.
const TEXTS: [&str; 5] = [
    "tag",
    "fallbackTag",
    "fallbackBranch",
    "environment",
    "consumer",
];
const NOTHING: &str = "must specify a value for environment or tag or branch, or specify mainBranch=true, \
                       matchingBranch=true, latest=true, deployed=true, released=true or deployedOrReleased=true";

/// Checks and reads the list of selectors.
///
/// The error is the list of faults, each with the index of its selector.
pub(crate) fn parse(list: &[Value], provider: &ProviderSide) -> Result<Vec<Selector>, Vec<String>> {
    let mut selectors = Vec::new();
    let mut faults = Vec::new();
    for (index, value) in list.iter().enumerate() {
        let Value::Object(members) = value else {
            faults.push(format!("must be a hash (at index {index})"));
            continue;
        };
        let found = faults_of(members, provider);
        if found.is_empty() {
            selectors.extend(understand(members, provider));
        } else {
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{fault} (at index {index})")),
            );
        }
    }
    if faults.is_empty() {
        Ok(selectors)
    } else {
        Err(faults)
    }
}

fn faults_of(members: &Map<String, Value>, provider: &ProviderSide) -> Vec<String> {
    let mut faults = type_faults(members);
    if !faults.is_empty() {
        return faults;
    }
    let has = |name: &str| members.get(name).is_some_and(|value| !value.is_null());
    let is = |name: &str| members.get(name) == Some(&Value::Bool(true));
    let names = ["tag", "branch", "environment"]
        .iter()
        .any(|name| has(name));
    if !names && !is("latest") && !FLAGS.iter().any(|name| is(name)) {
        faults.push(NOTHING.to_owned());
    }
    if has("fallbackTag") && !is("latest") {
        faults.push("fallbackTag can only be set if latest is true".to_owned());
    }
    if has("fallbackTag") && !has("tag") {
        faults.push("a tag must be specified when a fallbackTag is specified".to_owned());
    }
    if has("tag") && has("branch") {
        faults.push("cannot specify both a tag and a branch".to_owned());
    }
    for flag in ["mainBranch", "matchingBranch"] {
        let others = |name: &&String| ![flag, "consumer"].contains(&name.as_str()) && has(name);
        let tolerated = |name: &&String| flag == "mainBranch" && name.as_str() == "latest";
        if is(flag) && members.keys().filter(others).any(|name| !tolerated(&name)) {
            faults.push(format!(
                "cannot specify {flag}=true with any other criteria apart from consumer"
            ));
        }
    }
    if is("matchingBranch") && provider.branch.is_none() {
        let fault =
            "the providerVersionBranch must be specified when the selector matchingBranch=true is used".to_owned();
        faults.push(fault);
    }
    if has("fallbackBranch") && !has("branch") {
        faults.push("a branch must be specified when a fallbackBranch is specified".to_owned());
    }
    faults.extend(contradictions(members));
    faults
}

/// The members that say where a version is, and those that say which version of a line it is.
const PLACES: [&str; 4] = ["environment", "deployed", "released", "deployedOrReleased"];
const LINES: [&str; 5] = ["latest", "tag", "fallbackTag", "branch", "fallbackBranch"];

/// Members of which one would have to be dropped for the other.
fn contradictions(members: &Map<String, Value>) -> Vec<String> {
    let has = |name: &&str| members.get(*name).is_some_and(|value| !value.is_null());
    let among = |names: &[&'static str]| -> Vec<&'static str> {
        names.iter().copied().filter(|name| has(name)).collect()
    };
    let mut faults = Vec::new();
    for name in among(&["mainBranch", "branch"]) {
        if members.get("latest") == Some(&Value::Bool(false)) {
            faults.push(format!("cannot specify {name} with latest=false"));
        }
    }
    let (lines, places) = (among(&LINES), among(&PLACES));
    let is_whole_line = has(&"mainBranch") || has(&"matchingBranch");
    if !lines.is_empty() && !places.is_empty() && !is_whole_line {
        let (lines, places) = (lines.join(" or "), places.join(" or "));
        faults.push(format!("cannot specify {lines} with {places}"));
    }
    let kinds = among(&PLACES[1..]);
    if kinds.len() > 1 {
        faults.push(format!(
            "cannot specify more than one of {}",
            kinds.join(", ")
        ));
    }
    faults
}

/// The environments that selectors name, each with the index of its selector.
pub(crate) fn environments(list: &[Value]) -> Vec<(usize, String)> {
    let named = |(index, value): (usize, &Value)| {
        let name = value.get("environment")?.as_str()?;
        Some((index, name.to_owned()))
    };
    list.iter().enumerate().filter_map(named).collect()
}

fn type_faults(members: &Map<String, Value>) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, value) in members {
        let name = name.as_str();
        match value {
            Value::Null => {}
            Value::String(text)
                if text.is_empty() && (TEXTS.contains(&name) || name == "branch") =>
            {
                faults.push(format!("{name} must be filled"));
            }
            Value::String(_) if TEXTS.contains(&name) || name == "branch" => {}
            Value::Bool(true) if name == "branch" => {}
            _ if TEXTS.contains(&name) || name == "branch" => {
                faults.push(format!("{name} must be a string"))
            }
            Value::Bool(true) if FLAGS.contains(&name) => {}
            _ if FLAGS.contains(&name) => faults.push(format!("{name} must be one of: true")),
            Value::Bool(_) => {}
            _ if name == "latest" => faults.push("latest must be one of: true, false".to_owned()),
            _ => {}
        }
    }
    faults
}

/// The selectors that a checked one means: two for what is deployed or released.
fn understand(members: &Map<String, Value>, provider: &ProviderSide) -> Vec<Selector> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    let is = |name: &str| members.get(name) == Some(&Value::Bool(true));
    let environment = text("environment");
    let wanted = if is("mainBranch") {
        vec![Wanted::MainBranch]
    } else if is("matchingBranch") {
        provider
            .branch
            .clone()
            .map(Wanted::MatchingBranch)
            .into_iter()
            .collect()
    } else if let Some(branch) = text("branch") {
        vec![Wanted::Branch(branch)]
    } else if is("branch") {
        vec![Wanted::EveryBranch]
    } else if let Some(tag) = text("tag") {
        let fallback = text("fallbackTag");
        vec![if is("latest") {
            Wanted::LatestWithTag { tag, fallback }
        } else {
            Wanted::EveryWithTag(tag)
        }]
    } else if is("deployedOrReleased") {
        vec![
            Wanted::Deployed(environment.clone()),
            Wanted::Released(environment),
        ]
    } else if is("deployed") {
        vec![Wanted::Deployed(environment)]
    } else if is("released") {
        vec![Wanted::Released(environment)]
    } else if let Some(environment) = environment {
        vec![Wanted::Environment(environment)]
    } else {
        vec![Wanted::Latest]
    };
    let consumer = text("consumer");
    wanted
        .into_iter()
        .map(|wanted| Selector {
            consumer: consumer.clone(),
            wanted,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(selector: Value, fault: &str) {
        let faults = parse(&[selector], &ProviderSide::default()).unwrap_err();
        assert_eq!(faults, [format!("{fault} (at index 0)")]);
    }

    #[test]
    fn faults_carry_the_index_of_their_selector() {
        check(
            json!({ "tag": "a", "fallbackTag": "b" }),
            "fallbackTag can only be set if latest is true",
        );
        check(json!({ "tag": true }), "tag must be a string");
        check(
            json!({ "matchingBranch": false }),
            "matchingBranch must be one of: true",
        );
        check(json!({}), NOTHING);
        check(json!(7), "must be a hash");
    }

    #[test]
    fn nothing_of_a_selector_is_dropped_for_the_rest() {
        for (selector, fault) in [
            (
                json!({ "branch": "a", "latest": false }),
                "cannot specify branch with latest=false",
            ),
            (
                json!({ "mainBranch": true, "latest": false }),
                "cannot specify mainBranch with latest=false",
            ),
            (
                json!({ "latest": true, "fallbackTag": "b" }),
                "a tag must be specified when a fallbackTag is specified",
            ),
            (
                json!({ "deployed": true, "released": true }),
                "cannot specify more than one of deployed, released",
            ),
            (
                json!({ "deployed": true, "deployedOrReleased": true, "environment": "prod" }),
                "cannot specify more than one of deployed, deployedOrReleased",
            ),
            (
                json!({ "latest": true, "deployed": true }),
                "cannot specify latest with deployed",
            ),
            (
                json!({ "branch": "a", "environment": "prod" }),
                "cannot specify branch with environment",
            ),
            (
                json!({ "tag": "a", "latest": true, "environment": "prod", "released": true }),
                "cannot specify latest or tag with environment or released",
            ),
            (
                json!({ "mainBranch": true, "deployed": true }),
                "cannot specify mainBranch=true with any other criteria apart from consumer",
            ),
        ] {
            check(selector, fault);
        }
    }

    #[test]
    fn what_clients_send_together_may_stand_together() {
        for selector in [
            json!({ "mainBranch": true, "latest": true, "consumer": "Web" }),
            json!({ "branch": "a", "latest": true, "fallbackBranch": "b" }),
            json!({ "branch": "a", "latest": null, "tag": null, "environment": null }),
            json!({ "branch": true, "latest": true }),
            json!({ "tag": "a", "latest": true, "fallbackTag": "b" }),
            json!({ "tag": "a", "latest": false }),
            json!({ "deployed": true, "environment": "prod" }),
            json!({ "deployedOrReleased": true, "environment": "prod", "consumer": "Web" }),
        ] {
            let found = parse(std::slice::from_ref(&selector), &ProviderSide::default());
            assert!(found.is_ok(), "{selector}: {found:?}");
        }
    }

    #[test]
    fn deployed_or_released_is_two_selectors() {
        let selectors = parse(
            &[json!({ "deployedOrReleased": true })],
            &ProviderSide::default(),
        )
        .unwrap();
        let wanted: Vec<_> = selectors
            .into_iter()
            .map(|selector| selector.wanted)
            .collect();
        assert_eq!(wanted, [Wanted::Deployed(None), Wanted::Released(None)]);
    }

    #[test]
    fn a_matching_branch_is_the_providers() {
        let provider = ProviderSide {
            branch: Some("fix".to_owned()),
            tags: vec![],
        };
        let selectors = parse(&[json!({ "matchingBranch": true })], &provider).unwrap();
        assert_eq!(
            selectors[0].wanted,
            Wanted::MatchingBranch("fix".to_owned())
        );
    }
}
