//! What a consumer's tests add to a pact document that other tests, other processes or other tools have written to.

use pact_models::PactSpecification;
use pact_models::interaction::Interaction as _;
use pact_models::sync_interaction::RequestResponseInteraction;
use serde_json::Value;

use super::parts::Parts;
use super::v2;
use crate::interaction::Interaction;
use crate::names::PacticipantName;

/// The version of the Pact specification in which a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecVersion {
    /// 2.0.0: HTTP interactions with one provider state and the rules `type`, `min`, `max` and `regex`, for readers that
    /// know no later version. `equality` is written too: it is what such a reader does where it knows no rule.
    V2,
    /// 3.0.0: HTTP interactions, or messages that nobody answers, with provider states and their parameters.
    V3,
    /// 4.0: every kind of interaction, with keys, comments and pending marks.
    V4,
}

impl SpecVersion {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::V2 => "2.0.0",
            Self::V3 => "3.0.0",
            Self::V4 => "4.0",
        }
    }
}

/// Why interactions cannot be added to a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// The document that is there belongs to another version of the specification.
    #[error(
        "the pact that is there is of specification version {there}, these interactions are of version {ours}: \
         use one version in all tests of this consumer and provider, or remove the file"
    )]
    OtherVersion {
        /// What the document says.
        there: String,
        /// What was to be added.
        ours: &'static str,
    },
    /// Two documents belong to two versions of the specification.
    #[error("one is of specification version {there}, the other of version {theirs}")]
    OtherVersions {
        /// What the one says.
        there: String,
        /// What the other says.
        theirs: String,
    },
    /// Two documents have an interaction of one name, and say different things in it.
    #[error("both have the interaction {title:?}, and differ in it")]
    TwoContents {
        /// Which interaction.
        title: String,
    },
    /// The document that is there is of another consumer or provider, whose names make the same file name.
    #[error(
        "the pact that is there is between {consumer} and {provider}: \
         give these two another directory, or one of them another name"
    )]
    OtherPact {
        /// The consumer there.
        consumer: String,
        /// The provider there.
        provider: String,
    },
    /// The document that is there is not a pact document with interactions.
    #[error("what is there is not a pact to add interactions to: {0}")]
    NotAPact(String),
    /// Version 3 has one kind of document for HTTP interactions and another for messages.
    #[error(
        "a pact of specification version 3 holds HTTP interactions or messages, never both, and these are {ours}: \
         use version 4 for all tests of this consumer and provider, or another directory"
    )]
    OtherKind {
        /// What the new ones are: `HTTP interactions`, `messages` or `both`.
        ours: &'static str,
    },
    /// An interaction holds what version 2 has no words for.
    #[error("specification version 2 has no words for {what}: {title}")]
    NotInV2 {
        /// What version 2 lacks, and where the interaction has it.
        what: String,
        /// Which interaction.
        title: String,
    },
    /// A kind of interaction that the version of the specification does not know.
    #[error("a {kind} needs specification version 4: {title}")]
    KindNeedsV4 {
        /// The kind of interaction.
        kind: &'static str,
        /// Which interaction.
        title: String,
    },
}

/// Interactions that are to go into the pact document of one consumer and one provider.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Who asks.
    pub consumer: PacticipantName,
    /// Who answers.
    pub provider: PacticipantName,
    /// The version in which the document is written.
    pub version: SpecVersion,
    /// What to add.
    pub interactions: Vec<Interaction>,
}

impl Draft {
    /// The document that holds what was there and what is new.
    ///
    /// An interaction replaces those that have its description, its provider states and its place among the
    /// interactions of this draft with the same; all others stay, as do members that this crate does not know. The
    /// result depends on the set of interactions alone, not on the order in which they were added.
    ///
    /// # Errors
    /// [`MergeError`] if the document is of another specification version or of another consumer or provider, or not a
    /// pact.
    pub fn merge_into(&self, there: Option<Value>) -> Result<Value, MergeError> {
        let mut document = match there {
            Some(document) => Parts::of(document)?,
            None => Parts::default(),
        };
        document.add(self)?;
        Ok(document.into_json())
    }

