//! The pacts that a provider is given to verify: merged by content, each with the reasons it was selected.

use std::collections::HashMap;

use super::metadata::SelectorMetadata;
use super::model::Publication;

/// Why a publication was selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) kind: ReasonKind,
    /// The consumer, if the selector is about one.
    pub(crate) consumer: Option<String>,
    /// Whether no selector was given, so that the broker chose one.
    pub(crate) is_default: bool,
}

/// The ways in which a publication can be selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReasonKind {
    Latest,
    Deployed(String),
    Released(String),
    Environment(String),
    MatchingBranch(String),
    Branch(String),
    EveryBranch(String),
    EveryWithTag(String),
    LatestWithTag {
        tag: String,
        /// The tag that was asked for first and that no pact has.
        instead_of: Option<String>,
    },
    MainBranch(String),
}

impl ReasonKind {
    /// The place of a reason among the reasons of one pact.
    fn rank(&self) -> u8 {
        match self {
            Self::Latest => 0,
            Self::Deployed(_) => 1,
            Self::Released(_) => 2,
            Self::Environment(_) => 3,
            Self::MatchingBranch(_) | Self::Branch(_) | Self::EveryBranch(_) => 4,
            Self::EveryWithTag(_) => 5,
            Self::LatestWithTag { .. } => 6,
            Self::MainBranch(_) => 7,
        }
    }
}

/// A publication and why it was selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selected {
    pub(crate) publication: Publication,
    pub(crate) reason: Reason,
}

/// A content to verify, named after the latest version that published it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verifiable {
    pub(crate) publication: Publication,
    /// Each reason with the consumer version that it selected, as (id, number).
    pub(crate) reasons: Vec<(Reason, i64, String)>,
}

/// Merges what was selected by consumer and content, and puts it in order.
pub(crate) fn merge(selected: Vec<Selected>) -> Vec<Verifiable> {
    let mut places: HashMap<(i64, i64), usize> = HashMap::new();
    let mut merged: Vec<Verifiable> = Vec::new();
    for Selected {
        publication,
        reason,
    } in selected
    {
        let key = (publication.consumer_id, publication.content_id);
        let place = *places.entry(key).or_insert(merged.len());
        let told = (
            reason,
            publication.version_id,
            publication.version_number.clone(),
        );
        match merged.get_mut(place) {
            None => merged.push(Verifiable {
                publication,
                reasons: vec![told],
            }),
            Some(known) => {
                known.reasons.push(told);
                if publication.version_id > known.publication.version_id {
                    known.publication = publication;
                }
            }
        }
    }
    for verifiable in &mut merged {
        verifiable
            .reasons
            .sort_by_key(|(reason, ..)| reason.kind.rank());
    }
    merged.sort_by_cached_key(|verifiable| {
        let publication = &verifiable.publication;
        (
            publication.consumer.to_lowercase(),
            publication.provider.to_lowercase(),
            publication.version_id,
        )
    });
    merged
}

impl Reason {
    /// Where the version is deployed or released, if that is the reason.
    fn place(&self) -> Option<&str> {
        match &self.kind {
            ReasonKind::Deployed(environment) | ReasonKind::Released(environment) => {
                Some(environment)
            }
            _ => None,
        }
    }

    /// Whether another reason differs in its place alone.
    fn is_like(&self, other: &Self) -> bool {
        self.kind.rank() == other.kind.rank() && self.consumer == other.consumer
    }

    /// A few words, of which clients make test names.
    pub(crate) fn short(&self) -> String {
        match &self.kind {
            ReasonKind::Latest => "latest".to_owned(),
            ReasonKind::Deployed(environment) => format!("deployed to {environment}"),
            ReasonKind::Released(environment) => format!("released in {environment}"),
            ReasonKind::Environment(environment) => format!("in {environment}"),
            ReasonKind::MainBranch(_) => "latest from main branch".to_owned(),
            ReasonKind::EveryWithTag(tag) => match &self.consumer {
                Some(consumer) => format!("one of {consumer} {tag}"),
                None => format!("one of {tag}"),
            },
            ReasonKind::LatestWithTag { tag, .. } => format!("latest with tag {tag}"),
            ReasonKind::MatchingBranch(branch) => format!("latest from branch {branch}"),
            ReasonKind::Branch(branch) | ReasonKind::EveryBranch(branch) => {
                format!("latest from branch {branch}")
            }
        }
    }

    /// The criterion that the consumer version matches.
    pub(crate) fn long(&self, provider: &str) -> String {
        let consumer = self.consumer.as_deref();
        let latest = match consumer {
            Some(consumer) => format!("latest version of {consumer}"),
            None => "latest version".to_owned(),
        };
        let versions = match consumer {
            Some(consumer) => format!("version(s) of {consumer}"),
            None => "consumer version(s)".to_owned(),
        };
        match &self.kind {
            ReasonKind::Latest => {
                let consumer = consumer.unwrap_or("a consumer");
                format!("latest version of {consumer} that has a pact with {provider}")
            }
            ReasonKind::Deployed(environment) => {
                format!("{versions} currently deployed to {environment}")
            }
            ReasonKind::Released(environment) => {
                format!("{versions} released and supported in {environment}")
            }
            ReasonKind::Environment(environment) => match consumer {
                Some(consumer) => format!("{consumer} version in environment {environment}"),
                None => format!("a consumer version in environment {environment}"),
            },
            ReasonKind::MainBranch(branch) => format!("{latest} from the main branch '{branch}'"),
            ReasonKind::EveryWithTag(tag) => {
                format!(
                    "all {} versions tagged '{tag}'",
                    consumer.unwrap_or("consumer")
                )
            }
            ReasonKind::LatestWithTag {
                tag,
                instead_of: None,
            } => format!("{latest} tagged '{tag}'"),
            ReasonKind::LatestWithTag {
                tag,
                instead_of: Some(wanted),
            } => {
                let why = format!("fallback tag used as no pact was found with tag '{wanted}'");
                format!("{latest} tagged '{tag}' ({why})")
            }
            ReasonKind::MatchingBranch(branch)
            | ReasonKind::Branch(branch)
            | ReasonKind::EveryBranch(branch) => {
                format!("{latest} from branch '{branch}'")
            }
        }
    }

