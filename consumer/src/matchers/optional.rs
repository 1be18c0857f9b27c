//! Members that are not always there: the specification has no such thing, so they become two interactions.

use pact_consumer::patterns::{JsonPattern, Pattern};
use pact_models::matchingrules::{MatchingRuleCategory, RuleLogic};
use pact_models::path_exp::DocPath;
use serde_json::Value;

use super::marker::{self, Otherwise};

/// A member that is there in one interaction and absent, or `null`, in a second one.
#[derive(Debug)]
pub struct Sometimes {
    value: JsonPattern,
    otherwise: Otherwise,
}

/// A member of a response that is absent when the provider is in this state.
///
/// The Pact specification has no optional members, for a good reason: a test that only ever sees one form proves nothing
/// about the other. So the pact gets two interactions, one with the member and one, in that state, without. The test has
/// to run the consumer against both: the mock server gives them in this order. Members with the same state are absent
/// together.
///
/// ```
/// use treaty_consumer::prelude::*;
///
/// let builder = PactBuilder::new_v4("A", "B").interaction("a user", "", |mut i| {
///     i.response.json_body(json_pattern!({
///         "name": like!("Jane"),
///         "email": optional("the user has no email", like!("jane@example.com")),
///     }));
///     i
/// }).clone();
/// assert_eq!(builder.build().interactions().len(), 2);
/// ```
#[must_use]
pub fn optional(absent_in_state: impl Into<String>, value: impl Into<JsonPattern>) -> Sometimes {
    let otherwise = Otherwise {
        state: absent_in_state.into(),
        null: false,
    };
    Sometimes {
        value: value.into(),
        otherwise,
    }
}

/// A member of a response that is `null` when the provider is in this state; otherwise as [`optional`].
///
/// ```
/// use treaty_consumer::prelude::*;
///
/// let builder = PactBuilder::new_v4("A", "B").interaction("a user", "", |mut i| {
///     i.response.json_body(json_pattern!({ "left": nullable("the user is active", like!("2026-01-01")) }));
///     i
/// }).clone();
/// assert_eq!(builder.build().interactions()[1].provider_states()[0].name, "the user is active");
/// ```
#[must_use]
pub fn nullable(null_in_state: impl Into<String>, value: impl Into<JsonPattern>) -> Sometimes {
    let otherwise = Otherwise {
        state: null_in_state.into(),
        null: true,
    };
    Sometimes {
        value: value.into(),
        otherwise,
    }
}

impl Pattern for Sometimes {
    type Matches = Value;

    fn to_example(&self) -> Value {
        self.value.to_example()
    }

    fn to_example_bytes(&self) -> Vec<u8> {
        self.value.to_example_bytes()
    }

    fn extract_matching_rules(&self, path: DocPath, rules_out: &mut MatchingRuleCategory) {
        rules_out.add_rule(
            path.clone(),
            marker::of_otherwise(&self.otherwise),
            RuleLogic::And,
        );
        self.value.extract_matching_rules(path, rules_out);
    }
}

impl From<Sometimes> for JsonPattern {
    fn from(sometimes: Sometimes) -> Self {
        Self::pattern(sometimes)
    }
}
