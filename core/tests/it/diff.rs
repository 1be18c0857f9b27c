//! What a pact demands beside an older one.

use serde_json::{Value, json};
use treaty_core::diff::{ChangeKind, Level, diff, level};
use treaty_core::document::load_json;
use treaty_core::pact::Pact;

fn pact(interactions: &Value) -> Pact {
    let pact = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": "4.0"}},
    });
    load_json("a-b.json", &pact).unwrap()
}

fn user() -> Value {
    json!({
        "type": "Synchronous/HTTP", "description": "a user",
        "request": {"method": "GET", "path": "/users/42"},
        "response": {"status": 200, "body": {"contentType": "application/json", "encoded": false, "content": {"id": 42}}},
    })
}

fn with(pointer: &str, member: &str, value: Value) -> Value {
    let mut user = user();
    user.pointer_mut(pointer).unwrap()[member] = value;
    user
}

fn rule(kind: &Value) -> Value {
    json!({"body": {"$.id": {"combine": "AND", "matchers": [kind]}}})
}

/// The level, and each change with its proofs.
#[track_caller]
fn check(old: &Value, new: &Value, expected: Level, lines: &[&str]) {
    let changes = diff(&pact(old), &pact(new), &|response| vec![response.clone()]);
    let mut told = Vec::new();
    for change in &changes {
        match &change.kind {
            ChangeKind::Changed(how) => {
                told.extend(how.asks_otherwise.iter().map(|one| format!("asks: {one}")));
                told.extend(how.demands_more.iter().map(|one| format!("more: {one}")));
                told.extend(how.demands_less.iter().map(|one| format!("less: {one}")));
                told.extend(how.unproven.then(|| "unproven".to_owned()));
            }
            ChangeKind::Added => told.push(format!("added {}", change.title)),
            _ => told.push(format!("removed {}", change.title)),
        }
    }
    assert_eq!(told, lines);
    assert_eq!(level(&changes), expected);
}

#[test]
fn the_same_pact_is_no_change_in_whatever_order() {
    let other = with("", "description", json!("another user"));
    check(
        &json!([user(), other]),
        &json!([other, user()]),
        Level::None,
        &[],
    );
}

#[test]
fn an_interaction_more_is_minor_and_one_less_a_patch() {
    check(
        &json!([]),
        &json!([user()]),
        Level::Minor,
        &["added a user"],
    );
    check(
        &json!([user()]),
        &json!([]),
        Level::Patch,
        &["removed a user"],
    );
}

#[test]
fn the_same_description_in_another_state_is_another_interaction() {
    let given = with("", "providerStates", json!([{"name": "42 exists"}]));
    let lines = ["added a user (given 42 exists)", "removed a user"];
    check(&json!([user()]), &json!([given]), Level::Minor, &lines);
}

#[test]
fn a_member_more_in_the_answer_is_major_and_one_less_a_patch() {
    let email = with(
        "/response/body",
        "content",
        json!({"id": 42, "email": "a@b"}),
    );
    let line = "$.email  expected \"a@b\", got nothing  (rule: equality)";
    check(
        &json!([user()]),
        &json!([email]),
        Level::Major,
        &[&format!("more: {line}")],
    );
    check(
        &json!([email]),
        &json!([user()]),
        Level::Patch,
        &[&format!("less: {line}")],
    );
}

#[test]
fn another_status_is_major() {
    let created = with("/response", "status", json!(201));
    let lines = [
        "more: status  expected 201, got 200  (rule: equality)",
        "less: status  expected 200, got 201  (rule: equality)",
    ];
    check(&json!([user()]), &json!([created]), Level::Major, &lines);
}

#[test]
fn a_request_that_the_old_pact_does_not_cover_is_major() {
    let other = with("/request", "path", json!("/users/43"));
    let lines = ["asks: path  expected /users/42, got /users/43  (rule: equality)"];
    check(&json!([user()]), &json!([other]), Level::Major, &lines);
}

#[test]
fn another_example_under_the_same_rule_is_a_patch() {
    let typed = |id: u32| {
        let mut user = with(
            "/response",
            "matchingRules",
            rule(&json!({"match": "type"})),
        );
        user["response"]["body"]["content"]["id"] = json!(id);
        user
    };
    check(&json!([typed(1)]), &json!([typed(2)]), Level::Patch, &[]);
}

