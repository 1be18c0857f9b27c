//! The rules of the linter: for each a table of pacts that have its flaw, and of their good twins.

mod interactions; // rules over whole interactions and documents
mod matchers; // rules over matching rules and their examples
mod reports; // findings as people and machines read them
mod values; // rules over values

use serde_json::{Value, json};
use treaty_core::lint::{Finding, Rule, lint_json};

/// A pact of version 4 with these interactions, each with a description of its own where it has none.
pub(crate) fn pact(interactions: &[Value]) -> Value {
    let interactions = interactions.iter().enumerate().map(|(index, interaction)| {
        let mut full = json!({
            "type": "Synchronous/HTTP", "description": format!("interaction {index}"),
            "request": {"method": "GET", "path": format!("/{index}")}, "response": {"status": 200},
        });
        for (name, value) in interaction.as_object().unwrap() {
            full[name] = value.clone();
        }
        full
    });
    json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"},
        "interactions": interactions.collect::<Vec<_>>(),
        "metadata": {"pactSpecification": {"version": "4.0"}},
    })
}

/// An interaction whose response has this JSON body and these rules for it.
pub(crate) fn body(content: &Value, rules: &Value) -> Value {
    json!({"response": {
        "status": 200,
        "body": {"content": content, "contentType": "application/json", "encoded": false},
        "matchingRules": {"body": rules},
    }})
}

/// Rules for one path of a body.
pub(crate) fn rule(path: &str, rule: &Value) -> Value {
    json!({ path: {"matchers": [rule], "combine": "AND"} })
}

pub(crate) fn findings(rule: Rule, interactions: &[Value]) -> Vec<Finding> {
    let findings = lint_json("f", &pact(interactions)).unwrap();
    findings
        .into_iter()
        .filter(|finding| finding.rule() == rule)
        .collect()
}

/// The rule finds one flaw, at this pointer, and says this.
#[track_caller]
pub(crate) fn bad(rule: Rule, interactions: &[Value], pointer: &str, message: &str) {
    let found: Vec<_> = findings(rule, interactions)
        .iter()
        .map(|f| (f.pointer.clone(), f.message()))
        .collect();
    assert_eq!(found, [(pointer.to_owned(), message.to_owned())]);
}

#[track_caller]
pub(crate) fn good(rule: Rule, interactions: &[Value]) {
    assert_eq!(findings(rule, interactions), []);
}
