//! How much work a comparison is, asked before it is begun.
//!
//! `pact_matching` compares what is below an object or a list once for each rule that holds there, and a rule holds for
//! everything below its place until a more specific one does. Two rules at the top of a body that is forty levels deep
//! would take a million million steps, so such a comparison is refused and not begun.

use pact_models::bodies::OptionalBody;
use pact_models::matchingrules::{
    Category, MatchingRule, MatchingRuleCategory, MatchingRules, RuleList,
};
use serde_json::Value;

use super::NotCompared;

/// The most steps of a comparison, unless the body has more values than that.
const STEPS_MAX: u64 = 1_000_000;

/// Whether these bodies can be compared in bounded time.
pub(super) fn check(
    rules: &MatchingRules,
    expected: &OptionalBody,
    actual: &OptionalBody,
) -> Result<(), NotCompared> {
    match too_many_steps(rules, expected, actual) {
        Some(steps) => Err(NotCompared::TooManySteps {
            steps,
            steps_max: STEPS_MAX,
        }),
        None => Ok(()),
    }
}

/// How many steps it takes, where those are too many.
fn too_many_steps(
    rules: &MatchingRules,
    expected: &OptionalBody,
    actual: &OptionalBody,
) -> Option<u64> {
    // Nearly every pact: one rule for each place, and every value is looked at once.
    let rules = rules.rules.get(&Category::BODY)?;
    if rules.rules.values().map(width).max() < Some(2) {
        return None;
    }
    let json = |body: &OptionalBody| serde_json::from_slice::<Value>(&body.value()?).ok();
    let (expected, actual) = (json(expected)?, json(actual)?);
    let steps = Body { rules }.steps(&mut vec!["$".to_owned()], 1, &expected, &actual);
    (steps > STEPS_MAX && steps / 2 > values(&actual)).then_some(steps)
}

struct Body<'a> {
    rules: &'a MatchingRuleCategory,
}

impl Body<'_> {
    /// How many values are looked at, each as often as it is; `inherited` rules are those of lists within a rule.
    fn steps(
        &self,
        path: &mut Vec<String>,
        inherited: u64,
        expected: &Value,
        actual: &Value,
    ) -> u64 {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let list = self.rules.select_best_matcher(&names);
        let here = inherited.max(list.rules.len() as u64).max(1);
        let inherited = inherited.max(nested(&list));
        let mut below = 0_u64;
        let mut into = |name: String, expected: &Value, actual: &Value| {
            path.push(name);
            below = below.saturating_add(self.steps(path, inherited, expected, actual));
            path.pop();
        };
        match (expected, actual) {
            (Value::Object(expected), Value::Object(actual)) => {
                for (name, actual) in actual {
                    // Where every value is held against the first one, a name need not be expected.
                    if let Some(expected) = expected.get(name).or(expected.values().next()) {
                        into(name.clone(), expected, actual);
                    }
                }
            }
            (Value::Array(expected), Value::Array(actual)) => {
                for (place, actual) in actual.iter().enumerate() {
                    if let Some(expected) = expected.get(place).or(expected.first()) {
                        into(place.to_string(), expected, actual);
                    }
                }
            }
            _ => {}
        }
        below.saturating_mul(here).saturating_add(1)
    }
}

/// The most rules that this list brings to one place, itself or by the lists within its rules.
fn width(list: &RuleList) -> u64 {
    nested(list).max(list.rules.len() as u64)
}

fn nested(list: &RuleList) -> u64 {
    let widths = list.rules.iter().map(|rule| match rule {
        MatchingRule::EachValue(each) => each.rules.len() as u64,
        MatchingRule::ArrayContains(variants) => {
            let lists = variants
                .iter()
                .flat_map(|(_, rules, _)| rules.rules.values());
            lists.map(width).max().unwrap_or(1)
        }
        _ => 1,
    });
    widths.max().unwrap_or(1)
}

fn values(value: &Value) -> u64 {
    match value {
        Value::Array(items) => 1 + items.iter().map(values).sum::<u64>(),
        Value::Object(members) => 1 + members.values().map(values).sum::<u64>(),
        _ => 1,
    }
}
