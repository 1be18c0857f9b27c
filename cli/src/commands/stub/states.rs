//! The provider state that a stub is told to be in.

use std::collections::BTreeSet;

use treaty_mock_server::{NamePattern, Stubbed};

use super::is_http;
use crate::args::StubArgs;

/// The warning that no interaction is in the state, of which the stub says that it answers from it.
pub(super) fn nobody_is_in(stubbed: &[Stubbed], args: &StubArgs) -> Option<String> {
    let wanted = args.provider_state.as_deref()?;
    let pattern = NamePattern::new(wanted);
    let interactions = stubbed.iter().filter(|one| is_http(one));
    let states: Vec<Vec<&str>> = interactions.map(states).collect();
    let answers = |names: &Vec<&str>| {
        let is_stateless = args.empty_provider_state && names.is_empty();
        is_stateless || names.iter().any(|name| pattern.fits(name))
    };
    if states.iter().any(answers) {
        return None;
    }
    let there: BTreeSet<&str> = states.into_iter().flatten().collect();
    let there: Vec<&str> = there.into_iter().collect();
    let there = if there.is_empty() {
        "none has any".to_owned()
    } else {
        format!("there are {}", there.join(", "))
    };
    Some(format!(
        "warning: no interaction is in a provider state like {wanted:?}, so each request is answered with 404 that chooses no \
         other by {}: {there}",
        args.provider_state_header_name
    ))
}

fn states(stubbed: &Stubbed) -> Vec<&str> {
    let states = stubbed.interaction.provider_states().iter();
    states.map(|state| state.name.as_str()).collect()
}
