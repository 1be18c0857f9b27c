//! What is wrong with the fields of a request, in the words that clients know.

use serde_json::{Map, Value, json};

/// What is wrong with a text that is to be the name of something, be it in a body or in a path: a control character, which
/// no URL and no page shows.
pub(super) fn unprintable(text: &str) -> Option<&'static str> {
    if text.contains('\n') {
        return Some("cannot contain multiple lines");
    }
    let has_control = text.chars().any(char::is_control);
    has_control.then_some("cannot contain control characters")
}

/// What is wrong with a text that is to be the name of something.
pub(crate) fn name_fault(text: &str) -> Option<&'static str> {
    let is_blank = !text.contains('\n') && text.trim().is_empty();
    if is_blank {
        Some("cannot be blank")
    } else {
        unprintable(text)
    }
}

/// The faults of a request, by field, in the order they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Violations {
    fields: Vec<(String, Vec<String>)>,
}

impl Violations {
    /// One fault of one field.
    pub(crate) fn of(field: &str, text: impl Into<String>) -> Self {
        let mut violations = Self::default();
        violations.add(field, text);
        violations
    }

    /// Adds a fault of a field.
    pub(crate) fn add(&mut self, field: &str, text: impl Into<String>) {
        match self.fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, texts)) => texts.push(text.into()),
            None => self.fields.push((field.to_owned(), vec![text.into()])),
        }
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// `Ok` if nothing is wrong.
    pub(crate) fn check(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The faults as the `errors` member of an answer.
    pub(super) fn document(&self) -> Value {
        let fields = self
            .fields
            .iter()
            .map(|(name, texts)| (name.clone(), json!(texts)));
        Value::Object(fields.collect::<Map<_, _>>())
    }

    /// Every fault as (field, text).
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields
            .iter()
            .flat_map(|(name, texts)| texts.iter().map(move |text| (name.as_str(), text.as_str())))
    }

    /// Reads a text member that must be there.
    pub(crate) fn required_text(
        &mut self,
        body: &Map<String, Value>,
        field: &str,
    ) -> Option<String> {
        match body.get(field) {
            None => self.add(field, "is missing"),
            Some(Value::String(text)) if text.is_empty() => self.add(field, "must be filled"),
            Some(Value::String(text)) => return Some(text.clone()),
            Some(_) => self.add(field, "must be a string"),
        }
        None
    }

    /// Reads the name of something, which must be there.
    pub(crate) fn required_name(
        &mut self,
        body: &Map<String, Value>,
        field: &str,
    ) -> Option<String> {
        let name = self.required_text(body, field)?;
        match name_fault(&name) {
            Some(fault) => {
                self.add(field, fault);
                None
            }
            None => Some(name),
        }
    }

    /// Reads a text member that may be missing or null.
    pub(crate) fn optional_text(
        &mut self,
        body: &Map<String, Value>,
        field: &str,
    ) -> Option<String> {
        match body.get(field) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.add(field, "must be a string");
                None
            }
        }
    }

    /// Reads a boolean member that must be there.
    pub(crate) fn required_boolean(
        &mut self,
        body: &Map<String, Value>,
        field: &str,
    ) -> Option<bool> {
        match body.get(field) {
            None => self.add(field, "is missing"),
            Some(Value::Bool(boolean)) => return Some(*boolean),
            Some(_) => self.add(field, "must be one of: true, false"),
        }
        None
    }
}
