//! A description of the HTTP interface for programs, made from the router itself and from the requests that show each
//! route that clients know.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::http::{Call, Outcome, Reply, Route};
use crate::known_routes::{KnownRoute, Step, known_routes};

/// `GET /openapi.json`
pub(crate) async fn openapi(call: Call) -> Outcome {
    Ok(Reply::ok(&document(
        call.urls.base(),
        &crate::router::routes(),
    )))
}

/// The routes as an OpenAPI 3.0 document.
fn document(base: &str, routes: &[Route]) -> Value {
    let known = known_routes();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in routes {
        let shown = known
            .iter()
            .find(|known| known.method == route.method && known.path == route.path);
        let operations = paths.entry(route.path.as_str()).or_default();
        operations.insert(
            route.method.to_ascii_lowercase(),
            operation(route, shown, &known),
        );
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Treaty broker",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A Pact Broker: its routes, its media types, its answers.",
        },
        "servers": [{ "url": base }],
        "paths": paths,
    })
}

fn operation(route: &Route, shown: Option<&KnownRoute>, known: &[KnownRoute]) -> Value {
    let step = shown.and_then(|shown| shown.steps.last());
    let mut parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| path_parameter(name, known))
        .collect();
    parameters.extend(step.into_iter().flat_map(query_parameters));
    let mut operation = json!({
        "operationId": operation_id(route),
        "tags": [route.path.split('/').nth(1).filter(|first| !first.is_empty()).unwrap_or("index")],
        "description": format!("Needs: {}.", route.needs),
        "parameters": parameters,
        "responses": {
            "default": { "description": "A document in HAL, or what is wrong." },
        },
    });
    let body = step.and_then(|step| serde_json::from_str::<Value>(step.body.as_deref()?).ok());
    if let Some(body) = body {
        operation["requestBody"] = json!({
            "content": { "application/json": { "schema": schema(&body), "example": body } },
        });
    } else if matches!(route.method, "POST" | "PUT" | "PATCH") {
        operation["requestBody"] =
            json!({ "content": { "application/json": { "schema": { "type": "object" } } } });
    }
    operation
}

fn operation_id(route: &Route) -> String {
    let words = route.path.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!("{}_{}", route.method.to_ascii_lowercase(), words.join("_"))
}

/// A parameter in a path, with the values that the known requests have for it.
fn path_parameter(name: &str, known: &[KnownRoute]) -> Value {
    let own = format!("{{{name}}}");
    let mut values: Vec<&str> = Vec::new();
    for route in known {
        let Some(step) = route.steps.last() else {
            continue;
        };
        let target = step.target.split('?').next().unwrap_or_default();
        for (pattern, value) in route.path.split('/').zip(target.split('/')) {
            if pattern == own && !value.starts_with('$') && !values.contains(&value) {
                values.push(value);
            }
        }
    }
    let mut parameter = json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 } });
    if !values.is_empty() {
        let example =
            |(place, value): (usize, &&str)| (format!("v{place}"), json!({ "value": value }));
        let examples: Map<String, Value> = values.iter().enumerate().map(example).collect();
        parameter["examples"] = examples.into();
    }
    parameter
}

fn query_parameters(step: &Step) -> Vec<Value> {
    let query = step.target.split_once('?').map_or("", |(_, query)| query);
    let mut names: Vec<&str> = Vec::new();
    let mut parameters = Vec::new();
    for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
        if !names.contains(&name) {
            names.push(name);
            parameters.push(
                json!({ "name": name, "in": "query", "schema": { "type": "string" }, "example": value }),
            );
        }
    }
    parameters
}

/// The types of a document as a schema that allows more members than there are.
fn schema(example: &Value) -> Value {
    match example {
        Value::Null => json!({ "nullable": true }),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(number) if number.is_f64() => json!({ "type": "number" }),
        Value::Number(_) => json!({ "type": "integer" }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Array(items) => {
            json!({ "type": "array", "items": items.first().map_or_else(|| json!({}), schema) })
        }
        Value::Object(members) => {
            let properties: Map<String, Value> = members
                .iter()
                .map(|(name, value)| (name.clone(), schema(value)))
                .collect();
            json!({ "type": "object", "properties": properties })
        }
    }
}
