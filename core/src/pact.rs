//! The contract in memory.

use crate::content::ContentHash;
use crate::interaction::Interaction;
use crate::names::PacticipantName;

/// A pact: what one consumer expects of one provider, read by [`crate::document::load`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Pact {
    /// Who asks.
    pub consumer: PacticipantName,
    /// Who answers.
    pub provider: PacticipantName,
    /// The exchanges, in the order of the document.
    pub interactions: Vec<Interaction>,
    /// The identity of the content, as a broker computes it.
    pub content_hash: ContentHash,
}
