//! Matchers for lists and for maps with free keys.

use pact_consumer::patterns::{JsonPattern, Pattern};
use pact_models::matchingrules::{MatchingRule, MatchingRuleCategory, RuleLogic};
use pact_models::path_exp::DocPath;
use serde_json::Value;

use super::marker;

/// A list of any length within bounds, each element like the example.
#[derive(Debug)]
pub struct Several {
    element: JsonPattern,
    examples: usize,
    rule: MatchingRule,
}

/// At least so many elements like this one; the example has that many, and one where none are needed.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let tags = || at_least(0, json_pattern!(like!("new")));
/// assert!(accepts(tags(), &json!([])));
/// assert!(accepts(tags(), &json!(["a", "b"])));
/// assert!(!accepts(tags(), &json!([1])));
/// ```
#[must_use]
pub fn at_least(min: usize, element: impl Into<JsonPattern>) -> Several {
    Several {
        element: element.into(),
        examples: min.max(1),
        rule: MatchingRule::MinType(min),
    }
}

/// At most so many elements like this one.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(at_most(2, json_pattern!(like!(1))), &json!([5, 6])));
/// assert!(!accepts(at_most(2, json_pattern!(like!(1))), &json!([5, 6, 7])));
/// ```
#[must_use]
pub fn at_most(max: usize, element: impl Into<JsonPattern>) -> Several {
    Several {
        element: element.into(),
        examples: 1,
        rule: MatchingRule::MaxType(max),
    }
}

/// So many to so many elements like this one.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(between(1, 2, json_pattern!(like!(1))), &json!([5])));
/// assert!(!accepts(between(1, 2, json_pattern!(like!(1))), &json!([])));
/// ```
#[must_use]
pub fn between(min: usize, max: usize, element: impl Into<JsonPattern>) -> Several {
    Several {
        element: element.into(),
        examples: min.max(1),
        rule: MatchingRule::MinMaxType(min, max),
    }
}

impl Pattern for Several {
    type Matches = Value;

    fn to_example(&self) -> Value {
        let element = self.element.to_example();
        Value::Array(vec![element; self.examples])
    }

    fn to_example_bytes(&self) -> Vec<u8> {
        self.to_example().to_string().into_bytes()
    }

    fn extract_matching_rules(&self, path: DocPath, rules_out: &mut MatchingRuleCategory) {
        rules_out.add_rule(path.clone(), self.rule.clone(), RuleLogic::And);
        let mut elements = path;
        elements.push_star_index();
        self.element.extract_matching_rules(elements, rules_out);
    }
}

impl From<Several> for JsonPattern {
    fn from(several: Several) -> Self {
        Self::pattern(several)
    }
}

/// A list that has an element like each of these, in any order, whatever else is in it.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let links = || array_containing([
///     json_pattern!({ "rel": "self", "href": like!("/users/42") }),
///     json_pattern!({ "rel": "orders", "href": like!("/orders") }),
/// ]);
/// let (orders, me) = (json!({"rel": "orders", "href": "/o"}), json!({"rel": "self", "href": "/u"}));
/// assert!(accepts(links(), &json!([orders, {"rel": "next", "href": "/n"}, me])));
/// assert!(!accepts(links(), &json!([orders])));
/// ```
#[must_use]
pub fn array_containing(variants: impl IntoIterator<Item = JsonPattern>) -> JsonPattern {
    JsonPattern::pattern(Containing {
        variants: variants.into_iter().collect(),
    })
}

#[derive(Debug)]
struct Containing {
    variants: Vec<JsonPattern>,
}

impl Pattern for Containing {
    type Matches = Value;

    fn to_example(&self) -> Value {
        Value::Array(self.variants.iter().map(Pattern::to_example).collect())
    }

    fn to_example_bytes(&self) -> Vec<u8> {
        self.to_example().to_string().into_bytes()
    }

    fn extract_matching_rules(&self, path: DocPath, rules_out: &mut MatchingRuleCategory) {
        let variants = self.variants.iter().enumerate().map(|(place, variant)| {
            let mut rules = MatchingRuleCategory::empty("body");
            variant.extract_matching_rules(DocPath::root(), &mut rules);
            let generators = marker::take_generators(&mut rules);
            (place, rules, generators)
        });
        let rule = MatchingRule::ArrayContains(variants.collect());
        rules_out.add_rule(path, rule, RuleLogic::And);
    }
}

/// A map whose keys are free, each value like the example.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let prices = || each_entry("EUR", json_pattern!(like!(9.5)));
/// assert!(accepts(prices(), &json!({"USD": 10.5, "CHF": 9.25})));
/// assert!(!accepts(prices(), &json!({"USD": "ten"})));
/// ```
#[must_use]
pub fn each_entry(key: impl Into<String>, value: impl Into<JsonPattern>) -> JsonPattern {
    JsonPattern::pattern(Entries {
        key: key.into(),
        value: value.into(),
    })
}

#[derive(Debug)]
struct Entries {
    key: String,
    value: JsonPattern,
}

impl Pattern for Entries {
    type Matches = Value;

    fn to_example(&self) -> Value {
        Value::Object(
            [(self.key.clone(), self.value.to_example())]
                .into_iter()
                .collect(),
        )
    }

    fn to_example_bytes(&self) -> Vec<u8> {
        self.to_example().to_string().into_bytes()
    }

    fn extract_matching_rules(&self, path: DocPath, rules_out: &mut MatchingRuleCategory) {
        rules_out.add_rule(path.clone(), MatchingRule::Values, RuleLogic::And);
        let mut values = path;
        values.push_star();
        self.value.extract_matching_rules(values, rules_out);
    }
}