#[test]
fn rules_that_changed_without_a_proof_count_as_major() {
    let ruled = |kind: &str| with("/response", "matchingRules", rule(&json!({"match": kind})));
    check(
        &json!([ruled("type")]),
        &json!([ruled("integer")]),
        Level::Major,
        &["unproven"],
    );
}

#[test]
fn an_answer_that_the_old_rules_allowed_is_the_proof_where_it_is_tried() {
    let ruled = |kind: &str| {
        pact(&json!([with(
            "/response",
            "matchingRules",
            rule(&json!({"match": kind}))
        )]))
    };
    let changes = diff(&ruled("number"), &ruled("integer"), &|response| {
        let mut decimal = response.clone();
        let body = bytes::Bytes::from_static(br#"{"id": 1.5}"#);
        decimal.body =
            pact_models::bodies::OptionalBody::Present(body, response.body.content_type(), None);
        vec![response.clone(), decimal]
    });
    let ChangeKind::Changed(how) = &changes[0].kind else {
        panic!("{changes:?}");
    };
    assert_eq!(how.demands_more[0].path, "$.id");
    assert_eq!(level(&changes), Level::Major);
}

#[test]
fn messages_are_compared_too() {
    let message = |content: Value| {
        json!([{
            "type": "Asynchronous/Messages", "description": "an event",
            "contents": {"contentType": "application/json", "encoded": false, "content": content},
        }])
    };
    let lines = ["more: $.b  expected 2, got nothing  (rule: equality)"];
    check(
        &message(json!({"a": 1})),
        &message(json!({"a": 1, "b": 2})),
        Level::Major,
        &lines,
    );
    check(
        &message(json!({"a": 1})),
        &message(json!({"a": 1})),
        Level::None,
        &[],
    );
}

/// An interaction whose answer has this body and these rules for it, by path.
fn ruled(content: &Value, rules: &[(&str, Value)]) -> Value {
    let rules = rules.iter().map(|(path, rule)| {
        let list = json!({"combine": "AND", "matchers": [rule]});
        ((*path).to_owned(), list)
    });
    let mut user = with("/response/body", "content", content.clone());
    user["response"]["matchingRules"] = json!({"body": rules.collect::<serde_json::Map<_, _>>()});
    user
}

#[test]
fn a_proof_at_one_place_does_not_excuse_rules_that_changed_at_another() {
    let (any, integer) = (json!({"match": "type"}), json!({"match": "integer"}));
    let old = ruled(
        &json!({"id": 42, "email": "a@b"}),
        &[("$.id", any), ("$.email", json!({"match": "type"}))],
    );
    let new = ruled(&json!({"id": 42}), &[("$.id", integer)]);
    let lines = [
        "less: $.email  expected a string, got nothing  (rule: type)",
        "unproven",
    ];
    check(&json!([old]), &json!([new]), Level::Major, &lines);
}

#[test]
fn a_proof_within_a_list_does_not_excuse_a_change_of_its_length() {
    let of = |min: u32, name: &Value| {
        let least = json!({"match": "type", "min": min});
        ruled(
            &json!({"users": [name, name]}),
            &[
                ("$.users", least),
                ("$.users[*].name", json!({"match": "type"})),
            ],
        )
    };
    let (old, new) = (of(1, &json!({"name": "Jane"})), of(2, &json!({"name": 1})));
    let changes = diff(&pact(&json!([old])), &pact(&json!([new])), &|one| {
        vec![one.clone()]
    });
    let ChangeKind::Changed(how) = &changes[0].kind else {
        panic!("{changes:?}");
    };
    assert!(!how.demands_less.is_empty());
    assert!(how.unproven, "{how:?}");
}

#[test]
fn the_rules_below_what_is_gone_need_no_proof_of_their_own() {
    let old = ruled(
        &json!({"id": 42, "users": [{"name": "Jane"}]}),
        &[
            ("$.users", json!({"match": "type", "min": 1})),
            ("$.users[*].name", json!({"match": "type"})),
        ],
    );
    let new = ruled(&json!({"id": 42}), &[]);
    let lines = ["less: $.users  expected an array, got nothing  (rule: min-type)"];
    check(&json!([old]), &json!([new]), Level::Patch, &lines);
}
