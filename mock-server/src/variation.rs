//! Other responses that a contract allows.
//!
//! An interaction shows one example. Its matching rules let a provider answer otherwise: another name, no elements, a
//! member more. The first half of mutation testing asks whether the consumer copes with that, and this is where those
//! responses come from.
//!
//! The engine knows little about matching rules: it proposes changes freely and keeps those for which
//! [`treaty_core::matching::match_response`] finds no difference. So what it offers is what a provider's build would let
//! pass, and never more.

mod body;
mod values;

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use pact_models::generators::Generators;
use pact_models::matchingrules::MatchingRules;
use pact_models::v4::http_parts::HttpResponse;
use treaty_core::matching::match_response;

use crate::random::Seeded;
use body::{Document, Edit, Step};

/// The statuses that are tried. Those without a body are not: they would take it away.
const STATUSES: [u16; 14] = [
    200, 201, 202, 203, 206, 301, 400, 401, 404, 409, 422, 429, 500, 503,
];

/// One way in which a response can differ from its example and still be what the contract says.
///
/// ```
/// use treaty_mock_server::variation::{varied, variations};
///
/// let pact = treaty_core::document::load("a-b.json", br#"{
///   "consumer": {"name": "A"}, "provider": {"name": "B"},
///   "interactions": [{"description": "a name", "request": {"path": "/"}, "response": {
///     "status": 200, "body": {"name": "Jane"}, "headers": {"content-type": "application/json"},
///     "matchingRules": {"body": {"$.name": {"matchers": [{"match": "type"}]}}}
///   }}], "metadata": {"pactSpecification": {"version": "3.0.0"}}
/// }"#).unwrap();
/// let treaty_core::interaction::Interaction::Http(http) = &pact.interactions[0] else { panic!() };
///
/// let all = variations(&http.response, 0);
/// let empty = all.iter().find(|one| one.to_string() == r#"$.name  "" in place of "Jane""#).unwrap();
/// let response = varied(&http.response, &[empty]).unwrap();
/// assert_eq!(response.body.value().unwrap(), r#"{"name":""}"#);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Variation {
    change: Change,
}

#[derive(Debug, Clone, PartialEq)]
enum Change {
    Status { was: u16, status: u16 },
    Header { name: String, value: String },
    Body { path: Vec<Step>, edit: Edit },
}

impl Variation {
    /// Where the response differs: `$.items[0].id`, `status`, `header location`.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.change {
            Change::Status { .. } => "status".to_owned(),
            Change::Header { name, .. } => format!("header {name}"),
            Change::Body { path, .. } => body::text(path),
        }
    }
}

/// `$.name  "" in place of "Jane"`
impl fmt::Display for Variation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  ", self.path())?;
        match &self.change {
            Change::Status { was, status } => write!(f, "{status} in place of {was}"),
            Change::Header { value, .. } => write!(f, "{value:?}"),
            Change::Body { edit, .. } => write!(f, "{edit}"),
        }
    }
}

/// Every single variation of a response that its rules allow, in a fixed order. The seed decides the values.
#[must_use]
pub fn variations(expected: &HttpResponse, seed: u64) -> Vec<Variation> {
    let mut random = Seeded::new(seed);
    let mut proposed: Vec<Change> = Vec::new();
    proposed.extend(STATUSES.map(|status| Change::Status {
        was: expected.status,
        status,
    }));
    proposed.extend(headers(expected, &mut random));
    if let Some(document) = Document::of(expected) {
        let edits = document.edits(&expected.matching_rules, &mut random);
        proposed.extend(edits.map(|(path, edit)| Change::Body { path, edit }));
    }
    let mut seen = HashSet::new();
    let all = proposed.into_iter().map(|change| Variation { change });
    all.filter(|variation| {
        seen.insert(variation.to_string()) && varied(expected, &[variation]).is_some()
    })
    .collect()
}

/// Whether the body of a response is one that [`variations`] cannot vary: neither JSON, nor a form, nor plain text.
#[must_use]
pub fn is_opaque(expected: &HttpResponse) -> bool {
    let is_there = expected.body.value().is_some_and(|body| !body.is_empty());
    is_there && Document::of(expected).is_none()
}

/// The response with these variations at once; nothing if the contract does not allow them together, or if together
/// they change nothing.
#[must_use]
pub fn varied(expected: &HttpResponse, variations: &[&Variation]) -> Option<HttpResponse> {
    let mut response = HttpResponse {
        matching_rules: MatchingRules::default(),
        // A generator would put its own value over the varied one.
        generators: Generators::default(),
        ..expected.clone()
    };
    let mut edits = Vec::new();
    for variation in variations {
        match &variation.change {
            Change::Status { status, .. } => response.status = *status,
            Change::Header { name, value } => set(&mut response, name, value),
            Change::Body { path, edit } => edits.push((path, edit)),
        }
    }
    if !edits.is_empty() {
        response.body = Document::of(expected)?.edited(edits)?.into_body(expected);
    }
    let changed = response.status != expected.status
        || response.headers != expected.headers
        || response.body != expected.body;
    let passes = |mismatches: Vec<_>| mismatches.is_empty();
    (changed && match_response(expected, &response).is_ok_and(passes)).then_some(response)
}

/// Some of these variations at once, at most one for each place; the seed decides which.
#[must_use]
pub fn combination<'a>(variations: &[&'a Variation], seed: u64) -> Vec<&'a Variation> {
    let mut random = Seeded::new(seed);
    let mut by_path: BTreeMap<String, Vec<&'a Variation>> = BTreeMap::new();
    for variation in variations {
        by_path.entry(variation.path()).or_default().push(variation);
    }
    let mut chosen = Vec::new();
    for of_path in by_path.into_values() {
        let one = of_path[random.below(of_path.len())];
        if random.chance(0.5) {
            chosen.push(one);
        }
    }
    chosen
}

fn headers(expected: &HttpResponse, random: &mut Seeded) -> Vec<Change> {
    let mut names: Vec<(&String, &Vec<String>)> = expected.headers.iter().flatten().collect();
    names.sort_unstable();
    let mut changes = Vec::new();
    for (name, was) in names {
        let patterns = values::header_patterns(&expected.matching_rules, name);
        let was = was.join(", ");
        let mut others = values::strings(&was, &patterns, random);
        // A header has no room for these.
        others.retain(|other| other.is_ascii() && !other.contains('\n'));
        others.push(format!("{was};charset=utf-8"));
        changes.extend(others.into_iter().map(|value| Change::Header {
            name: name.clone(),
            value,
        }));
    }
    changes.push(Change::Header {
        name: "x-not-in-the-contract".to_owned(),
        value: "1".to_owned(),
    });
    changes
}

fn set(response: &mut HttpResponse, name: &str, value: &str) {
    let headers = response.headers.get_or_insert_default();
    headers.insert(name.to_owned(), vec![value.to_owned()]);
}
