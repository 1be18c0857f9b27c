//! Test results, in any of the forms that verifiers publish.

use serde::Serialize;
use serde_json::Value;

/// An interaction that the provider does not honour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FailedInteraction {
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) provider_states: Vec<String>,
    pub(crate) mismatches: Vec<Mismatch>,
}

impl FailedInteraction {
    /// Whether it is this interaction of the pact, by description and the names of its provider states: not every verifier
    /// tells the states.
    pub(crate) fn is(&self, description: &str, states: &[String]) -> bool {
        self.description == description
            && (self.provider_states.is_empty() || self.provider_states == states)
    }
}

/// One difference between what was expected and what came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mismatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) actual: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
}

/// The interactions that failed, out of test results in any of the forms that verifiers publish.
pub(crate) fn failed_interactions(test_results: &str) -> Vec<FailedInteraction> {
    let Ok(document) = serde_json::from_str::<Value>(test_results) else {
        return Vec::new();
    };
    let lists = ["interactions", "tests", "testResults", "examples"];
    let items = match &document {
        Value::Array(items) => items.as_slice(),
        other => {
            let list = lists
                .iter()
                .find_map(|name| other.get(name).and_then(Value::as_array));
            list.map(Vec::as_slice).unwrap_or_default()
        }
    };
    items
        .iter()
        .filter(|item| has_failed(item))
        .map(failed_interaction)
        .collect()
}

fn has_failed(item: &Value) -> bool {
    item.get("success") == Some(&Value::Bool(false))
        || matches!(
            item.get("status").and_then(Value::as_str),
            Some("failed" | "failure" | "error")
        )
}

fn failed_interaction(item: &Value) -> FailedInteraction {
    let names = [
        "description",
        "interactionDescription",
        "testDescription",
        "interactionId",
    ];
    let description = text(item, &names).unwrap_or_else(|| "an interaction".to_owned());
    let states = ["providerStates", "states"]
        .iter()
        .find_map(|name| item.get(name).and_then(Value::as_array));
    let state = |state: &Value| {
        state
            .as_str()
            .map(str::to_owned)
            .or_else(|| text(state, &["name", "description"]))
    };
    let lists = ["mismatches", "errors", "exceptions"];
    let found = lists.iter().flat_map(|name| {
        item.get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    });
    let exception = item.get("exception").into_iter();
    FailedInteraction {
        description,
        provider_states: states.into_iter().flatten().filter_map(state).collect(),
        mismatches: found.chain(exception).map(mismatch).collect(),
    }
}

fn mismatch(item: &Value) -> Mismatch {
    if let Value::String(text) = item {
        return Mismatch {
            description: Some(text.clone()),
            ..Mismatch::default()
        };
    }
    Mismatch {
        path: text(
            item,
            &["path", "identifier", "parameter", "key", "attribute"],
        ),
        expected: item.get("expected").cloned(),
        actual: item.get("actual").cloned(),
        rule: text(item, &["rule"]),
        description: text(item, &["description", "mismatch", "message"]),
    }
}

fn text(item: &Value, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| item.get(name).and_then(Value::as_str))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(test_results: &Value, expected: &str) {
        let failed = failed_interactions(&test_results.to_string());
        let lines: Vec<String> = failed
            .iter()
            .map(|one| {
                let mismatch = one.mismatches.first().cloned().unwrap_or_default();
                format!(
                    "{} [{}] {} {}",
                    one.description,
                    one.provider_states.join(","),
                    mismatch.path.unwrap_or_default(),
                    mismatch.description.unwrap_or_default()
                )
            })
            .collect();
        assert_eq!(lines.join("|"), expected);
    }

    #[test]
    fn every_form_of_test_results_is_understood() {
        let mismatch = json!({ "path": "$.email", "expected": "a@b", "rule": "type", "description": "is missing" });
        check(
            &json!({ "receipt": {}, "interactions": [
                { "description": "a user", "providerStates": ["42 exists"], "success": false, "mismatches": [mismatch] },
                { "description": "no user", "success": true },
            ] }),
            "a user [42 exists] $.email is missing",
        );
        check(
            &json!([{ "interactionId": "1", "interactionDescription": "d", "success": false,
                "mismatches": [{ "attribute": "body", "identifier": "$.a", "description": "differs" }] }]),
            "d [] $.a differs",
        );
        check(
            &json!({ "tests": [{ "testDescription": "t", "status": "failed", "exception": { "message": "refused" } }] }),
            "t []  refused",
        );
    }

    #[test]
    fn anything_else_explains_nothing() {
        for other in [json!(null), json!("no"), json!({ "a": 1 }), json!([1, 2])] {
            check(&other, "");
        }
    }
}
