//! Whether a matching rule accepts a value, asked of the matching itself: the linter says what a verification will.

use bytes::Bytes;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::JSON;
use pact_models::matchingrules::{Category, MatchingRule, MatchingRules, RuleList, RuleLogic};
use pact_models::path_exp::DocPath;
use pact_models::v4::http_parts::HttpResponse;
use serde_json::{Value, json};

use crate::matching::match_response;

const HEADER: &str = "x-probe";

/// Whether the rules accept a value in a JSON body.
pub(super) fn accepts_in_body(list: &RuleList, value: &Value) -> bool {
    let body = Bytes::from(json!({"probe": value}).to_string());
    let mut path = DocPath::root();
    path.push_field("probe");
    let response = HttpResponse {
        body: OptionalBody::Present(body, Some(JSON.clone()), None),
        matching_rules: rules(Category::BODY, path, list),
        ..HttpResponse::default()
    };
    matches(&response)
}

/// Whether the rules accept a text outside a body, such as a header's value.
pub(super) fn accepts_text(list: &RuleList, text: &str) -> bool {
    let mut path = DocPath::root();
    path.push_field(HEADER);
    let response = HttpResponse {
        headers: Some([(HEADER.to_owned(), vec![text.to_owned()])].into()),
        matching_rules: rules(Category::HEADER, path, list),
        ..HttpResponse::default()
    };
    matches(&response)
}

fn matches(itself: &HttpResponse) -> bool {
    match_response(itself, itself).is_ok_and(|mismatches| mismatches.is_empty())
}

/// Whether a regular expression compiles. With an empty alternative it accepts the empty text, if it accepts anything.
pub(super) fn compiles(regex: &str) -> bool {
    let rule = MatchingRule::Regex(format!("(?:{regex})|"));
    accepts_in_body(&single(&rule), &Value::String(String::new()))
}

/// A list of one rule.
pub(super) fn single(rule: &MatchingRule) -> RuleList {
    RuleList {
        rules: vec![rule.clone()],
        rule_logic: RuleLogic::And,
        cascaded: false,
    }
}

fn rules(category: Category, path: DocPath, list: &RuleList) -> MatchingRules {
    let mut rules = MatchingRules::default();
    rules
        .add_category(category)
        .rules
        .insert(path, list.clone());
    rules
}