    /// The member of the document that holds these interactions: in version 3 messages have one of their own.
    pub(super) fn list(&self) -> Result<&'static str, MergeError> {
        let is_http = |i: &Interaction| matches!(i, Interaction::Http(_));
        if self.version == SpecVersion::V4 || self.interactions.iter().all(is_http) {
            return Ok("interactions");
        }
        if self.interactions.iter().any(is_http) {
            return Err(MergeError::OtherKind { ours: "both" });
        }
        Ok("messages")
    }

    pub(super) fn to_json(&self, interaction: &Interaction) -> Result<Value, MergeError> {
        match (self.version, interaction) {
            (SpecVersion::V4, _) => Ok(interaction.to_v4_json()),
            (SpecVersion::V2, Interaction::Http(http)) => {
                v2::to_v2_json(http).map_err(|what| MergeError::NotInV2 {
                    what,
                    title: interaction.title(),
                })
            }
            (SpecVersion::V2, other) => Err(MergeError::NotInV2 {
                what: "messages".to_owned(),
                title: other.title(),
            }),
            (SpecVersion::V3, Interaction::Http(http)) => {
                let v3: Option<RequestResponseInteraction> = http.as_request_response();
                let v3 = v3.expect("an HTTP interaction has a request and a response");
                Ok(v3.to_json(&PactSpecification::V3))
            }
            (SpecVersion::V3, Interaction::AsyncMessage(message)) => {
                let v3 = message.as_message();
                let v3 = v3.expect("a message of version 4 has all that one of version 3 has");
                Ok(v3.to_json(&PactSpecification::V3))
            }
            (SpecVersion::V3, other) => Err(MergeError::KindNeedsV4 {
                kind: other.kind(),
                title: other.title(),
            }),
        }
    }
}

/// What makes two interactions the same one, written by two runs of the same test.
pub(super) fn identity(interaction: &Value) -> (&Value, &Value, &Value) {
    (
        &interaction["type"],
        &interaction["description"],
        // Version 2 has one state at most, and another name for it.
        interaction
            .get("providerState")
            .unwrap_or(&interaction["providerStates"]),
    )
}

#[cfg(test)]
mod tests {
    use pact_models::v4::async_message::AsynchronousMessage;
    use pact_models::v4::synch_http::SynchronousHttp;

    use serde_json::json;

    use super::super::validate::problems;
    use super::*;

    fn draft(version: SpecVersion, descriptions: &[&str]) -> Draft {
        let interaction = |description: &&str| {
            let description = (*description).to_owned();
            Interaction::Http(Box::new(SynchronousHttp {
                description,
                ..SynchronousHttp::default()
            }))
        };
        Draft {
            consumer: PacticipantName::parse("A").unwrap(),
            provider: PacticipantName::parse("B").unwrap(),
            version,
            interactions: descriptions.iter().map(interaction).collect(),
        }
    }

    fn descriptions(document: &Value) -> Vec<&str> {
        let interactions = document["interactions"].as_array().unwrap();
        interactions
            .iter()
            .map(|i| i["description"].as_str().unwrap())
            .collect()
    }

    #[test]
    fn the_order_of_the_tests_does_not_show() {
        let one = draft(SpecVersion::V4, &["x"]);
        let other = draft(SpecVersion::V4, &["a", "z"]);
        let forth = other
            .merge_into(Some(one.merge_into(None).unwrap()))
            .unwrap();
        let back = one
            .merge_into(Some(other.merge_into(None).unwrap()))
            .unwrap();
        assert_eq!(forth, back);
        assert_eq!(descriptions(&forth), ["a", "x", "z"]);
    }

