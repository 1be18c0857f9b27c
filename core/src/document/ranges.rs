//! The ranges of random numbers, as far as there are such numbers.
//!
//! The reader of `pact_models` takes only the low bits of a bound that is too large, and its generators panic where no
//! number is left between two bounds. Tools that write `Long.MAX_VALUE` for "any number" bring about both.

use std::borrow::Cow;

use serde_json::{Value, json};

/// The numbers that such a generator makes; one more does not fit.
const NUMBERS: (i64, i64) = (i32::MIN as i64, i32::MAX as i64 - 1);
/// What stands in for a bound that is not there.
const DEFAULTS: (i64, i64) = (0, 10);
/// The statuses that a response can have.
const STATUSES: (i64, i64) = (100, 599);

/// The document, each range of its generators cut to the numbers that there are.
pub(super) fn cut(document: &Value) -> Cow<'_, Value> {
    let mut cut = Cow::Borrowed(document);
    let lists = ["interactions", "messages"];
    for pointer in lists.map(|list| format!("/{list}")) {
        let items = document.pointer(&pointer).and_then(Value::as_array);
        for place in 0..items.map_or(0, Vec::len) {
            for part in parts(&document[&pointer[1..]][place]) {
                let part = format!("{pointer}/{place}{part}");
                cut_at(&mut cut, &format!("{part}/generators/status"), STATUSES);
                cut_at(&mut cut, &format!("{part}/generators"), NUMBERS);
                cut_at(&mut cut, &format!("{part}/matchingRules"), NUMBERS);
            }
        }
    }
    cut
}

/// The places within an interaction that have rules and generators.
fn parts(interaction: &Value) -> Vec<String> {
    let mut parts = vec![String::new(), "/request".to_owned(), "/response".to_owned()];
    let responses = interaction["response"].as_array().map_or(0, Vec::len);
    parts.extend((0..responses).map(|place| format!("/response/{place}")));
    parts
}

fn cut_at(document: &mut Cow<'_, Value>, pointer: &str, to: (i64, i64)) {
    let Some(there) = document.pointer(pointer) else {
        return;
    };
    let mut cut = there.clone();
    cut_in(&mut cut, to);
    if cut != *there
        && let Some(there) = document.to_mut().pointer_mut(pointer)
    {
        *there = cut;
    }
}

fn cut_in(value: &mut Value, to: (i64, i64)) {
    if value["type"] == "RandomInt" {
        let (min, max) = bounds(value, to);
        value["min"] = json!(min);
        value["max"] = json!(max);
        return;
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(|value| cut_in(value, to)),
        Value::Array(items) => items.iter_mut().for_each(|item| cut_in(item, to)),
        _ => {}
    }
}

fn bounds(range: &Value, (lowest, highest): (i64, i64)) -> (i64, i64) {
    let bound = |name: &str, default: i64| match &range[name] {
        Value::Number(number) => number
            .as_i64()
            .unwrap_or_else(|| number.as_f64().map_or(default, |number| number as i64)),
        Value::String(text) => text.parse().unwrap_or(default),
        _ => default,
    };
    let min = bound("min", DEFAULTS.0).clamp(lowest, highest);
    (min, bound("max", DEFAULTS.1).clamp(min, highest))
}
