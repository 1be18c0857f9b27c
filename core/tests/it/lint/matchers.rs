//! Rules over matching rules and their examples.

use serde_json::{Value, json};
use treaty_core::lint::Rule;

use super::{bad, body, good, rule};

#[test]
fn a_rule_for_a_place_that_is_not_there() {
    let type_ = json!({"match": "type"});
    let content = json!({"items": [{"id": 1}], "none": [], "nothing": null});
    for (path, name) in [
        ("$.itmes", "$.itmes"),
        ("$.items[*].name", "$.items[*].name"),
        ("$.items[3]", "$.items[3]"),
    ] {
        bad(
            Rule::OrphanRule,
            &[body(&content, &rule(path, &type_))],
            &format!("/interactions/0/response/matchingRules/body/{path}"),
            &format!("the rule type is for {name}, which the example does not have"),
        );
    }
    for path in [
        "$",
        "$.items",
        "$.items[*]",
        "$.items[*].id",
        "$.items[*].*",
        "$.*",
        "$.none[*].id",
        "$.nothing.id",
    ] {
        good(Rule::OrphanRule, &[body(&content, &rule(path, &type_))]);
    }
}

#[test]
fn a_rule_for_a_header_or_parameter_that_is_not_there() {
    let request = |header: &str, parameter: &str| {
        json!({"request": {
            "method": "GET", "path": "/", "headers": {"X-Id": ["1"]}, "query": {"page": ["1"], "flag": [null]},
            "matchingRules": {
                "header": {header: {"matchers": [{"match": "type"}]}},
                "query": {parameter: {"matchers": [{"match": "type"}]}},
            },
        }})
    };
    let there = "/interactions/0/request/matchingRules";
    bad(
        Rule::OrphanRule,
        &[request("X-Di", "page")],
        &format!("{there}/header/X-Di"),
        "the rule type is for header X-Di, which the example does not have",
    );
    bad(
        Rule::OrphanRule,
        &[request("X-Id", "pages")],
        &format!("{there}/query/pages"),
        "the rule type is for query pages, which the example does not have",
    );
    good(Rule::OrphanRule, &[request("x-id", "page")]);
    good(Rule::OrphanRule, &[request("X-Id", "flag")]);
}

#[test]
fn a_regular_expression_that_is_none() {
    let with = |regex: &str| {
        body(
            &json!({"a": "x"}),
            &rule("$.a", &json!({"match": "regex", "regex": regex})),
        )
    };
    for regex in ["(", "[a", "x{2,1}(", "*"] {
        bad(
            Rule::BrokenRegex,
            &[with(regex)],
            "/interactions/0/response/matchingRules/body/$.a",
            &format!("{regex:?} is not a regular expression"),
        );
    }
    for regex in ["x", "", "x|y", r"\w+", "(?<name>x)", "x(?=$)", "y"] {
        good(Rule::BrokenRegex, &[with(regex)]);
    }
}

#[test]
fn an_example_that_its_own_rule_rejects() {
    for (example, matcher, words) in [
        (
            json!("7a"),
            json!({"match": "regex", "regex": "\\d+"}),
            "regex \"\\\\d+\"",
        ),
        (json!(1.5), json!({"match": "integer"}), "integer"),
        (json!(1), json!({"match": "decimal"}), "decimal"),
        (json!("1"), json!({"match": "boolean"}), "boolean"),
        (json!(1), json!({"match": "null"}), "null"),
        (
            json!("abc"),
            json!({"match": "include", "value": "x"}),
            "include \"x\"",
        ),
        (json!("1"), json!({"match": "semver"}), "semver"),
        (json!(""), json!({"match": "notEmpty"}), "not-empty"),
        (
            json!("2024-13-01"),
            json!({"match": "date", "format": "yyyy-MM-dd"}),
            "date \"yyyy-MM-dd\"",
        ),
        (
            json!("24:61"),
            json!({"match": "time", "format": "HH:mm"}),
            "time \"HH:mm\"",
        ),
        (
            json!("2024-01-01"),
            json!({"match": "datetime", "format": "yyyy-MM-dd'T'HH:mm:ss"}),
            "datetime \"yyyy-MM-dd'T'HH:mm:ss\"",
        ),
    ] {
        bad(
            Rule::BrokenExample,
            &[body(&json!({"a": example}), &rule("$.a", &matcher))],
            "/interactions/0/response/body/content/a",
            &format!("the rule {words} rejects the example {example}"),
        );
    }
}

