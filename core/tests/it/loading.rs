//! Documents that are pacts, and what is said of those that are not.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};
use treaty_core::document::{LoadError, load, load_json};
use treaty_core::interaction::Interaction;

/// The error for a text, its cause behind a colon.
#[track_caller]
fn refuses(text: &str, expected: &str) {
    let error = load("a-b.json", text.as_bytes()).unwrap_err();
    let cause = error
        .source()
        .map(|cause| format!(": {cause}"))
        .unwrap_or_default();
    assert_eq!(format!("{error}{cause}"), expected);
}

#[track_caller]
fn refuses_json(document: &Value, expected: &str) {
    assert_eq!(
        load_json("a-b.json", document).unwrap_err().to_string(),
        expected
    );
}

fn document(version: &str, interactions: &Value) -> Value {
    json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": interactions,
        "metadata": {"pactSpecification": {"version": version}},
    })
}

fn http(status: &Value) -> Value {
    json!([{"type": "Synchronous/HTTP", "description": "x", "request": {}, "response": {"status": status}}])
}

#[test]
fn a_text_that_is_not_json_is_refused_with_line_and_column() {
    refuses(
        "",
        "a-b.json is not JSON: line 1, column 0: EOF while parsing a value at line 1 column 0",
    );
    refuses(
        "{\n  \"consumer\": }",
        "a-b.json is not JSON: line 2, column 15: expected value at line 2 column 15",
    );
    refuses(
        "{}\n}",
        "a-b.json is not JSON: line 2, column 1: trailing characters at line 2 column 1",
    );
    refuses(
        "{\"a\": 1e400}",
        "a-b.json is not JSON: line 1, column 11: number out of range at line 1 column 11",
    );
}

#[test]
fn bytes_that_are_not_text_are_refused() {
    let error = load("a-b.json", b"{\"consumer\": {\"name\": \"\xff\"}}").unwrap_err();
    assert!(matches!(error, LoadError::NotJson { .. }), "{error:?}");
}

#[test]
fn json_that_is_no_object_is_refused() {
    refuses(
        "[]",
        "a-b.json is not a pact: line 1, at the top: expected an object, got an empty list",
    );
    refuses(
        "\n7",
        "a-b.json is not a pact: line 2, at the top: expected an object, got 7",
    );
}

#[test]
fn each_problem_is_told_with_its_line_and_its_pointer() {
    refuses(
        r#"{
  "consumer": {"name": "A"},
  "provider": {},
  "interactions": [
    {"description": "x", "request": {}, "response": {"status": 200}},
    {
      "description": 7,
      "request": {},
      "response": {"status": "200"}
    }
  ]
}"#,
        "a-b.json is not a pact: line 3, /provider: `name` is missing; \
         line 7, /interactions/1/description: expected a text that says what happens, got 7; \
         line 9, /interactions/1/response/status: expected an integer from 100 to 599, got \"200\"",
    );
}

#[test]
fn a_document_without_a_list_of_interactions_is_refused() {
    refuses_json(
        &json!({"consumer": {"name": "A"}, "provider": {"name": "B"}}),
        "a-b.json is not a pact: at the top: neither `interactions` nor `messages` is there",
    );
}

