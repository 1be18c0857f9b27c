//! What a difference is called: the values on both sides, as JSON shows them, and the rule that applied.

use bytes::Bytes;
use pact_models::HttpStatus;
use pact_models::matchingrules::{Category, MatchingRule, MatchingRules};
use pact_models::path_exp::DocPath;
use serde_json::{Map, Value};

use crate::mismatch::{Mismatch, NOTHING, Part, capped};

const EQUALITY: &str = "equality";

/// The rule that applies to a part that is no body, where the pact has one.
pub(super) fn rule(rules: &MatchingRules, part: Part, name: Option<&str>) -> Option<MatchingRule> {
    let rules = rules.rules_for_category(part.category()?)?;
    let is_it =
        |path: &DocPath| path.first_field().map(str::to_lowercase) == name.map(str::to_lowercase);
    let (_, list) = rules.rules.iter().find(|(path, _)| is_it(path))?;
    list.rules.first().cloned()
}

/// The name of a rule as mismatches show it.
pub(super) fn rule_name(rule: Option<&MatchingRule>) -> String {
    rule.map_or_else(|| EQUALITY.to_owned(), MatchingRule::name)
}

/// Both sides of a difference in a part that is no body, from the library's own texts for them.
pub(super) fn sides(
    part: Part,
    rule: Option<&MatchingRule>,
    expected: &str,
    actual: Option<&str>,
) -> (String, String) {
    let is_field = matches!(part, Part::Header | Part::Query);
    let expected = match rule.filter(|rule| **rule != MatchingRule::Equality) {
        Some(MatchingRule::MinType(min)) => format!("at least {min} values"),
        Some(MatchingRule::MaxType(max)) => format!("at most {max} values"),
        Some(MatchingRule::MinMaxType(min, max)) => format!("{min} to {max} values"),
        Some(rule) if is_field || part == Part::Path => {
            asked(rule, &Value::String(expected.to_owned()))
        }
        // Metadata is told as JSON, and as plain text where it is missing.
        Some(rule) if part == Part::Metadata => {
            let value = serde_json::from_str(expected);
            asked(
                rule,
                &value.unwrap_or_else(|_| Value::String(expected.to_owned())),
            )
        }
        // The library's text for a list is never empty, so this value was told to be unexpected.
        _ if is_field && expected.is_empty() && actual.is_some_and(is_quoted) => NOTHING.to_owned(),
        _ if is_field => quoted(expected),
        _ => expected.to_owned(),
    };
    let actual = match actual {
        Some(actual) if is_field => quoted(actual),
        Some(actual) if !actual.is_empty() => actual.to_owned(),
        _ => NOTHING.to_owned(),
    };
    (expected, actual)
}

/// The library quotes lists, and what is missing as a whole, but not single values.
fn quoted(text: &str) -> String {
    if is_quoted(text) {
        return text.to_owned();
    }
    Value::String(text.to_owned()).to_string()
}

fn is_quoted(text: &str) -> bool {
    text.starts_with(['"', '['])
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
        // A body that is missing as a whole has this path; in JSON it is the root.
        let path = if path == "/" { "$" } else { path };
        let Ok(tokens) = DocPath::new(path).map(|path| path.to_vec()) else {
            return vec![self.opaque(path, expected, actual, description)];
        };
        let (here, there) = (
            find_example(self.expected.as_ref(), &tokens),
            find(self.actual.as_ref(), &tokens),
        );
        let (Some(here), Some(there)) = (here, there) else {
            return vec![self.opaque(path, expected, actual, description)];
        };
        if let (Value::Object(here), Value::Object(there)) = (here, there) {
            let mut members = Vec::new();
            // Only these two sentences are about members. Any other difference is one of the object as a whole: of its
            // text, where the body is of a type that is not compared as JSON, or by a rule on the object itself.
            let is_exact = description.starts_with("Expected a Map with keys");
            if is_exact || description.starts_with("Actual map is missing the following keys") {
                let missing = here.iter().filter(|(name, _)| !there.contains_key(*name));
                members.extend(missing.map(|(name, value)| {
                    self.difference(path, Some(name), Some(value), None, &description)
                }));
            }
            if is_exact {
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
            actual: capped(actual.map_or_else(|| NOTHING.to_owned(), ToString::to_string)),
            rule: rule_name(rule.as_ref()),
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
            Some(value) if !value.is_empty() => String::from_utf8_lossy(value).into_owned(),
            _ => NOTHING.to_owned(),
        };
        let rule = DocPath::new(path).ok().and_then(|path| self.rule(&path));
        let json = self.expected.as_ref().and(expected);
        let json: Option<Value> = json.and_then(|json| serde_json::from_slice(json).ok());
        let expected = match (&rule, &json) {
            (Some(rule), Some(json)) => asked(rule, json),
            _ => text(expected),
        };
        Mismatch {
            part: Part::Body,
            path: path.to_owned(),
            expected: capped(expected),
            actual: capped(text(actual)),
            rule: rule_name(rule.as_ref()),
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
            Value::Object(members) => member(members, token),
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            _ => None,
        })
}

/// As [`find`], in an expected body: behind the end of an array its first item is the example for all that come.
fn find_example<'v>(value: Option<&'v Value>, tokens: &[String]) -> Option<&'v Value> {
    tokens
        .iter()
        .skip(1)
        .try_fold(value?, |value, token| match value {
            Value::Object(members) => member(members, token),
            Value::Array(items) => items.get(token.parse::<usize>().ok()?).or(items.first()),
            _ => None,
        })
}

/// The member with this name. The library's paths take a name of digits for a number: `004` comes as `4`.
fn member<'v>(members: &'v Map<String, Value>, token: &str) -> Option<&'v Value> {
    let same_number = || {
        let number: usize = token.parse().ok()?;
        let is_it = |name: &str| name.parse() == Ok(number);
        let mut found = members.iter().filter(|(name, _)| is_it(name));
        found.next().map(|(_, value)| value)
    };
    members.get(token).or_else(same_number)
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
        MatchingRule::ArrayContains(_) => format!("an array that contains items like {expected}"),
        MatchingRule::Plugin { name, .. } => {
            format!("what the rule {name:?} asks for, which this build of Treaty does not know")
        }
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
