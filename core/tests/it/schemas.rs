//! What a document may look like in each version, and what becomes of the files whose authors call them invalid.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use treaty_core::document::{load, load_json};
use treaty_core::lint::{Severity, lint};

use crate::prerequisite::folder;

/// What becomes of a file that its authors call invalid.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// Nobody can say what it asks for.
    Refused,
    /// It can be read, and the linter says what is wrong.
    Linted,
}
use Fate::{Linted, Refused};

/// Each invalid file of the corpus, what becomes of it, and the place that is named.
const INVALID: [(&str, Fate, &str); 18] = [
    // What the file asks for is clear without this member, which nothing reads.
    (
        "v1/fail/additional-metadata-pact-specification-legacy-b.json",
        Linted,
        "/metadata/pact-specification/additional",
    ),
    (
        "v2/fail/additional-metadata-pact-specification-legacy-b.json",
        Linted,
        "/metadata/pact-specification/additional",
    ),
    (
        "v4/fail/additional-interaction-request.json",
        Linted,
        "/interactions/0/request/additional",
    ),
    // A number reads as its digits.
    (
        "v1/fail/invalid-interaction-request-headers.json",
        Linted,
        "/interactions/0/request/headers/x-header-1",
    ),
    (
        "v4/fail/invalid-interaction-response-headers.json",
        Linted,
        "/interactions/0/response/headers/x-header-1",
    ),
    // Whoever wants to can send a method that is not registered.
    (
        "v1/fail/invalid-interaction-request-method.json",
        Linted,
        "/interactions/0/request/method",
    ),
    // A name without a value, and the way of version 2 to write a query, which readers take in every version.
    (
        "v1/fail/invalid-interaction-request-query-not-formated.json",
        Linted,
        "/interactions/0/request/query",
    ),
    (
        "v4/fail/invalid-interaction-request-query-1-legacy.json",
        Linted,
        "/interactions/0/request/query",
    ),
    // The way of version 2 to write rules, which readers take in every version.
    (
        "v4/fail/invalid-interaction-request-matching-rules-1-legacy.json",
        Linted,
        "/interactions/0/request/matchingRules",
    ),
    // Every reader has the same default for these: GET, /, 200, version 3.
    (
        "v1/fail/missing-interaction-request-method.json",
        Linted,
        "/interactions/0/request",
    ),
    (
        "v1/fail/missing-interaction-request-path.json",
        Linted,
        "/interactions/0/request",
    ),
    (
        "v1/fail/missing-interaction-response-status.json",
        Linted,
        "/interactions/0/response",
    ),
    (
        "v1/fail/missing-metadata-pact-specification-version.json",
        Linted,
        "/metadata/pactSpecification",
    ),
    (
        "v1/fail/missing-metadata-pact-specification-version-legacy-b.json",
        Linted,
        "/metadata/pact-specification",
    ),
    // No server can answer with this status.
    (
        "v1/fail/invalid-interaction-response-status-600.json",
        Refused,
        "/interactions/0/response/status",
    ),
    (
        "v4/fail/invalid-interaction-response-status-600.json",
        Refused,
        "/interactions/0/response/status",
    ),
    // Nobody can apply a rule without knowing which.
    (
        "v2/fail/invalid-interaction-response-matching-rules-unknown-matcher.json",
        Refused,
        "/interactions/0/response/matchingRules/$.body.id/match",
    ),
    (
        "v2/fail/missing-interaction-response-matching-rules-match.json",
        Refused,
        "/interactions/0/response/matchingRules/$.body.id",
    ),
];

/// The files of the corpus that nobody calls invalid and that are refused all the same.
const REFUSED: [(&str, &str); 6] = [
    (
        "pact-message-ruby/spec/pacts/foo-bar.json",
        "Messages require Pact Specification version 3",
    ),
    ("pact-formats/pact.json", "`request` is missing"),
    (
        "pact-non-http-interactions/pact.json",
        "`request` is missing",
    ),
    ("wrong-expectation.json", "needs the plugin mcp"),
    ("weather-agent-weather-mcp.json", "needs the plugin mcp"),
    (
        "grpc-consumer-rust-response_metadata.json",
        "needs the plugin protobuf",
    ),
];

