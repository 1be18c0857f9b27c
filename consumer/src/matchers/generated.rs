//! Matchers whose value is made anew, by a generator, whenever it is sent.

use pact_models::expression_parser::DataType;
use pact_models::generators::Generator;
use pact_models::matchingrules::MatchingRule;
use serde_json::Value;

use super::Matcher;
use super::texts::{regex, uuid};
use super::values::{boolean, integer};

/// Any integer; sent as a random one between these, both included.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(random_integer(1, 6), &json!(42)));
/// ```
///
/// # Panics
/// If there is no integer between them.
#[must_use]
pub fn random_integer(min: i32, max: i32) -> Matcher {
    assert!(
        min <= max && min < i32::MAX,
        "random_integer({min}, {max}): there is no number between these"
    );
    integer(min.into()).generated(Generator::RandomInt(min, max))
}

/// Any number with a fraction; sent as a random one of this many digits.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(random_decimal(4), &json!(0.25)));
/// ```
#[must_use]
pub fn random_decimal(digits: u16) -> Matcher {
    Matcher::new(1.5, MatchingRule::Decimal).generated(Generator::RandomDecimal(digits))
}

/// Any text of hexadecimal digits; sent as a random one of this many.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(random_hexadecimal(4), &json!("beef")));
/// assert!(!accepts(random_hexadecimal(4), &json!("meat")));
/// ```
#[must_use]
pub fn random_hexadecimal(digits: u16) -> Matcher {
    let example = "a0".repeat(usize::from(digits).div_ceil(2));
    let example = &example[..usize::from(digits)];
    regex("^[0-9a-fA-F]+$", example).generated(Generator::RandomHexadecimal(digits))
}

/// Any text; sent as a random one of this length.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(random_string(8), &json!("x")));
/// ```
#[must_use]
pub fn random_string(length: u16) -> Matcher {
    let example = "x".repeat(usize::from(length));
    Matcher::new(example, MatchingRule::Type).generated(Generator::RandomString(length))
}

/// Any text that the regular expression matches; sent as a random one.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(random_regex("^[A-Z]{3}$", "EUR"), &json!("USD")));
/// ```
#[must_use]
pub fn random_regex(pattern: impl Into<String>, example: impl Into<String>) -> Matcher {
    let pattern = pattern.into();
    regex(pattern.clone(), example).generated(Generator::Regex(pattern))
}

/// Any UUID; sent as a random one.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(random_uuid(), &json!("0e3a4f0c-9e1b-4a3c-8f53-6a7f9a1f2b11")));
/// ```
#[must_use]
pub fn random_uuid() -> Matcher {
    uuid("00000000-0000-4000-8000-000000000000").generated(Generator::Uuid(None))
}

/// `true` or `false`; sent as either.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(random_boolean(), &json!(false)));
/// ```
#[must_use]
pub fn random_boolean() -> Matcher {
    boolean(true).generated(Generator::RandomBoolean)
}

/// Any date of this format; sent as the date of the replay, moved by an expression such as `+ 1 day`, or not at all.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(today("yyyy-MM-dd", "2000-01-01", None), &json!("2026-02-28")));
/// ```
#[must_use]
pub fn today(
    format: impl Into<String>,
    example: impl Into<String>,
    expression: Option<&str>,
) -> Matcher {
    let format = format.into();
    let generator = Generator::Date(Some(format.clone()), expression.map(str::to_owned));
    Matcher::new(example.into(), MatchingRule::Date(format)).generated(generator)
}

/// Any value of the example's type; in a verification, one that the provider state hands back, `${id}`.
///
/// The mock server gives the example, so the consumer's test does not depend on the provider.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// assert!(accepts(from_provider_state("${id}", 42), &json!(43)));
/// assert!(!accepts(from_provider_state("${id}", 42), &json!("43")));
/// ```
#[must_use]
pub fn from_provider_state(expression: impl Into<String>, example: impl Into<Value>) -> Matcher {
    let example = example.into();
    let kind = match &example {
        Value::Number(number) if number.is_f64() => DataType::DECIMAL,
        Value::Number(_) => DataType::INTEGER,
        Value::Bool(_) => DataType::BOOLEAN,
        Value::String(_) => DataType::STRING,
        _ => DataType::RAW,
    };
    from_provider_state_as(expression, example, kind)
}

/// As [`from_provider_state`], the value converted to a type that is not the example's.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use pact_models::expression_parser::DataType;
///
/// let matcher = from_provider_state_as("/users/${id}", "/users/42", DataType::STRING);
/// # let _: StringPattern = matcher.into();
/// ```
#[must_use]
pub fn from_provider_state_as(
    expression: impl Into<String>,
    example: impl Into<Value>,
    kind: DataType,
) -> Matcher {
    let generator = Generator::ProviderStateGenerator(expression.into(), Some(kind));
    Matcher::new(example, MatchingRule::Type).generated(generator)
}

/// A URL that ends as the regular expression's group says; sent with the mock server's own address in front.
///
/// ```
/// use treaty_consumer::prelude::*;
/// use serde_json::json;
///
/// let next = || mock_server_url(".*(/users/\\d+)$", "http://localhost:8080/users/42");
/// assert!(accepts(next(), &json!("https://example.com/users/7")));
/// assert!(!accepts(next(), &json!("https://example.com/orders/7")));
/// ```
#[must_use]
pub fn mock_server_url(pattern: impl Into<String>, example: impl Into<String>) -> Matcher {
    let (pattern, example) = (pattern.into(), example.into());
    regex(pattern.clone(), example.clone()).generated(Generator::MockServerURL(example, pattern))
}
