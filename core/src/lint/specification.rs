//! Departures from the version of the Pact specification that readers forgive.

use super::flaw::Flaw;
use super::run::Found;
use super::subject::Subject;
use crate::document::departures;

pub(super) fn check(subject: &Subject<'_>) -> Found {
    let departures = departures(subject.document).into_iter();
    departures
        .map(|problem| (problem.pointer, Flaw::Specification { what: problem.what }))
        .collect()
}
