//! Work in progress: heads of branches and tags that nobody selected and this provider has not verified yet.

use std::collections::HashMap;

use super::model::Publication;
use super::verifiable::PendingScope;

/// What a publication is the head of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Head {
    Branch(String),
    Tag(String),
}

impl Head {
    /// The name of the branch or the tag.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Branch(name) | Self::Tag(name) => name,
        }
    }

    /// A few words, of which clients make test names.
    pub(crate) fn short(&self) -> String {
        match self {
            Self::Branch(branch) => format!("latest from branch {branch}"),
            Self::Tag(tag) => format!("latest with tag {tag}"),
        }
    }
}

/// A publication that may be work in progress, for the provider's branch or one of its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) publication: Publication,
    pub(crate) head: Head,
    /// The provider's tag that it is work in progress for, unless it is for a branch.
    pub(crate) provider_tag: Option<String>,
}

/// A content that is work in progress, and what it is the head of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkInProgress {
    pub(crate) publication: Publication,
    pub(crate) heads: Vec<(Head, Option<String>)>,
}

/// Merges candidates by consumer and content, and puts them in order.
pub(crate) fn merge(candidates: Vec<Candidate>) -> Vec<WorkInProgress> {
    let mut places: HashMap<(i64, i64), usize> = HashMap::new();
    let mut merged: Vec<WorkInProgress> = Vec::new();
    for Candidate {
        publication,
        head,
        provider_tag,
    } in candidates
    {
        let key = (publication.consumer_id, publication.content_id);
        let place = *places.entry(key).or_insert(merged.len());
        match merged.get_mut(place) {
            None => merged.push(WorkInProgress {
                publication,
                heads: vec![(head, provider_tag)],
            }),
            Some(known) => {
                known.heads.push((head, provider_tag));
                if publication.version_id > known.publication.version_id {
                    known.publication = publication;
                }
            }
        }
    }
    merged.sort_by_cached_key(|wip| {
        let publication = &wip.publication;
        (
            publication.consumer.to_lowercase(),
            publication.provider.to_lowercase(),
            publication.version_id,
        )
    });
    merged
}

/// Why a pact that is work in progress is being verified.
pub(crate) fn selection_text(
    wip: &WorkInProgress,
    url: &str,
    provider_branch: Option<&str>,
) -> String {
    let provider = &wip.publication.provider;
    let same = match wip.heads.len() {
        1 => "",
        2 => " (both have the same content)",
        _ => " (all have the same content)",
    };
    let verified_by = match provider_branch {
        Some(branch) => format!("a version of {provider} from branch '{branch}'"),
        None => {
            let tags: Vec<&str> = wip
                .heads
                .iter()
                .filter_map(|(_, tag)| tag.as_deref())
                .collect();
            let versions = if tags.len() > 1 {
                "versions"
            } else {
                "version"
            };
            format!("a {versions} of {provider} with tag {}", quoted(&tags))
        }
    };
    format!(
        "The pact at {url} is being verified because it is a 'work in progress' pact (ie. it is the pact for the \
         {}{same} and it has not yet been successfully verified by {verified_by} when the \
         pact's application version was explicitly specified in the consumer version selectors). Read more at \
         https://docs.pact.io/go/wip",
        heads_in_words(wip)
    )
}

/// Whose successes end the pending state of a pact that is work in progress.
pub(crate) fn pending_scope(wip: &WorkInProgress, provider_branch: Option<&str>) -> PendingScope {
    match provider_branch {
        Some(branch) => PendingScope::Branch(branch.to_owned()),
        None => PendingScope::Tags(
            wip.heads
                .iter()
                .filter_map(|(_, tag)| tag.clone())
                .collect(),
        ),
    }
}

/// Why a pact that is work in progress is pending.
pub(crate) fn pending_text(provider: &str) -> String {
    format!(
        "This pact is in pending state for this version of {provider} because it was included as a 'work in progress' \
         pact. If this verification fails, it will not cause the overall build to fail. Read more at \
         https://docs.pact.io/go/pending"
    )
}

fn heads_in_words(wip: &WorkInProgress) -> String {
    let mut branches: Vec<&str> = Vec::new();
    let mut tags: Vec<&str> = Vec::new();
    for (head, _) in &wip.heads {
        let list = match head {
            Head::Branch(_) => &mut branches,
            Head::Tag(_) => &mut tags,
        };
        if !list.contains(&head.name()) {
            list.push(head.name());
        }
    }
    let versions = if branches.is_empty() && tags.len() > 1 {
        "versions"
    } else {
        "version"
    };
    let mut parts = Vec::new();
    if !branches.is_empty() {
        parts.push(format!("from branch {}", quoted(&branches)));
    }
    if !tags.is_empty() {
        parts.push(format!("tagged with {}", quoted(&tags)));
    }
    format!(
        "latest {versions} of {} {}",
        wip.publication.consumer,
        parts.join(" and ")
    )
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(head: Head) -> Candidate {
        let publication = Publication {
            id: 1,
            consumer_id: 1,
            consumer: "Web".to_owned(),
            provider_id: 2,
            provider: "Orders".to_owned(),
            version_id: 3,
            version_number: "3".to_owned(),
            content_id: 4,
            hash: "4".to_owned(),
            created_at: String::new(),
        };
        Candidate {
            publication,
            head,
            provider_tag: None,
        }
    }

    #[test]
    fn a_content_that_heads_a_branch_and_a_tag_is_told_once() {
        let candidates = vec![
            candidate(Head::Branch("feat".to_owned())),
            candidate(Head::Tag("dev".to_owned())),
        ];
        let merged = merge(candidates);
        assert_eq!(merged.len(), 1);
        let text = selection_text(&merged[0], "URL", Some("main"));
        let expected = "the latest version of Web from branch 'feat' and tagged with 'dev' (both have the same content) \
                        and it has not yet been successfully verified by a version of Orders from branch 'main' when";
        assert!(text.contains(expected), "{text}");
    }
}
