//! Why a request gets no interaction's answer.

use bytes::Bytes;
use http::{Response, StatusCode};
use pact_models::v4::http_parts::HttpRequest;
use serde_json::{Value, json};
use treaty_core::interaction::Interaction;

use super::Stubbed;
use super::states::Wanted;
use crate::rank::closest;
use crate::respond::{closest_json, failed};
use crate::session::line;

/// Says which of three things it is: the interaction may not answer, it is in another provider state, or none matches.
pub(super) fn explained(
    stubbed: &[Stubbed],
    request: &HttpRequest,
    matching: &[usize],
    wanted: &Wanted,
) -> Response<Bytes> {
    let matching: Vec<&Stubbed> = matching.iter().map(|place| &stubbed[*place]).collect();
    let line = line(request);
    let fits = |one: &&&Stubbed| wanted.fits(one.interaction.provider_states());
    if let Some(withheld) = matching.iter().find(fits) {
        return unverified(&line, withheld);
    }
    let status = StatusCode::NOT_FOUND;
    if let (Some(state), false) = (wanted.text(), matching.is_empty()) {
        let titles: Vec<String> = matching.iter().map(|one| one.interaction.title()).collect();
        let body = json!({
            "error": format!("{line} is expected, but not in a provider state like {state:?}"),
            "expectedIn": titles,
        });
        return failed("unexpected", status, &body);
    }
    let in_state = stubbed.iter().map(|one| &one.interaction);
    let in_state = in_state.filter(|one| wanted.fits(one.provider_states()));
    let closest = closest(in_state, request);
    let mut body = json!({
        "error": format!("no interaction expects {line}"),
        "closest": closest.as_ref().map(closest_json),
    });
    if closest.is_none() {
        body["error"] = nothing(stubbed, wanted).into();
    }
    failed("unexpected", status, &body)
}

fn unverified(line: &str, withheld: &Stubbed) -> Response<Bytes> {
    let reason = withheld.withheld.as_deref().unwrap_or_default();
    let body: Value = json!({
        "error": format!("{line} is expected, but nothing shows that the provider answers it: {reason}"),
        "interaction": withheld.interaction.title(),
    });
    failed("unverified", StatusCode::NOT_FOUND, &body)
}

/// Why there is not even something close.
fn nothing(stubbed: &[Stubbed], wanted: &Wanted) -> String {
    let is_http = |one: &Stubbed| matches!(one.interaction, Interaction::Http(_));
    match wanted.text() {
        Some(state) if stubbed.iter().any(is_http) => {
            let states = stubbed
                .iter()
                .flat_map(|one| one.interaction.provider_states());
            let mut names: Vec<String> = states.map(|state| format!("{:?}", state.name)).collect();
            names.sort();
            names.dedup();
            let names = names.join(", ");
            format!("no interaction has a provider state like {state:?}; there are: {names}")
        }
        _ => "this stub has no HTTP interaction at all".to_owned(),
    }
}
