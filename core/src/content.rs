//! The identity of a pact's content: two publications with the same hash are the same contract.
//!
//! The hash is the one that Pact Brokers put into the URLs of pacts and results, so it has to agree with theirs to the
//! byte. That rules out the serialiser of `serde_json`: its order of keys depends on a feature of the whole build, and
//! it writes floats in another form. This file writes its own canonical text instead.

use std::fmt;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha1::{Digest, Sha1};

/// How many characters a hash has.
const HASH_CHARS: usize = 40;

/// The SHA-1 of a pact's content, as 40 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(String);

/// The text is not 40 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not the hash of a pact content: 40 lower-case hexadecimal digits are expected"
)]
pub struct ContentHashError {
    /// What was given.
    pub text: String,
}

impl ContentHash {
    /// Checks that the text can be a hash.
    ///
    /// # Errors
    /// [`ContentHashError`] for anything but 40 lower-case hexadecimal digits.
    pub fn parse(text: impl Into<String>) -> Result<Self, ContentHashError> {
        let text = text.into();
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == HASH_CHARS && text.bytes().all(is_digit) {
            return Ok(Self(text));
        }
        Err(ContentHashError { text })
    }

    /// The hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ContentHash {
    type Error = ContentHashError;

    fn try_from(text: String) -> Result<Self, ContentHashError> {
        Self::parse(text)
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.0
    }
}

/// The hash of what a pact asks for: its interactions and messages in whatever order, and its specification version.
/// Names, tools and every other member of the document do not count. A document that is no pact counts as a whole.
///
/// ```
/// use serde_json::json;
/// use treaty_core::content::content_hash;
///
/// let pact = json!({ "interactions": [{ "description": "b" }, { "description": "a" }] });
/// let reordered = json!({ "metadata": {}, "interactions": [{ "description": "a" }, { "description": "b" }] });
/// assert_eq!(content_hash(&pact), content_hash(&reordered));
///
/// let changed = json!({ "interactions": [{ "description": "a" }] });
/// assert_ne!(content_hash(&pact), content_hash(&changed));
/// ```
#[must_use]
pub fn content_hash(pact: &Value) -> ContentHash {
    ContentHash(sha1(&content_text(pact)))
}

/// The identifier of an interaction: the hash of its text, without an `_id` that it may carry already.
///
/// ```
/// use serde_json::json;
/// use treaty_core::content::interaction_id;
///
/// let id = interaction_id(&json!({ "description": "a request for user 42" }));
/// assert_eq!(id, interaction_id(&json!({ "_id": id, "description": "a request for user 42" })));
/// ```
#[must_use]
pub fn interaction_id(interaction: &Value) -> String {
    match interaction {
        Value::Object(members) => {
            let mut text = String::new();
            write_members(members.iter().filter(|(name, _)| *name != "_id"), &mut text);
            sha1(&text)
        }
        other => sha1(&canonical(other)),
    }
}

fn content_text(pact: &Value) -> String {
    let interactions = pact.get("interactions");
    let messages = pact.get("messages");
    if interactions.is_none() && messages.is_none() {
        return canonical(pact);
    }
    let mut parts = Vec::new();
    if let Some(interactions) = interactions {
        parts.push(format!("\"interactions\":{}", sorted_list(interactions)));
    }
    if let Some(messages) = messages {
        let text = if interactions.is_none() {
            sorted_list(messages)
        } else {
            canonical(messages)
        };
        parts.push(format!("\"messages\":{text}"));
    }
    if let Some(version) = specification_version(pact) {
        parts.push(format!(
            "\"pact_specification_version\":{}",
            canonical(version)
        ));
    }
    format!("{{{}}}", parts.join(","))
}

/// The version of the specification that a document names, in whichever of the ways that were ever in use.
pub(crate) fn specification_version(pact: &Value) -> Option<&Value> {
    let metadata = pact.get("metadata")?;
    let nested = |name: &str| metadata.get(name)?.get("version");
    nested("pactSpecification")
        .or_else(|| metadata.get("pactSpecificationVersion"))
        .or_else(|| nested("pact-specification"))
        .filter(|version| !version.is_null())
}

fn sorted_list(list: &Value) -> String {
    let Value::Array(items) = list else {
        return canonical(list);
    };
    let mut texts: Vec<String> = items.iter().map(canonical).collect();
    texts.sort_unstable();
    format!("[{}]", texts.join(","))
}

fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(boolean) => text.push_str(if *boolean { "true" } else { "false" }),
        Value::Number(number) => write_number(number, text),
        Value::String(string) => write_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write_value(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => write_members(members.iter(), text),
    }
}