#[test]
fn an_example_that_its_own_rule_accepts() {
    for (example, matcher) in [
        (json!("7"), json!({"match": "regex", "regex": "\\d+"})),
        (json!(7), json!({"match": "regex", "regex": "\\d+"})),
        (json!(1), json!({"match": "integer"})),
        (json!(1.5), json!({"match": "decimal"})),
        (json!(true), json!({"match": "boolean"})),
        (json!(null), json!({"match": "null"})),
        (json!("1.0.0-rc.1"), json!({"match": "semver"})),
        (json!("2024-12-01"), json!({"match": "date"})),
        (json!("12:30"), json!({"match": "time", "format": "HH:mm"})),
        (
            json!("2024-01-01T10:00:00"),
            json!({"match": "datetime", "format": "yyyy-MM-dd'T'HH:mm:ss"}),
        ),
        (
            json!([1]),
            json!({"match": "arrayContains", "variants": [{"index": 0, "rules": {}}]}),
        ),
    ] {
        good(
            Rule::BrokenExample,
            &[body(&json!({"a": example}), &rule("$.a", &matcher))],
        );
    }
}

#[test]
fn an_example_outside_a_body_that_its_own_rule_rejects() {
    let digits = json!({"matchers": [{"match": "regex", "regex": "/?\\d+"}]});
    let request = |path: &str, header: &str, parameter: &str| {
        json!({"request": {
            "method": "GET", "path": path, "headers": {"X-Id": [header]}, "query": {"page": ["1", parameter]},
            "matchingRules": {"path": digits, "header": {"X-Id": digits}, "query": {"page": digits}},
        }})
    };
    let there = "/interactions/0/request";
    let rejects =
        |example: &str| format!("the rule regex \"/?\\\\d+\" rejects the example {example:?}");
    bad(
        Rule::BrokenExample,
        &[request("/x", "1", "1")],
        &format!("{there}/path"),
        &rejects("/x"),
    );
    bad(
        Rule::BrokenExample,
        &[request("/1", "x", "1")],
        &format!("{there}/headers/X-Id/0"),
        &rejects("x"),
    );
    bad(
        Rule::BrokenExample,
        &[request("/1", "1", "x")],
        &format!("{there}/query/page/1"),
        &rejects("x"),
    );
    good(Rule::BrokenExample, &[request("/1", "1", "1")]);
}

#[test]
fn one_of_two_rules_is_enough_where_they_say_so() {
    let rules = |combine: &str| {
        let matchers = json!([{"match": "integer"}, {"match": "null"}]);
        json!({"$.a": {"matchers": matchers, "combine": combine}})
    };
    good(Rule::BrokenExample, &[body(&json!({"a": 1}), &rules("OR"))]);
    bad(
        Rule::BrokenExample,
        &[body(&json!({"a": 1}), &rules("AND"))],
        "/interactions/0/response/body/content/a",
        "the rule null rejects the example 1",
    );
}

#[test]
fn a_closer_rule_is_in_charge_of_its_example() {
    let rules = json!({
        "$.*": {"matchers": [{"match": "integer"}]},
        "$.name": {"matchers": [{"match": "type"}]},
    });
    good(
        Rule::BrokenExample,
        &[body(&json!({"id": 1, "name": "x"}), &rules)],
    );
}

#[test]
fn a_list_that_is_to_hold_items_like_its_first() {
    let list = |items: Value, matcher: &Value| body(&json!({"a": items}), &rule("$.a", matcher));
    let min = json!({"match": "type", "min": 2});
    bad(
        Rule::EmptyExample,
        &[list(json!([]), &min)],
        "/interactions/0/response/body/content/a",
        "the example is an empty list, about whose items the rule min-type says nothing",
    );
    bad(
        Rule::BrokenExample,
        &[list(json!([1]), &min)],
        "/interactions/0/response/body/content/a",
        "the example has 1 items, and its own rule asks for at least 2",
    );
    good(Rule::EmptyExample, &[list(json!([1]), &min)]);
    good(
        Rule::EmptyExample,
        &[list(json!([]), &json!({"match": "type"}))],
    );
    good(Rule::BrokenExample, &[list(json!([1, 2]), &min)]);
}

#[test]
fn a_minimum_above_the_maximum() {
    let limits = |min: usize, max: usize| {
        body(
            &json!({"a": [1, 2]}),
            &rule("$.a", &json!({"match": "type", "min": min, "max": max})),
        )
    };
    bad(
        Rule::MinOverMax,
        &[limits(3, 2)],
        "/interactions/0/response/matchingRules/body/$.a",
        "the minimum 3 is above the maximum 2",
    );
    good(Rule::MinOverMax, &[limits(2, 2)]);
}
