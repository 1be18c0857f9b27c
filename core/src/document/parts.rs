//! A pact document as the texts of its interactions: adding one does not cost a pass over all the others.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::merge::{Draft, MergeError, SpecVersion, identity};
use super::name::InteractionName;
use super::validate::problems;
use super::write::canonical;
use crate::content::specification_version;
use crate::names::PacticipantName;

type Key = (String, String, String, String);

/// A pact document in the making: its interactions as texts in their order, and all the rest.
///
/// ```
/// use treaty_core::document::{Draft, Parts, SpecVersion, render};
///
/// let nothing_yet = Draft {
///     consumer: "A".parse()?,
///     provider: "B".parse()?,
///     version: SpecVersion::V4,
///     interactions: vec![],
/// };
/// let mut document = Parts::default();
/// document.add(&nothing_yet)?;
/// assert_eq!(document.text(), render(document.clone().into_json()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Parts {
    rest: Map<String, Value>,
    /// Description, provider states, kind and whole text: sorted by all of them, the same interaction by the first three.
    interactions: BTreeMap<Key, String>,
    list: Option<&'static str>,
}

impl Parts {
    /// Takes a document apart.
    ///
    /// # Errors
    /// [`MergeError::NotAPact`] if it is no pact document.
    pub fn of(document: Value) -> Result<Self, MergeError> {
        if let Some(problem) = problems(&document, None).first() {
            return Err(MergeError::NotAPact(problem.to_string()));
        }
        let Value::Object(mut rest) = document else {
            return Err(MergeError::NotAPact("it is not an object".to_owned()));
        };
        let list = ["interactions", "messages"]
            .into_iter()
            .find(|list| rest.contains_key(*list));
        let interactions = list.and_then(|list| rest.remove(list));
        let mut parts = Self {
            rest,
            list,
            ..Self::default()
        };
        for interaction in interactions
            .iter()
            .flat_map(|list| list.as_array())
            .flatten()
        {
            let interaction = canonical(interaction.clone());
            parts.insert(&interaction, interaction.to_string());
        }
        Ok(parts)
    }

    /// Adds interactions: each replaces those that have its kind, its description and its provider states; all others
    /// stay. Members that this crate does not know stay too.
    ///
    /// Gives back the text of each added interaction by what makes it the same one in another run. Two drafts that give
    /// one such name two texts cannot both be in the document.
    ///
    /// # Errors
    /// [`MergeError`] if the document is of another specification version, or of another consumer or provider.
    pub fn add(&mut self, draft: &Draft) -> Result<BTreeMap<String, String>, MergeError> {
        let ours = draft.interactions.iter();
        let ours = ours.map(|interaction| Ok(canonical(draft.to_json(interaction)?)));
        let ours: Vec<Value> = ours.collect::<Result<_, MergeError>>()?;
        self.accept(draft)?;
        ours.iter()
            .for_each(|interaction| self.remove_same(interaction));

        let mut added: BTreeMap<String, String> = BTreeMap::new();
        for interaction in ours {
            let text = interaction.to_string();
            let (kind, description, states) = identity(&interaction);
            let name = format!("{kind} {description} {states}");
            added.entry(name).or_default().push_str(&text);
            self.insert(&interaction, text);
        }
        let name = |name: &PacticipantName| json!({ "name": name });
        let rest = &mut self.rest;
        rest.entry("consumer")
            .or_insert_with(|| name(&draft.consumer));
        rest.entry("provider")
            .or_insert_with(|| name(&draft.provider));
        let metadata = rest.entry("metadata").or_insert_with(|| json!({}));
        metadata["pactSpecification"]["version"] = json!(draft.version.text());
        Ok(added)
    }