fn write_members<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>, text: &mut String) {
    let mut members: Vec<_> = members.collect();
    members.sort_unstable_by(|one, other| one.0.cmp(other.0));
    text.push('{');
    for (position, (name, value)) in members.into_iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        write_string(name, text);
        text.push(':');
        write_value(value, text);
    }
    text.push('}');
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if control < ' ' => {
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

fn write_number(number: &serde_json::Number, text: &mut String) {
    let written = number.to_string();
    match number.as_f64() {
        Some(float)
            if !written
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-') =>
        {
            write_float(float, text)
        }
        // `-0` is an integer where the hash was invented, and an integer has one zero.
        _ if written == "-0" => text.push('0'),
        _ => text.push_str(&written),
    }
}

/// Writes a float with the fewest digits that read back as the same float: `1.0`, `0.0001`, `1.0e-05`, `1.0e+20`.
fn write_float(float: f64, text: &mut String) {
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific
        .split_once('e')
        .expect("`{:e}` writes an exponent");
    let exponent: i32 = exponent
        .parse()
        .expect("`{:e}` writes a number behind the e");
    if (-4..16).contains(&exponent) {
        let fixed = format!("{float}");
        let point = if fixed.contains('.') { "" } else { ".0" };
        let _ = write!(text, "{fixed}{point}");
        return;
    }
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(text, "{digits}{point}e{sign}{:02}", exponent.abs());
}

fn sha1(text: &str) -> String {
    let mut hash = String::with_capacity(HASH_CHARS);
    for byte in Sha1::digest(text.as_bytes()) {
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn interaction(description: &str) -> Value {
        json!({ "request": { "path": "/", "method": "GET" }, "description": description, "response": { "status": 200 } })
    }

    #[test]
    fn names_tools_and_order_do_not_count() {
        let one = json!({
            "consumer": { "name": "A" },
            "interactions": [interaction("x"), interaction("y")],
            "metadata": { "pactSpecification": { "version": "2.0.0" }, "client": { "version": "1" } },
        });
        let other = json!({
            "interactions": [interaction("y"), interaction("x")],
            "metadata": { "pactSpecification": { "version": "2.0.0" } },
        });
        assert_eq!(content_hash(&one), content_hash(&other));
    }

    #[test]
    fn every_change_inside_an_interaction_counts() {
        let base =
            json!({ "interactions": [{ "response": { "body": { "n": 1, "list": [1, 2] } } }] });
        for changed in [
            json!({ "interactions": [{ "response": { "body": { "n": 1.0, "list": [1, 2] } } }] }),
            json!({ "interactions": [{ "response": { "body": { "n": 1, "list": [2, 1] } } }] }),
            json!({ "interactions": [{ "response": { "body": { "n": 1, "list": [1, 2], "x": null } } }] }),
            json!({ "interactions": [{ "_id": "1", "response": { "body": { "n": 1, "list": [1, 2] } } }] }),
            json!({ "interactions": [{ "response": { "body": { "n": 1, "list": [1, 2] } } }], "messages": [] }),
        ] {
            assert_ne!(content_hash(&base), content_hash(&changed), "{changed}");
        }
    }

    #[test]
    fn a_document_that_is_no_pact_counts_as_a_whole() {
        assert_ne!(
            content_hash(&json!({ "consumer": 1 })),
            content_hash(&json!({ "consumer": 2 }))
        );
    }

    #[test]
    fn floats_are_written_as_the_brokers_write_them() {
        for (float, expected) in [
            ("1.0", "1.0"),
            ("1.5", "1.5"),
            ("0.0001", "0.0001"),
            ("0.00001", "1.0e-05"),
            ("1e15", "1000000000000000.0"),
            ("1e16", "1.0e+16"),
            ("1e20", "1.0e+20"),
            ("1.25e-7", "1.25e-07"),
            ("-2.5e100", "-2.5e+100"),
            ("-0.0", "-0.0"),
            ("18446744073709551615", "18446744073709551615"),
            ("-7", "-7"),
        ] {
            let value: Value = serde_json::from_str(float).unwrap();
            assert_eq!(canonical(&value), expected, "{float}");
        }
    }

    #[test]
    fn control_characters_are_escaped_and_others_are_not() {
        assert_eq!(
            canonical(&json!("a\"\\/\n\u{1}\u{7f}é")),
            "\"a\\\"\\\\/\\n\\u0001\u{7f}é\""
        );
    }

    #[test]
    fn a_hash_is_forty_lower_case_digits() {
        assert!(ContentHash::parse("0464aca42d98c85f1e581a56b3ac10223c0f2b75").is_ok());
        assert!(ContentHash::parse("0464ACA42D98C85F1E581A56B3AC10223C0F2B75").is_err());
        assert!(ContentHash::parse("0464").is_err());
    }

    /// A pact, its hash and its interactions' identifiers as the reference broker served them.
    #[test]
    fn the_reference_broker_serves_the_same_hash() {
        let message = |description: &str, state: &str, key: &str| {
            json!({
                "description": description, "providerStates": [{ "name": state }], "type": "Asynchronous/Messages",
                "key": key, "pending": false, "metadata": { "topic": state.trim_end_matches(" event") },
                "contents": { "content": { "id": 1 }, "contentType": "application/json", "encoded": false },
            })
        };
        let order = message("a order event 0", "order event", "m00001");
        let user = message("a user event 1", "user event", "m00020");
        let pact = json!({
            "consumer": { "name": "Gateway" }, "provider": { "name": "Search" },
            "interactions": [user, order], "metadata": { "pactSpecification": { "version": "4.0" } },
        });
        assert_eq!(
            content_hash(&pact).as_str(),
            "1f0636950b29e1c4e50a08957a3042e7d3aafd1f"
        );
        assert_eq!(
            interaction_id(&order),
            "962e3dea9b3b8324b2a55bb740004165ac1422a7"
        );
        assert_eq!(
            interaction_id(&user),
            "8e3709c2f505e9bd53b1b5b78dd3370320d4aca6"
        );
    }
}
