//! Which interactions can match a request at all, found without matching anything.

use std::collections::HashMap;

use pact_models::matchingrules::{MatchingRule, MatchingRules};
use pact_models::v4::http_parts::HttpRequest;
use regex::bytes::{RegexSet, RegexSetBuilder};
use serde_json::Value;
use treaty_core::interaction::Interaction;

/// The memory for the tables of one method's patterns, in bytes; with less, a thousand patterns are slow.
const PATTERN_BYTES_MAX: usize = 16 * 1024 * 1024;

/// With fewer patterns than this, making the tables costs a test more than the matching of its requests.
const PATTERNS_MIN: usize = 8;

/// Query parameters as text, in the order of their names.
type Query = Vec<(String, Vec<String>)>;

/// Interactions by what the request has to be equal in; those with a rule for it, by what is left.
///
/// This only ever leaves out interactions that the matching would refuse; what it lets through is matched in full.
#[derive(Debug, Default)]
pub(crate) struct Index {
    exact: HashMap<(String, String, Query), Bodies>,
    by_query_rule: HashMap<(String, String), Vec<usize>>,
    by_path_rule: HashMap<String, Vec<usize>>,
    by_pattern: HashMap<String, Patterns>,
}

/// Interactions that differ in the bodies that they expect, if in anything.
#[derive(Debug, Default)]
struct Bodies {
    any: Vec<usize>,
    by_text: HashMap<String, Vec<usize>>,
}

/// Interactions whose path is a plain regular expression: one pass over a path tells all that it fits.
#[derive(Debug)]
struct Patterns {
    set: RegexSet,
    places: Vec<usize>,
}

impl Index {
    pub(crate) fn new<'a>(interactions: impl IntoIterator<Item = &'a Interaction>) -> Self {
        let mut index = Self::default();
        let mut patterns: HashMap<String, Vec<(usize, String)>> = HashMap::new();
        for (place, interaction) in interactions.into_iter().enumerate() {
            let Interaction::Http(http) = interaction else {
                continue;
            };
            let (request, method) = (&http.request, http.request.method.to_uppercase());
            if let Some(pattern) = path_pattern(request) {
                patterns.entry(method).or_default().push((place, pattern));
            } else if has_rules(&request.matching_rules, "path") {
                index.by_path_rule.entry(method).or_default().push(place);
            } else if has_rules(&request.matching_rules, "query") {
                let key = (method, request.path.clone());
                index.by_query_rule.entry(key).or_default().push(place);
            } else {
                let key = (method, request.path.clone(), query(request));
                let bodies = index.exact.entry(key).or_default();
                match equal_body(request) {
                    Some(text) => bodies.by_text.entry(text).or_default().push(place),
                    None => bodies.any.push(place),
                }
            }
        }
        for (method, patterns) in patterns {
            index.add_patterns(method, patterns);
        }
        index
    }

    fn add_patterns(&mut self, method: String, patterns: Vec<(usize, String)>) {
        let (places, patterns): (Vec<usize>, Vec<String>) = patterns.into_iter().unzip();
        if places.len() < PATTERNS_MIN {
            return self.by_path_rule.entry(method).or_default().extend(places);
        }
        // The matching compares whole paths, and tables that need not look for a beginning are small.
        let whole = patterns.iter().map(|pattern| format!("^(?:{pattern})$"));
        // Without Unicode the tables are a tenth of the size; a path that is not ASCII does not come here.
        let mut set = RegexSetBuilder::new(whole);
        let set = set.unicode(false);
        match set.dfa_size_limit(PATTERN_BYTES_MAX).build() {
            Ok(set) => {
                self.by_pattern.insert(method, Patterns { set, places });
            }
            Err(_) => self.by_path_rule.entry(method).or_default().extend(places),
        }
    }

    /// The places of the interactions that may match, in the order in which they were described.
    pub(crate) fn candidates(&self, request: &HttpRequest) -> Vec<usize> {
        let method = request.method.to_uppercase();
        let path = (method, request.path.clone());
        let mut places = Vec::new();
        places.extend(self.by_query_rule.get(&path).into_iter().flatten());
        let (method, path) = path;
        places.extend(self.by_path_rule.get(&method).into_iter().flatten());
        if let Some(patterns) = self.by_pattern.get(&method) {
            patterns.add_fitting(&path, &mut places);
        }
        let key = (method, path, query(request));
        if let Some(bodies) = self.exact.get(&key) {
            bodies.add_fitting(request, &mut places);
        }
        places.sort_unstable();
        places
    }
}