    /// What the URL of the pact remembers of the reason.
    pub(crate) fn metadata(&self, consumer_version: i64) -> SelectorMetadata {
        let bare = SelectorMetadata {
            consumer_version,
            ..SelectorMetadata::default()
        };
        match &self.kind {
            ReasonKind::Latest => SelectorMetadata {
                latest: true,
                ..bare
            },
            ReasonKind::MainBranch(_) => SelectorMetadata {
                latest: !self.is_default,
                ..bare
            },
            ReasonKind::Environment(environment) => SelectorMetadata {
                environment: Some(environment.clone()),
                ..bare
            },
            ReasonKind::Deployed(_) | ReasonKind::Released(_) => bare,
            ReasonKind::EveryWithTag(tag) => SelectorMetadata {
                tag: Some(tag.clone()),
                ..bare
            },
            ReasonKind::LatestWithTag { tag, .. } => SelectorMetadata {
                tag: Some(tag.clone()),
                latest: true,
                ..bare
            },
            ReasonKind::MatchingBranch(branch)
            | ReasonKind::Branch(branch)
            | ReasonKind::EveryBranch(branch) => SelectorMetadata {
                branch: Some(branch.clone()),
                latest: true,
                ..bare
            },
        }
    }
}

/// Why a pact is being verified, in one sentence and a list.
pub(crate) fn selection_text(verifiable: &Verifiable, url: &str) -> String {
    let (versions, criteria) = match verifiable.reasons.len() {
        1 => ("version", "criterion"),
        _ => ("versions", "criteria"),
    };
    let mut text = format!(
        "The pact at {url} is being verified because the pact content belongs to the consumer {versions} matching the \
         following {criteria}:"
    );
    let mut told: Option<&Reason> = None;
    for (reason, _, number) in &verifiable.reasons {
        match (told, reason.place()) {
            // Several places of one kind are one criterion.
            (Some(told), Some(place)) if told.is_like(reason) => {
                text.push_str(&format!(" and {place} ({number})"));
            }
            _ => {
                let criterion = reason.long(&verifiable.publication.provider);
                text.push_str(&format!("\n    * {criterion} ({number})"));
            }
        }
        told = Some(reason);
    }
    text
}

/// Whose successes end the pending state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PendingScope {
    /// Any version of the provider.
    Provider,
    /// The provider's branch.
    Branch(String),
    /// These tags of the provider: those without a success, or all of them if each has one.
    Tags(Vec<String>),
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// The notices about the pending state, as (when, text).
pub(crate) fn pending_notices(
    provider: &str,
    scope: &PendingScope,
    is_pending: bool,
) -> Vec<(&'static str, String)> {
    let more = "Read more at https://docs.pact.io/go/pending";
    let (one, any, with_tag) = match scope {
        PendingScope::Provider => (provider.to_owned(), provider.to_owned(), ""),
        PendingScope::Branch(branch) => {
            let versions = format!("of {provider} from branch '{branch}'");
            (
                format!("a version {versions}"),
                format!("any version {versions}"),
                "",
            )
        }
        PendingScope::Tags(tags) => {
            let (version, with_tag) = if tags.len() == 1 {
                ("version", " with this tag")
            } else {
                ("versions", " with these tags")
            };
            let versions = format!("{version} of {provider} with tag {}", quoted(tags));
            (format!("a {versions}"), format!("any {versions}"), with_tag)
        }
    };
    if !is_pending {
        let one = one.replacen("a versions", "a version", 1);
        let text = format!(
            "This pact has previously been successfully verified by {one}. If this verification fails, it will fail \
             the build. {more}"
        );
        return vec![("before_verification", text)];
    }
    let still = format!(
        "This pact is still in pending state for {any} as a successful verification result{with_tag} has not yet been \
         published"
    );
    vec![
        (
            "before_verification",
            format!(
                "This pact is in pending state for this version of {provider} because a successful verification \
                 result for {one} has not yet been published. If this verification fails, it will not cause the \
                 overall build to fail. {more}"
            ),
        ),
        (
            "after_verification:success_true_published_false",
            format!(
                "This pact is still in pending state for {any} as the successful verification results{with_tag} have \
                 not yet been published."
            ),
        ),
        (
            "after_verification:success_false_published_false",
            still.clone(),
        ),
        (
            "after_verification:success_true_published_true",
            format!(
                "This pact is no longer in pending state for {any}, as a successful verification result{with_tag} has \
                 been published. If a verification for a version of {provider}{with_tag} fails in the future, it will \
                 fail the build. {more}"
            ),
        ),
        ("after_verification:success_false_published_true", still),
    ]
}

#[cfg(test)]
#[path = "verifiable/tests.rs"]
mod tests;
