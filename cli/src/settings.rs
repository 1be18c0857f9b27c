//! `treaty.toml`: what all commands share. A flag goes before a variable of the environment, and both before the file.
//!
//! The file gives arguments their default values before the command line is read, so no command knows that there is one.

use std::path::{Path, PathBuf};

use clap::Command;
use clap::builder::ArgPredicate;

use crate::error::Failure;

/// The name of the file.
pub(crate) const FILE_NAME: &str = "treaty.toml";

/// What the file may say, and the arguments that this is the default of. Secrets are not among it: see `treaty login`.
const KEYS: [(&str, &[&str]); 5] = [
    ("broker-base-url", &["broker_base_url", "broker_url"]),
    ("broker-username", &["broker_username", "user"]),
    ("pacticipant", &["pacticipant", "provider_name"]),
    ("pacts", &["pacts"]),
    ("ssl-certificate", &["ssl_certificate"]),
];

/// Commands whose `pacts` are not those that the application's tests write.
const OTHER_PACTS: [&str; 1] = ["stub"];

/// Commands whose argument of that name is not about the application that lives here.
const OTHER_PACTICIPANTS: [&str; 1] = ["init"];

/// The command that verifies the application that lives here; the others' argument of the name is about any provider.
const VERIFIES: &str = "verify";

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    values: Vec<(&'static str, String)>,
}

impl Settings {
    /// What the file says, if there is one.
    pub(crate) fn read() -> Result<Self, Failure> {
        file().map_or_else(|| Ok(Self::default()), |path| Self::of(&path))
    }

    /// Who lives in the working directory, as the file in it says.
    pub(crate) fn pacticipant_here() -> Result<Option<String>, Failure> {
        let path = Path::new(FILE_NAME);
        if !path.is_file() {
            return Ok(None);
        }
        Ok(Self::of(path)?.value("pacticipant"))
    }

    /// Where the broker is.
    pub(crate) fn broker_base_url(self) -> Option<String> {
        self.value("broker-base-url")
    }

    fn value(self, wanted: &str) -> Option<String> {
        let mut values = self.values.into_iter();
        values.find_map(|(key, value)| (key == wanted).then_some(value))
    }

    fn of(path: &Path) -> Result<Self, Failure> {
        let wrong = |what: String| Failure::Settings {
            path: path.to_owned(),
            what,
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .map(|span| text[..span.start].lines().count().max(1));
            let line = line
                .map(|line| format!("line {line}: "))
                .unwrap_or_default();
            wrong(format!("{line}{}", error.message()))
        })?;
        let mut values = Vec::new();
        for (key, value) in table {
            let known = KEYS.iter().find(|(known, _)| *known == key);
            let (known, _) = known.ok_or_else(|| wrong(unknown(&key)))?;
            let value = value
                .as_str()
                .ok_or_else(|| wrong(format!("{key} is not a text")))?;
            let value = match *known {
                "pacts" | "ssl-certificate" => below(path, value),
                "broker-base-url" => broker_below(path, value),
                _ => value.to_owned(),
            };
            values.push((*known, value));
        }
        Ok(Self { values })
    }

    /// The command and those below it, with the file's values as defaults of their arguments.
    pub(crate) fn fill(&self, command: Command) -> Command {
        let name = command.get_name().to_owned();
        let filled = self.values.iter().fold(command, |command, (key, value)| {
            let others: &[&str] = match *key {
                "pacts" => &OTHER_PACTS,
                "pacticipant" => &OTHER_PACTICIPANTS,
                _ => &[],
            };
            if others.contains(&name.as_str()) {
                return command;
            }
            let named = KEYS.iter().filter(|(known, _)| known == key);
            let ids = named.flat_map(|(_, ids)| ids.iter());
            let ids = ids.filter(|id| **id != "provider_name" || name == VERIFIES);
            ids.fold(command, |command, id| default(command, id, value))
        });
        filled.mut_subcommands(|command| self.fill(command))
    }
}

/// Gives an argument a default, unless it says of itself that there is none.
fn default(command: Command, id: &'static str, value: &str) -> Command {
    let has = |wanted: &str| {
        let mut arguments = command.get_arguments();
        arguments.any(|argument| argument.get_id().as_str() == wanted)
    };
    // The user of a webhook is another one.
    if !has(id) || (id == "user" && !has("broker_url")) {
        return command;
    }
    let before: &[&'static str] = match id {
        // Where pacts are named, they are meant, and not the broker's beside them.
        "broker_url" => &["file", "dir", "url", "pacts"],
        // A pact file says by itself who provides.
        "provider_name" => &["file"],
        _ => &[],
    };
    let others: Vec<&'static str> = before.iter().copied().filter(|id| has(id)).collect();
    command.mut_arg(id, |argument| {
        let argument = argument.default_value(value.to_owned()).required(false);
        others.into_iter().fold(argument, |argument, other| {
            argument.default_value_if(other, ArgPredicate::IsPresent, None::<&str>)
        })
    })
}

/// The file of the working directory, or that of the nearest directory above it in the same repository.
fn file() -> Option<PathBuf> {
    let mut directory = std::env::current_dir().ok()?;
    loop {
        let path = directory.join(FILE_NAME);
        if path.is_file() {
            return Some(path);
        }
        let is_root = directory.join(".git").exists();
        if is_root || !directory.pop() {
            return None;
        }
    }
}

/// What is kept beside the file, or without one in the working directory, as that sees it.
pub(crate) fn beside(name: &str) -> PathBuf {
    file().map_or_else(|| name.into(), |file| below(&file, name).into())
}

/// A broker's URL, in which a path is one of the file.
fn broker_below(file: &Path, url: &str) -> String {
    let path = url.strip_prefix("sqlite:");
    let path = path.map(|path| path.strip_prefix("//").unwrap_or(path));
    match path {
        Some(path) if !path.is_empty() && path != ":memory:" => {
            format!("sqlite:{}", below(file, path))
        }
        _ => url.to_owned(),
    }
}

/// A path of the file, as the working directory sees it.
fn below(file: &Path, value: &str) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match file.parent() {
        Some(directory) if directory != here => {
            let path: PathBuf = directory.join(value);
            path.to_string_lossy().into_owned()
        }
        _ => value.to_owned(),
    }
}

fn unknown(key: &str) -> String {
    let known: Vec<&str> = KEYS.iter().map(|(known, _)| *known).collect();
    let secret = ["token", "password"].iter().any(|word| key.contains(word));
    let hint = if secret {
        "; a secret is kept by treaty login, or given by a variable"
    } else {
        ""
    };
    format!("it knows no {key:?}, only {}{hint}", known.join(", "))
}
