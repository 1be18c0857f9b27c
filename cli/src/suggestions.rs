//! What a name that the broker does not know was probably meant to be.

use treaty_broker_client::{Client, MatrixSelector, VersionChoice};
use treaty_core::names::{BranchName, EnvironmentName, PacticipantName};

use crate::error::Failure;
use crate::output;

/// From this likeness on, of at most 1, a name is told as what may be meant.
const LIKENESS_MIN: f64 = 0.8;

/// A name of the command line that the broker should know.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Name<'a> {
    /// A pacticipant's.
    Pacticipant(&'a PacticipantName),
    /// A branch's.
    Branch {
        /// Whose branch it is.
        of: &'a PacticipantName,
        /// Its name.
        name: &'a BranchName,
    },
    /// An environment's.
    Environment(&'a EnvironmentName),
}

impl Name<'_> {
    fn kind(self) -> &'static str {
        match self {
            Self::Pacticipant(_) => "pacticipant",
            Self::Branch { .. } => "branch",
            Self::Environment(_) => "environment",
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Pacticipant(name) => name.as_str(),
            Self::Branch { name, .. } => name.as_str(),
            Self::Environment(name) => name.as_str(),
        }
    }

    /// What the broker has of the kind.
    async fn known(self, client: &Client) -> Vec<String> {
        match self {
            Self::Pacticipant(_) => {
                let known = client.pacticipants().await.unwrap_or_default();
                known.into_iter().map(|one| one.name).collect()
            }
            Self::Branch { of, .. } => {
                let known = client.branches(of).await.unwrap_or_default();
                known.into_iter().map(|one| one.name).collect()
            }
            Self::Environment(_) => {
                let known = client.environments().await.unwrap_or_default();
                known.into_iter().map(|one| one.name).collect()
            }
        }
    }
}

/// The names in the selectors of a question to the matrix.
pub(crate) fn names(selectors: &[MatrixSelector]) -> Vec<Name<'_>> {
    let pacticipants = selectors
        .iter()
        .map(|one| Name::Pacticipant(&one.pacticipant));
    let branches = selectors.iter().filter_map(|one| match &one.versions {
        VersionChoice::Branch(name) => Some(Name::Branch {
            of: &one.pacticipant,
            name,
        }),
        _ => None,
    });
    pacticipants.chain(branches).collect()
}

/// The failure; where the broker has no such name, but one much like it, with the question whether that is meant.
pub(crate) async fn explained(client: &Client, names: &[Name<'_>], failure: Failure) -> Failure {
    if !failure.is_about_a_name() {
        return failure;
    }
    match meant(client, names).await {
        Some(meant) => Failure::Misspelt {
            failure: Box::new(failure),
            meant,
        },
        None => failure,
    }
}

/// The same on stderr, for an answer that there is nothing; whether there was something to tell.
pub(crate) async fn note(client: &Client, names: &[Name<'_>]) -> bool {
    let meant = meant(client, names).await;
    if let Some(meant) = &meant {
        output::note(meant);
    }
    meant.is_some()
}

/// Asks about the first of the names that the broker does not know. What cannot be found out is no suggestion.
async fn meant(client: &Client, names: &[Name<'_>]) -> Option<String> {
    for name in names {
        let known = name.known(client).await;
        if !known.iter().any(|known| known == name.as_str()) {
            let nearest = nearest(name.as_str(), &known)?;
            let (kind, given) = (name.kind(), name.as_str());
            return Some(format!(
                "there is no {kind} {given:?}; did you mean {nearest:?}?"
            ));
        }
    }
    None
}

fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let likeness = |known: &str| strsim::jaro(&name, &known.to_lowercase());
    let like = known.iter().map(|known| (likeness(known), known.as_str()));
    let like = like.filter(|(likeness, _)| *likeness >= LIKENESS_MIN);
    let nearest = like.max_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_like_and_another_word_is_not() {
        let known = ["OrderService", "UserService", "main", "production"].map(str::to_owned);
        for (name, expected) in [
            ("OderService", Some("OrderService")),
            ("order-service", Some("OrderService")),
            ("mian", Some("main")),
            ("prodution", Some("production")),
            ("staging", None),
            ("develop", None),
        ] {
            assert_eq!(nearest(name, &known), expected, "{name}");
        }
        assert_eq!(nearest("main", &[]), None);
    }
}
