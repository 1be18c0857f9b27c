//! Which interactions can match a request at all, found without matching anything.

use std::collections::HashMap;

use pact_models::v4::http_parts::HttpRequest;
use treaty_core::interaction::Interaction;

/// Interactions by method and path; those whose path is a rule or is generated, by method alone.
#[derive(Debug, Default)]
pub(crate) struct Index {
    exact: HashMap<(String, String), Vec<usize>>,
    by_rule: HashMap<String, Vec<usize>>,
}

impl Index {
    pub(crate) fn new(interactions: &[Interaction]) -> Self {
        let mut index = Self::default();
        for (place, interaction) in interactions.iter().enumerate() {
            let Interaction::Http(http) = interaction else {
                continue;
            };
            let method = http.request.method.to_uppercase();
            if has_path_rule(&http.request) {
                index.by_rule.entry(method).or_default().push(place);
            } else {
                let key = (method, http.request.path.clone());
                index.exact.entry(key).or_default().push(place);
            }
        }
        index
    }

    /// The places of the interactions that may match, in the order in which they were described.
    pub(crate) fn candidates(&self, method: &str, path: &str) -> Vec<usize> {
        let method = method.to_uppercase();
        let by_rule = self.by_rule.get(&method).into_iter().flatten();
        let exact = self
            .exact
            .get(&(method.clone(), path.to_owned()))
            .into_iter()
            .flatten();
        let mut places: Vec<usize> = exact.chain(by_rule).copied().collect();
        places.sort_unstable();
        places
    }
}

fn has_path_rule(request: &HttpRequest) -> bool {
    let rules = request.matching_rules.rules_for_category("path");
    rules.is_some_and(|rules| rules.is_not_empty())
}
