//! Texts that look like credentials: a pact is committed, published and shown to many.

use serde_json::Value;

use super::flaw::{Flaw, SecretKind};
use super::places::child;
use super::run::Found;
use super::subject::{FieldKind, Side, Subject};
use super::volatile::is_timestamp;

/// How much of a credential a finding shows, in characters.
const SHOWN_CHARS_MAX: usize = 8;
/// How long a bearer token is at least, in characters, for it to be more than a placeholder.
const BEARER_CHARS_MIN: usize = 20;
/// The words by which people mark what they made up.
const MADE_UP: [&str; 9] = [
    "example", "token", "test", "dummy", "fake", "sample", "secret", "xxxx", "mock",
];
const GITHUB_PREFIXES: [&str; 6] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"];

pub(super) fn check(subject: &Subject<'_>) -> Found {
    subject.sides().flat_map(in_side).collect()
}

fn in_side(side: &Side<'_>) -> Found {
    let mut found = Found::new();
    for field in &side.fields {
        let is_authorization =
            field.kind != FieldKind::Query && field.name.eq_ignore_ascii_case("authorization");
        let text = field.value.as_str().unwrap_or_default();
        let bearer = || is_authorization.then(|| bearer(text)).flatten();
        found.extend(
            secret(text)
                .or_else(bearer)
                .map(|flaw| (field.pointer.clone(), flaw)),
        );
    }
    match (&side.body.json, &side.body.bytes) {
        (Some(json), _) => walk(json, &side.body.pointer, &mut found),
        (None, Some(bytes)) => {
            let text = String::from_utf8_lossy(bytes);
            found.extend(secret(&text).map(|flaw| (side.body.pointer.clone(), flaw)));
        }
        (None, None) => {}
    }
    found
}

fn walk(value: &Value, pointer: &str, found: &mut Found) {
    match value {
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(name, value)| walk(value, &child(pointer, name), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| walk(value, &format!("{pointer}/{index}"), found));
        }
        Value::String(text) => found.extend(secret(text).map(|flaw| (pointer.to_owned(), flaw))),
        _ => {}
    }
}

fn secret(text: &str) -> Option<Flaw> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some(flaw(SecretKind::PrivateKey, "-----BEGIN"));
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    text.split(|c| !is_part(c))
        .find_map(|token| Some(flaw(kind_of(token)?, token)))
}

fn kind_of(token: &str) -> Option<SecretKind> {
    if is_jwt(token) {
        Some(SecretKind::Jwt)
    } else if is_aws_access_key(token) {
        Some(SecretKind::AwsAccessKey)
    } else if is_github_token(token) {
        Some(SecretKind::GithubToken)
    } else {
        None
    }
}

/// Three parts in base64, of which the first two are JSON objects: `{"` begins as `eyJ`.
fn is_jwt(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        return false;
    };
    let is_object = |part: &str| part.starts_with("eyJ") && part.len() >= 12;
    is_object(header) && is_object(claims) && signature.len() >= 16
}

/// The documentation of AWS ends its examples in EXAMPLE.
fn is_aws_access_key(token: &str) -> bool {
    let is_key = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let has_prefix = token.starts_with("AKIA") || token.starts_with("ASIA");
    has_prefix && token.len() == 20 && token.bytes().all(is_key) && !token.ends_with("EXAMPLE")
}

fn is_github_token(token: &str) -> bool {
    GITHUB_PREFIXES.iter().any(|prefix| {
        token
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= 36)
    })
}

fn bearer(header: &str) -> Option<Flaw> {
    let (scheme, token) = header.split_once(' ')?;
    let lower = token.to_lowercase();
    let has = |is: fn(&char) -> bool| token.chars().any(|c| is(&c));
    let is_real = scheme.eq_ignore_ascii_case("bearer")
        && token.len() >= BEARER_CHARS_MIN
        && has(char::is_ascii_digit)
        && has(char::is_ascii_alphabetic)
        && !is_timestamp(token)
        && !MADE_UP.iter().any(|word| lower.contains(word));
    is_real.then(|| flaw(SecretKind::BearerToken, token))
}

fn flaw(kind: SecretKind, token: &str) -> Flaw {
    Flaw::Secret {
        kind,
        beginning: token.chars().take(SHOWN_CHARS_MAX).collect(),
    }
}
