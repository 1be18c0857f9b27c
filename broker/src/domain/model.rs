//! The nouns of the broker, as they are remembered. Moments are stored texts, see `crate::time`.

/// An application known by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pacticipant {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) repository_url: Option<String>,
    pub(crate) repository_name: Option<String>,
    pub(crate) repository_namespace: Option<String>,
    pub(crate) main_branch: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

/// A version of a pacticipant. Its id is its place in the order of versions: a larger one is later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) id: i64,
    pub(crate) pacticipant_id: i64,
    pub(crate) number: String,
    pub(crate) build_url: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

/// A branch of a pacticipant, and the version that joined it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) head_version_id: Option<i64>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

/// The fact that a version is on a branch, or carries a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
    pub(crate) is_new: bool,
}

/// A place where versions are deployed or released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) name: String,
    pub(crate) display_name: Option<String>,
    pub(crate) production: bool,
    pub(crate) contacts: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: Option<String>,
}

/// A version in an environment: deployed, where the next deployment replaces it, or released, where it stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deployment {
    pub(crate) id: i64,
    pub(crate) uuid: String,
    pub(crate) pacticipant: String,
    pub(crate) version_id: i64,
    pub(crate) version_number: String,
    pub(crate) environment_id: i64,
    pub(crate) application_instance: Option<String>,
    pub(crate) created_at: String,
    pub(crate) ended_at: Option<String>,
}

/// The fact that a consumer version published a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Publication {
    pub(crate) id: i64,
    pub(crate) consumer_id: i64,
    pub(crate) consumer: String,
    pub(crate) provider_id: i64,
    pub(crate) provider: String,
    pub(crate) version_id: i64,
    pub(crate) version_number: String,
    pub(crate) content_id: i64,
    pub(crate) hash: String,
    pub(crate) created_at: String,
}

impl Publication {
    /// The name that links to this pact carry.
    pub(crate) fn title(&self) -> String {
        format!(
            "Pact between {} ({}) and {}",
            self.consumer, self.version_number, self.provider
        )
    }
}

/// The outcome of verifying a content with a provider version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VerificationResult {
    pub(crate) id: i64,
    pub(crate) content_id: i64,
    pub(crate) provider_version_id: i64,
    pub(crate) provider_version_number: String,
    pub(crate) success: bool,
    pub(crate) build_url: Option<String>,
    pub(crate) test_results: Option<String>,
    pub(crate) verified_by: Option<String>,
    pub(crate) executed_at: String,
    pub(crate) created_at: String,
}

/// What a version is known by besides its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Labels {
    /// (name, whether this version is the branch's head), in the order of joining.
    pub(crate) branches: Vec<(String, bool)>,
    /// Tag names with the moment of tagging.
    pub(crate) tags: Vec<TagLabel>,
    /// Where the version is now.
    pub(crate) environments: Vec<Environment>,
}

/// A tag of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagLabel {
    pub(crate) name: String,
    /// Whether no later version carries the same tag.
    pub(crate) latest: bool,
}
