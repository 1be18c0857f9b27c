//! Adding interactions to what a consumer version has published already.

use serde_json::Value;

use super::document::LISTS;

/// The interaction that two pacts ask for with different requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MergeConflict {
    /// Its description.
    pub(crate) description: String,
}

/// The known pact with the interactions of another: new ones come last, known ones take the other's response.
pub(crate) fn merge(mut known: Value, other: &Value) -> Result<Value, MergeConflict> {
    for list in LISTS {
        let Some(others) = other.get(list).and_then(Value::as_array) else {
            continue;
        };
        let Some(members) = known.as_object_mut() else {
            break;
        };
        let own = members
            .entry(list)
            .or_insert_with(|| Value::Array(Vec::new()));
        let Some(own) = own.as_array_mut() else {
            continue;
        };
        for interaction in others {
            add(own, interaction)?;
        }
    }
    Ok(known)
}

/// Whether a pact has every interaction of another.
pub(crate) fn holds(pact: &Value, other: &Value) -> bool {
    LISTS.iter().all(|list| {
        let of = |pact: &Value| pact.get(list).and_then(Value::as_array).cloned();
        let own = of(pact).unwrap_or_default();
        let mut others = of(other).unwrap_or_default().into_iter();
        others.all(|interaction| own.contains(&interaction))
    })
}

fn add(own: &mut Vec<Value>, interaction: &Value) -> Result<(), MergeConflict> {
    let same = own
        .iter_mut()
        .find(|known| identity(known) == identity(interaction));
    match same {
        None => own.push(interaction.clone()),
        Some(known) if request(known) == request(interaction) => known.clone_from(interaction),
        Some(known) => {
            let description = known["description"].as_str().unwrap_or_default().to_owned();
            return Err(MergeConflict { description });
        }
    }
    Ok(())
}

/// What an interaction is known by.
fn identity(interaction: &Value) -> [&Value; 3] {
    ["description", "providerState", "providerStates"].map(|member| &interaction[member])
}

/// What may not change: how the request looks, whatever its matching rules.
fn request(interaction: &Value) -> [&Value; 5] {
    ["method", "path", "query", "body", "headers"].map(|member| &interaction["request"][member])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pact(path: &str, status: i64) -> Value {
        json!({ "interactions": [{
            "description": "a", "providerState": "s",
            "request": { "method": "GET", "path": path }, "response": { "status": status },
        }] })
    }

    #[test]
    fn the_response_of_a_known_interaction_is_replaced() {
        assert_eq!(
            merge(pact("/a", 200), &pact("/a", 404)),
            Ok(pact("/a", 404))
        );
    }

    #[test]
    fn another_request_for_a_known_interaction_is_a_conflict() {
        let conflict = merge(pact("/a", 200), &pact("/b", 200)).unwrap_err();
        assert_eq!(conflict.description, "a");
    }

    #[test]
    fn an_interaction_in_another_state_is_another_one() {
        let mut other = pact("/b", 200);
        other["interactions"][0]["providerState"] = json!("t");
        let merged = merge(pact("/a", 200), &other).unwrap();
        assert_eq!(merged["interactions"].as_array().map(Vec::len), Some(2));
    }
}