#[test]
fn a_document_with_a_hundred_problems_is_told_by_the_first() {
    let hundred = Value::Array(vec![json!({}); 100]);
    let error = load_json("a-b.json", &document("4.0", &hundred)).unwrap_err();
    let LoadError::NotAPact { problems, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(problems.len(), 10);
    assert_eq!(problems[0].pointer, "/interactions/0");
}

#[test]
fn a_large_value_at_the_wrong_place_is_not_repeated() {
    let large = "x".repeat(100_000);
    let error = load_json("a-b.json", &document("4.0", &http(&json!(large)))).unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
}

#[test]
fn a_blank_name_is_refused_at_its_place() {
    let text = "{\n\"consumer\": {\"name\": \" \"},\n\"provider\": {\"name\": \"\"},\n\"interactions\": []}";
    refuses(
        text,
        "a-b.json is not a pact: line 2, /consumer/name: expected a name that is not blank, got \" \"; \
         line 3, /provider/name: expected a name that is not blank, got \"\"",
    );
}

#[test]
fn an_overlong_name_is_refused_with_the_limit() {
    let text = json!({"consumer": {"name": "x".repeat(1025)}, "provider": {"name": "B"}, "interactions": []});
    refuses(
        &text.to_string(),
        "a-b.json is not a pact: a pacticipant name of 1025 bytes is too long: at most 1024 are accepted",
    );
}

#[test]
fn a_pact_that_needs_plugins_is_refused_and_names_them() {
    let mut pact = document("4.0", &json!([]));
    pact["metadata"]["plugins"] = json!([
        {"name": "protobuf", "version": "0.3.12", "configuration": {}},
        {"name": "csv", "version": "0.0.6", "configuration": {}},
    ]);
    refuses_json(
        &pact,
        "a-b.json needs the plugin protobuf 0.3.12, csv 0.0.6, and this build of Treaty runs no plugins",
    );
}

#[test]
fn what_the_reference_reader_refuses_is_told_at_its_interaction() {
    refuses(
        r#"{"consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": [
  {"description": "x", "request": {}, "response": {}},
  {"description": "y", "request": {}, "response": {"matchingRules": {"$.body[": {"match": "type"}}}}
]}"#,
        "a-b.json is not a pact: line 3, /interactions/1: \
         Expected a \"'\" (single qoute) or a digit in path expression \"$[\" after index 1",
    );
}

/// Each of these makes the reference reader panic, or read another status than was written.
#[test]
fn a_status_that_is_no_status_is_refused_in_every_version() {
    for version in ["1.0.0", "2.0.0", "3.0.0", "4.0"] {
        for (status, problem) in [
            (
                json!(200.1),
                "expected an integer from 100 to 599, got 200.1",
            ),
            (json!(200.0), "200.0 is not written as an integer"),
            (json!(2e2), "200.0 is not written as an integer"),
            (
                json!("200"),
                "expected an integer from 100 to 599, got \"200\"",
            ),
            (json!(null), "expected an integer from 100 to 599, got null"),
            (json!(-200), "expected an integer from 100 to 599, got -200"),
            (json!(99), "expected an integer from 100 to 599, got 99"),
            (json!(600), "expected an integer from 100 to 599, got 600"),
            (
                json!(65_736),
                "expected an integer from 100 to 599, got 65736",
            ),
        ] {
            let problem =
                format!("a-b.json is not a pact: /interactions/0/response/status: {problem}");
            refuses_json(&document(version, &http(&status)), &problem);
        }
    }
}

#[test]
fn a_list_of_no_content_types_is_refused_in_every_version() {
    for version in ["1.0.0", "2.0.0", "3.0.0", "4.0"] {
        let mut interactions = http(&json!(200));
        interactions[0]["response"]["headers"] = json!({"content-Type": []});
        refuses_json(
            &document(version, &interactions),
            "a-b.json is not a pact: /interactions/0/response/headers/content-Type: expected at least one value, got an empty list",
        );
    }
}

/// The reference reader sees the messages and passes over the interactions: a verification would not know of them.
#[test]
fn a_document_with_messages_beside_its_interactions_is_refused() {
    let problem = "a-b.json is not a pact: /messages: \
                   a pact before specification version 4 has `interactions` or `messages`, not both";
    for messages in [json!([]), json!([{"description": "m", "contents": "x"}])] {
        let mut pact = document("3.0.0", &http(&json!(200)));
        pact["messages"] = messages;
        refuses_json(&pact, problem);
    }
}

#[test]
fn a_version_4_document_with_a_list_of_messages_is_refused() {
    let mut pact = document("4.0", &http(&json!(200)));
    pact["messages"] = json!([{"description": "m", "contents": "x"}]);
    let problem = "a-b.json is not a pact: /messages: in specification version 4 messages belong into `interactions`";
    refuses_json(&pact, problem);
    pact.as_object_mut().unwrap().remove("interactions");
    refuses_json(&pact, problem);
}

