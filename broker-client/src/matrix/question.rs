//! What is asked of the matrix, and how the question looks in a URL.

use treaty_core::names::{BranchName, EnvironmentName, PacticipantName, TagName, VersionNumber};
use url::Url;

/// The most rows that are asked for, unless the question says otherwise. Brokers cut the list at 100 of themselves, and a
/// shortened list proves nothing.
pub const DEPLOY_ROWS_MAX_DEFAULT: usize = 1000;

/// Whether some versions go together, or go to some place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployQuestion {
    /// The versions, at least one.
    pub selectors: Vec<MatrixSelector>,
    /// What they are to go together with; without it, each other.
    pub target: Option<DeployTarget>,
    /// What to leave out of account.
    pub ignored: Vec<Ignored>,
    /// The most rows of the answer. An answer that reaches it may have been cut short.
    pub rows_max: usize,
}

/// A *matrix selector*: which version of a pacticipant the question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixSelector {
    /// The pacticipant.
    pub pacticipant: PacticipantName,
    /// Which of its versions.
    pub versions: VersionChoice,
}

/// Which versions of a pacticipant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VersionChoice {
    /// Every version.
    Any,
    /// This one.
    Number(VersionNumber),
    /// The latest one.
    Latest,
    /// The latest one with the tag.
    LatestWithTag(TagName),
    /// Every one with the tag.
    WithTag(TagName),
    /// The latest one of the branch.
    Branch(BranchName),
    /// The latest one of the main branch.
    MainBranch,
}

/// What the versions are to go together with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeployTarget {
    /// All that is deployed or released in the environment.
    Environment(EnvironmentName),
    /// The latest version with the tag of everything else.
    Tag(TagName),
    /// The latest version of everything else.
    Latest,
    /// The latest version of the main branch of everything else.
    MainBranch,
}

/// A pacticipant, or one version of it, to leave out of account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The pacticipant.
    pub pacticipant: PacticipantName,
    /// Only this version.
    pub version: Option<VersionNumber>,
}

impl DeployQuestion {
    /// Writes the question into the query of the matrix's URL.
    pub(super) fn ask_in(&self, url: &mut Url) {
        let mut query = url.query_pairs_mut();
        for selector in &self.selectors {
            query.append_pair("q[][pacticipant]", selector.pacticipant.as_str());
            for (name, value) in selector.versions.members() {
                query.append_pair(&format!("q[][{name}]"), value);
            }
        }
        query.append_pair("latestby", self.grouping());
        match &self.target {
            None => &mut query,
            Some(DeployTarget::Environment(name)) => {
                query.append_pair("environment", name.as_str())
            }
            Some(DeployTarget::Latest) => query.append_pair("latest", "true"),
            Some(DeployTarget::MainBranch) => query
                .append_pair("mainBranch", "true")
                .append_pair("latest", "true"),
            Some(DeployTarget::Tag(tag)) => query
                .append_pair("latest", "true")
                .append_pair("tag", tag.as_str()),
        };
        for ignored in &self.ignored {
            query.append_pair("ignore[][pacticipant]", ignored.pacticipant.as_str());
            if let Some(version) = &ignored.version {
                query.append_pair("ignore[][version]", version.as_str());
            }
        }
        query.append_pair("limit", &self.rows_max.to_string());
    }

    /// One row for each pair of versions where several versions of one pacticipant may live side by side: a row for each
    /// provider alone would let the newest of them speak for all.
    fn grouping(&self) -> &'static str {
        match &self.target {
            Some(DeployTarget::Tag(_) | DeployTarget::Latest | DeployTarget::MainBranch) => "cvp",
            Some(DeployTarget::Environment(_)) | None => "cvpv",
        }
    }
}

impl VersionChoice {
    fn members(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Any => vec![],
            Self::Number(number) => vec![("version", number.as_str())],
            Self::Latest => vec![("latest", "true")],
            Self::LatestWithTag(tag) => vec![("latest", "true"), ("tag", tag.as_str())],
            Self::WithTag(tag) => vec![("tag", tag.as_str())],
            Self::Branch(branch) => vec![("branch", branch.as_str()), ("latest", "true")],
            Self::MainBranch => vec![("mainBranch", "true"), ("latest", "true")],
        }
    }
}
