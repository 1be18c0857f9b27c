//! Examples that their own matching rules reject, and regular expressions that are none.

use pact_models::matchingrules::{Category, MatchingRule, RuleList, RuleLogic};
use serde_json::Value;

use super::flaw::Flaw;
use super::places::{RuleAt, resolve, rules};
use super::probe::{accepts_in_body, accepts_text, compiles, single};
use super::run::Found;
use super::subject::{FieldKind, Side, Subject};

/// The longest example that a finding quotes, in characters.
const EXAMPLE_CHARS_MAX: usize = 80;

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let mut found = Found::new();
    for side in subject.sides() {
        for at in rules(side) {
            let broken = broken_regexes(&at);
            if broken.is_empty() {
                found.extend(rejected(side, &at));
            }
            found.extend(broken);
        }
    }
    found
}

fn broken_regexes(at: &RuleAt<'_>) -> Found {
    let regexes = at.list.rules.iter().filter_map(|rule| match rule {
        MatchingRule::Regex(regex) if !compiles(regex) => Some(regex.clone()),
        _ => None,
    });
    regexes
        .map(|regex| (at.pointer.clone(), Flaw::BrokenRegex { regex }))
        .collect()
}

fn rejected(side: &Side<'_>, at: &RuleAt<'_>) -> Found {
    if at.list.rules.is_empty() || !at.list.rules.iter().all(is_of_one_value) {
        return Found::new();
    }
    match at.category {
        Category::BODY => rejected_in_body(side, at),
        Category::PATH => side
            .path
            .and_then(|path| rejected_text(at.list, path, format!("{}/path", side.pointer)))
            .into_iter()
            .collect(),
        Category::HEADER => rejected_fields(side, at, FieldKind::Header),
        Category::QUERY => rejected_fields(side, at, FieldKind::Query),
        Category::METADATA => rejected_fields(side, at, FieldKind::Metadata),
        _ => Found::new(),
    }
}

/// Rules that look at one value alone. The others look at structure, which only a whole body has.
fn is_of_one_value(rule: &MatchingRule) -> bool {
    matches!(
        rule,
        MatchingRule::Regex(_)
            | MatchingRule::Timestamp(_)
            | MatchingRule::Date(_)
            | MatchingRule::Time(_)
            | MatchingRule::Include(_)
            | MatchingRule::Number
            | MatchingRule::Integer
            | MatchingRule::Decimal
            | MatchingRule::Boolean
            | MatchingRule::Null
            | MatchingRule::NotEmpty
            | MatchingRule::Semver
    )
}

fn rejected_in_body(side: &Side<'_>, at: &RuleAt<'_>) -> Found {
    let (Some(body), Some(category)) = (
        &side.body.json,
        side.rules.rules_for_category(Category::BODY),
    ) else {
        return Found::new();
    };
    let mut found = Found::new();
    for example in resolve(body, at.path) {
        let path: Vec<&str> = example.path.iter().map(String::as_str).collect();
        // Where a closer rule exists for one of the places of a wildcard, that one is in charge.
        let is_in_charge = category.select_best_matcher(&path).rules == at.list.rules;
        if is_in_charge && !accepts_in_body(at.list, example.value) {
            let rule = culprit(at.list, |list| accepts_in_body(list, example.value));
            let flaw = Flaw::BrokenExample {
                rule,
                example: shown(example.value),
            };
            found.push((example.pointer(&side.body.pointer), flaw));
        }
    }
    found
}

fn rejected_fields(side: &Side<'_>, at: &RuleAt<'_>, kind: FieldKind) -> Found {
    let name = at.path.first_field().unwrap_or_default();
    let fields = side.field(kind, name);
    fields
        .filter_map(|field| match &field.value {
            Value::String(text) => rejected_text(at.list, text, field.pointer.clone()),
            _ => None,
        })
        .collect()
}

fn rejected_text(list: &RuleList, text: &str, pointer: String) -> Option<(String, Flaw)> {
    if accepts_text(list, text) {
        return None;
    }
    let rule = culprit(list, |list| accepts_text(list, text));
    let example = shown(&Value::String(text.to_owned()));
    Some((pointer, Flaw::BrokenExample { rule, example }))
}

/// The rule that rejects, in words; all of them if one would be enough.
fn culprit(list: &RuleList, accepts: impl Fn(&RuleList) -> bool) -> String {
    let words: Vec<String> = match list.rule_logic {
        RuleLogic::Or => list.rules.iter().map(words).collect(),
        RuleLogic::And => {
            let rejects = |rule: &&MatchingRule| !accepts(&single(rule));
            list.rules.iter().filter(rejects).map(words).collect()
        }
    };
    words.join(" or ")
}

fn words(rule: &MatchingRule) -> String {
    match rule {
        MatchingRule::Regex(of)
        | MatchingRule::Timestamp(of)
        | MatchingRule::Date(of)
        | MatchingRule::Time(of)
        | MatchingRule::Include(of) => format!("{} {of:?}", rule.name()),
        _ => rule.name(),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(EXAMPLE_CHARS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