    #[test]
    fn an_edited_interaction_replaces_its_former_self() {
        let mut edited = draft(SpecVersion::V3, &["x"]);
        let before = edited.merge_into(None).unwrap();
        let Interaction::Http(http) = &mut edited.interactions[0] else {
            unreachable!()
        };
        http.response.status = 404;
        let after = edited.merge_into(Some(before)).unwrap();
        assert_eq!(descriptions(&after), ["x"]);
        assert_eq!(after["interactions"][0]["response"]["status"], 404);
    }

    #[test]
    fn what_other_tools_wrote_beside_it_stays() {
        let mut there = draft(SpecVersion::V4, &["x"]).merge_into(None).unwrap();
        there["metadata"]["pactJs"] = json!({"version": "15"});
        there["links"] = json!(1);
        let after = draft(SpecVersion::V4, &["y"])
            .merge_into(Some(there))
            .unwrap();
        assert_eq!(after["metadata"]["pactJs"]["version"], "15");
        assert_eq!(after["links"], 1);
    }

    #[test]
    fn another_specification_version_is_refused() {
        let there = draft(SpecVersion::V3, &["x"]).merge_into(None).unwrap();
        let error = draft(SpecVersion::V4, &["y"])
            .merge_into(Some(there))
            .unwrap_err();
        assert_eq!(
            error,
            MergeError::OtherVersion {
                there: "3.0.0".to_owned(),
                ours: "4.0"
            }
        );
    }

    fn messages(version: SpecVersion, descriptions: &[&str]) -> Draft {
        let message = |description: &&str| {
            let description = (*description).to_owned();
            Interaction::AsyncMessage(Box::new(AsynchronousMessage {
                description,
                ..AsynchronousMessage::default()
            }))
        };
        Draft {
            interactions: descriptions.iter().map(message).collect(),
            ..draft(version, &[])
        }
    }

    #[test]
    fn messages_of_version_3_have_a_list_of_their_own() {
        let one = messages(SpecVersion::V3, &["b"]).merge_into(None).unwrap();
        let both = messages(SpecVersion::V3, &["a"])
            .merge_into(Some(one))
            .unwrap();
        assert_eq!(both.get("interactions"), None);
        assert_eq!(both["messages"][0]["description"], "a");
        assert_eq!(both["messages"][1]["description"], "b");
        assert_eq!(problems(&both, None), []);
    }

    #[test]
    fn version_3_never_holds_messages_beside_http() {
        let http = draft(SpecVersion::V3, &["x"]);
        let messages = messages(SpecVersion::V3, &["y"]);
        let mut mixed = http.clone();
        mixed.interactions.extend(messages.interactions.clone());
        for (draft, there) in [
            (&http, Some(messages.merge_into(None).unwrap())),
            (&messages, Some(http.merge_into(None).unwrap())),
            (&mixed, None),
        ] {
            let error = draft.merge_into(there).unwrap_err();
            assert!(matches!(error, MergeError::OtherKind { .. }), "{error}");
        }
    }

    #[test]
    fn version_4_holds_all_kinds_in_one_list() {
        let mut mixed = draft(SpecVersion::V4, &["x"]);
        let messages = messages(SpecVersion::V4, &["a"]).interactions;
        mixed.interactions.extend(messages);
        let document = mixed.merge_into(None).unwrap();
        assert_eq!(descriptions(&document), ["a", "x"]);
        assert_eq!(document["interactions"][0]["type"], "Asynchronous/Messages");
    }

    #[test]
    fn a_file_that_is_no_pact_is_refused_and_not_panicked_on() {
        for there in [
            json!(1),
            json!({}),
            json!({"interactions": [], "metadata": 3}),
        ] {
            let error = draft(SpecVersion::V4, &["y"])
                .merge_into(Some(there))
                .unwrap_err();
            assert!(matches!(error, MergeError::NotAPact(_)), "{error}");
        }
    }
}
