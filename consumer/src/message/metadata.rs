//! Metadata that may have other values than its example: `pact_consumer`'s message builders take fixed values only.

use std::collections::HashMap;

use pact_consumer::builders::{
    InteractionContents, MessageInteractionBuilder, SyncMessageInteractionBuilder,
};
use pact_consumer::patterns::{JsonPattern, Pattern};
use pact_models::matchingrules::{Category, MatchingRuleCategory};
use pact_models::path_exp::{DocPath, PathToken};

/// Metadata by pattern, for messages that nobody answers.
pub trait MessageExt {
    /// Metadata of this name, with any value that the pattern matches.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// let mut builder = PactBuilder::new_v4("A", "B");
    /// # builder.with_output_dir(pacts.path());
    /// builder.message_interaction("m", |mut m| { m.matching_metadata("attempt", random_integer(1, 6)); m });
    /// let message = builder.messages().next().unwrap();
    /// assert!(message.contents.metadata["attempt"].is_i64());
    /// ```
    fn matching_metadata(
        &mut self,
        name: impl Into<String>,
        value: impl Into<JsonPattern>,
    ) -> &mut Self;
}

/// Metadata by pattern, for messages that are answered.
pub trait SyncMessageExt {
    /// Metadata of the request of this name, with any value that the pattern matches.
    fn matching_request_metadata(
        &mut self,
        name: impl Into<String>,
        value: impl Into<JsonPattern>,
    ) -> &mut Self;

    /// Metadata of the response that was described last.
    ///
    /// ```
    /// use treaty_consumer::prelude::*;
    ///
    /// # let pacts = tempfile::tempdir().unwrap();
    /// let mut builder = PactBuilder::new_v4("A", "B");
    /// # builder.with_output_dir(pacts.path());
    /// builder.synchronous_message_interaction("m", |mut m| {
    ///     m.request_json_body(json_pattern!({})).response_json_body(json_pattern!({}));
    ///     m.matching_response_metadata("part", integer(1));
    ///     m
    /// });
    /// let message = builder.synchronous_messages().next().unwrap();
    /// assert_eq!(message.response[0].metadata["part"], 1);
    /// ```
    ///
    /// # Panics
    /// If no response has been described yet.
    fn matching_response_metadata(
        &mut self,
        name: impl Into<String>,
        value: impl Into<JsonPattern>,
    ) -> &mut Self;
}

impl MessageExt for MessageInteractionBuilder {
    fn matching_metadata(
        &mut self,
        name: impl Into<String>,
        value: impl Into<JsonPattern>,
    ) -> &mut Self {
        add(&mut self.message_contents, name.into(), &value.into());
        self
    }
}

impl SyncMessageExt for SyncMessageInteractionBuilder {
    fn matching_request_metadata(
        &mut self,
        name: impl Into<String>,
        value: impl Into<JsonPattern>,
    ) -> &mut Self {
        add(&mut self.request_contents, name.into(), &value.into());
        self
    }

    fn matching_response_metadata(
        &mut self,
        name: impl Into<String>,
        value: impl Into<JsonPattern>,
    ) -> &mut Self {
        let name = name.into();
        let Some(response) = self.response_contents.last_mut() else {
            panic!("the metadata {name:?} belongs to a response, and none has been described yet");
        };
        add(response, name, &value.into());
        self
    }
}

fn add(contents: &mut InteractionContents, name: String, value: &JsonPattern) {
    let rules = contents
        .metadata_rules
        .get_or_insert_with(|| MatchingRuleCategory::empty(Category::METADATA));
    value.extract_matching_rules(place(&name), rules);
    contents
        .metadata
        .get_or_insert_with(HashMap::new)
        .insert(name, value.to_example());
}

/// Other tools write the name alone; a name that is no path by itself is quoted below the root.
fn place(name: &str) -> DocPath {
    let path = DocPath::new(name).ok();
    let alone = path.filter(|path| {
        let tokens = path.tokens().as_slice();
        matches!(tokens, [PathToken::Root, PathToken::Field(field)] if field == name)
    });
    alone.unwrap_or_else(|| {
        let mut path = DocPath::root();
        path.push_field(name);
        path
    })
}
