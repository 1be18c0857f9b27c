//! Matchers for single JSON values.

use pact_models::matchingrules::MatchingRule;
use serde_json::Value;

use super::Matcher;

/// Any integer.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(integer(42), &json!(7)));
/// assert!(!accepts(integer(42), &json!(7.5)));
/// ```
#[must_use]
pub fn integer(example: i64) -> Matcher {
    Matcher::new(example, MatchingRule::Integer)
}

/// Any number with a fraction.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(decimal(9.99), &json!(0.5)));
/// assert!(!accepts(decimal(9.99), &json!(1)));
/// ```
#[must_use]
pub fn decimal(example: f64) -> Matcher {
    Matcher::new(example, MatchingRule::Decimal)
}

/// Any number, with a fraction or without.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(number(1), &json!(2.5)));
/// assert!(!accepts(number(1), &json!("1")));
/// ```
#[must_use]
pub fn number(example: impl Into<serde_json::Number>) -> Matcher {
    Matcher::new(Value::Number(example.into()), MatchingRule::Number)
}

/// `true` or `false`.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(boolean(true), &json!(false)));
/// assert!(!accepts(boolean(true), &json!(0)));
/// ```
#[must_use]
pub fn boolean(example: bool) -> Matcher {
    Matcher::new(example, MatchingRule::Boolean)
}

/// `null`, and nothing else.
///
/// `json_pattern!` takes the word `null` for the value, so a call of this function stands in parentheses there.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let user = || json_pattern!({ "name": like!("Jane"), "deleted": (null()) });
/// assert!(accepts(user(), &json!({"name": "Joe", "deleted": null})));
/// assert!(!accepts(user(), &json!({"name": "Joe", "deleted": "today"})));
/// ```
#[must_use]
pub fn null() -> Matcher {
    Matcher::new(Value::Null, MatchingRule::Null)
}

/// This very value, also inside of `like!`, where otherwise the type would do.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let user = || json_pattern!(like!({ "kind": equal_to("user"), "name": "Jane" }));
/// assert!(accepts(user(), &json!({"kind": "user", "name": "Joe"})));
/// assert!(!accepts(user(), &json!({"kind": "group", "name": "Joe"})));
/// ```
#[must_use]
pub fn equal_to(value: impl Into<Value>) -> Matcher {
    Matcher::new(value, MatchingRule::Equality)
}

/// Anything of the example's type that is not empty.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(not_empty("Jane"), &json!("Joe")));
/// assert!(!accepts(not_empty("Jane"), &json!("")));
/// ```
#[must_use]
pub fn not_empty(example: impl Into<Value>) -> Matcher {
    Matcher::new(example, MatchingRule::NotEmpty)
}
