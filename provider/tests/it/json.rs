//! The report for machines.

use serde_json::{Value, json};

use crate::fakes::{get_in, get_of, source, up};

/// Takes out what differs from run to run.
fn without_durations(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(name, _)| name != "durationMs");
            members
                .map(|(name, value)| (name, without_durations(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_durations).collect(),
        other => other,
    }
}

#[tokio::test]
async fn an_interaction_tells_its_outcome_beside_its_name() {
    let interactions = [get_of("/missing"), get_in("/ok", &["who knows"])];
    let report = up().verify(source(&interactions)).await;

    let json = without_durations(report.to_json());

    assert_eq!(json["verdict"], "no");
    assert_eq!(json["summary"]["failed"], 1);
    let interaction = |extra: Value| {
        let mut interaction = json!({
            "pending": false, "providerStates": [], "statesRun": 0, "statesIgnored": [], "tearDownFailures": [],
        });
        let members = interaction.as_object_mut().unwrap();
        members.extend(extra.as_object().unwrap().clone());
        interaction
    };
    assert_eq!(
        json["pacts"][0]["interactions"],
        json!([
            interaction(json!({
                "position": 1, "description": "a request for /missing", "replayed": true, "outcome": "failed",
                "mismatches": [{
                    "part": "status", "path": "status", "expected": "200", "actual": "404", "rule": "equality",
                    "description": "expected 200 but was 404",
                }],
            })),
            interaction(json!({
                "position": 2, "description": "a request for /ok", "replayed": false, "outcome": "inconclusive",
                "providerStates": ["who knows"],
                "cause": { "kind": "unknown_state", "state": "who knows", "nearest": [] },
            })),
        ])
    );
}
