//! Tokens for brokers, kept where the system keeps what belongs to one person.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use toml::{Table, Value};
use url::Url;

use crate::environment;
use crate::error::Failure;
use crate::files;

/// Where the tokens are: `treaty/credentials.toml` in the person's directory for settings.
pub(crate) fn file() -> Option<PathBuf> {
    let directory = if cfg!(windows) {
        environment::variable("APPDATA").map(PathBuf::from)
    } else {
        let config = environment::variable("XDG_CONFIG_HOME").map(PathBuf::from);
        config.or_else(|| Some(PathBuf::from(environment::variable("HOME")?).join(".config")))
    };
    Some(directory?.join("treaty").join("credentials.toml"))
}

/// The token that is kept for the broker at the URL, or that the URL is one of; of several, the one that says most.
pub(crate) fn token(url: &str) -> Option<String> {
    let table = read(&file()?).ok()?;
    let url = key(url);
    let is_below = |broker: &str| {
        let rest = url.strip_prefix(broker);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    let kept = table.iter().filter(|(broker, _)| is_below(broker));
    let (_, entry) = kept.max_by_key(|(broker, _)| broker.len())?;
    entry.get("token")?.as_str().map(str::to_owned)
}

/// Keeps the token for the broker, or forgets the one that is kept; tells the file.
pub(crate) fn keep(broker: &str, token: Option<&str>) -> Result<PathBuf, Failure> {
    let path = file().ok_or_else(|| {
        Failure::usage(
            "there is no directory for a person's settings",
            "set HOME, or on Windows APPDATA",
        )
    })?;
    let mut table = read(&path)?;
    match token {
        Some(token) => {
            let entry = Table::from_iter([("token".to_owned(), Value::from(token))]);
            table.insert(key(broker), Value::Table(entry));
        }
        None => {
            table.remove(&key(broker));
        }
    }
    write(&path, &table.to_string()).map_err(|source| Failure::Write {
        path: path.clone(),
        source,
    })?;
    Ok(path)
}

/// The broker's URL without what does not tell it from others.
fn key(broker: &str) -> String {
    let url = Url::parse(broker).map_or_else(|_| broker.to_owned(), |url| url.to_string());
    url.trim_end_matches('/').to_owned()
}

fn read(path: &Path) -> Result<Table, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => {
            return Err(Failure::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    // The parser's words would show the line, and with it a secret.
    text.parse().map_err(|_| Failure::Settings {
        path: path.to_owned(),
        what: "it is not TOML".to_owned(),
    })
}

/// Replaces the file in one step, or the one that a link there leads to; from its first byte on nobody else may read it.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let Some(path) = files::replaceable(path)? else {
        return std::fs::write(path, text);
    };
    let directory = files::directory(&path);
    std::fs::create_dir_all(directory)?;
    let mut new = tempfile::Builder::new()
        .prefix(".credentials")
        .tempfile_in(directory)?;
    new.write_all(text.as_bytes())?;
    new.persist(path)?;
    Ok(())
}