/// The files of the corpus by their path in it. Nothing where there is no corpus.
fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let Some(root) = folder("corpus", "TREATY_PACT_CORPUS", "../shared/pact-corpus") else {
        return files;
    };
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    assert!(!files.is_empty(), "{} holds no pact file", root.display());
    files
}

#[test]
fn a_file_that_its_authors_call_invalid_is_refused_or_linted_at_its_place() {
    let files = files();
    if files.is_empty() {
        return;
    }
    let invalid = files.iter().filter(|(name, _)| name.contains("/fail/"));
    assert_eq!(invalid.clone().count(), INVALID.len());
    for (name, bytes) in invalid {
        let (_, fate, place) = INVALID
            .iter()
            .find(|(end, ..)| name.ends_with(end))
            .unwrap();
        let (actual, text) = match lint(name, bytes) {
            Err(error) => (Refused, error.to_string()),
            Ok(findings) => {
                let mut errors = findings.iter().filter(|f| f.severity() == Severity::Error);
                let named = errors.find(|error| error.pointer == *place);
                (
                    Linted,
                    named
                        .unwrap_or_else(|| panic!("{name}: {findings:?}"))
                        .to_string(),
                )
            }
        };
        assert_eq!(actual, *fate, "{name}: {text}");
        assert!(text.contains(&format!("{place}: ")), "{name}: {text}");
        assert!(text.contains("line "), "{name}: {text}");
    }
}

