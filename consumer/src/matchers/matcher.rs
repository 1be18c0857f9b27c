//! One example, the rules by which others are as good, and perhaps a generator.

use pact_consumer::patterns::{JsonPattern, Pattern, StringPattern};
use pact_models::generators::Generator;
use pact_models::matchingrules::{MatchingRule, MatchingRuleCategory, RuleLogic};
use pact_models::path_exp::DocPath;
use serde_json::Value;

use super::marker;

/// A single value, the rules by which other values match too, and perhaps a generator that makes it anew in each replay.
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    example: Value,
    rules: Vec<MatchingRule>,
    generator: Option<Generator>,
}

impl Matcher {
    pub(super) fn new(example: impl Into<Value>, rule: MatchingRule) -> Self {
        Self {
            example: example.into(),
            rules: vec![rule],
            generator: None,
        }
    }

    /// Has the value made anew by a generator of `pact_models`, in every replay and every mock answer.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    /// use pact_models::generators::Generator;
    ///
    /// let pattern = json_pattern!({ "n": integer(1).generated(Generator::RandomInt(1, 6)) });
    /// # let _ = pattern;
    /// ```
    #[must_use]
    pub fn generated(mut self, generator: Generator) -> Self {
        self.generator = Some(generator);
        self
    }

    /// Asks for this matcher's rule and the other's too; the example and generator are this one's.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    /// use serde_json::json;
    ///
    /// let short_name = || includes("J", "Jane").and(not_empty("Jane"));
    /// assert!(accepts(short_name(), &json!("Jo")));
    /// assert!(!accepts(short_name(), &json!("Ann")));
    /// ```
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.rules.extend(other.rules);
        self
    }

    fn text(&self) -> String {
        match &self.example {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn add_to(&self, path: DocPath, rules: &mut MatchingRuleCategory) {
        for rule in &self.rules {
            rules.add_rule(path.clone(), rule.clone(), RuleLogic::And);
        }
        if let Some(generator) = &self.generator {
            rules.add_rule(path, marker::of_generator(generator), RuleLogic::And);
        }
    }
}

/// The matcher as `pact_consumer` takes it where a JSON value stands.
#[derive(Debug)]
struct InJson(Matcher);

/// The matcher as `pact_consumer` takes it where a text stands.
#[derive(Debug)]
struct InText(Matcher);

impl Pattern for InJson {
    type Matches = Value;

    fn to_example(&self) -> Value {
        self.0.example.clone()
    }

    fn to_example_bytes(&self) -> Vec<u8> {
        self.0.text().into_bytes()
    }

    fn extract_matching_rules(&self, path: DocPath, rules_out: &mut MatchingRuleCategory) {
        self.0.add_to(path, rules_out);
    }
}

impl Pattern for InText {
    type Matches = String;

    fn to_example(&self) -> String {
        self.0.text()
    }

    fn to_example_bytes(&self) -> Vec<u8> {
        self.0.text().into_bytes()
    }

    fn extract_matching_rules(&self, path: DocPath, rules_out: &mut MatchingRuleCategory) {
        self.0.add_to(path, rules_out);
    }
}

impl From<Matcher> for JsonPattern {
    fn from(matcher: Matcher) -> Self {
        Self::pattern(InJson(matcher))
    }
}

impl From<Matcher> for StringPattern {
    fn from(matcher: Matcher) -> Self {
        Self::pattern(InText(matcher))
    }
}
