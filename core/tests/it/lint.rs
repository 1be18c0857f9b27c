//! The rules of the linter: for each a table of pacts that have its flaw, and of their good twins.

use serde_json::{Value, json};
use treaty_core::lint::{Finding, Rule, Severity, lint, lint_json, report};

/// A pact of version 4 with these interactions, each with a description of its own where it has none.
fn pact(interactions: &[Value]) -> Value {
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
fn body(content: &Value, rules: &Value) -> Value {
    json!({"response": {
        "status": 200,
        "body": {"content": content, "contentType": "application/json", "encoded": false},
        "matchingRules": {"body": rules},
    }})
}

/// Rules for one path of a body.
fn rule(path: &str, rule: &Value) -> Value {
    json!({ path: {"matchers": [rule], "combine": "AND"} })
}

fn findings(rule: Rule, interactions: &[Value]) -> Vec<Finding> {
    let findings = lint_json("f", &pact(interactions)).unwrap();
    findings
        .into_iter()
        .filter(|finding| finding.rule() == rule)
        .collect()
}

/// The rule finds one flaw, at this pointer, and says this.
#[track_caller]
fn bad(rule: Rule, interactions: &[Value], pointer: &str, message: &str) {
    let found: Vec<_> = findings(rule, interactions)
        .iter()
        .map(|f| (f.pointer.clone(), f.message()))
        .collect();
    assert_eq!(found, [(pointer.to_owned(), message.to_owned())]);
}

#[track_caller]
fn good(rule: Rule, interactions: &[Value]) {
    assert_eq!(findings(rule, interactions), []);
}

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

#[test]
fn values_that_change_from_run_to_run() {
    let here = "/interactions/0/response/body/content/a";
    for (value, looks) in [
        ("2025-06-25T11:38:41.616386+00:00", "a point in time"),
        ("2025-06-25 11:38:41", "a point in time"),
        ("1b4e28ba-2fa1-4d2e-883f-0016d3cca427", "a random UUID"),
        ("01890a5d-ac96-774b-bcce-b302099a8057", "a random UUID"),
    ] {
        let content = json!({"a": value});
        bad(
            Rule::VolatileValue,
            &[body(&content, &json!({}))],
            here,
            &format!("{value:?} looks like {looks}, and is compared exactly"),
        );
        good(
            Rule::VolatileValue,
            &[body(&content, &rule("$.a", &json!({"match": "type"})))],
        );
        good(
            Rule::VolatileValue,
            &[body(&content, &rule("$", &json!({"match": "type"})))],
        );
        let mut from_the_state = body(&content, &json!({}));
        from_the_state["providerStates"] = json!([{"name": "s", "params": {"value": value}}]);
        good(Rule::VolatileValue, &[from_the_state]);
        let mut from_the_request = body(&content, &json!({}));
        from_the_request["request"] = json!({"method": "GET", "path": format!("/{value}")});
        good(Rule::VolatileValue, &[from_the_request]);
        let mut generated = body(&content, &json!({}));
        generated["response"]["generators"] = json!({"body": {"$.a": {"type": "Uuid"}}});
        good(Rule::VolatileValue, &[generated]);
    }
    for value in [
        "2025-06-25",
        "2025-06-25T00:00:00Z",
        "11111111-1111-1111-1111-111111111111",
        "at 2025-06-25T11:38:41",
    ] {
        good(
            Rule::VolatileValue,
            &[body(&json!({"a": value}), &json!({}))],
        );
    }
}

#[test]
fn texts_that_look_like_credentials() {
    // Put together here, so that no scanner takes this file for a leak.
    let jwt = [
        "eyJhbGciOiJIUzI1NiJ9",
        "eyJzdWIiOiIxMjM0NSJ9",
        "c2lnbmF0dXJlLW9mLWEtand0",
    ]
    .join(".");
    let aws = format!("AKIA{}", "Q4J7Z2M9X1C5V8B3");
    let github = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
    let key = format!("-----BEGIN RSA {}-----\nMIIE", "PRIVATE KEY");
    for (text, kind, severity) in [
        (jwt.clone(), "a JSON Web Token", Severity::Warning),
        (aws, "an access key of AWS", Severity::Error),
        (
            format!("token={github}"),
            "a token of GitHub",
            Severity::Error,
        ),
        (key, "a private key", Severity::Error),
    ] {
        let found = findings(Rule::Secret, &[body(&json!({"a": text}), &json!({}))]);
        assert_eq!(found.len(), 1, "{text}");
        assert!(
            found[0].message().ends_with(&format!("looks like {kind}")),
            "{}",
            found[0]
        );
        assert_eq!(found[0].severity(), severity);
        assert!(
            !found[0].to_string().contains(&text),
            "the finding repeats what it found"
        );
    }
    let header = |value: &str| json!({"request": {"method": "GET", "path": "/", "headers": {"Authorization": [value]}}});
    bad(
        Rule::Secret,
        &[header("Bearer 9f86d081884c7d659a2feaa0c55ad015")],
        "/interactions/0/request/headers/Authorization/0",
        "\"9f86d081\"... looks like a bearer token",
    );
    bad(
        Rule::Secret,
        &[header(&format!("Bearer {jwt}"))],
        "/interactions/0/request/headers/Authorization/0",
        "\"eyJhbGci\"... looks like a JSON Web Token",
    );
    for value in [
        "Bearer abc",
        "Bearer some-example-token-0123456789",
        "Bearer 2019-01-14T11:34:18.045Z",
        "Basic YTpi",
    ] {
        good(Rule::Secret, &[header(value)]);
    }
    for value in [
        "AKIAIOSFODNN7EXAMPLE",
        "a.b.c",
        "eyJ",
        "ghp_short",
        "-----BEGIN CERTIFICATE-----",
    ] {
        good(Rule::Secret, &[body(&json!({"a": value}), &json!({}))]);
    }
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
fn bodies_that_are_not_of_their_content_type() {
    let with = |content: &Value, content_type: &str| {
        json!({"response": {
            "status": 200, "body": {"content": content, "contentType": content_type, "encoded": false},
        }})
    };
    for (content, content_type) in [
        (json!("{\"a\": "), "application/json"),
        (json!("[1,]"), "application/hal+json"),
        (json!("<a><b></a>"), "application/xml"),
        (json!({"a": 1}), "text/xml"),
    ] {
        let found = findings(Rule::BrokenBody, &[with(&content, content_type)]);
        assert_eq!(found.len(), 1, "{content_type} {content}");
        assert_eq!(found[0].pointer, "/interactions/0/response/body/content");
        assert_eq!(found[0].severity(), Severity::Error);
    }
    for (content, content_type) in [
        (json!({"a": 1}), "application/json"),
        (json!("a text"), "application/json"),
        (json!(""), "application/json"),
        (json!("<a><b/></a>"), "application/xml"),
        (json!("<?xml version=\"1.0\"?>\n<a/>"), "application/xml"),
        (json!("{oops"), "text/plain"),
    ] {
        good(Rule::BrokenBody, &[with(&content, content_type)]);
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

fn linted() -> report::Linted {
    let text = "{\n\"consumer\": {\"name\": \"A\"}, \"provider\": {\"name\": \"B\"},\n\"interactions\": [\n\
                {\"description\": \"x\", \"request\": {\"method\": \"GTE\", \"path\": \"/\"}, \"response\": {\"status\": 200}}\n]}";
    report::Linted {
        file: "pacts/a b.json".to_owned(),
        findings: lint("pacts/a b.json", text.as_bytes()).unwrap(),
    }
}

#[test]
fn a_report_for_a_terminal() {
    let expected = "x\n\
        pacts/a b.json:4: error[unknown-method] no HTTP method of the name \"GTE\" is registered\n  \
        at /interactions/0/request/method\n  fix: write \"GET\"\n\n1 file: 1 error, 0 warnings\n";
    assert_eq!(report::text(&[linted()]), expected);
}

#[test]
fn a_report_for_scripts() {
    let expected = json!({"files": [{"file": "pacts/a b.json", "findings": [{
        "rule": "unknown-method", "severity": "error", "interaction": "x", "pointer": "/interactions/0/request/method",
        "line": 4, "message": "no HTTP method of the name \"GTE\" is registered", "fix": "write \"GET\"",
    }]}]});
    assert_eq!(report::json(&[linted()]), expected);
}

#[test]
fn a_report_for_code_scanning() {
    let log = report::sarif(&[linted()]);
    let run = &log["runs"][0];
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(
        run["tool"]["driver"]["rules"].as_array().unwrap().len(),
        Rule::ALL.len()
    );
    let result = &run["results"][0];
    assert_eq!(
        (&result["ruleId"], &result["level"]),
        (&json!("unknown-method"), &json!("error"))
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        place,
        &json!({"artifactLocation": {"uri": "pacts/a%20b.json"}, "region": {"startLine": 4}})
    );
}

#[test]
fn the_names_of_the_rules_are_in_order() {
    let names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert!(names.is_sorted(), "{names:?}");
}
