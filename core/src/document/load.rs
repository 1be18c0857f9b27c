//! From the bytes of a pact document, of any version of the specification, to a [`Pact`].

use std::panic::RefUnwindSafe;

use pact_models::pact::load_pact_from_json;
use serde_json::{Value, json};

use super::ranges;
use super::validate::{Problem, problems};
use crate::content::content_hash;
use crate::interaction::Interaction;
use crate::names::{NameError, PacticipantName};
use crate::pact::Pact;

/// Why a document is not a pact that can be used. Every variant names the document and, where there is one, the place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Not JSON.
    #[error("{origin} is not JSON: line {}, column {}", source.line(), source.column())]
    NotJson {
        /// The file or URL.
        origin: String,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// JSON, but not a pact.
    #[error("{origin} is not a pact: {}", list(problems))]
    NotAPact {
        /// The file or URL.
        origin: String,
        /// The places, at least one.
        problems: Vec<Problem>,
    },
    /// A pacticipant's name that cannot be one.
    #[error("{origin} is not a pact")]
    Name {
        /// The file or URL.
        origin: String,
        /// What is wrong with the name.
        source: NameError,
    },
    /// Well formed, but the reference reader of the format refuses it.
    #[error("{origin} cannot be read as a pact: {reason}")]
    Refused {
        /// The file or URL.
        origin: String,
        /// The reader's reason.
        reason: String,
    },
    /// The pact needs plugins, which this build does not run.
    #[error(
        "{origin} needs the plugin {}, and this build of Treaty runs no plugins",
        plugins.join(", ")
    )]
    NeedsPlugin {
        /// The file or URL.
        origin: String,
        /// The plugins, `name version`.
        plugins: Vec<String>,
    },
}

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

/// Reads a pact document. `origin` is what errors call it: a path or a URL.
///
/// ```
/// let text = br#"{"consumer": {"name": "A"}, "provider": {"name": "B"},
///   "interactions": [{"description": "x", "request": {"method": "GET"}, "response": {"status": "200"}}]}"#;
/// let error = treaty_core::document::load("a-b.json", text).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"a-b.json is not a pact: line 2, /interactions/0/response/status: expected an integer from 100 to 599, got "200""#
/// );
/// ```
///
/// # Errors
/// [`LoadError`] says which document, where in it, and what was expected there.
pub fn load(origin: &str, bytes: &[u8]) -> Result<Pact, LoadError> {
    let document = serde_json::from_slice(bytes).map_err(|source| LoadError::NotJson {
        origin: origin.to_owned(),
        source,
    })?;
    let text = std::str::from_utf8(bytes).ok();
    checked(origin, &document, text)
}

/// Reads a pact that is JSON already, such as a broker's answer.
///
/// # Errors
/// As [`load`], without line numbers.
pub fn load_json(origin: &str, document: &Value) -> Result<Pact, LoadError> {
    checked(origin, document, None)
}

/// As [`load_json`], for a pact that needs plugins, by a caller that knows what to do with them.
///
/// # Errors
/// As [`load_json`], but for [`LoadError::NeedsPlugin`].
pub fn load_for_plugins(origin: &str, document: &Value) -> Result<Pact, LoadError> {
    read(origin, document, None).and_then(|pact| pact_of(origin, document, pact.as_ref()))
}

fn checked(origin: &str, document: &Value, text: Option<&str>) -> Result<Pact, LoadError> {
    let pact = read(origin, document, text)?;
    if pact.requires_plugins() {
        let plugins = pact.plugin_data();
        return Err(LoadError::NeedsPlugin {
            origin: origin.to_owned(),
            plugins: plugins
                .iter()
                .map(|p| format!("{} {}", p.name, p.version))
                .collect(),
        });
    }
    pact_of(origin, document, pact.as_ref())
}

/// A pact as the reference reader has it.
type ReadPact = Box<dyn pact_models::pact::Pact + Send + Sync + RefUnwindSafe>;

fn refused(origin: &str, error: &dyn std::fmt::Display) -> LoadError {
    LoadError::Refused {
        origin: origin.to_owned(),
        reason: error.to_string(),
    }
}

fn read(origin: &str, document: &Value, text: Option<&str>) -> Result<ReadPact, LoadError> {
    let not_a_pact = |problems| LoadError::NotAPact {
        origin: origin.to_owned(),
        problems,
    };
    let problems = problems(document, text);
    if !problems.is_empty() {
        return Err(not_a_pact(problems));
    }
    load_pact_from_json(origin, &ranges::cut(document)).map_err(|error| {
        let culprit = culprit(origin, document, text).map(|problem| vec![problem]);
        culprit.map_or_else(|| refused(origin, &error), not_a_pact)
    })
}

fn pact_of(
    origin: &str,
    document: &Value,
    pact: &(dyn pact_models::pact::Pact + Send + Sync + RefUnwindSafe),
) -> Result<Pact, LoadError> {
    let name = |text: String| {
        PacticipantName::parse(text).map_err(|source| LoadError::Name {
            origin: origin.to_owned(),
            source,
        })
    };
    let consumer = name(pact.consumer().name)?;
    let provider = name(pact.provider().name)?;
    let v4 = pact.as_v4_pact().map_err(|error| refused(origin, &error))?;
    let interactions = v4.interactions.iter();
    Ok(Pact {
        consumer,
        provider,
        interactions: interactions
            .filter_map(|i| Interaction::from_v4(i.as_ref()))
            .collect(),
        content_hash: content_hash(document),
    })
}

/// The first interaction or message that the reference reader refuses when it is alone, with the reader's reason.
fn culprit(origin: &str, document: &Value, text: Option<&str>) -> Option<Problem> {
    ["interactions", "messages"].iter().find_map(|list| {
        let items = document[list].as_array()?;
        items.iter().enumerate().find_map(|(place, item)| {
            let mut alone = json!({"metadata": document["metadata"]});
            alone[list] = json!([item]);
            let error = load_pact_from_json(origin, &alone).err()?;
            let pointer = format!("/{list}/{place}");
            Some(Problem::at(pointer, error.to_string(), text))
        })
    })
}
