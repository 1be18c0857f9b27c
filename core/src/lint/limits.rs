//! Limits on the number of items: those that contradict themselves, and those that their own example breaks.

use pact_models::matchingrules::{Category, MatchingRule};
use serde_json::Value;

use super::flaw::Flaw;
use super::places::{RuleAt, resolve, rules};
use super::run::Found;
use super::subject::{Side, Subject};

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let sides = subject.sides();
    sides
        .flat_map(|side| {
            rules(side)
                .into_iter()
                .flat_map(|rule| flaws(side, &rule))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn flaws(side: &Side<'_>, at: &RuleAt<'_>) -> Found {
    let mut found = Found::new();
    for rule in &at.list.rules {
        if let MatchingRule::MinMaxType(min, max) = *rule
            && min > max
        {
            found.push((at.pointer.clone(), Flaw::MinOverMax { min, max }));
        } else if *at.category == Category::BODY
            && let Some(body) = &side.body.json
        {
            let examples = resolve(body, at.path);
            let flaws = examples.iter().filter_map(|example| {
                let flaw = wrong_length(rule, example.value.as_array()?)?;
                Some((example.pointer(&side.body.pointer), flaw))
            });
            found.extend(flaws);
        }
    }
    found
}

fn wrong_length(rule: &MatchingRule, items: &[Value]) -> Option<Flaw> {
    let (min, max, asked) = match rule {
        MatchingRule::MinType(min) => (*min, usize::MAX, format!("at least {min}")),
        MatchingRule::MaxType(max) => (0, *max, format!("at most {max}")),
        MatchingRule::MinMaxType(min, max) => (*min, *max, format!("{min} to {max}")),
        MatchingRule::EachValue(_) => (0, usize::MAX, String::new()),
        _ => return None,
    };
    if items.is_empty() {
        return Some(Flaw::EmptyExample { rule: rule.name() });
    }
    let items = items.len();
    (items < min || items > max).then_some(Flaw::WrongLength { items, asked })
}
