//! A pattern tried on a value, without a server.

use pact_consumer::patterns::{JsonPattern, Pattern};
use pact_models::bodies::OptionalBody;
use pact_models::content_types::JSON;
use pact_models::generators::Generators;
use pact_models::matchingrules::MatchingRules;
use pact_models::path_exp::DocPath;
use pact_models::v4::http_parts::HttpResponse;
use serde_json::Value;
use treaty_core::matching::match_response;

use super::marker;

/// Whether a response body would match this pattern: for trying a matcher out, and for tests of one's own matchers.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(json_pattern!({ "id": integer(42) }), &json!({"id": 7, "name": "Joe"})));
/// ```
#[must_use]
pub fn accepts(pattern: impl Into<JsonPattern>, actual: &Value) -> bool {
    let pattern = pattern.into();
    let mut matching_rules = MatchingRules::default();
    pattern.extract_matching_rules(DocPath::root(), matching_rules.add_category("body"));
    marker::take_otherwise(&mut matching_rules);
    marker::lift_generators(&mut matching_rules, &mut Generators::default());
    let response = |body: &Value| HttpResponse {
        body: OptionalBody::Present(body.to_string().into(), Some(JSON.clone()), None),
        ..HttpResponse::default()
    };
    let expected = HttpResponse {
        matching_rules,
        ..response(&pattern.to_example())
    };
    match_response(&expected, &response(actual)).is_ok_and(|mismatches| mismatches.is_empty())
}