#[test]
fn a_file_that_its_authors_call_valid_has_no_lint_error() {
    let files = files();
    for (name, bytes) in files.iter().filter(|(name, _)| name.contains("/pass/")) {
        let findings = lint(name, bytes).unwrap();
        let errors: Vec<_> = findings
            .iter()
            .filter(|f| f.severity() == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn a_file_that_nobody_calls_invalid_is_read_but_for_those_that_are_known() {
    for (name, bytes) in files().iter().filter(|(name, _)| !name.contains("/fail/")) {
        // Whatever the linter says of it, it does not panic.
        let _ = lint(name, bytes);
        let known = REFUSED.iter().find(|(end, _)| name.ends_with(end));
        match (load(name, bytes), known) {
            (Ok(_), None) => {}
            (Err(error), Some((_, why))) => assert!(error.to_string().contains(why), "{error}"),
            (Ok(_), Some(_)) => panic!("{name} is read now: take it from the list"),
            (Err(error), None) => panic!("{error}"),
        }
    }
}

fn document(version: &str, interaction: &Value) -> Value {
    json!({
        "consumer": {"name": "A"}, "provider": {"name": "B"}, "interactions": [interaction],
        "metadata": {"pactSpecification": {"version": version}},
    })
}

/// An interaction with a response that has these members beside its status.
fn interaction(response: &Value) -> Value {
    let mut interaction = json!({
        "type": "Synchronous/HTTP", "description": "x",
        "request": {"method": "GET", "path": "/"}, "response": {"status": 200},
    });
    for (name, value) in response.as_object().unwrap() {
        interaction["response"][name] = value.clone();
    }
    interaction
}

#[track_caller]
fn refuses(version: &str, response: &Value, problem: &str) {
    let error = load_json("f", &document(version, &interaction(response))).unwrap_err();
    let problem = format!("f is not a pact: /interactions/0/response/{problem}");
    assert_eq!(error.to_string(), problem, "version {version}");
}

#[track_caller]
fn takes(version: &str, response: &Value) {
    if let Err(error) = load_json("f", &document(version, &interaction(response))) {
        panic!("version {version}: {error}");
    }
}

#[test]
fn rules_by_path_are_read_in_every_version() {
    for version in ["1.0.0", "2.0.0", "3.0.0", "4.0"] {
        takes(
            version,
            &json!({"matchingRules": {"$.body.id": {"match": "type"}}}),
        );
        takes(
            version,
            &json!({"matchingRules": {"$.headers.X": {"regex": "a"}}}),
        );
        takes(version, &json!({"matchingRules": {"$.body": {"min": 1}}}));
        takes(version, &json!({"matchingRules": {}}));
    }
}

#[test]
fn rules_by_category_are_read_in_every_version() {
    for version in ["1.0.0", "2.0.0", "3.0.0", "4.0"] {
        takes(
            version,
            &json!({"matchingRules": {"body": {"$.id": {"matchers": [{"match": "type"}]}}}}),
        );
        takes(
            version,
            &json!({"matchingRules": {"status": {"matchers": [{"match": "statusCode"}], "combine": "OR"}}}),
        );
    }
}

/// The reference reader takes each of these for something else, or for nothing, without a word.
#[test]
fn rules_that_a_reader_would_pass_over_are_refused() {
    let typed = json!({"$.id": {"matchers": [{"match": "type"}]}});
    for version in ["2.0.0", "3.0.0", "4.0"] {
        refuses(
            version,
            &json!({"matchingRules": {"boby": typed}}),
            "matchingRules/boby: nothing reads `boby` here, known are body, content, contents, header, headers, \
             metadata, method, path, query, status",
        );
        refuses(
            version,
            &json!({"matchingRules": {"body": {"$.id": {"match": "type"}}}}),
            "matchingRules/body/$.id: `matchers` is missing",
        );
        refuses(
            version,
            &json!({"matchingRules": {"body": {"$.id": {"matchers": [{"match": "type"}], "combine": "XOR"}}}}),
            "matchingRules/body/$.id/combine: expected \"AND\" or \"OR\", got \"XOR\"",
        );
        refuses(
            version,
            &json!({"matchingRules": {"body": {"$.id": {"matchers": [{"match": "type", "min": "many"}]}}}}),
            "matchingRules/body/$.id/matchers/0/min: expected a number of items, got \"many\"",
        );
        refuses(
            version,
            &json!({"matchingRules": {"body": {"$.id": {"matchers": [{"match": "tpye"}]}}}}),
            "matchingRules/body/$.id/matchers/0/match: expected the name of a matching rule, got \"tpye\"",
        );
        refuses(
            version,
            &json!({"matchingRules": {"$.boby.id": {"match": "type"}}}),
            "matchingRules/$.boby.id: nothing reads `$.boby.id` here, expected an object of rules by path",
        );
        refuses(
            version,
            &json!({"matchingRules": [1]}),
            "matchingRules: expected an object of rules by category, got a list"
                .replace(
                    "category",
                    if version == "2.0.0" {
                        "path"
                    } else {
                        "category"
                    },
                )
                .as_str(),
        );
    }
}

#[test]
fn a_query_that_a_reader_would_pass_over_is_refused() {
    for version in ["2.0.0", "3.0.0", "4.0"] {
        for (query, problem) in [
            (
                json!({"a": 1}),
                "/a: expected a text or a list of texts, got 1",
            ),
            (
                json!({"a": [1]}),
                "/a/0: expected a text, or null for a name without a value, got 1",
            ),
        ] {
            let mut interaction = interaction(&json!({}));
            interaction["request"]["query"] = query;
            let error = load_json("f", &document(version, &interaction)).unwrap_err();
            let problem = format!("f is not a pact: /interactions/0/request/query{problem}");
            assert_eq!(error.to_string(), problem);
        }
    }
}

#[test]
fn provider_states_that_a_reader_would_pass_over_are_refused() {
    for (states, problem) in [
        (
            json!("a user exists"),
            ": expected a list of provider states, got \"a user exists\"",
        ),
        (
            json!(["a user exists"]),
            "/0: expected a provider state: an object with a `name`, got \"a user exists\"",
        ),
        (
            json!([{"name": "a", "params": [1]}]),
            "/0/params: expected an object, got a list",
        ),
    ] {
        let mut interaction = interaction(&json!({}));
        interaction["providerStates"] = states;
        let error = load_json("f", &document("3.0.0", &interaction)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("f is not a pact: /interactions/0/providerStates{problem}")
        );
    }
}

#[test]
fn the_schemas_hold_a_document_to_the_version_that_it_declares() {
    for metadata in [
        json!({"pactSpecification": {"version": "2.0.0"}}),
        json!({"pact-specification": {"version": "2.0.0"}}),
        json!({"pactSpecificationVersion": "2.0.0"}),
        json!({}),
    ] {
        let mut document = document("2.0.0", &interaction(&json!({})));
        document["interactions"][0]
            .as_object_mut()
            .unwrap()
            .remove("type");
        document["interactions"][0]["request"]["query"] = json!("a=1");
        document["metadata"] = metadata;
        let errors = treaty_core::lint::lint_json("f", &document).unwrap();
        assert_eq!(errors, []);
    }
}