    /// Takes in all of another document of the same consumer, provider and version, as when tests that run apart write one
    /// file each. What both have is there once.
    ///
    /// ```
    /// use treaty_core::document::Parts;
    ///
    /// let file = |description: &str| Parts::of(serde_json::json!({
    ///     "consumer": {"name": "A"}, "provider": {"name": "B"},
    ///     "interactions": [{"description": description, "request": {"path": "/"}, "response": {"status": 200}}],
    /// }));
    /// let mut document = file("one")?;
    /// document.join(file("one")?)?;
    /// document.join(file("two")?)?;
    /// assert_eq!(document.names().count(), 2);
    /// # Ok::<(), treaty_core::document::MergeError>(())
    /// ```
    ///
    /// # Errors
    /// [`MergeError::TwoContents`] if both have an interaction of one name and say different things in it; else as in
    /// [`Self::add`].
    pub fn join(&mut self, other: Self) -> Result<(), MergeError> {
        let (consumer, provider) = other.between();
        self.accept_between(consumer, provider)?;
        let (there, theirs) = (self.version(), other.version());
        if major(&there) != major(&theirs) {
            return Err(MergeError::OtherVersions { there, theirs });
        }
        if self.list.is_some() && other.list.is_some() && self.list != other.list {
            return Err(MergeError::OtherKind { ours: "both" });
        }
        self.list = self.list.or(other.list);
        for (key, text) in other.interactions {
            if self.has_another(&key) {
                let title = name(&key).to_string();
                return Err(MergeError::TwoContents { title });
            }
            self.interactions.insert(key, text);
        }
        add_members(&mut self.rest, other.rest);
        Ok(())
    }

    /// Whether there is an interaction of the same name with another text.
    fn has_another(&self, key: &Key) -> bool {
        let (description, states, kind, text) = key;
        let first = (
            description.clone(),
            states.clone(),
            kind.clone(),
            String::new(),
        );
        let mut from_first = self.interactions.range(first..);
        from_first.next().is_some_and(|(other, _)| {
            let same = (&other.0, &other.1, &other.2) == (description, states, kind);
            same && other.3 != *text
        })
    }

    /// The names of the consumer and of the provider; empty in a document that nothing was added to yet.
    #[must_use]
    pub fn between(&self) -> (&str, &str) {
        let name = |role: &str| {
            let name = self.rest.get(role).and_then(|role| role["name"].as_str());
            name.unwrap_or_default()
        };
        (name("consumer"), name("provider"))
    }

