//! How a generator travels through a pattern.
//!
//! `pact_consumer`'s `Pattern` trait knows matching rules only. So what a matcher says beyond its rules goes among them,
//! under a name that no rule has, and is taken out again when the interaction is built: nobody passes over the body twice.

use std::collections::HashMap;

use pact_models::generators::{Generator, GeneratorCategory, Generators};
use pact_models::matchingrules::{Category, MatchingRule, MatchingRuleCategory, MatchingRules};
use pact_models::path_exp::DocPath;
use serde_json::{Value, json};

const GENERATOR: &str = "treaty:generator";
const SOMETIMES: &str = "treaty:sometimes";

/// What a place may be instead of its example, and the provider state in which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Otherwise {
    pub(crate) state: String,
    pub(crate) null: bool,
}

pub(super) fn of_generator(generator: &Generator) -> MatchingRule {
    MatchingRule::Plugin {
        name: GENERATOR.to_owned(),
        values: generator.to_json().unwrap_or_default(),
    }
}

pub(super) fn of_otherwise(otherwise: &Otherwise) -> MatchingRule {
    let values = json!({"state": otherwise.state, "null": otherwise.null});
    MatchingRule::Plugin {
        name: SOMETIMES.to_owned(),
        values,
    }
}

/// Moves the generators among the rules of an interaction's part to where they belong.
pub(crate) fn lift_generators(rules: &mut MatchingRules, generators: &mut Generators) {
    for category in rules.rules.values_mut() {
        let Some(kind) = generator_category(&category.name) else {
            continue;
        };
        for (path, generator) in take_generators(category) {
            generators.add_generator_with_subcategory(&kind, path, generator);
        }
    }
    rules.rules.retain(|_, category| !category.rules.is_empty());
}

pub(super) fn take_generators(category: &mut MatchingRuleCategory) -> HashMap<DocPath, Generator> {
    let found = take(category, GENERATOR).into_iter();
    found
        .filter_map(|(path, values)| Some((path, read_generator(&values)?)))
        .collect()
}

/// Takes out which places of the part are not always there.
pub(crate) fn take_otherwise(rules: &mut MatchingRules) -> Vec<(DocPath, Otherwise)> {
    let Some(body) = rules.rules.get_mut(&Category::BODY) else {
        return Vec::new();
    };
    let found = take(body, SOMETIMES).into_iter();
    let read = |values: Value| Otherwise {
        state: values["state"].as_str().unwrap_or_default().to_owned(),
        null: values["null"] == true,
    };
    found.map(|(path, values)| (path, read(values))).collect()
}

fn take(category: &mut MatchingRuleCategory, marker: &str) -> Vec<(DocPath, Value)> {
    let mut taken = Vec::new();
    for (path, list) in &mut category.rules {
        list.rules.retain(|rule| match rule {
            MatchingRule::Plugin { name, values } if name == marker => {
                taken.push((path.clone(), values.clone()));
                false
            }
            _ => true,
        });
    }
    category.rules.retain(|_, list| !list.rules.is_empty());
    taken.sort_by_key(|(path, _)| path.to_string());
    taken
}

fn read_generator(values: &Value) -> Option<Generator> {
    let values = values.as_object()?;
    Generator::from_map(values.get("type")?.as_str()?, values)
}

fn generator_category(rules: &Category) -> Option<GeneratorCategory> {
    match rules {
        Category::PATH => Some(GeneratorCategory::PATH),
        Category::HEADER => Some(GeneratorCategory::HEADER),
        Category::QUERY => Some(GeneratorCategory::QUERY),
        Category::BODY | Category::CONTENTS => Some(GeneratorCategory::BODY),
        Category::STATUS => Some(GeneratorCategory::STATUS),
        Category::METADATA => Some(GeneratorCategory::METADATA),
        Category::METHOD => None,
    }
}
