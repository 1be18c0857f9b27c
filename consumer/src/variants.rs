//! From what an author described to the interactions that go into the pact.

use std::collections::BTreeMap;

use pact_models::bodies::OptionalBody;
use pact_models::generators::Generators;
use pact_models::matchingrules::{Category, MatchingRule, MatchingRuleCategory, MatchingRules};
use pact_models::path_exp::{DocPath, PathToken};
use pact_models::provider_states::ProviderState;
use pact_models::v4::async_message::AsynchronousMessage;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;
use serde_json::Value;

use crate::matchers::marker::{self, Otherwise};

/// What `pact_consumer`'s `json_utf8()` asks of a content type, and what it means: most frameworks send no charset.
const JSON_UTF8: &str = "^application/json; charset=(utf|UTF)-8$";
const JSON: &str = "^application/json(;\\s*charset=[uU][tT][fF]-8)?$";

/// A request, a response or the contents of a message: what can hold a marker.
pub(crate) struct Part<'a> {
    body: &'a mut OptionalBody,
    rules: &'a mut MatchingRules,
    generators: &'a mut Generators,
}

/// A kind of interaction, as far as its variants are concerned.
pub(crate) trait Described: Clone {
    fn description(&self) -> &str;
    fn provider_states(&mut self) -> &mut Vec<ProviderState>;
    /// What this consumer sends.
    fn request(&mut self) -> Option<Part<'_>>;
    /// What the provider sends, in its order.
    fn responses(&mut self) -> Vec<Part<'_>>;
}

/// The interactions that one description stands for: itself, and one more for each provider state in which some members
/// of what the provider sends are absent or `null`.
pub(crate) fn expanded<I: Described>(mut described: I) -> Vec<I> {
    if let Some(mut request) = described.request() {
        let sometimes = marker::take_otherwise(request.rules);
        settle(&mut request);
        assert!(
            sometimes.is_empty(),
            "{:?}: optional() and nullable() stand in what the provider sends; a request is what this consumer sends",
            described.description()
        );
    }
    let mut by_state: BTreeMap<String, Vec<(usize, DocPath, Otherwise)>> = BTreeMap::new();
    for (place, response) in described.responses().iter_mut().enumerate() {
        for (path, otherwise) in marker::take_otherwise(response.rules) {
            let of_state = by_state.entry(otherwise.state.clone()).or_default();
            of_state.push((place, path, otherwise));
        }
        settle(response);
    }
    let without: Vec<I> = by_state
        .into_iter()
        .map(|(state, places)| variant(&described, &state, &places))
        .collect();
    [vec![described], without].concat()
}

/// Puts generators where they belong, and takes `json_utf8()` for what it means.
fn settle(part: &mut Part<'_>) {
    marker::lift_generators(part.rules, part.generators);
    accept_json_without_charset(part.rules);
}

fn variant<I: Described>(described: &I, state: &str, places: &[(usize, DocPath, Otherwise)]) -> I {
    let mut variant = described.clone();
    variant
        .provider_states()
        .push(ProviderState::default(state));
    for (place, path, otherwise) in places {
        replace(&mut variant.responses()[*place], path, otherwise.null);
    }
    variant
}

/// Takes a place out of the example, or makes it `null`, and drops the rules and generators at it and below.
fn replace(part: &mut Part<'_>, path: &DocPath, null: bool) {
    if let OptionalBody::Present(bytes, kind, hint) = &*part.body
        && let Ok(mut body) = serde_json::from_slice::<Value>(bytes)
    {
        replace_in(&mut body, &path.tokens()[1..], null);
        *part.body = OptionalBody::Present(body.to_string().into(), kind.clone(), *hint);
    }
    let below = |other: &DocPath| other.tokens().starts_with(path.tokens());
    if let Some(body) = part.rules.rules.get_mut(&Category::BODY) {
        body.rules.retain(|place, _| !below(place));
    }
    for generators in part.generators.categories.values_mut() {
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

impl Described for SynchronousHttp {
    fn description(&self) -> &str {
        &self.description
    }

    fn provider_states(&mut self) -> &mut Vec<ProviderState> {
        &mut self.provider_states
    }

    fn request(&mut self) -> Option<Part<'_>> {
        Some(Part {
            body: &mut self.request.body,
            rules: &mut self.request.matching_rules,
            generators: &mut self.request.generators,
        })
    }

    fn responses(&mut self) -> Vec<Part<'_>> {
        vec![Part {
            body: &mut self.response.body,
            rules: &mut self.response.matching_rules,
            generators: &mut self.response.generators,
        }]
    }
}

impl Described for AsynchronousMessage {
    fn description(&self) -> &str {
        &self.description
    }

    fn provider_states(&mut self) -> &mut Vec<ProviderState> {
        &mut self.provider_states
    }

    fn request(&mut self) -> Option<Part<'_>> {
        None
    }

    fn responses(&mut self) -> Vec<Part<'_>> {
        vec![contents(&mut self.contents)]
    }
}

impl Described for SynchronousMessage {
    fn description(&self) -> &str {
        &self.description
    }

    fn provider_states(&mut self) -> &mut Vec<ProviderState> {
        &mut self.provider_states
    }

    fn request(&mut self) -> Option<Part<'_>> {
        Some(contents(&mut self.request))
    }

    fn responses(&mut self) -> Vec<Part<'_>> {
        self.response.iter_mut().map(contents).collect()
    }
}

fn contents(contents: &mut MessageContents) -> Part<'_> {
    Part {
        body: &mut contents.contents,
        rules: &mut contents.matching_rules,
        generators: &mut contents.generators,
    }
}