    /// The names of its interactions, in their order.
    pub fn names(&self) -> impl Iterator<Item = InteractionName> + '_ {
        self.interactions.keys().map(name)
    }

    /// Leaves only the interactions with such names.
    ///
    /// ```
    /// use treaty_core::document::Parts;
    ///
    /// let mut document = Parts::of(serde_json::json!({
    ///     "consumer": {"name": "A"}, "provider": {"name": "B"},
    ///     "interactions": [
    ///         {"description": "old", "request": {"path": "/"}, "response": {"status": 200}},
    ///         {"description": "new", "request": {"path": "/"}, "response": {"status": 200}},
    ///     ],
    /// }))?;
    /// document.retain(|name| name.description == "new");
    /// assert_eq!(document.names().map(|name| name.to_string()).collect::<Vec<_>>(), ["new"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn retain(&mut self, mut stays: impl FnMut(&InteractionName) -> bool) {
        self.interactions.retain(|key, _| stays(&name(key)));
    }

    fn remove_same(&mut self, interaction: &Value) {
        let first = key(interaction, String::new());
        let same = |other: &Key| (&other.0, &other.1, &other.2) == (&first.0, &first.1, &first.2);
        let from_first = self.interactions.range(first.clone()..);
        let same: Vec<Key> = from_first
            .map(|(key, _)| key)
            .take_while(|key| same(key))
            .cloned()
            .collect();
        for key in same {
            self.interactions.remove(&key);
        }
    }

    /// Whether these interactions can go into this document.
    fn accept(&mut self, draft: &Draft) -> Result<(), MergeError> {
        let list = draft.list()?;
        if *self.list.get_or_insert(list) != list {
            let ours = if list == "messages" {
                list
            } else {
                "HTTP interactions"
            };
            return Err(MergeError::OtherKind { ours });
        }
        if self.rest.is_empty() {
            return Ok(());
        }
        self.accept_between(draft.consumer.as_str(), draft.provider.as_str())?;
        let there = self.version();
        if major(&there) == major(draft.version.text()) {
            return Ok(());
        }
        Err(MergeError::OtherVersion {
            there,
            ours: draft.version.text(),
        })
    }

    /// Whether interactions between these two can go into this document.
    fn accept_between(&self, consumer: &str, provider: &str) -> Result<(), MergeError> {
        let there = self.between();
        if self.rest.is_empty() || there == (consumer, provider) {
            return Ok(());
        }
        Err(MergeError::OtherPact {
            consumer: there.0.to_owned(),
            provider: there.1.to_owned(),
        })
    }

    /// The version that the document names. One that names none is read as one of version 3.
    fn version(&self) -> String {
        let there = json!({"metadata": self.rest.get("metadata")});
        let there = specification_version(&there).map(|version| match version {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        there.unwrap_or_else(|| SpecVersion::V3.text().to_owned())
    }

    /// Takes in a canonical interaction and its text.
    fn insert(&mut self, interaction: &Value, text: String) {
        let pretty = indented(interaction, 2);
        self.interactions.insert(key(interaction, text), pretty);
    }

    /// The text of the document, the very bytes that [`super::render`] makes of it.
    #[must_use]
    pub fn text(&self) -> String {
        let list = self.list.unwrap_or("interactions");
        let rest = self
            .rest
            .iter()
            .map(|(name, value)| (name.as_str(), Some(value)));
        let members: BTreeMap<&str, Option<&Value>> = rest.chain([(list, None)]).collect();
        let mut text = String::from("{");
        for (place, (name, value)) in members.into_iter().enumerate() {
            text.push_str(if place == 0 { "\n  " } else { ",\n  " });
            text.push_str(&json!(name).to_string());
            text.push_str(": ");
            match value {
                Some(value) => text.push_str(&indented(&canonical(value.clone()), 1)),
                None => self.append_interactions(&mut text),
            }
        }
        text + "\n}\n"
    }

    fn append_interactions(&self, text: &mut String) {
        if self.interactions.is_empty() {
            return text.push_str("[]");
        }
        let bytes: usize = self.interactions.values().map(|text| text.len() + 6).sum();
        text.reserve(bytes);
        for (place, interaction) in self.interactions.values().enumerate() {
            text.push_str(if place == 0 { "[\n    " } else { ",\n    " });
            text.push_str(interaction);
        }
        text.push_str("\n  ]");
    }

    /// The document as JSON, its members in canonical order.
    ///
    /// # Panics
    /// Never: the texts were made from JSON.
    #[must_use]
    pub fn into_json(self) -> Value {
        serde_json::from_str(&self.text()).expect("the texts were made from JSON")
    }
}

/// The part of a specification version by which two are the same one: `3.0.0` and `3.0` are.
fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default()
}

/// Adds what is not there, within objects too; what is there stays.
fn add_members(there: &mut Map<String, Value>, more: Map<String, Value>) {
    for (name, value) in more {
        match (there.get_mut(&name), value) {
            (None, value) => drop(there.insert(name, value)),
            (Some(Value::Object(there)), Value::Object(more)) => add_members(there, more),
            (Some(_), _) => {}
        }
    }
}

/// The key of a canonical interaction.
fn key(interaction: &Value, text: String) -> Key {
    let (kind, description, states) = identity(interaction);
    let description = description.as_str().unwrap_or_default();
    (
        description.to_owned(),
        canonical(states.clone()).to_string(),
        kind.to_string(),
        text,
    )
}

fn name((description, states, kind, _): &Key) -> InteractionName {
    InteractionName {
        description: description.clone(),
        states: states.clone(),
        kind: kind.clone(),
    }
}

/// The pretty text of a value that stands this many levels deep.
fn indented(value: &Value, levels: usize) -> String {
    format!("{value:#}").replace('\n', &format!("\n{}", "  ".repeat(levels)))
}
