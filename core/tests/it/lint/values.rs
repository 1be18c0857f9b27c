//! Rules over values.

use serde_json::{Value, json};
use treaty_core::lint::{Rule, Severity};

use super::{bad, body, findings, good, rule};

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