#[test]
fn a_kind_of_interaction_that_nobody_knows_is_refused() {
    let kinds = r#""Synchronous/HTTP", "Asynchronous/Messages", "Synchronous/Messages""#;
    let mut interactions = http(&json!(200));
    interactions[0]["type"] = json!("Synchronous/Carrier-Pigeon");
    refuses_json(
        &document("4.0", &interactions),
        &format!(
            "a-b.json is not a pact: /interactions/0/type: \"Synchronous/Carrier-Pigeon\" is none of {kinds}"
        ),
    );
    interactions[0].as_object_mut().unwrap().remove("type");
    refuses_json(
        &document("4.0", &interactions),
        &format!("a-b.json is not a pact: /interactions/0/type: no type is none of {kinds}"),
    );
}

/// The reference reader takes it for an HTTP interaction with a default request.
#[test]
fn a_message_in_a_document_that_is_too_old_for_it_is_refused() {
    let message = json!([{"type": "Asynchronous/Messages", "description": "m", "contents": {"content": "x"}}]);
    refuses_json(
        &document("3.0.0", &message),
        "a-b.json is not a pact: /interactions/0/type: \"Asynchronous/Messages\" needs specification version 4",
    );
}

const JUNK: [&str; 17] = [
    "\"%&š=%zz\"",
    "null",
    "true",
    "-1",
    "200.0",
    "200.1",
    "1e30",
    "99999999999",
    "\"\"",
    "\"x\"",
    "\"é\\u0000\"",
    "[]",
    "[1]",
    "[null]",
    "{}",
    "{\"name\": 1}",
    "{\"match\": \"type\"}",
];

fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            pointers(member, &format!("{at}/{name}"), found);
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(place, item)| pointers(item, &format!("{at}/{place}"), found)),
        _ => {}
    }
}

fn full_documents() -> [Value; 4] {
    let rules = json!({"body": {"$.id": {"combine": "AND", "matchers": [{"match": "regex", "regex": "\\d+"}]}}});
    let part = |body: Value| {
        json!({
            "method": "POST", "path": "/", "query": {"a": ["1"]}, "status": 200, "body": body,
            "headers": {"Content-Type": ["application/json"], "X-A": "1"}, "matchingRules": rules,
            "generators": {"body": {"$.id": {"type": "RandomInt", "min": 1, "max": 2}}},
        })
    };
    let states = json!([{"name": "s", "params": {"id": 1}}]);
    let old = part(json!({"id": "1"}));
    let new =
        part(json!({"content": {"id": "1"}, "contentType": "application/json", "encoded": false}));
    let contents = json!({"contents": new["body"], "metadata": {"k": "v"}, "matchingRules": rules});
    let v2 = json!([{"description": "x", "providerState": "s", "request": old, "response": old}]);
    let v3 =
        json!([{"description": "x", "providerStates": states, "request": old, "response": old}]);
    let v4 = json!([
        {"type": "Synchronous/HTTP", "key": "k", "pending": true, "comments": {"text": ["c"]}, "description": "x",
         "providerStates": states, "request": new, "response": new},
        {"type": "Asynchronous/Messages", "description": "x", "contents": new["body"], "metadata": {"k": "v"},
         "matchingRules": rules},
        {"type": "Synchronous/Messages", "description": "x", "request": contents, "response": [contents]},
    ]);
    let mut messages = document("3.0.0", &json!([]));
    messages["messages"] = json!([
        {"description": "m", "providerStates": states, "contents": {"id": "1"}, "metadata": {"contentType": "a/b"},
         "matchingRules": rules},
    ]);
    [
        document("2.0.0", &v2),
        document("3.0.0", &v3),
        document("4.0", &v4),
        messages,
    ]
}

