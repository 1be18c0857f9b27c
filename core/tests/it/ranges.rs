//! The ranges of random numbers in a document.

use std::collections::HashMap;

use serde_json::{Value, json};
use treaty_core::document::load_json;
use treaty_core::interaction::Interaction;
use treaty_core::matching::{generate_request, generate_response};

/// Some tools write `Long.MAX_VALUE` for any number; the reference reader takes that for -1 and its generator panics.
#[test]
fn the_range_of_a_random_number_is_cut_to_the_numbers_that_there_are() {
    let generators =
        |range: &Value, status: &Value| json!({"body": {"$.id": range}, "status": status});
    let generated = |range: Value, status: Value| {
        let document = json!({
            "consumer": {"name": "A"}, "provider": {"name": "B"},
            "interactions": [{
                "type": "Synchronous/HTTP", "description": "x", "request": {"method": "GET", "path": "/"},
                "response": {
                    "status": 200, "body": {"contentType": "application/json", "content": {"id": 1}},
                    "generators": generators(&range, &status),
                },
            }],
            "metadata": {"pactSpecification": {"version": "4.0"}},
        });
        let pact = load_json("f", &document).unwrap();
        let Interaction::Http(http) = &pact.interactions[0] else {
            unreachable!()
        };
        let response = generate_response(&http.response, "http://x");
        let body: Value = serde_json::from_slice(&response.body.value().unwrap()).unwrap();
        (body["id"].as_i64().unwrap(), response.status)
    };
    let of = |min: Value, max: Value| json!({"type": "RandomInt", "min": min, "max": max});
    let plain = of(json!(200), json!(200));
    for (range, low, high) in [
        (of(json!(0), json!(i64::MAX)), 0, i64::from(i32::MAX)),
        (of(json!(7), json!(3)), 7, 7),
        (
            of(json!(i32::MAX), json!(i32::MAX)),
            i64::from(i32::MAX) - 1,
            i64::from(i32::MAX),
        ),
        (json!({"type": "RandomInt", "min": 50}), 50, 50),
        (of(json!("3"), json!("4")), 3, 4),
    ] {
        let (id, status) = generated(range.clone(), plain.clone());
        assert!((low..=high).contains(&id), "{range}: {id}");
        assert_eq!(status, 200);
    }
    let (_, status) = generated(plain, of(json!(599), json!(70_000)));
    assert_eq!(status, 599);
}

#[test]
fn the_range_of_a_number_that_is_called_status_is_none_of_statuses() {
    let range = json!({"type": "RandomInt", "min": 5000, "max": 5000});
    let document = json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"},
        "interactions": [{
            "type": "Synchronous/HTTP", "description": "x",
            "request": {
                "method": "GET", "path": "/", "query": {"status": ["1"]}, "headers": {"status": ["1"]},
                "body": {"contentType": "application/json", "content": {"status": 1}},
                "generators": {"query": {"status": range}, "header": {"status": range}, "body": {"status": range}},
            },
            "response": {"status": 200},
        }],
        "metadata": {"pactSpecification": {"version": "4.0"}},
    });
    let pact = load_json("f", &document).unwrap();
    let Interaction::Http(http) = &pact.interactions[0] else {
        unreachable!()
    };
    let request = generate_request(&http.request, &HashMap::new()).unwrap();
    assert_eq!(request.query.unwrap()["status"], [Some("5000".to_owned())]);
    assert_eq!(request.headers.unwrap()["status"], ["5000"]);
    assert_eq!(
        request.body.value_as_string().unwrap(),
        r#"{"status":5000}"#
    );
}
