use serde_json::{Value, json};
use treaty_core::interaction::Interaction;
use treaty_core::matching::match_response;
use treaty_mock_server::variation::{combination, is_opaque, variations, varied};

use crate::support::interactions;

/// The response of an interaction with this body and these rules for it.
fn response(body: &Value, rules: &Value) -> pact_models::v4::http_parts::HttpResponse {
    let mut all = interactions(&json!([{
        "type": "Synchronous/HTTP", "description": "it", "request": {"path": "/"},
        "response": {
            "status": 200, "matchingRules": {"body": rules},
            "body": {"contentType": "application/json", "encoded": false, "content": body},
        },
    }]));
    match all.remove(0) {
        Interaction::Http(http) => http.response,
        other => panic!("{other:?}"),
    }
}

fn rule(matcher: &Value) -> Value {
    json!({"combine": "AND", "matchers": [matcher]})
}

/// What can differ at one place, as text.
#[track_caller]
fn check(body: &Value, rules: &Value, path: &str, expected: &[&str]) {
    let all = variations(&response(body, rules), 0);
    let here = all.iter().filter(|variation| variation.path() == path);
    let told: Vec<String> = here.map(ToString::to_string).collect();
    let told: Vec<&str> = told
        .iter()
        .filter_map(|text| text.split_once("  "))
        .map(|(_, what)| what)
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn what_has_no_rule_does_not_vary() {
    check(&json!({"name": "Jane"}), &json!({}), "$.name", &[]);
    check(
        &json!({"name": "Jane"}),
        &json!({}),
        "$",
        &["one more member, \"notInTheContract\""],
    );
}

#[test]
fn a_number_under_a_type_matcher_is_any_number() {
    let rules = json!({"$.age": rule(&json!({"match": "integer"}))});
    check(
        &json!({"age": 7}),
        &rules,
        "$.age",
        &[
            "8 in place of 7",
            "0 in place of 7",
            "-1 in place of 7",
            "2147483648 in place of 7",
            "9007199254740993 in place of 7",
        ],
    );
}

#[test]
fn lists_keep_their_bounds() {
    let lengths = |rules: &Value| -> Vec<String> {
        let all = variations(&response(&json!({"tags": ["a"]}), rules), 0);
        let here = all.iter().filter(|variation| variation.path() == "$.tags");
        here.map(ToString::to_string).collect()
    };
    let one = rule(&json!({"match": "type"}));
    assert_eq!(
        lengths(
            &json!({"$.tags": rule(&json!({"match": "type", "min": 1, "max": 2})), "$.tags[*]": one})
        ),
        ["$.tags  2 elements in place of 1"]
    );
    assert_eq!(
        lengths(&json!({"$.tags": rule(&json!({"match": "type", "min": 0})), "$.tags[*]": one})),
        [
            "$.tags  no elements in place of 1",
            "$.tags  2 elements in place of 1",
            "$.tags  11 elements in place of 1",
        ]
    );
}

#[test]
fn a_pattern_is_kept() {
    let rules = json!({"$.code": rule(&json!({"match": "regex", "regex": "^[A-Z]{3}-\\d{2,4}$"}))});
    let expected = response(&json!({"code": "ABC-12"}), &rules);
    let all = variations(&expected, 3);
    let codes: Vec<&_> = all
        .iter()
        .filter(|variation| variation.path() == "$.code")
        .collect();
    assert!(codes.len() >= 4, "{codes:?}");
    assert_ne!(all, variations(&expected, 4), "another seed, other values");
    assert_eq!(
        all,
        variations(&expected, 3),
        "the same seed, the same values"
    );
}

#[test]
fn a_day_becomes_another_day_and_nothing_else() {
    let rules = json!({"$.day": rule(&json!({"match": "date", "format": "yyyy-MM-dd"}))});
    let expected = response(&json!({"day": "2024-11-08"}), &rules);
    for variation in variations(&expected, 1)
        .iter()
        .filter(|variation| variation.path() == "$.day")
    {
        let other = varied(&expected, &[variation]).unwrap();
        let body: Value = serde_json::from_slice(&other.body.value().unwrap()).unwrap();
        assert_eq!(body["day"].as_str().unwrap().len(), 10, "{variation}");
    }
}

#[test]
fn whatever_is_combined_is_allowed() {
    let body = json!({"id": 1, "user": {"name": "Jane", "tags": ["a", "b"]}, "when": "10:30"});
    let any = rule(&json!({"match": "type"}));
    let rules = json!({"$": any, "$.when": rule(&json!({"match": "time", "format": "HH:mm"}))});
    let expected = response(&body, &rules);
    let all = variations(&expected, 0);
    let all: Vec<&_> = all.iter().collect();
    let mut made = 0;
    for seed in 0..50 {
        let chosen = combination(&all, seed);
        assert_eq!(chosen, combination(&all, seed));
        if let Some(other) = varied(&expected, &chosen) {
            assert_eq!(match_response(&expected, &other), Ok(vec![]));
            made += 1;
        }
    }
    assert!(made > 20, "{made} of 50");
}

/// A response with this body of this type, and these rules for it.
fn other(
    content_type: &str,
    body: &str,
    rules: &Value,
) -> pact_models::v4::http_parts::HttpResponse {
    let mut response = response(&json!({}), rules);
    response.headers = Some([("content-type".to_owned(), vec![content_type.to_owned()])].into());
    response.body = pact_models::bodies::OptionalBody::Present(
        body.to_owned().into(),
        Some(content_type.into()),
        None,
    );
    response
}

#[test]
fn a_form_varies_where_its_rules_allow_it_and_keeps_its_order() {
    let rules = json!({"$.born": rule(&json!({"match": "regex", "regex": "[0-9]{4}"}))});
    let form = other(
        "application/x-www-form-urlencoded",
        "name=Jane+D&born=1999&tag=a&tag=b",
        &rules,
    );
    assert!(!is_opaque(&form));
    let all = variations(&form, 0);
    let born: Vec<_> = all.iter().filter(|one| one.path() == "$.born").collect();
    assert!(!born.is_empty());
    for variation in born {
        let varied = varied(&form, &[variation]).unwrap();
        let text = String::from_utf8(varied.body.value().unwrap().to_vec()).unwrap();
        let year = text
            .strip_prefix("name=Jane+D&born=")
            .unwrap()
            .strip_suffix("&tag=a&tag=b")
            .unwrap();
        assert!(
            year.len() == 4 && year != "1999" && year.parse::<u16>().is_ok(),
            "{text}"
        );
    }
    assert!(
        !all.iter().any(|one| one.path() == "$.name"),
        "it has no rule"
    );
}

#[test]
fn a_body_that_cannot_be_varied_is_opaque() {
    assert!(is_opaque(&other("application/xml", "<a/>", &json!({}))));
    assert!(is_opaque(&other("image/png", "bytes", &json!({}))));
    assert!(!is_opaque(&other("text/plain", "a text", &json!({}))));
}
