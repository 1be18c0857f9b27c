//! Other values of the kind that an example shows.

use pact_models::matchingrules::{MatchingRule, MatchingRules, RuleList};
use rand::distr::Distribution;
use serde_json::{Number, Value, json};

use crate::random::Seeded;

/// How many texts are made from one pattern, and from the digits of one example.
const SAMPLES: usize = 3;

/// How often a repetition without an end is repeated in a text that is made from a pattern.
const REPEATED_MAX: u32 = 12;

/// Longer than the fields and columns that people plan for.
const LONG_CHARS: usize = 300;

/// Values that stand in for this one; whether the contract allows them is for its rules to say.
pub(super) fn others(value: &Value, patterns: &[String], random: &mut Seeded) -> Vec<Value> {
    let mut others: Vec<Value> = match value {
        Value::Null => vec![json!("x"), json!(0), json!(false)],
        Value::Bool(truth) => vec![json!(!truth)],
        Value::Number(number) => numbers(number),
        Value::String(text) => {
            let texts = strings(text, patterns, random).into_iter();
            texts.map(Value::String).collect()
        }
        Value::Array(_) | Value::Object(_) => Vec::new(),
    };
    others.push(Value::Null);
    others
}

/// The edges at which readers of numbers stumble.
fn numbers(number: &Number) -> Vec<Value> {
    let next = match number.as_i64() {
        Some(whole) => json!(whole.saturating_add(1)),
        None => json!(number.as_f64().unwrap_or_default() + 1.0),
    };
    vec![
        next,
        json!(0),
        json!(-1),
        json!(i64::from(i32::MAX) + 1),
        json!((1_i64 << 53) + 1),
        json!(0.5),
        json!(1e21),
    ]
}

/// Texts in place of this one: made from its patterns, from its own digits, and plainly different.
pub(super) fn strings(text: &str, patterns: &[String], random: &mut Seeded) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for pattern in patterns {
        if let Ok(pattern) = rand_regex::Regex::compile(&generating(pattern), REPEATED_MAX) {
            texts.extend((0..SAMPLES).map(|_| Distribution::<String>::sample(&pattern, random)));
        }
    }
    texts.extend((0..SAMPLES).map(|_| other_digits(text, 10, random)));
    if text.chars().all(|c| c.is_ascii_hexdigit() || c == '-') {
        texts.extend((0..SAMPLES).map(|_| other_digits(text, 16, random)));
    }
    texts.push(String::new());
    texts.push("x".to_owned());
    texts.push("Zoë Ångström, 東京 🙂\nsecond line".to_owned());
    texts.push("x".repeat(LONG_CHARS));
    texts
}

/// The pattern to make texts from. The generator knows no anchors, and a rule matches whole texts anyway; and it would
/// write digits and letters of all scripts, which some implementations of Pact take and others do not.
fn generating(pattern: &str) -> String {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let plain = pattern.replace(r"\d", "[0-9]");
    plain.replace(r"\w", "[A-Za-z0-9_]").replace(r"\s", " ")
}

/// The text with other digits: another day, another id, another version, without knowing which of these it is.
fn other_digits(text: &str, base: u32, random: &mut Seeded) -> String {
    let other = |c: char| match c.to_digit(base) {
        Some(_) => {
            let digit = u32::try_from(random.below(base as usize)).unwrap_or_default();
            char::from_digit(digit, base).unwrap_or(c)
        }
        None => c,
    };
    text.chars().map(other).collect()
}

/// The patterns that a value at this path of the body has to match.
pub(super) fn body_patterns(rules: &MatchingRules, path: &[&str]) -> Vec<String> {
    let rules = rules.rules_for_category("body");
    patterns(&rules.map_or_else(RuleList::default, |rules| rules.select_best_matcher(path)))
}

/// The patterns that a header has to match.
pub(super) fn header_patterns(rules: &MatchingRules, name: &str) -> Vec<String> {
    let category = rules.rules_for_category("header");
    let rules = category.into_iter().flat_map(|category| category.rules);
    let of_name = rules.filter(|(path, _)| {
        let first = path.first_field().unwrap_or_default();
        first.eq_ignore_ascii_case(name)
    });
    of_name.flat_map(|(_, rules)| patterns(&rules)).collect()
}

fn patterns(rules: &RuleList) -> Vec<String> {
    let patterns = rules.rules.iter().filter_map(|rule| match rule {
        MatchingRule::Regex(pattern) => Some(pattern.clone()),
        _ => None,
    });
    patterns.collect()
}
