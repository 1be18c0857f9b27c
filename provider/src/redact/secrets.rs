//! Texts that were found in redacted places, and may stand in other places as well.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::redaction::REDACTED;

/// The shortest text that is looked for elsewhere, in bytes: `42` is in too many texts to be taken out of them.
pub(crate) const FOUND_BYTES_MIN: usize = 6;

/// Texts that must not stand anywhere.
#[derive(Debug, Default)]
pub(super) struct Secrets(BTreeSet<String>);

impl Secrets {
    pub(super) fn known(texts: &[String]) -> Self {
        let mut secrets = Self::default();
        for text in texts {
            secrets.push(text);
        }
        secrets
    }

    /// What takes them out of texts; nothing if there are none.
    pub(super) fn scrubber(&self) -> Option<Scrubber> {
        if self.0.is_empty() {
            return None;
        }
        let mut searched = AhoCorasick::builder();
        let found = searched
            .match_kind(MatchKind::LeftmostLongest)
            .build(&self.0);
        Some(Scrubber(
            found.expect("a report holds less than 2 GiB of secrets"),
        ))
    }

    /// Learns what a redacted value says: the whole of it, and the words of it, such as a token without its `Bearer`.
    pub(super) fn learn(&mut self, value: &str) {
        match serde_json::from_str(value) {
            Ok(value) => self.learn_json(&value),
            Err(_) => self.learn_text(value),
        }
    }

    fn learn_json(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn_text(text),
            Value::Number(number) => self.learn_text(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.learn_json(item)),
            Value::Object(members) => members.values().for_each(|member| self.learn_json(member)),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn learn_text(&mut self, text: &str) {
        let text = text.trim_matches('"');
        let words = text.split([' ', ';', ',', '=']);
        for text in words.chain([text]) {
            if text.len() >= FOUND_BYTES_MIN {
                self.push(text);
            }
        }
    }

    fn push(&mut self, text: &str) {
        let quoted = Value::from(text).to_string();
        let escaped = &quoted[1..quoted.len() - 1];
        self.0.extend([text.to_owned(), escaped.to_owned()]);
    }
}

/// Takes secrets out of texts: all of them in one pass, since each of a thousand failures may bring its own.
#[derive(Debug)]
pub(super) struct Scrubber(AhoCorasick);

impl Scrubber {
    /// Takes them out of a text.
    pub(super) fn scrub(&self, text: &mut String) {
        if self.0.is_match(text.as_str()) {
            let mut scrubbed = String::with_capacity(text.len());
            self.0
                .replace_all_with(text, &mut scrubbed, |_, _, scrubbed| {
                    scrubbed.push_str(REDACTED);
                    true
                });
            *text = scrubbed;
        }
    }

    /// Takes them out of all texts in a value but the one that tells its kind.
    pub(super) fn scrub_all<T: Serialize + DeserializeOwned>(&self, value: &mut T) {
        let Ok(mut json) = serde_json::to_value(&*value) else {
            return;
        };
        self.scrub_json(&mut json);
        if let Ok(scrubbed) = serde_json::from_value(json) {
            *value = scrubbed;
        }
    }

    fn scrub_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.scrub(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub_json(item)),
            Value::Object(members) => {
                let members = members.iter_mut().filter(|(name, _)| *name != "kind");
                members.for_each(|(_, member)| self.scrub_json(member));
            }
            _ => {}
        }
    }
}
