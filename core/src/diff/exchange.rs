//! One interaction beside what it was.

use std::collections::BTreeMap;
use std::slice::from_ref;

use pact_models::matchingrules::MatchingRules;
use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;

use super::{Differences, Witnesses};
use crate::interaction::Interaction;
use crate::matching::{match_message, match_request, match_response};
use crate::mismatch::{Mismatch, Part};

/// How the new one differs; nothing if it is the same.
pub(super) fn differences(
    old: &Interaction,
    new: &Interaction,
    witnesses: Witnesses<'_>,
) -> Option<Differences> {
    match (old, new) {
        (Interaction::Http(old), Interaction::Http(new)) => http(old, new, witnesses),
        (Interaction::AsyncMessage(old), Interaction::AsyncMessage(new)) => {
            let mut found = Differences::default();
            let differ = answered(from_ref(&old.contents), from_ref(&new.contents), &mut found);
            differ.then_some(found)
        }
        (Interaction::SyncMessage(old), Interaction::SyncMessage(new)) => sync_message(old, new),
        _ => None,
    }
}

fn http(
    old: &SynchronousHttp,
    new: &SynchronousHttp,
    witnesses: Witnesses<'_>,
) -> Option<Differences> {
    if old.request == new.request && old.response == new.response {
        return None;
    }
    let mut found = Differences {
        asks_otherwise: match_request(&old.request, &new.request),
        ..Differences::default()
    };
    if old.response != new.response {
        found.demands_more = against(&new.response, &witnesses(&old.response));
        found.demands_less = against(&old.response, &witnesses(&new.response));
        let (old, new) = (&old.response.matching_rules, &new.response.matching_rules);
        found.unproven = changed_without_proof(old, new, &found);
    }
    Some(found)
}

/// Each place at which an answer is not what is expected, once.
fn against(expected: &HttpResponse, answers: &[HttpResponse]) -> Vec<Mismatch> {
    let mismatches = answers
        .iter()
        .flat_map(|answer| match_response(expected, answer));
    once(mismatches)
}

fn once(mismatches: impl Iterator<Item = Mismatch>) -> Vec<Mismatch> {
    let mut places: BTreeMap<(Part, String), Mismatch> = BTreeMap::new();
    for mismatch in mismatches {
        let place = (mismatch.part, mismatch.path.clone());
        places.entry(place).or_insert(mismatch);
    }
    places.into_values().collect()
}

fn changed_without_proof(old: &MatchingRules, new: &MatchingRules, found: &Differences) -> bool {
    old != new && found.demands_more.is_empty() && found.demands_less.is_empty()
}

fn sync_message(old: &SynchronousMessage, new: &SynchronousMessage) -> Option<Differences> {
    let mut found = Differences::default();
    let mut differ = old.request != new.request;
    if differ {
        found.asks_otherwise = match_message(&old.request, &new.request);
    }
    if old.response.len() != new.response.len() {
        let count = |count: usize| format!("{count} answers");
        let (old, new) = (count(old.response.len()), count(new.response.len()));
        found
            .demands_more
            .push(Mismatch::new(Part::Body, "$", new, old));
        differ = true;
    } else {
        differ |= answered(&old.response, &new.response, &mut found);
    }
    differ.then_some(found)
}

/// What is expected of messages beside what was; whether anything differs at all.
fn answered(old: &[MessageContents], new: &[MessageContents], found: &mut Differences) -> bool {
    let pairs = || old.iter().zip(new).filter(|(old, new)| old != new);
    found.demands_more = once(pairs().flat_map(|(old, new)| match_message(new, old)));
    found.demands_less = once(pairs().flat_map(|(old, new)| match_message(old, new)));
    found.unproven = pairs()
        .any(|(old, new)| changed_without_proof(&old.matching_rules, &new.matching_rules, found));
    pairs().next().is_some()
}
