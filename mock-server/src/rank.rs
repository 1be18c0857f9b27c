//! Whether a request matches, and which interaction came closest to one that matched none.

use pact_models::v4::http_parts::HttpRequest;
use treaty_core::interaction::Interaction;
use treaty_core::matching::match_request;
use treaty_core::mismatch::Part;

use crate::report::Closest;

/// How many interactions are compared in full for a request that matched none.
const COMPARED_MAX: usize = 20;

/// Whether the request is the expected one.
pub(crate) fn is_match(expected: &HttpRequest, request: &HttpRequest) -> bool {
    match_request(expected, request).is_ok_and(|mismatches| mismatches.is_empty())
}

/// The interaction with the least weight of differences; the earlier one of two with the same.
pub(crate) fn closest<'a>(
    interactions: impl IntoIterator<Item = &'a Interaction>,
    request: &HttpRequest,
) -> Option<Closest> {
    let mut likely: Vec<(usize, &Interaction)> = interactions
        .into_iter()
        .filter_map(|interaction| match interaction {
            Interaction::Http(http) => Some((unlikeness(&http.request, request), interaction)),
            _ => None,
        })
        .collect();
    likely.sort_by_key(|(unlikeness, _)| *unlikeness);
    likely.truncate(COMPARED_MAX);

    let compared = likely.into_iter().filter_map(|(_, interaction)| {
        let Interaction::Http(http) = interaction else {
            return None;
        };
        let mismatches =
            match_request(&http.request, request).unwrap_or_else(|why| vec![why.into()]);
        let weight: usize = mismatches
            .iter()
            .map(|mismatch| weight(mismatch.part))
            .sum();
        Some((
            weight,
            Closest {
                title: interaction.title(),
                mismatches,
            },
        ))
    });
    compared
        .min_by_key(|(weight, _)| *weight)
        .map(|(_, closest)| closest)
}

/// A different path or method means another request; a different member means the same one, done wrong.
fn weight(part: Part) -> usize {
    match part {
        Part::Path => 1000,
        Part::Method => 500,
        Part::ContentType => 20,
        _ => 1,
    }
}

/// A cheap first guess: method, and how many path segments differ.
fn unlikeness(expected: &HttpRequest, actual: &HttpRequest) -> usize {
    let method = usize::from(!expected.method.eq_ignore_ascii_case(&actual.method));
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (
        expected.path.split('/').collect(),
        actual.path.split('/').collect(),
    );
    let differing = ours.iter().zip(&theirs).filter(|(a, b)| a != b).count();
    method + 2 * (differing + ours.len().abs_diff(theirs.len()))
}
