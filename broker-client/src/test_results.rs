//! What a verification found out about each interaction.

use serde_json::Value;
use treaty_core::interaction::Interaction;

use crate::client::Client;
use crate::error::ClientError;
use crate::pacts::parsed;

/// A verification's result, with what it found out about each interaction.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TestResults {
    /// Whether the provider keeps the pact.
    pub success: bool,
    items: Vec<Value>,
}

impl TestResults {
    /// Whether the verification says that the provider does what the interaction says; a result that says nothing about
    /// single interactions speaks for all of them.
    ///
    /// Verifiers name interactions by the broker's id for them, or by description and provider states.
    #[must_use]
    pub fn passed(&self, interaction: &Interaction) -> bool {
        if self.success {
            return true;
        }
        let mut about = self
            .items
            .iter()
            .filter(|item| is_about(item, interaction))
            .peekable();
        about.peek().is_some() && about.all(|item| item["success"] == Value::Bool(true))
    }
}

fn is_about(item: &Value, interaction: &Interaction) -> bool {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    if let (Some(id), Some(named)) = (interaction.id(), text("interactionId")) {
        return id == named;
    }
    let description = text("description").or_else(|| text("interactionDescription"));
    let states = item.get("providerStates").and_then(Value::as_array);
    let states = states.into_iter().flatten();
    let states = states.filter_map(|state| state.as_str().or_else(|| state["name"].as_str()));
    let expected = interaction.provider_states().iter();
    description == Some(interaction.description()) && states.eq(expected.map(|s| s.name.as_str()))
}

impl Client {
    /// Reads the verification result at the URL.
    ///
    /// # Errors
    /// [`ClientError`] if the URL is none, or nothing that is JSON is there.
    pub async fn test_results(&self, url: &str) -> Result<TestResults, ClientError> {
        let document = self.get(&parsed(url)?).await?.body;
        let results = &document["testResults"];
        let lists = ["interactions", "tests", "testResults", "examples"];
        let list = lists
            .iter()
            .find_map(|name| results.get(name))
            .unwrap_or(results);
        Ok(TestResults {
            success: document["success"] == Value::Bool(true),
            items: list.as_array().cloned().unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn interaction() -> Interaction {
        let pact = json!({
            "consumer": {"name": "A"}, "provider": {"name": "B"},
            "interactions": [{
                "_id": "1", "description": "a user", "providerStates": [{"name": "42 exists"}],
                "request": {"path": "/"}, "response": {"status": 200},
            }],
            "metadata": {"pactSpecification": {"version": "3.0.0"}},
        });
        let pact = treaty_core::document::load_json("a-b.json", &pact);
        pact.unwrap().interactions.remove(0)
    }

    #[track_caller]
    fn check(success: bool, items: &Value, passed: bool) {
        let results = TestResults {
            success,
            items: items.as_array().unwrap().clone(),
        };
        assert_eq!(results.passed(&interaction()), passed);
    }

    #[test]
    fn only_what_a_failed_verification_says_passed_has_passed() {
        check(true, &json!([]), true);
        check(false, &json!([]), false);
        check(
            false,
            &json!([{"interactionId": "1", "success": true}]),
            true,
        );
        check(
            false,
            &json!([{"interactionId": "1", "success": false}]),
            false,
        );
        check(
            false,
            &json!([{"interactionId": "2", "success": true}]),
            false,
        );
        let named = |state: Value, success: bool| json!([{"description": "a user", "providerStates": [state], "success": success}]);
        check(false, &named(json!({"name": "42 exists"}), true), true);
        check(false, &named(json!("42 exists"), false), false);
        check(false, &named(json!("43 exists"), true), false);
    }
}
