//! Who uses what of a provider, as its consumers' pacts tell it.

use std::fmt;
use std::str::FromStr;

use pact_models::bodies::OptionalBody;
use pact_models::path_exp::{DocPath, PathToken};
use pact_models::v4::http_parts::HttpRequest;
use serde::Serialize;
use serde_json::Value;

use crate::interaction::Interaction;
use crate::matching::match_request;
use crate::mismatch::{Mismatch, Part};
use crate::pact::Pact;

/// A part of a provider's interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The method; any for `*`.
    pub method: String,
    /// The path, in which `{id}`, `:id` and `*` stand for any one segment.
    pub path: String,
    /// A member of a body. Without it, the whole exchange.
    pub field: Option<Field>,
}

/// A member of a body: one of a name, wherever it stands, or the one at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    text: String,
    wanted: WantedField,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum WantedField {
    Named(String),
    /// The names from the top of the body, any for none; the numbers of array elements are no part of it.
    At(Vec<Option<String>>),
}

/// A text that names no member of a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} names no member of a body: {reason}")]
pub struct FieldError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
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
///     method: "GET".to_owned(), path: "/users/{id}".to_owned(), field: Some(field.parse().unwrap()),
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

/// Whether a matching rule for the path lets this one pass. No other part of the request has a say in it, and comparing
/// its body with itself may be more work than is begun.
fn allows(request: &HttpRequest, path: &str) -> bool {
    let at = |path: &str| HttpRequest {
        path: path.to_owned(),
        matching_rules: request.matching_rules.clone(),
        ..HttpRequest::default()
    };
    let is_other = |mismatch: &Mismatch| mismatch.part == Part::Path;
    match_request(&at(&request.path), &at(path))
        .is_ok_and(|mismatches| !mismatches.iter().any(is_other))
}

/// Where in a JSON body the member is.
fn places(body: &OptionalBody, field: &Field) -> Vec<String> {
    let bytes = body.value().unwrap_or_default();
    let Ok(document) = serde_json::from_slice::<Value>(&bytes) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    collect(&document, "$", &mut Vec::new(), field, &mut found);
    found
}

impl FromStr for Field {
    type Err = FieldError;

    /// Reads `email`, the name of a member, or `$.user.email`, `user.email` or `$[*]['e-mail']`, its path.
    fn from_str(text: &str) -> Result<Self, FieldError> {
        let wrong = |reason: &str| FieldError {
            text: text.to_owned(),
            reason: reason.to_owned(),
        };
        let path = match text.chars().next() {
            None => return Err(wrong("it is empty")),
            Some('$') => text.to_owned(),
            Some('[' | '.') => format!("${text}"),
            Some(_) if text.contains(['.', '[']) => format!("$.{text}"),
            Some(_) => {
                return Ok(Self {
                    text: text.to_owned(),
                    wanted: WantedField::Named(text.to_owned()),
                });
            }
        };
        let path = DocPath::new(path).map_err(|error| wrong(&error.to_string()))?;
        let names = path.tokens().iter().filter_map(|token| match token {
            PathToken::Field(name) => Some(Some(name.clone())),
            PathToken::Star => Some(None),
            PathToken::Root | PathToken::Index(_) | PathToken::StarIndex => None,
        });
        let names: Vec<Option<String>> = names.collect();
        if names.is_empty() {
            return Err(wrong("it is the whole body or an element of it"));
        }
        Ok(Self {
            text: text.to_owned(),
            wanted: WantedField::At(names),
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Field {
    /// Whether it is the member that the names lead to from the top of a body.
    fn is_at(&self, names: &[&str]) -> bool {
        match &self.wanted {
            WantedField::Named(wanted) => names.last() == Some(&wanted.as_str()),
            WantedField::At(wanted) => {
                let mut pairs = wanted.iter().zip(names);
                let is = |wanted: &Option<String>, name: &str| {
                    wanted.as_ref().is_none_or(|wanted| wanted == name)
                };
                wanted.len() == names.len() && pairs.all(|(wanted, name)| is(wanted, name))
            }
        }
    }
}

fn collect<'a>(
    value: &'a Value,
    path: &str,
    names: &mut Vec<&'a str>,
    field: &Field,
    found: &mut Vec<String>,
) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = format!("{path}.{name}");
                names.push(name);
                if field.is_at(names) {
                    found.push(path.clone());
                }
                collect(member, &path, names, field, found);
                names.pop();
            }
        }
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                collect(element, &format!("{path}[{place}]"), names, field, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::load_json;

    fn pact(request: &Value, answer: &Value) -> Pact {
        let json = |content: &Value| json!({"contentType": "application/json", "content": content});
        let mut request = request.clone();
        request["body"] = json(&request["body"]);
        let pact = json!({
            "consumer": {"name": "A"}, "provider": {"name": "B"},
            "interactions": [{
                "type": "Synchronous/HTTP", "description": "x", "request": request,
                "response": {"status": 200, "body": json(answer)},
            }],
            "metadata": {"pactSpecification": {"version": "4.0"}},
        });
        load_json("a-b.json", &pact).unwrap()
    }

    fn wanted(path: &str, field: Option<&str>) -> Wanted {
        Wanted {
            method: "*".to_owned(),
            path: path.to_owned(),
            field: field.map(|field| field.parse().unwrap()),
        }
    }

    #[test]
    fn a_member_of_a_list_at_the_top_is_found_by_its_path() {
        let pact = pact(
            &json!({"method": "GET", "path": "/users"}),
            &json!([{"email": "a@b"}]),
        );
        for field in [
            "$[0].email",
            "$[*].email",
            "[*].email",
            "$[3].email",
            "$[*]['email']",
            "$[0].*",
        ] {
            let found = uses(&pact, &wanted("/users", Some(field)));
            assert_eq!(found[0].reads, ["$[0].email"], "{field}");
        }
        assert_eq!(uses(&pact, &wanted("/users", Some("$[0].name"))), []);
    }

    #[test]
    fn a_text_that_names_no_member_is_refused() {
        for text in ["", "$", "$[", "$[0]", "$.a[", "a..b", "$.['a"] {
            let error = text.parse::<Field>().unwrap_err();
            assert_eq!(error.text, text);
        }
    }

    #[test]
    fn a_name_with_a_full_stop_is_one_name() {
        let pact = pact(
            &json!({"method": "GET", "path": "/users"}),
            &json!({"a.b": 1, "a": {"b": 2}}),
        );
        let reads = |field: &str| uses(&pact, &wanted("/users", Some(field)))[0].reads.len();
        assert_eq!(reads("$['a.b']"), 1);
        assert_eq!(reads("$.a.b"), 1);
    }

    #[test]
    fn a_body_that_is_too_much_to_compare_does_not_let_every_path_pass() {
        let deep = (0..40).fold(json!(1), |below, _| json!({ "a": below }));
        let two = json!({"combine": "AND", "matchers": [{"match": "type"}, {"match": "notEmpty"}]});
        let request = json!({
            "method": "POST", "path": "/orders", "body": deep, "matchingRules": {"body": {"$": two}},
        });
        let pact = pact(&request, &json!({}));
        assert_eq!(uses(&pact, &wanted("/users", None)), []);
        assert_eq!(uses(&pact, &wanted("/orders", None)).len(), 1);
    }
}
