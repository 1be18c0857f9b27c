//! What a difference is called: the values on both sides, as JSON shows them, and the rule that applied.

use bytes::Bytes;
use pact_models::HttpStatus;
use pact_models::matchingrules::{Category, MatchingRule, MatchingRules};
use pact_models::path_exp::DocPath;
use serde_json::Value;

use crate::mismatch::{Mismatch, Part, capped};

const EQUALITY: &str = "equality";

/// The name of the rule that applies to a part that is no body, `equality` where the pact has none.
pub(super) fn rule_name(rules: &MatchingRules, part: Part, name: Option<&str>) -> String {
    let category = match part {
        Part::Path => Category::PATH,
        Part::Query => Category::QUERY,
        Part::Status => Category::STATUS,
        Part::Header => Category::HEADER,
        Part::Metadata => Category::METADATA,
        Part::Method | Part::ContentType | Part::Body => return EQUALITY.to_owned(),
    };
    let rules = rules.rules_for_category(category).unwrap_or_default();
    let is_it =
        |path: &DocPath| path.first_field().map(str::to_lowercase) == name.map(str::to_lowercase);
    let list = rules.rules.iter().find(|(path, _)| is_it(path));
    list.and_then(|(_, list)| list.rules.first())
        .map_or_else(|| EQUALITY.to_owned(), MatchingRule::name)
}

/// The class of status that a pact asks for, where it asks for a class.
pub(super) fn status(rules: &MatchingRules) -> Option<String> {
    let rules = rules.rules_for_category(Category::STATUS)?;
    let class = rules
        .as_rule_list()
        .rules
        .into_iter()
        .find_map(|rule| match rule {
            MatchingRule::StatusCode(class) => Some(class),
            _ => None,
        })?;
    Some(match class {
        HttpStatus::Information => "an informational status (100-199)".to_owned(),
        HttpStatus::Success => "a success status (200-299)".to_owned(),
        HttpStatus::Redirect => "a redirect (300-399)".to_owned(),
        HttpStatus::ClientError => "a client error (400-499)".to_owned(),
        HttpStatus::ServerError => "a server error (500-599)".to_owned(),
        HttpStatus::NonError => "a status that is no error (100-399)".to_owned(),
        HttpStatus::Error => "an error status (400-599)".to_owned(),
        HttpStatus::StatusCodes(codes) => format!("one of {codes:?}"),
    })
}

/// Both bodies, kept as JSON where they are JSON: the matching library's own texts do not tell `7` from `"7"`.
pub(super) struct BodyWords<'a> {
    rules: &'a MatchingRules,
    expected: Option<Value>,
    actual: Option<Value>,
}

impl<'a> BodyWords<'a> {
    pub(super) fn new(
        rules: &'a MatchingRules,
        expected: Option<Bytes>,
        actual: Option<Bytes>,
    ) -> Self {
        let json = |body: Option<Bytes>| serde_json::from_slice(&body?).ok();
        Self {
            rules,
            expected: json(expected),
            actual: json(actual),
        }
    }

    /// One difference as the library tells it; several where it puts all missing members of an object into one.
    pub(super) fn mismatches(
        &self,
        path: &str,
        expected: Option<&[u8]>,
        actual: Option<&[u8]>,
        description: String,
    ) -> Vec<Mismatch> {
        let tokens = DocPath::new(path)
            .map(|path| path.to_vec())
            .unwrap_or_default();
        let (here, there) = (
            find(self.expected.as_ref(), &tokens),
            find(self.actual.as_ref(), &tokens),
        );
        let (Some(here), Some(there)) = (here, there) else {
            return vec![self.opaque(path, expected, actual, description)];
        };
        if let (Value::Object(here), Value::Object(there)) = (here, there) {
            let missing = here.iter().filter(|(name, _)| !there.contains_key(*name));
            let mut members: Vec<Mismatch> = missing
                .map(|(name, value)| {
                    self.difference(path, Some(name), Some(value), None, &description)
                })
                .collect();
            if description.starts_with("Expected a Map with keys") {
                let extra = there.iter().filter(|(name, _)| !here.contains_key(*name));
                members.extend(extra.map(|(name, value)| {
                    self.difference(path, Some(name), None, Some(value), &description)
                }));
            }
            if !members.is_empty() {
                return members;
            }
        }
        vec![self.difference(path, None, Some(here), Some(there), &description)]
    }

