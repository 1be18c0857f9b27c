//! Bodies that cannot be read as what their own content type says.

use pact_models::content_types::ContentType;
use pact_models::xml_utils::parse_bytes;
use serde_json::Value;

use super::flaw::Flaw;
use super::run::Found;
use super::subject::{Side, Subject};

pub(super) fn check(subject: &Subject<'_>) -> Found {
    subject
        .sides()
        .filter_map(|side| Some((side.body.pointer.clone(), flaw(side)?)))
        .collect()
}

fn flaw(side: &Side<'_>) -> Option<Flaw> {
    let content_type = side.body.content_type.as_ref()?;
    let bytes = side
        .body
        .bytes
        .as_deref()
        .filter(|bytes| !bytes.is_empty())?;
    let reason = if content_type.is_json() {
        broken_json(bytes)
    } else if content_type.is_xml() {
        broken_xml(bytes)
    } else {
        None
    }?;
    Some(Flaw::BrokenBody {
        content_type: name(content_type),
        reason,
    })
}

/// Why this is not JSON. A reader makes a JSON text of a body that is not, so what matters is whether the text was meant
/// as an object or a list.
fn broken_json(bytes: &[u8]) -> Option<String> {
    let text = match serde_json::from_slice(bytes) {
        Ok(Value::String(text)) => text,
        Ok(_) => return None,
        Err(error) => match std::str::from_utf8(bytes).ok().and_then(inside_quotes) {
            Some(text) => text.to_owned(),
            None => return Some(error.to_string()),
        },
    };
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str::<Value>(&text)
        .err()
        .map(|error| error.to_string())
}

/// The text that a reader put between quotes as it stood.
fn inside_quotes(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

fn broken_xml(bytes: &[u8]) -> Option<String> {
    if serde_json::from_slice::<Value>(bytes).is_ok_and(|value| value.is_object()) {
        return Some("it is JSON".to_owned());
    }
    parse_bytes(bytes).err().map(|error| error.to_string())
}

fn name(content_type: &ContentType) -> String {
    content_type.base_type().to_string()
}
