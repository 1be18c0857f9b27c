//! Reads and checks a publication of contracts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::publishing::ReadyPact;
use crate::http::{Problem, Violations, describe_not_utf8, name_fault};

/// A publication of contracts with which nothing is wrong.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) pacticipant: String,
    pub(super) number: String,
    pub(super) branch: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) build_url: Option<String>,
    pub(super) contracts: Vec<Contract>,
}

/// One contract of a publication.
#[derive(Debug)]
pub(super) struct Contract {
    pub(super) provider: String,
    pub(super) pact: ReadyPact,
    /// Whether it is to be joined with what the version has published already.
    pub(super) merges: bool,
}

/// Reads a publication.
pub(super) fn read(body: &Map<String, Value>) -> Result<Publication, Problem> {
    check_content_types(body)?;
    let mut violations = Violations::default();
    let pacticipant = violations.required_name(body, "pacticipantName");
    let number = violations.required_name(body, "pacticipantVersionNumber");
    let branch = violations.optional_text(body, "branch");
    if let Some(fault) = branch.as_deref().and_then(name_fault) {
        violations.add("branch", fault);
    }
    let build_url = violations.optional_text(body, "buildUrl");
    let tags = tags(body, &mut violations);
    let contracts = contracts(body, pacticipant.as_deref(), &mut violations);
    violations.check()?;
    Ok(Publication {
        pacticipant: pacticipant.unwrap_or_default(),
        number: number.unwrap_or_default(),
        branch,
        tags,
        build_url,
        contracts,
    })
}

/// Refuses a media type that is not even a text; clients know this answer without a field.
fn check_content_types(body: &Map<String, Value>) -> Result<(), Problem> {
    let contracts = body.get("contracts").and_then(Value::as_array);
    for (index, contract) in contracts.into_iter().flatten().enumerate() {
        let content_type = contract.get("contentType").unwrap_or(&Value::Null);
        if !content_type.is_null() && !content_type.is_string() {
            let text = format!("contentType must be a string (at index {index})");
            return Err(Problem::Unreadable(text));
        }
    }
    Ok(())
}

fn tags(body: &Map<String, Value>, violations: &mut Violations) -> Vec<String> {
    let tags = match body.get("tags") {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(tags)) => tags,
        Some(_) => {
            violations.add("tags", "must be an array");
            return Vec::new();
        }
    };
    let mut names = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        match tag {
            Value::String(name) if name.trim().is_empty() => {
                violations.add("tags", format!("must be filled (at index {index})"))
            }
            Value::Null => violations.add("tags", format!("must be filled (at index {index})")),
            Value::String(name) => match name_fault(name) {
                Some(fault) => violations.add("tags", format!("{fault} (at index {index})")),
                None => names.push(name.clone()),
            },
            other => names.push(other.to_string()),
        }
    }
    names
}

fn contracts(
    body: &Map<String, Value>,
    pacticipant: Option<&str>,
    violations: &mut Violations,
) -> Vec<Contract> {
    let items = match body.get("contracts") {
        None => {
            violations.add("contracts", "is missing");
            return Vec::new();
        }
        Some(Value::Array(items)) if items.is_empty() => {
            if violations.is_empty() {
                violations.add("contracts", "must be filled");
            }
            return Vec::new();
        }
        Some(Value::Array(items)) => items,
        Some(_) => {
            violations.add("contracts", "must be an array");
            return Vec::new();
        }
    };
    let mut contracts = Vec::new();
    let mut foreign = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Value::Object(members) = item else {
            violations.add("contracts", format!("must be a hash (at index {index})"));
            continue;
        };
        let mut faults = Vec::new();
        if let Some(contract) = contract(members, &mut faults) {
            faults.extend(add(&mut contracts, contract).err());
        }
        for fault in faults {
            violations.add("contracts", format!("{fault} (at index {index})"));
        }
        foreign.extend(
            foreign_consumer(members, pacticipant)
                .map(|fault| format!("{fault} (at index {index})")),
        );
    }
    for fault in foreign {
        violations.add("contracts", fault);
    }
    contracts
}

/// Adds a contract. With one provider there is one content: another one is joined with the first if it is to be merged
/// and takes nothing away, because one of two would be lost without a word.
fn add(contracts: &mut Vec<Contract>, contract: Contract) -> Result<(), String> {
    let of_same = |known: &&mut Contract| known.provider == contract.provider;
    let mut same: Vec<&mut Contract> = contracts.iter_mut().filter(of_same).collect();
    let known = match same.first() {
        Some(known) if !known.pact.is_same(&contract.pact) => &known.pact,
        _ => {
            contracts.push(contract);
            return Ok(());
        }
    };
    let refused = |way: &str| {
        let provider = &contract.provider;
        format!(
            "content differs from that of another contract with the provider '{provider}' in this request: {way}"
        )
    };
    if !contract.merges {
        return Err(refused("publish one contract, or set onConflict to merge"));
    }
    let joined = known.and(&contract.pact);
    let joined = joined.ok_or_else(|| refused("their interactions contradict each other"))?;
    for known in &mut same {
        known.pact = joined.clone();
    }
    Ok(())
}

