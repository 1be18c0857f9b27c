//! Rules over whole interactions and documents.

use serde_json::{Value, json};
use treaty_core::lint::{Finding, Rule, Severity, lint_json};

use super::{bad, body, findings, good, pact, rule};

#[test]
fn one_request_with_two_answers() {
    let answer = |status: u16| json!({"request": {"method": "GET", "path": "/"}, "response": {"status": status}});
    bad(
        Rule::SameRequest,
        &[answer(200), answer(404)],
        "/interactions/1",
        "the same request in the same provider states as \"interaction 0\", but another response",
    );
    let mut in_a_state = answer(404);
    in_a_state["providerStates"] = json!([{"name": "nobody is there"}]);
    good(Rule::SameRequest, &[answer(200), in_a_state]);
    good(Rule::SameRequest, &[answer(200), answer(200)]);
    good(
        Rule::SameRequest,
        &[json!({}), json!({"response": {"status": 404}})],
    );
}

#[test]
fn two_interactions_for_one() {
    let same = || json!({"request": {"method": "GET", "path": "/"}});
    bad(
        Rule::DuplicateInteraction,
        &[same(), same()],
        "/interactions/1",
        "the same as \"interaction 0\", but for the description",
    );
    good(Rule::DuplicateInteraction, &[json!({}), json!({})]);
}

#[test]
fn two_interactions_with_one_description() {
    let named = |states: Value| json!({"description": "x", "providerStates": states});
    let message =
        json!({"type": "Asynchronous/Messages", "description": "x", "contents": {"content": "a"}});
    bad(
        Rule::DuplicateDescription,
        &[named(json!([])), named(json!([]))],
        "/interactions/1/description",
        "the same description and provider states as /interactions/0",
    );
    good(
        Rule::DuplicateDescription,
        &[named(json!([])), named(json!([{"name": "s"}]))],
    );
    good(Rule::DuplicateDescription, &[named(json!([])), message]);
}

#[test]
fn provider_states_with_two_spellings() {
    let state = |name: &str| json!({"providerStates": [{"name": name}]});
    for (usual, rare) in [
        ("a user with ID 42 exists", "A user with id 42 exists"),
        ("a user exists", "a  user exists."),
        ("the basket is empty", "the baskte is empty"),
        ("the basket is empty", "the baskett is empty"),
    ] {
        bad(
            Rule::StateSpelling,
            &[state(usual), state(usual), state(rare)],
            "/interactions/2/providerStates/0/name",
            &format!("the provider state {rare:?} is written {usual:?} elsewhere"),
        );
    }
    for (one, other) in [
        ("user 41 exists", "user 42 exists"),
        ("shop A is open", "shop B is open"),
        ("the order has products", "the order has product"),
        ("a product exists", "no product exists"),
        ("the user is active", "the user is inactive"),
    ] {
        good(Rule::StateSpelling, &[state(one), state(other)]);
    }
}

#[test]
fn methods_that_are_not_registered() {
    let with = |method: &str| json!({"request": {"method": method, "path": "/"}});
    for (method, fix) in [
        ("GTE", "write \"GET\""),
        ("PSOT", "write \"POST\""),
        ("FETCH", "write a registered method"),
    ] {
        let found = findings(Rule::UnknownMethod, &[with(method)]);
        assert_eq!(
            found[0].message(),
            format!("no HTTP method of the name {method:?} is registered")
        );
        assert_eq!(found[0].fix(), fix);
    }
    for method in ["GET", "get", "PROPFIND", "Query"] {
        good(Rule::UnknownMethod, &[with(method)]);
    }
}

#[test]
fn a_pact_that_asks_for_nothing_and_one_that_hides_its_version() {
    bad(
        Rule::EmptyPact,
        &[],
        "",
        "there is no interaction to verify",
    );
    good(Rule::EmptyPact, &[json!({})]);
    good(Rule::NoVersion, &[json!({})]);
    let mut hidden = pact(&[json!({})]);
    hidden.as_object_mut().unwrap().remove("metadata");
    let found = lint_json("f", &hidden).unwrap();
    assert_eq!(
        found.iter().map(Finding::rule).collect::<Vec<_>>(),
        [Rule::NoVersion]
    );
}

#[test]
fn what_readers_forgive_is_told() {
    for (interaction, place) in [
        (
            json!({"request": {"method": "GET", "path": "/", "header": {}}}),
            "/request/header: nothing reads `header` here",
        ),
        (
            json!({"request": {"method": "GET"}}),
            "/request: `path` is missing",
        ),
        (
            json!({"request": {"method": "GET", "path": "users"}}),
            "/request/path: expected a path that begins with /",
        ),
        (
            json!({"response": {"status": 200, "body": "x"}}),
            "/response/body: expected an object with `content`",
        ),
        (
            json!({"response": {"status": 200, "generators": {"body": {"$": {"type": "UUID"}}}}}),
            "/response/generators/body/$/type: expected the name of a generator, got \"UUID\"",
        ),
    ] {
        let found = findings(Rule::Specification, std::slice::from_ref(&interaction));
        assert_eq!(found.len(), 1, "{interaction}");
        assert!(found[0].to_string().contains(place), "{}", found[0]);
        assert_eq!(found[0].severity(), Severity::Error);
    }
    good(
        Rule::Specification,
        &[
            json!({}),
            body(&json!({"a": 1}), &rule("$.a", &json!({"match": "type"}))),
        ],
    );
}

#[test]
fn messages_are_linted_where_they_stand() {
    let message = json!({
        "type": "Asynchronous/Messages", "description": "m",
        "contents": {"content": {"at": "2025-06-25T11:38:41Z"}, "contentType": "application/json", "encoded": false},
    });
    let found = findings(Rule::VolatileValue, &[message]);
    assert_eq!(found[0].pointer, "/interactions/0/contents/content/at");
    assert_eq!(found[0].interaction.as_deref(), Some("m"));

    let old = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"},
        "messages": [{"description": "m", "contents": {"a": "x"}, "metaData": {},
            "matchingRules": {"body": {"$.a": {"matchers": [{"match": "integer"}]}}}}],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    });
    let found = lint_json("f", &old).unwrap();
    assert_eq!(
        found.iter().map(|f| f.pointer.as_str()).collect::<Vec<_>>(),
        ["/messages/0/contents/a"]
    );
}

#[test]
fn rules_of_version_2_are_found_where_they_stand() {
    let old = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"},
        "interactions": [{
            "description": "x", "request": {"method": "GET", "path": "/"},
            "response": {
                "status": 200, "headers": {"Content-Type": "application/json"}, "body": {"a": "x"},
                "matchingRules": {"$.body.b": {"match": "type"}, "$.headers.X-Id": {"match": "type"}},
            },
        }],
        "metadata": {"pactSpecification": {"version": "2.0.0"}},
    });
    let found = lint_json("f", &old).unwrap();
    let rules = "/interactions/0/response/matchingRules";
    let expected = [
        format!("{rules}/$.body.b"),
        format!("{rules}/$.headers.X-Id"),
    ];
    assert_eq!(
        found.iter().map(|f| f.pointer.clone()).collect::<Vec<_>>(),
        expected
    );
}
