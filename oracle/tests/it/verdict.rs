//! What both verifiers are compared by, whatever words they have for it.

use std::collections::{BTreeMap, BTreeSet};

/// The part of the response and the path in it.
pub(crate) type Place = (&'static str, String);

/// How the replay of one interaction ended. Two that were not found out are equal, whatever they say.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    Passed,
    Failed(BTreeSet<Place>),
    NotFoundOut(#[expect(dead_code, reason = "it stands in the text of a disagreement")] String),
}

/// The verdicts on the copies of an interaction, by their descriptions.
pub(crate) type Verdicts = BTreeMap<String, Verdict>;

impl PartialEq for Verdict {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Passed, Self::Passed) | (Self::NotFoundOut(_), Self::NotFoundOut(_)) => true,
            (Self::Failed(one), Self::Failed(other)) => one == other,
            _ => false,
        }
    }
}

impl Verdict {
    pub(crate) fn failed(places: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let places = places.into_iter();
        Self::Failed(places.map(|(part, path)| (part, path.to_owned())).collect())
    }
}
