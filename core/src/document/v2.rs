//! What version 2 of the specification can say, for readers that know no later one.

use pact_models::PactSpecification;
use pact_models::interaction::Interaction as _;
use pact_models::matchingrules::{MatchingRule, MatchingRules, matchers_from_json};
use pact_models::provider_states::ProviderState;
use pact_models::sync_interaction::RequestResponseInteraction;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;

/// The interaction as version 2 writes it.
///
/// # Errors
/// What of it version 2 has no words for: writing the rest would ask less of the provider than its author did.
pub(super) fn to_v2_json(http: &SynchronousHttp) -> Result<Value, String> {
    beyond_states(&http.provider_states)?;
    for (part, rules, generators) in [
        (
            "request",
            &http.request.matching_rules,
            &http.request.generators,
        ),
        (
            "response",
            &http.response.matching_rules,
            &http.response.generators,
        ),
    ] {
        if !generators.is_empty() {
            return Err(format!("generators (its {part} has some)"));
        }
        beyond_rules(part, rules)?;
    }
    let interaction: Option<RequestResponseInteraction> = http.as_request_response();
    let interaction = interaction.expect("an HTTP interaction has a request and a response");
    let json = interaction.to_json(&PactSpecification::V2);
    for (part, rules) in [
        ("request", &http.request.matching_rules),
        ("response", &http.response.matching_rules),
    ] {
        unread(part, rules, &json[part])?;
    }
    Ok(json)
}

fn beyond_states(states: &[ProviderState]) -> Result<(), String> {
    match states {
        [] => Ok(()),
        [state] if state.params.is_empty() => Ok(()),
        [state] => Err(format!(
            "parameters of provider states ({:?} has some)",
            state.name
        )),
        several => Err(format!(
            "several provider states (it has {})",
            several.len()
        )),
    }
}

fn beyond_rules(part: &str, rules: &MatchingRules) -> Result<(), String> {
    for (category, of_category) in &rules.rules {
        for (path, list) in &of_category.rules {
            let place = format!("(the {category} of its {part} at {path})");
            if list.rules.len() > 1 {
                return Err(format!("several rules for one place {place}"));
            }
            let strange = list.rules.iter().find(|rule| !is_of_v2(rule));
            if let Some(rule) = strange {
                return Err(format!("the rule `{}` {place}", rule.name()));
            }
        }
    }
    Ok(())
}

fn is_of_v2(rule: &MatchingRule) -> bool {
    matches!(
        rule,
        MatchingRule::Equality
            | MatchingRule::Regex(_)
            | MatchingRule::Type
            | MatchingRule::MinType(_)
            | MatchingRule::MaxType(_)
            | MatchingRule::MinMaxType(_, _)
    )
}

/// Version 2 writes the place of a rule as one path from the top, and some names do not survive that.
fn unread(part: &str, rules: &MatchingRules, written: &Value) -> Result<(), String> {
    let read = matchers_from_json(written, &None).map_err(|error| error.to_string())?;
    let count = |rules: &MatchingRules| {
        let lists = rules.rules.values();
        lists.map(|category| category.rules.len()).sum::<usize>()
    };
    let is_there = rules.rules.iter().all(|(category, ours)| {
        ours.rules.iter().all(|(path, list)| {
            let theirs = read.rules.get(category);
            let theirs = theirs.and_then(|theirs| theirs.rules.get(path));
            theirs.is_some_and(|theirs| theirs.rules == list.rules)
        })
    });
    if is_there && count(rules) == count(&read) {
        return Ok(());
    }
    Err(format!(
        "paths that are told from each other, for the rules of its {part}: a name there holds `$` or a dot"
    ))
}