    fn difference(
        &self,
        path: &str,
        member: Option<&str>,
        expected: Option<&Value>,
        actual: Option<&Value>,
        description: &str,
    ) -> Mismatch {
        let mut path = DocPath::new(path).unwrap_or_else(|_| DocPath::root());
        if let Some(member) = member {
            path.push_field(member);
        }
        let rule = self.rule(&path);
        let expected = match expected {
            Some(expected) => expectation(rule.as_ref(), expected, actual),
            None => "no such member".to_owned(),
        };
        Mismatch {
            part: Part::Body,
            path: path.to_string(),
            expected: capped(expected),
            actual: capped(actual.map_or_else(|| "nothing".to_owned(), ToString::to_string)),
            rule: rule.map_or_else(|| EQUALITY.to_owned(), |rule| rule.name()),
            description: capped(description.to_owned()),
        }
    }

    /// A difference in a body that is not JSON, or at a place that only one side has.
    fn opaque(
        &self,
        path: &str,
        expected: Option<&[u8]>,
        actual: Option<&[u8]>,
        description: String,
    ) -> Mismatch {
        let text = |value: Option<&[u8]>| match value {
            Some(value) if !value.is_empty() => capped(String::from_utf8_lossy(value).into_owned()),
            _ => "nothing".to_owned(),
        };
        let rule = DocPath::new(path).ok().and_then(|path| self.rule(&path));
        Mismatch {
            part: Part::Body,
            path: path.to_owned(),
            expected: text(expected),
            actual: text(actual),
            rule: rule.map_or_else(|| EQUALITY.to_owned(), |rule| rule.name()),
            description: capped(description),
        }
    }

    fn rule(&self, path: &DocPath) -> Option<MatchingRule> {
        let path = path.to_vec();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let rules = self.rules.rules_for_category(Category::BODY)?;
        rules.select_best_matcher(&path).rules.first().cloned()
    }
}

/// Follows the tokens of a path, `$` first.
fn find<'v>(value: Option<&'v Value>, tokens: &[String]) -> Option<&'v Value> {
    tokens
        .iter()
        .skip(1)
        .try_fold(value?, |value, token| match value {
            Value::Object(members) => members.get(token),
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => None,
        })
}

/// What a rule asks for, in words that make sense beside what came.
fn expectation(rule: Option<&MatchingRule>, expected: &Value, actual: Option<&Value>) -> String {
    let items = match actual {
        Some(Value::Array(items)) => Some(items.len()),
        _ => None,
    };
    match (rule, items) {
        (Some(MatchingRule::MinType(min)), Some(_)) => format!("at least {min} items"),
        (Some(MatchingRule::MaxType(max)), Some(_)) => format!("at most {max} items"),
        (Some(MatchingRule::MinMaxType(min, max)), Some(_)) => format!("{min} to {max} items"),
        (Some(rule), _) => asked(rule, expected),
        (None, _) => expected.to_string(),
    }
}

fn asked(rule: &MatchingRule, expected: &Value) -> String {
    match rule {
        MatchingRule::Integer => "an integer".to_owned(),
        MatchingRule::Decimal => "a decimal number".to_owned(),
        MatchingRule::Number => "a number".to_owned(),
        MatchingRule::Boolean => "a boolean".to_owned(),
        MatchingRule::Null => "null".to_owned(),
        MatchingRule::NotEmpty => format!("{} that is not empty", noun(expected)),
        MatchingRule::Semver => "a semantic version".to_owned(),
        MatchingRule::Regex(regex) => format!("a string that matches /{regex}/"),
        MatchingRule::Include(part) => format!("a string that contains {part:?}"),
        MatchingRule::Timestamp(format) => format!("a date and time like {format:?}"),
        MatchingRule::Date(format) => format!("a date like {format:?}"),
        MatchingRule::Time(format) => format!("a time like {format:?}"),
        MatchingRule::Equality => expected.to_string(),
        _ => noun(expected).to_owned(),
    }
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