/// What is wrong if the consumer is not the pacticipant that publishes.
fn foreign_consumer(members: &Map<String, Value>, pacticipant: Option<&str>) -> Option<String> {
    let pacticipant = pacticipant?;
    let consumer = match members.get("consumerName")? {
        Value::String(name) => name.clone(),
        other => other.to_string(),
    };
    (consumer != pacticipant).then(|| {
        format!("consumerName ('{consumer}') must match pacticipantName ('{pacticipant}')")
    })
}

fn contract(members: &Map<String, Value>, faults: &mut Vec<String>) -> Option<Contract> {
    let consumer = text(members, "consumerName", faults);
    let provider = text(members, "providerName", faults);
    if let Some(fault) = provider.as_deref().and_then(name_fault) {
        faults.push(format!("providerName {fault}"));
    }
    one_of(members, "specification", &["pact"], faults);
    one_of(members, "contentType", &["application/json"], faults);
    if let Some(on_conflict) = members.get("onConflict").filter(|value| !value.is_null())
        && !["overwrite", "merge"]
            .iter()
            .any(|known| on_conflict == known)
    {
        faults.push("onConflict must be one of: overwrite, merge".to_owned());
    }
    let is_json = members
        .get("contentType")
        .is_some_and(|kind| kind == "application/json");
    if !is_json {
        return None;
    }
    let pact = content(members, faults)?;
    for (role, name) in [("consumer", &consumer), ("provider", &provider)] {
        let in_pact = pact
            .value
            .get(role)
            .and_then(|party| party.get("name"))
            .and_then(Value::as_str);
        if let (Some(in_pact), Some(name)) = (in_pact, name)
            && in_pact != name
        {
            faults.push(format!(
                "{role} name in contract content ('{in_pact}') must match {role}Name in contract params ('{name}')"
            ));
        }
    }
    Some(Contract {
        provider: provider?,
        pact,
        merges: members
            .get("onConflict")
            .is_some_and(|what| what == "merge"),
    })
}

fn text(members: &Map<String, Value>, field: &str, faults: &mut Vec<String>) -> Option<String> {
    match members.get(field) {
        None => faults.push(format!("{field} is missing")),
        Some(Value::String(text)) if text.is_empty() => {
            faults.push(format!("{field} must be filled"))
        }
        Some(Value::String(text)) if text.trim().is_empty() => {
            faults.push(format!("{field} cannot be blank"))
        }
        Some(Value::String(text)) => return Some(text.clone()),
        Some(_) => faults.push(format!("{field} must be a string")),
    }
    None
}

fn one_of(members: &Map<String, Value>, field: &str, known: &[&str], faults: &mut Vec<String>) {
    match members.get(field) {
        None => faults.push(format!("{field} is missing")),
        Some(Value::String(text)) if text.is_empty() => {
            faults.push(format!("{field} must be filled"))
        }
        Some(Value::String(text)) if known.contains(&text.as_str()) => {}
        Some(_) => faults.push(format!("{field} must be one of: {}", known.join(", "))),
    }
}

fn content(members: &Map<String, Value>, faults: &mut Vec<String>) -> Option<ReadyPact> {
    /// What is said whatever it is that stops the content from being a pact.
    const NOT_PARSED: &str = "content could not be parsed as application/json";
    let encoded = text(members, "content", faults);
    let bytes = encoded
        .as_deref()
        .and_then(|text| STANDARD.decode(text.replace(['\n', '\r'], "")).ok());
    let Some(bytes) = bytes else {
        if members.get("content") != Some(&Value::String(String::new())) {
            faults.push("is not valid Base64".to_owned());
        }
        faults.push(NOT_PARSED.to_owned());
        return None;
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        faults.push(describe_not_utf8(&bytes, "contract content"));
        return None;
    };
    match serde_json::from_str::<Value>(text) {
        Err(_) => faults.push(NOT_PARSED.to_owned()),
        Ok(Value::Object(_)) => match ReadyPact::read(text) {
            Ok(pact) => return Some(pact),
            Err(_) => faults.push(NOT_PARSED.to_owned()),
        },
        Ok(other) => {
            let kind = class_name(&other);
            faults.push(format!(
                "parsed content was expected to be a Hash but was a {kind}"
            ));
        }
    }
    None
}

/// The kinds of JSON in the words that clients know.
fn class_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NilClass",
        Value::Bool(true) => "TrueClass",
        Value::Bool(false) => "FalseClass",
        Value::Number(number) if number.is_f64() => "Float",
        Value::Number(_) => "Integer",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Hash",
    }
}
