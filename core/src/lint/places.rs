//! Where things stand: from matching rules and values to JSON pointers in the document, whatever its version.

use pact_models::matchingrules::{Category, RuleList};
use pact_models::path_exp::{DocPath, PathToken};
use serde_json::Value;

use super::subject::{Field, FieldKind, Side};

/// The members in which tools have put the matching rules.
const RULE_MEMBERS: [&str; 3] = [
    "matchingRules",
    "requestMatchingRules",
    "responseMatchingRules",
];

/// A list of matching rules, what it is for, and where it stands.
pub(super) struct RuleAt<'a> {
    pub(super) category: &'a Category,
    pub(super) path: &'a DocPath,
    pub(super) list: &'a RuleList,
    pub(super) pointer: String,
}

/// One example value: its path as the matching library splits it, and its JSON pointer.
pub(super) struct Example<'a> {
    pub(super) path: Vec<String>,
    pub(super) value: &'a Value,
}

/// The value of a field before its kind is known.
pub(super) struct FieldPlace {
    name: String,
    value: Value,
    pointer: String,
}

impl FieldPlace {
    pub(super) fn of(self, kind: FieldKind) -> Field {
        let Self {
            name,
            value,
            pointer,
        } = self;
        Field {
            kind,
            name,
            value,
            pointer,
        }
    }
}

impl Example<'_> {
    /// The pointer of the example below the pointer of its body.
    pub(super) fn pointer(&self, body: &str) -> String {
        self.path
            .iter()
            .skip(1)
            .fold(body.to_owned(), |pointer, step| child(&pointer, step))
    }
}

/// The pointer of a member.
pub(super) fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The places of the values of one field of a list such as `headers`, in a document that may write them as one text.
pub(super) fn field_pointers(
    side: &str,
    json: &Value,
    list: &str,
    name: &str,
    values: Vec<Value>,
) -> Vec<FieldPlace> {
    let written = json.get(list).unwrap_or(&Value::Null);
    let list = child(side, list);
    let (pointer, is_list) = match written.get(name) {
        Some(value) => (child(&list, name), value.is_array()),
        None => (list, false),
    };
    let place = |(index, value): (usize, Value)| FieldPlace {
        name: name.to_owned(),
        value,
        pointer: if is_list {
            format!("{pointer}/{index}")
        } else {
            pointer.clone()
        },
    };
    values.into_iter().enumerate().map(place).collect()
}

/// The examples in a JSON body that a path expression is for.
pub(super) fn resolve<'v>(body: &'v Value, path: &DocPath) -> Vec<Example<'v>> {
    let mut found = vec![Example {
        path: vec!["$".to_owned()],
        value: body,
    }];
    for token in path.tokens() {
        found = found
            .iter()
            .flat_map(|example| step(example, token))
            .collect();
    }
    found
}

fn step<'v>(from: &Example<'v>, token: &PathToken) -> Vec<Example<'v>> {
    let to = |name: &str, value: &'v Value| {
        let mut path = from.path.clone();
        path.push(name.to_owned());
        Example { path, value }
    };
    match (token, from.value) {
        (PathToken::Root, value) => vec![Example {
            path: from.path.clone(),
            value,
        }],
        (PathToken::Field(name), value) => {
            value.get(name).map(|v| to(name, v)).into_iter().collect()
        }
        (PathToken::Index(index), value) => {
            let item = value.get(index).map(|v| to(&index.to_string(), v));
            item.into_iter().collect()
        }
        (PathToken::Star, Value::Object(members)) => members
            .iter()
            .map(|(name, value)| to(name, value))
            .collect(),
        (PathToken::Star | PathToken::StarIndex, Value::Array(items)) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, value)| to(&index.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Every list of matching rules of a side.
pub(super) fn rules<'s>(side: &'s Side<'_>) -> Vec<RuleAt<'s>> {
    let categories = side.rules.rules.iter();
    let lists = categories.flat_map(|(category, rules)| {
        rules
            .rules
            .iter()
            .map(move |(path, list)| (category, path, list))
    });
    lists
        .map(|(category, path, list)| RuleAt {
            category,
            path,
            list,
            pointer: rule_pointer(side, category, path),
        })
        .collect()
}

fn rule_pointer(side: &Side<'_>, category: &Category, path: &DocPath) -> String {
    for member in RULE_MEMBERS {
        let Some(Value::Object(rules)) = side.json.get(member) else {
            continue;
        };
        let pointer = child(&side.pointer, member);
        let found = rules.iter().find_map(|(key, value)| {
            let key_pointer = child(&pointer, key);
            if key.starts_with('$') {
                return is_by_path(key, category, path).then_some(key_pointer);
            }
            if Category::from(key.as_str()) != *category {
                return None;
            }
            if value.get("matchers").is_some() {
                return Some(key_pointer);
            }
            let mut expressions = value.as_object()?.keys();
            let expression = expressions.find(|key| is_same(key, category, path))?;
            Some(child(&key_pointer, expression))
        });
        if let Some(found) = found {
            return found;
        }
    }
    side.pointer.clone()
}

/// Whether a key of version 2, such as `$.body.id`, is for this path of this category.
fn is_by_path(key: &str, category: &Category, path: &DocPath) -> bool {
    let Ok(key) = DocPath::new(key) else {
        return false;
    };
    let tokens = without_root(&key);
    let Some((PathToken::Field(name), rest)) = tokens.split_first() else {
        return false;
    };
    Category::from(name.as_str()) == *category && is_same_path(rest, category, path)
}

fn is_same(expression: &str, category: &Category, path: &DocPath) -> bool {
    let is_named = matches!(category, Category::HEADER | Category::QUERY);
    if expression == path.to_string() || is_named && path.first_field() == Some(expression) {
        return true;
    }
    DocPath::new(expression).is_ok_and(|expression| without_root(&expression) == without_root(path))
}

fn is_same_path(tokens: &[PathToken], category: &Category, path: &DocPath) -> bool {
    if matches!(
        category,
        Category::HEADER | Category::QUERY | Category::METADATA
    ) {
        let name = path.first_field();
        return matches!(tokens.first(), Some(PathToken::Field(field)) if Some(field.as_str()) == name);
    }
    tokens == without_root(path)
}

fn without_root(path: &DocPath) -> &[PathToken] {
    let tokens = path.tokens().as_slice();
    tokens.strip_prefix(&[PathToken::Root]).unwrap_or(tokens)
}
