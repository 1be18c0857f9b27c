//! From what an author described to the interactions that go into the pact.

use std::collections::BTreeMap;

use pact_models::bodies::OptionalBody;
use pact_models::matchingrules::{Category, MatchingRule, MatchingRuleCategory, MatchingRules};
use pact_models::path_exp::{DocPath, PathToken};
use pact_models::provider_states::ProviderState;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;

use crate::matchers::marker::{self, Otherwise};

/// What `pact_consumer`'s `json_utf8()` asks of a content type, and what it means: most frameworks send no charset.
const JSON_UTF8: &str = "^application/json; charset=(utf|UTF)-8$";
const JSON: &str = "^application/json(;\\s*charset=[uU][tT][fF]-8)?$";

/// The interactions that one description stands for: itself, and one more for each provider state in which some members
/// of its response are absent or `null`.
pub(crate) fn expanded(mut http: SynchronousHttp) -> Vec<SynchronousHttp> {
    let request_sometimes = marker::take_otherwise(&mut http.request.matching_rules);
    assert!(
        request_sometimes.is_empty(),
        "{:?}: optional() and nullable() stand in responses; a request is what this consumer sends",
        http.description
    );
    let mut by_state: BTreeMap<String, Vec<(DocPath, Otherwise)>> = BTreeMap::new();
    for (path, otherwise) in marker::take_otherwise(&mut http.response.matching_rules) {
        by_state
            .entry(otherwise.state.clone())
            .or_default()
            .push((path, otherwise));
    }
    let (request, response) = (&mut http.request, &mut http.response);
    marker::lift_generators(&mut request.matching_rules, &mut request.generators);
    marker::lift_generators(&mut response.matching_rules, &mut response.generators);
    accept_json_without_charset(&mut request.matching_rules);
    accept_json_without_charset(&mut response.matching_rules);

    let without: Vec<SynchronousHttp> = by_state
        .into_iter()
        .map(|(state, places)| variant(&http, &state, &places))
        .collect();
    [vec![http], without].concat()
}

fn variant(
    http: &SynchronousHttp,
    state: &str,
    places: &[(DocPath, Otherwise)],
) -> SynchronousHttp {
    let mut variant = http.clone();
    variant.provider_states.push(ProviderState::default(state));
    for (path, otherwise) in places {
        replace(&mut variant.response, path, otherwise.null);
    }
    variant
}

/// Takes a place out of the example, or makes it `null`, and drops the rules and generators at it and below.
fn replace(response: &mut HttpResponse, path: &DocPath, null: bool) {
    if let OptionalBody::Present(bytes, kind, hint) = &response.body
        && let Ok(mut body) = serde_json::from_slice::<Value>(bytes)
    {
        replace_in(&mut body, &path.tokens()[1..], null);
        response.body = OptionalBody::Present(body.to_string().into(), kind.clone(), *hint);
    }
    let below = |other: &DocPath| other.tokens().starts_with(path.tokens());
    if let Some(body) = response.matching_rules.rules.get_mut(&Category::BODY) {
        body.rules.retain(|place, _| !below(place));
    }
    for generators in response.generators.categories.values_mut() {
        generators.retain(|place, _| !below(place));
    }
}

fn replace_in(value: &mut Value, path: &[PathToken], null: bool) {
    match (path, value) {
        ([PathToken::Field(name)], Value::Object(members)) => {
            if null {
                members.insert(name.clone(), Value::Null);
            } else {
                members.remove(name);
            }
        }
        ([PathToken::Field(name), rest @ ..], Value::Object(members)) => {
            members
                .get_mut(name)
                .into_iter()
                .for_each(|member| replace_in(member, rest, null));
        }
        ([PathToken::Index(index), rest @ ..], Value::Array(items)) => {
            items
                .get_mut(*index)
                .into_iter()
                .for_each(|item| replace_in(item, rest, null));
        }
        ([PathToken::StarIndex, rest @ ..], Value::Array(items)) => {
            items
                .iter_mut()
                .for_each(|item| replace_in(item, rest, null));
        }
        ([PathToken::Star, rest @ ..], Value::Object(members)) => {
            members
                .iter_mut()
                .for_each(|(_, member)| replace_in(member, rest, null));
        }
        _ => {}
    }
}

fn accept_json_without_charset(rules: &mut MatchingRules) {
    let headers: Option<&mut MatchingRuleCategory> = rules.rules.get_mut(&Category::HEADER);
    let lists = headers
        .into_iter()
        .flat_map(|headers| headers.rules.values_mut());
    for rule in lists.flat_map(|list| &mut list.rules) {
        if matches!(rule, MatchingRule::Regex(regex) if regex == JSON_UTF8) {
            *rule = MatchingRule::Regex(JSON.to_owned());
        }
    }
}
