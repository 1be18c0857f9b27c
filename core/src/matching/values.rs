//! Values that a request takes from provider states: `pact_matching` keeps the example where it has none, and says nothing.

use std::collections::{BTreeSet, HashMap};

use pact_models::generators::{Generator, Generators, generate_value_from_context};
use serde_json::{Map, Value};

/// The names of the values that these generators take from provider states and that no state handed back, in order.
///
/// A request that is sent without them asks about the example of the pact, and its answer proves nothing.
///
/// ```
/// use std::collections::HashMap;
/// use pact_models::v4::http_parts::HttpRequest;
/// use serde_json::json;
/// use treaty_core::matching::missing_values;
///
/// let request = json!({
///     "path": "/users/1",
///     "generators": { "path": { "type": "ProviderState", "expression": "/users/${id}" } }
/// });
/// let request = HttpRequest::from_json(&request).unwrap();
/// assert_eq!(missing_values(&request.generators, &HashMap::new()), ["id"]);
/// assert_eq!(missing_values(&request.generators, &HashMap::from([("id".to_owned(), json!(7))])), [] as [&str; 0]);
/// ```
#[must_use]
pub fn missing_values(
    generators: &Generators,
    state_values: &HashMap<String, Value>,
) -> Vec<String> {
    let known = known(state_values);
    let mut missing = BTreeSet::new();
    each_from_state(generators, &mut |expression, _| {
        let names = names(expression).into_iter();
        missing.extend(names.filter(|name| !known.contains_key(name)));
    });
    missing.into_iter().map(str::to_owned).collect()
}

/// The values that these generators take from provider states and that cannot be what the pact says they are: text where
/// it asks for an integer, most often. Each as its expression, what it came to, and why that will not do.
#[must_use]
pub fn unusable_values(
    generators: &Generators,
    state_values: &HashMap<String, Value>,
) -> Vec<String> {
    let known = known(state_values);
    let mut unusable = BTreeSet::new();
    each_from_state(generators, &mut |expression, generator| {
        let Generator::ProviderStateGenerator(_, data_type) = generator else {
            return;
        };
        if names(expression)
            .iter()
            .any(|name| !known.contains_key(name))
        {
            return;
        }
        let value = generate_value_from_context(expression, &known, data_type);
        if let Err(error) = value.and_then(|value| value.as_json()) {
            unusable.insert(format!("{expression}: {error}"));
        }
    });
    unusable.into_iter().collect()
}

/// The library takes the members of `providerState` where there is such an object, and the values themselves otherwise.
fn known(state_values: &HashMap<String, Value>) -> HashMap<&str, Value> {
    let nested: Option<&Map<_, _>> = state_values.get("providerState").and_then(Value::as_object);
    match nested {
        Some(values) => values
            .iter()
            .map(|(n, v)| (n.as_str(), v.clone()))
            .collect(),
        None => {
            let values = state_values.iter();
            values.map(|(n, v)| (n.as_str(), v.clone())).collect()
        }
    }
}

fn each_from_state<'g>(generators: &'g Generators, seen: &mut dyn FnMut(&'g str, &'g Generator)) {
    for generator in generators.categories.values().flat_map(HashMap::values) {
        one_from_state(generator, seen);
    }
}

fn one_from_state<'g>(generator: &'g Generator, seen: &mut dyn FnMut(&'g str, &'g Generator)) {
    match generator {
        Generator::ProviderStateGenerator(expression, _) => seen(expression, generator),
        Generator::ArrayContains(variants) => {
            for inner in variants.iter().flat_map(|(_, _, inner)| inner.values()) {
                one_from_state(inner, seen);
            }
        }
        _ => {}
    }
}

/// The names in `/users/${id}`; an expression without braces is a name itself.
fn names(expression: &str) -> Vec<&str> {
    if !expression.contains("${") {
        return vec![expression];
    }
    let after = expression.split("${").skip(1);
    let names = after.filter_map(|text| text.split_once('}').map(|(name, _)| name));
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pact_models::v4::http_parts::HttpRequest;
    use serde_json::json;

    fn generators(of: &Value) -> Generators {
        let request = json!({ "path": "/", "body": { "a": 1 }, "generators": of });
        HttpRequest::from_json(&request).unwrap().generators
    }

    fn state(expression: &str, data_type: &str) -> Value {
        json!({ "type": "ProviderState", "expression": expression, "dataType": data_type })
    }

    #[track_caller]
    fn check_missing(of: &Value, values: &[&str], expected: &[&str]) {
        let values = values.iter().map(|name| ((*name).to_owned(), json!(1)));
        assert_eq!(missing_values(&generators(of), &values.collect()), expected);
    }

    #[test]
    fn each_missing_value_is_named_once_and_in_order() {
        let of = json!({
            "path": state("/${b}/${a}", "STRING"),
            "query": { "page": state("a", "INTEGER"), "size": state("${c}", "INTEGER") },
            "body": { "$.a": state("${d}", "RAW") },
        });
        check_missing(&of, &["c"], &["a", "b", "d"]);
    }

    #[test]
    fn what_does_not_come_from_a_state_is_not_missing() {
        check_missing(&json!({ "body": { "$.a": { "type": "Uuid" } } }), &[], &[]);
        check_missing(&json!({ "path": state("/${}/x", "STRING") }), &[], &[]);
    }

    #[test]
    fn a_value_that_cannot_be_converted_is_unusable_and_not_missing() {
        let of = generators(&json!({ "body": { "$.a": state("${id}", "INTEGER") } }));
        let values = HashMap::from([("id".to_owned(), json!("many"))]);
        assert_eq!(missing_values(&of, &values), Vec::<String>::new());
        let unusable = unusable_values(&of, &values);
        assert!(
            unusable[0].starts_with("${id}: Number can not be generated from"),
            "{unusable:?}"
        );
        let values = HashMap::from([("id".to_owned(), json!(42))]);
        assert_eq!(unusable_values(&of, &values), Vec::<String>::new());
    }
}
