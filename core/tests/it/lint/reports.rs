//! Findings as people and machines read them.

use serde_json::json;
use treaty_core::lint::{Rule, lint, report};

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
