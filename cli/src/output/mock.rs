//! What the process of the mock servers says, for people.

use serde_json::Value;

use super::table::table;

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Where a new mock server is.
pub(crate) fn created(server: &Value) -> String {
    format!(
        "Mock server {} started on port {}",
        text(&server["id"]),
        text(&server["port"])
    )
}

/// Every mock server.
pub(crate) fn list(document: &Value) -> String {
    let servers = document["mockServers"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if servers.is_empty() {
        return "There is no mock server. Start one: treaty mock create --file PACT".to_owned();
    }
    let members = ["id", "port", "provider", "status"];
    let row = |server: &Value| members.map(|name| text(&server[name])).to_vec();
    let rows: Vec<Vec<String>> = servers.iter().map(row).collect();
    table(&["ID", "PORT", "PROVIDER", "STATUS"], &rows)
}

/// What is wrong with a mock server's account.
pub(crate) fn not_verified(document: &Value) -> String {
    let mismatches = document["mismatches"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let count = match mismatches.len() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    };
    let server = &document["mockServer"];
    let mut lines = vec![format!(
        "Mock server {} on port {} failed verification with {count}",
        text(&server["id"]),
        text(&server["port"])
    )];
    for mismatch in mismatches {
        let (request, interaction) = (text(&mismatch["request"]), text(&mismatch["interaction"]));
        lines.push(match mismatch["type"].as_str() {
            Some("missing-request") => {
                format!("  expected, but never came: {request}\n    {interaction}")
            }
            _ if interaction.is_empty() => format!("  came, but was not expected: {request}"),
            _ => format!("  came, but was not expected: {request}\n    closest: {interaction}"),
        });
        let differences = mismatch["mismatches"].as_array().into_iter().flatten();
        lines.extend(differences.map(|one| format!("      {}", text(&one["mismatch"]))));
    }
    lines.join("\n")
}