impl Bodies {
    fn add_fitting(&self, request: &HttpRequest, places: &mut Vec<usize>) {
        places.extend(&self.any);
        if !self.by_text.is_empty()
            && let Some(text) = json_text(request)
        {
            places.extend(self.by_text.get(&text).into_iter().flatten());
        }
    }
}

impl Patterns {
    fn add_fitting(&self, path: &str, places: &mut Vec<usize>) {
        if !path.is_ascii() {
            return places.extend(&self.places);
        }
        let fitting = self.set.matches(path.as_bytes()).into_iter();
        places.extend(fitting.map(|place| self.places[place]));
    }
}

/// The text of a JSON body that has to be equal as a whole.
fn equal_body(request: &HttpRequest) -> Option<String> {
    if has_rules(&request.matching_rules, "body") || !request.content_type()?.is_json() {
        return None;
    }
    json_text(request)
}

/// A JSON body as text, the same for all bodies that are equal: members in order, numbers by their size.
fn json_text(request: &HttpRequest) -> Option<String> {
    let value: Value = serde_json::from_slice(&request.body.value()?).ok()?;
    let mut text = String::new();
    write(&value, &mut text);
    Some(text)
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Number(number) => text.push_str(&number.as_f64().unwrap_or_default().to_string()),
        Value::Array(elements) => {
            text.push('[');
            for element in elements {
                write(element, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (name, member) in members {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(member, text);
                text.push(',');
            }
            text.push('}');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

fn query(request: &HttpRequest) -> Query {
    let mut query: Query = request
        .query
        .iter()
        .flatten()
        .map(|(name, values)| {
            let values = values.iter().map(|value| value.clone().unwrap_or_default());
            (name.clone(), values.collect())
        })
        .collect();
    query.sort_unstable();
    query
}

fn has_rules(rules: &MatchingRules, category: &str) -> bool {
    let rules = rules.rules_for_category(category);
    rules.is_some_and(|rules| rules.is_not_empty())
}

/// The regular expression that is the one rule of a path, where the engine of the matching library and the one used
/// here cannot disagree about it.
fn path_pattern(request: &HttpRequest) -> Option<String> {
    let category = request.matching_rules.rules_for_category("path")?;
    let rules: Vec<_> = category.rules.into_values().collect();
    let [list] = rules.as_slice() else {
        return None;
    };
    match list.rules.as_slice() {
        [MatchingRule::Regex(pattern)] if is_plain(pattern) => Some(pattern.clone()),
        _ => None,
    }
}

/// Letters, digits, classes, groups and repetitions mean the same to every engine; flags, assertions, back references
/// and the rarer escapes do not.
fn is_plain(pattern: &str) -> bool {
    let mut before = ' ';
    pattern.chars().all(|c| {
        let fine = match (before, c) {
            ('\\', escaped) => "dwDW./-_?+*()[]{}|^$\\".contains(escaped),
            ('(', '?') | ('[', '[') | ('&', '&') | ('*' | '+' | '?' | '}', '+') => false,
            (_, c) => c.is_ascii_graphic(),
        };
        before = if before == '\\' { ' ' } else { c };
        fine
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use treaty_core::document::load_json;

    use super::*;

    /// Matching a request against every interaction makes a test with hundreds of them wait.
    #[test]
    fn one_of_five_hundred_is_matched() {
        let interaction = |number: u32| {
            json!({
                "description": number.to_string(), "response": { "status": 200 },
                "request": { "method": "GET", "path": format!("/users/{number}") },
            })
        };
        let interactions: Vec<_> = (0..500).map(interaction).collect();
        let pact = json!({
            "consumer": { "name": "A" }, "provider": { "name": "B" }, "interactions": interactions,
        });
        let pact = load_json("a pact", &pact).unwrap();
        let index = Index::new(&pact.interactions);
        let request = |path: &str| HttpRequest {
            path: path.to_owned(),
            ..HttpRequest::default()
        };
        assert_eq!(index.candidates(&request("/users/321")), [321]);
        assert_eq!(index.candidates(&request("/users/500")), [0; 0]);
    }

    #[test]
    fn only_patterns_that_all_engines_read_alike_are_plain() {
        for pattern in [
            "/users/\\d+",
            "^/users/[a-z0-9-]+$",
            "/(a|b)/.*",
            "/\\w{2,3}/?",
        ] {
            assert!(is_plain(pattern), "{pattern}");
        }
        for pattern in [
            "/(?i)users",
            "/a++",
            "\\h+",
            "/[[:alpha:]]",
            "/(?=a)",
            "/[a&&b]",
            "/a b",
        ] {
            assert!(!is_plain(pattern), "{pattern}");
        }
    }
}
