//! One interaction beside what it was.

use std::collections::BTreeMap;
use std::slice::from_ref;

use pact_models::v4::http_parts::HttpResponse;
use pact_models::v4::message_parts::MessageContents;
use pact_models::v4::sync_message::SynchronousMessage;
use pact_models::v4::synch_http::SynchronousHttp;

use super::{Differences, Witnesses, rules};
use crate::interaction::Interaction;
use crate::matching::{NotCompared, match_message, match_request, match_response};
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
        asks_otherwise: or_why(match_request(&old.request, &new.request)),
        ..Differences::default()
    };
    if old.response != new.response {
        found.demands_more = against(&new.response, &witnesses(&old.response));
        found.demands_less = against(&old.response, &witnesses(&new.response));
        let proofs: Vec<_> = found
            .demands_more
            .iter()
            .chain(&found.demands_less)
            .collect();
        let (old, new) = (&old.response.matching_rules, &new.response.matching_rules);
        found.unproven = rules::changed_without_proof(old, new, &proofs);
    }
    Some(found)
}

/// Each place at which an answer is not what is expected, once.
fn against(expected: &HttpResponse, answers: &[HttpResponse]) -> Vec<Mismatch> {
    let mismatches = answers
        .iter()
        .flat_map(|answer| or_why(match_response(expected, answer)));
    once(mismatches)
}

/// The differences. Of two that cannot be compared, nobody can say that they are the same.
fn or_why(compared: Result<Vec<Mismatch>, NotCompared>) -> Vec<Mismatch> {
    compared.unwrap_or_else(|why| vec![why.into()])
}

fn once(mismatches: impl Iterator<Item = Mismatch>) -> Vec<Mismatch> {
    let mut places: BTreeMap<(Part, String), Mismatch> = BTreeMap::new();
    for mismatch in mismatches {
        let place = (mismatch.part, mismatch.path.clone());
        places.entry(place).or_insert(mismatch);
    }
    places.into_values().collect()
}

fn sync_message(old: &SynchronousMessage, new: &SynchronousMessage) -> Option<Differences> {
    let mut found = Differences::default();
    let mut differ = old.request != new.request;
    if differ {
        found.asks_otherwise = or_why(match_message(&old.request, &new.request));
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
    let (mut more, mut less) = (Vec::new(), Vec::new());
    for (old, new) in pairs() {
        let (demanded, no_longer) = (
            or_why(match_message(new, old)),
            or_why(match_message(old, new)),
        );
        let proofs: Vec<_> = demanded.iter().chain(&no_longer).collect();
        found.unproven |=
            rules::changed_without_proof(&old.matching_rules, &new.matching_rules, &proofs);
        more.extend(demanded);
        less.extend(no_longer);
    }
    found.demands_more = once(more.into_iter());
    found.demands_less = once(less.into_iter());
    pairs().next().is_some()
}
