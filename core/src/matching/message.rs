//! Comparing and generating messages.

use std::collections::HashMap;

use pact_models::generators::GeneratorTestMode;
use pact_models::pact::Pact as _;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::pact::V4Pact;
use pact_models::v4::sync_message::SynchronousMessage;
use serde_json::Value;

use super::{NotCompared, at_once, cost, made, told};
use crate::mismatch::Mismatch;

/// Every difference between a message that came and the one expected, in contents and metadata; none if it matches.
///
/// It does for every message: one that nobody answers, the request of one that is answered, and each answer.
///
/// ```
/// use pact_models::bodies::OptionalBody;
/// use pact_models::v4::message_parts::MessageContents;
/// use treaty_core::matching::match_message;
///
/// let json = |text: &str| MessageContents {
///     contents: OptionalBody::Present(text.to_owned().into(), Some("application/json".into()), None),
///     ..MessageContents::default()
/// };
/// assert_eq!(match_message(&json(r#"{"id": 1}"#), &json(r#"{"id": 1, "more": true}"#))?, []);
/// assert_eq!(match_message(&json(r#"{"id": 1}"#), &json(r#"{"id": 2}"#))?.len(), 1);
/// # Ok::<(), treaty_core::matching::NotCompared>(())
/// ```
///
/// # Errors
/// [`NotCompared`] if that cannot be found out.
pub fn match_message(
    expected: &MessageContents,
    actual: &MessageContents,
) -> Result<Vec<Mismatch>, NotCompared> {
    let (rules, contents) = (&expected.matching_rules, &expected.contents);
    cost::check(rules, contents, &actual.contents)?;
    let pact = V4Pact::default().boxed();
    // The library compares the request of an answered message as it does every other, and needs no plugin settings for it.
    let as_request = |contents: &MessageContents| SynchronousMessage {
        request: contents.clone(),
        ..SynchronousMessage::default()
    };
    let (expected_request, actual_request) = (as_request(expected), as_request(actual));
    let mismatches = at_once(pact_matching::match_sync_message_request(
        &expected_request,
        &actual_request,
        &pact,
    ));
    let mismatches = mismatches.ok_or(NotCompared::TakenOver)?;
    Ok(told(mismatches, rules, contents, &actual.contents))
}

/// The message that a consumer is handed in its test: the expected one, its generators applied.
///
/// ```
/// use pact_models::v4::message_parts::MessageContents;
/// use treaty_core::matching::generate_message;
///
/// let plain = MessageContents::default();
/// assert_eq!(generate_message(&plain), plain);
/// ```
#[must_use]
pub fn generate_message(expected: &MessageContents) -> MessageContents {
    generated(expected, &GeneratorTestMode::Consumer, &HashMap::new())
        .unwrap_or_else(|| expected.clone())
}

/// The request of an answered message as a provider is to get it: the expected one, its generators applied with values
/// from provider states. Nothing where a generator panics.
#[must_use]
pub fn generate_message_request(
    expected: &MessageContents,
    state_values: &HashMap<String, Value>,
) -> Option<MessageContents> {
    let values = state_values.iter();
    let context = values.map(|(name, value)| (name.as_str(), value.clone()));
    generated(expected, &GeneratorTestMode::Provider, &context.collect())
}

fn generated(
    expected: &MessageContents,
    mode: &GeneratorTestMode,
    context: &HashMap<&str, Value>,
) -> Option<MessageContents> {
    let example = expected.as_v3_message();
    let generated = made(|| {
        at_once(pact_matching::generators::generate_message(
            &example,
            mode,
            context,
            &Vec::new(),
            &HashMap::new(),
        ))
    })?;
    Some(MessageContents {
        contents: generated.contents,
        metadata: generated.metadata,
        ..expected.clone()
    })
}
