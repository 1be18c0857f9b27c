//! What came of an import.

use std::collections::BTreeMap;

use serde::Serialize;

/// The kinds of things that brokers hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ImportKind {
    /// Applications.
    Pacticipants,
    /// Their labels.
    Labels,
    /// Their versions.
    Versions,
    /// Places of versions on branches.
    BranchVersions,
    /// Tags of versions.
    Tags,
    /// Pacts that versions published.
    Pacts,
    /// Results of verifications.
    Results,
    /// Environments.
    Environments,
    /// What is deployed there.
    Deployments,
    /// What is released there and supported.
    Releases,
    /// Webhooks.
    Webhooks,
}

/// How many of a kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCount {
    /// In the source.
    pub there: usize,
    /// Of these, here, as the target tells it after the import.
    pub here: usize,
}

/// What the source has and the target does not, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum LeftOut {
    /// The target refused it.
    Refused {
        /// The path that it was told at.
        path: String,
        /// The target's words.
        words: String,
    },
    /// The target has another pact of this version.
    OtherContent {
        /// Whose pact it is.
        consumer: String,
        /// The consumer's version.
        version: String,
        /// With whom.
        provider: String,
    },
    /// The source tells no more results at once, and has perhaps more.
    MoreResults {
        /// Whose pacts they are about.
        consumer: String,
        /// The consumer's version.
        version: String,
        /// How many it tells.
        results_max: usize,
    },
    /// What is in an environment, of a version that the target does not have.
    NoSuchVersion {
        /// What is there.
        pacticipant: String,
        /// Its version.
        version: String,
        /// Where it is.
        environment: String,
    },
    /// What is in an environment, in which the target has no way to record anything.
    NotRecordable {
        /// What is there.
        pacticipant: String,
        /// Its version.
        version: String,
        /// Where it is.
        environment: String,
    },
    /// A webhook with a secret, which no broker tells.
    Secret {
        /// The webhook's identifier.
        uuid: String,
        /// The webhook's description.
        description: String,
    },
}

/// What is carried from no broker, mostly because none tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotCarried {
    /// Contents that a version published and then overwrote, and the results for them.
    OverwrittenContents,
    /// Deployments that were replaced or undone, and releases whose support has ended.
    EndedPlaces,
    /// Whether a result was for work in progress: in the target none counts as such.
    WorkInProgress,
    /// What webhooks have sent, who did what, and the users.
    Activity,
}

impl NotCarried {
    /// All of it, for every import.
    pub const ALL: [Self; 4] = [
        Self::OverwrittenContents,
        Self::EndedPlaces,
        Self::WorkInProgress,
        Self::Activity,
    ];
}

/// What came of an import. Nothing of [`NotCarried::ALL`] is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Imported {
    /// How many there are of each kind.
    pub counts: BTreeMap<ImportKind, ImportCount>,
    /// What the source has and the target does not, each with the reason.
    pub left_out: Vec<LeftOut>,
}

impl Imported {
    /// Whether everything that the source tells is here.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let mut counts = self.counts.values();
        self.left_out.is_empty() && counts.all(|count| count.here == count.there)
    }
}