#[test]
fn junk_at_any_place_of_a_document_never_panics() {
    for full in full_documents() {
        load_json("a-b.json", &full).unwrap();
        let mut places = Vec::new();
        pointers(&full, "", &mut places);
        for (place, junk) in places
            .iter()
            .flat_map(|place| JUNK.map(|junk| (place, junk)))
        {
            let mut document = full.clone();
            *document.pointer_mut(place).unwrap() = serde_json::from_str(junk).unwrap();
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                load_json("a-b.json", &document).is_ok()
            }));
            assert!(outcome.is_ok(), "{junk} at {place} of {full}");
        }
    }
}

/// One text for each interaction: kind, description, states.
fn told(document: &Value) -> Vec<String> {
    let pact = load_json("a-b.json", document).unwrap();
    assert_eq!((pact.consumer.as_str(), pact.provider.as_str()), ("A", "B"));
    let interactions = pact.interactions.iter();
    interactions
        .map(|interaction| format!("{}: {}", interaction.kind(), interaction.title()))
        .collect()
}

#[test]
fn documents_of_every_version_are_read() {
    let [v2, v3, v4, messages] = full_documents();
    assert_eq!(told(&v2), ["HTTP: x (given s)"]);
    assert_eq!(told(&v3), ["HTTP: x (given s)"]);
    assert_eq!(
        told(&v4),
        [
            "HTTP: x (given s)",
            "asynchronous message: x",
            "synchronous message: x"
        ]
    );
    assert_eq!(told(&messages), ["asynchronous message: m (given s)"]);

    let mut v1 = document("1.0.0", &http(&json!(200)));
    v1["interactions"][0]["provider_state"] = json!("s");
    assert_eq!(told(&v1), ["HTTP: x (given s)"]);
}

#[test]
fn a_document_that_names_no_version_is_read() {
    let mut unnamed = document("3.0.0", &http(&json!(200)));
    unnamed.as_object_mut().unwrap().remove("metadata");
    assert_eq!(told(&unnamed), ["HTTP: x"]);
    unnamed["metadata"] = json!({"pact-specification": {"version": "2.0.0"}});
    assert_eq!(told(&unnamed), ["HTTP: x"]);
}

#[test]
fn states_keep_their_order_and_their_parameters() {
    let mut pact = document("4.0", &http(&json!(200)));
    pact["interactions"][0]["providerStates"] = json!([
        {"name": "b", "params": {"id": 1, "tags": ["x"]}}, {"name": "a"}, {"name": "b", "params": null},
    ]);
    let pact = load_json("a-b.json", &pact).unwrap();
    let states = pact.interactions[0].provider_states();
    let names: Vec<&str> = states.iter().map(|state| state.name.as_str()).collect();
    assert_eq!(names, ["b", "a", "b"]);
    assert_eq!(states[0].params["tags"], json!(["x"]));
    assert_eq!(pact.interactions[0].title(), "x (given b and a and b)");
}

#[test]
fn what_a_broker_and_an_author_add_to_an_interaction_is_read() {
    let mut pact = document("4.0", &http(&json!(200)));
    pact["interactions"][0]["_id"] = json!("abc");
    pact["interactions"][0]["pending"] = json!(true);
    let pact = load_json("a-b.json", &pact).unwrap();
    assert_eq!(
        (pact.interactions[0].id(), pact.interactions[0].pending()),
        (Some("abc"), true)
    );
}

#[test]
fn an_old_pact_and_its_new_form_ask_for_the_same() {
    let mut old = document("2.0.0", &http(&json!(201)));
    old["interactions"][0]["request"] =
        json!({"method": "get", "path": "/a", "query": "b=1&b=2&c=x%20y"});
    let mut new = old.clone();
    new["metadata"]["pactSpecification"]["version"] = json!("3.0.0");
    new["interactions"][0]["request"]["query"] = json!({"b": ["1", "2"], "c": ["x y"]});
    let http = |document: &Value| match load_json("a-b.json", document)
        .unwrap()
        .interactions
        .remove(0)
    {
        Interaction::Http(http) => (http.request, http.response),
        other => panic!("{other:?}"),
    };
    assert_eq!(http(&old), http(&new));
}
