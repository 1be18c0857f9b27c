//! Which of a broker's pacts the arguments ask for.

use serde_json::Value;
use treaty_core::selectors::ConsumerVersionSelector;

use crate::args::SelectionArgs;
use crate::error::Failure;

/// The members of a consumer version selector.
const MEMBERS: [&str; 12] = [
    "mainBranch",
    "branch",
    "fallbackBranch",
    "matchingBranch",
    "latest",
    "tag",
    "fallbackTag",
    "deployed",
    "released",
    "deployedOrReleased",
    "environment",
    "consumer",
];

/// The selectors of the arguments: those in JSON, and one for each tag.
pub(super) fn selectors(args: &SelectionArgs) -> Result<Vec<ConsumerVersionSelector>, Failure> {
    let mut selectors = Vec::new();
    for text in &args.consumer_version_selectors {
        let given: Value =
            serde_json::from_str(text).map_err(|e| unusable(text, &e.to_string()))?;
        let one = std::slice::from_ref(&given);
        for selector in given.as_array().map_or(one, Vec::as_slice) {
            selectors.push(parse(text, selector)?);
        }
    }
    selectors.extend(
        args.consumer_version_tags
            .iter()
            .map(|tag| ConsumerVersionSelector {
                tag: Some(tag.to_string()),
                latest: Some(true),
                ..ConsumerVersionSelector::default()
            }),
    );
    Ok(selectors)
}

/// Without a broker, nothing looks at the arguments that select from one.
pub(super) fn none_is_given(args: &SelectionArgs) -> Result<(), Failure> {
    let given = !args.consumer_version_selectors.is_empty()
        || !args.consumer_version_tags.is_empty()
        || args.include_wip_pacts_since.is_some()
        || args.enable_pending;
    if !given {
        return Ok(());
    }
    Err(Failure::usage(
        "pacts are selected from a broker, but no broker is named",
        "name it with --broker-url, or leave the selection out",
    ))
}

fn parse(text: &str, selector: &Value) -> Result<ConsumerVersionSelector, Failure> {
    let Some(members) = selector.as_object() else {
        return Err(unusable(text, "it is not an object"));
    };
    for name in members.keys() {
        if !MEMBERS.contains(&name.as_str()) {
            return Err(unusable(text, &format!("there is no member {name:?}")));
        }
    }
    serde_json::from_value(selector.clone()).map_err(|e| unusable(text, &e.to_string()))
}

fn unusable(text: &str, why: &str) -> Failure {
    Failure::usage(
        format!("{text:?} is not a consumer version selector: {why}"),
        format!(
            "write a JSON object, such as {{\"mainBranch\": true}}, with members of {}",
            MEMBERS.join(", ")
        ),
    )
}
