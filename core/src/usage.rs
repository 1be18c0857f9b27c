//! Who uses what of a provider, as its consumers' pacts tell it.

use pact_models::bodies::OptionalBody;
use pact_models::v4::http_parts::HttpRequest;
use serde::Serialize;
use serde_json::Value;

use crate::interaction::Interaction;
use crate::matching::match_request;
use crate::mismatch::Part;
use crate::pact::Pact;

/// A part of a provider's interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The method; any for `*`.
    pub method: String,
    /// The path, in which `{id}`, `:id` and `*` stand for any one segment.
    pub path: String,
    /// A member of a body: `$.user.email`, or `email` for one of that name anywhere. Without it, the whole exchange.
    pub field: Option<String>,
}

/// An interaction that uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Use {
    /// The interaction's description and provider states.
    pub title: String,
    /// The request, `GET /users/42`.
    pub request: String,
    /// The JSON paths at which the consumer reads the member from the answer.
    pub reads: Vec<String>,
    /// The JSON paths at which the consumer sends the member.
    pub sends: Vec<String>,
}

/// Every interaction of the pact that uses it, in the pact's order.
///
/// ```
/// use treaty_core::usage::{Wanted, uses};
///
/// let pact = treaty_core::document::load("a-b.json", br#"{
///   "consumer": {"name": "A"}, "provider": {"name": "B"},
///   "interactions": [{"description": "a user", "request": {"method": "GET", "path": "/users/42"},
///     "response": {"status": 200, "body": {"users": [{"email": "a@b"}]}, "headers": {"content-type": "application/json"}}}]
/// }"#).unwrap();
/// let wanted = |field: &str| Wanted {
///     method: "GET".to_owned(), path: "/users/{id}".to_owned(), field: Some(field.to_owned()),
/// };
/// assert_eq!(uses(&pact, &wanted("email"))[0].reads, ["$.users[0].email"]);
/// assert_eq!(uses(&pact, &wanted("$.users[*].email")).len(), 1);
/// assert_eq!(uses(&pact, &wanted("$.email")), []);
/// ```
#[must_use]
pub fn uses(pact: &Pact, wanted: &Wanted) -> Vec<Use> {
    let uses = pact.interactions.iter().filter_map(|interaction| {
        let Interaction::Http(http) = interaction else {
            return None;
        };
        if !is_asked(&http.request, wanted) {
            return None;
        }
        let at = |body: &OptionalBody| match &wanted.field {
            Some(field) => places(body, field),
            None => Vec::new(),
        };
        let (reads, sends) = (at(&http.response.body), at(&http.request.body));
        let is_used = wanted.field.is_none() || !reads.is_empty() || !sends.is_empty();
        is_used.then(|| Use {
            title: interaction.title(),
            request: format!("{} {}", http.request.method, http.request.path),
            reads,
            sends,
        })
    });
    uses.collect()
}

fn is_asked(request: &HttpRequest, wanted: &Wanted) -> bool {
    let method = wanted.method == "*" || wanted.method.eq_ignore_ascii_case(&request.method);
    method && (is_like(&request.path, &wanted.path) || allows(request, &wanted.path))
}

/// Whether each segment is the template's, or any where the template leaves that open.
fn is_like(path: &str, template: &str) -> bool {
    let segments = |path: &str| -> Vec<String> {
        let segments = path.trim_end_matches('/').split('/');
        segments.map(str::to_owned).collect()
    };
    let is_open = |segment: &String| {
        segment == "*"
            || segment.starts_with(':')
            || (segment.starts_with('{') && segment.ends_with('}'))
    };
    let (path, template) = (segments(path), segments(template));
    let mut pairs = path.iter().zip(&template);
    path.len() == template.len() && pairs.all(|(path, like)| path == like || is_open(like))
}

/// Whether a matching rule for the path lets this one pass.
fn allows(request: &HttpRequest, path: &str) -> bool {
    let asked = HttpRequest {
        path: path.to_owned(),
        ..request.clone()
    };
    let mismatches = match_request(request, &asked);
    mismatches
        .iter()
        .all(|mismatch| mismatch.part != Part::Path)
}

/// Where in a JSON body the member is.
fn places(body: &OptionalBody, field: &str) -> Vec<String> {
    let bytes = body.value().unwrap_or_default();
    let Ok(document) = serde_json::from_slice::<Value>(&bytes) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    collect(&document, "$", &Field::of(field), &mut found);
    found
}

/// A member by its name, or by its path without the numbers of array elements.
enum Field {
    Named(String),
    At(String),
}

impl Field {
    fn of(text: &str) -> Self {
        if text.starts_with('$') || text.contains(['.', '[']) {
            let path = text.trim_start_matches('$').trim_start_matches('.');
            return Self::At(format!("$.{}", without_elements(path)));
        }
        Self::Named(text.to_owned())
    }

    fn is(&self, name: &str, path: &str) -> bool {
        match self {
            Self::Named(wanted) => wanted == name,
            Self::At(wanted) => *wanted == without_elements(path),
        }
    }
}

fn without_elements(path: &str) -> String {
    let parts = path.split('[');
    parts
        .map(|part| part.split_once(']').map_or(part, |(_, rest)| rest))
        .collect()
}

fn collect(value: &Value, path: &str, field: &Field, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = format!("{path}.{name}");
                if field.is(name, &path) {
                    found.push(path.clone());
                }
                collect(member, &path, field, found);
            }
        }
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                collect(element, &format!("{path}[{place}]"), field, found);
            }
        }
        _ => {}
    }
}
