//! Where rules have changed, and whether an answer shows what that comes to.

use std::collections::HashMap;

use pact_models::matchingrules::{Category, MatchingRules, RuleList};
use pact_models::path_exp::DocPath;

use crate::mismatch::{Mismatch, NOTHING, Part};

/// Whether rules have changed at a place about which none of these differences says anything.
pub(super) fn changed_without_proof(
    old: &MatchingRules,
    new: &MatchingRules,
    proofs: &[&Mismatch],
) -> bool {
    let (old, new) = (places(old), places(new));
    let is_proven = |place: &Place<'_>| {
        let mut proofs = proofs.iter();
        proofs.any(|proof| is_about(proof, *place, &old) || is_about(proof, *place, &new))
    };
    let mut all = old.keys().chain(new.keys());
    all.any(|place| old.get(place) != new.get(place) && !is_proven(place))
}

type Place<'r> = (&'r Category, &'r DocPath);
type Places<'r> = HashMap<Place<'r>, &'r RuleList>;

fn places(rules: &MatchingRules) -> Places<'_> {
    let categories = rules.rules.iter();
    let places = categories.flat_map(|(category, of)| {
        let rules = of.rules.iter();
        rules.map(move |(path, list)| ((category, path), list))
    });
    places.collect()
}

/// Whether the rules of this place are those by which the difference is one, or all around the place is missing.
fn is_about(proof: &Mismatch, (category, path): Place<'_>, rules: &Places<'_>) -> bool {
    match proof.part {
        Part::ContentType => *category == Category::BODY,
        part if part.category().as_ref() != Some(category) => false,
        Part::Body => DocPath::new(&proof.path).is_ok_and(|place| {
            let place = place.to_vec();
            let place: Vec<&str> = place.iter().map(String::as_str).collect();
            let around = path.tokens().iter().take(place.len()).cloned();
            let is_gone = proof.actual == NOTHING && path.len() > place.len();
            governs(path, &place, rules)
                || (is_gone && DocPath::from_tokens(around).matches_path(&place))
        }),
        Part::Header | Part::Query | Part::Metadata => {
            let name = path.first_field();
            name.is_some_and(|name| name.eq_ignore_ascii_case(&proof.path))
        }
        _ => true,
    }
}

/// Whether the rules of this place in a body hold here: those of none that has rules are more specific.
fn governs(path: &DocPath, place: &[&str], rules: &Places<'_>) -> bool {
    let of_body = rules
        .keys()
        .filter(|(category, path)| **category == Category::BODY && path.matches_path(place));
    let weight = |path: &DocPath| {
        let (weight, tokens) = path.path_weight(place);
        weight * tokens
    };
    let most = of_body.clone().map(|(_, path)| weight(path)).max();
    of_body
        .into_iter()
        .any(|(_, other)| *other == path && Some(weight(path)) == most)
}
