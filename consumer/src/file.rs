//! The pact file: read, merged and replaced in one step, whoever else is at it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use serde_json::Value;
use treaty_core::document::{Draft, MergeError, render};

use crate::environment::WRITTEN;

/// Why interactions did not get into a pact file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PactFileError {
    /// The file system refused.
    #[error("cannot {what} {}", path.display())]
    Io {
        /// What was tried: create, lock, read, write.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file that is there is not JSON.
    #[error("{} is there and is not JSON, so nothing can be added to it", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// The file that is there does not go together with the new interactions.
    #[error("nothing can be added to {}", path.display())]
    Merge {
        /// The file.
        path: PathBuf,
        /// Why.
        source: MergeError,
    },
    /// Two tests of one run give one interaction two contents, so the file would depend on which ran last.
    #[error(
        "two tests write different content for {interaction} into {}: \
         give one of them another description or provider state",
        path.display()
    )]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// Its kind, description and provider states.
        interaction: String,
    },
}

/// Adds a test's interactions to the pact file of its consumer and provider.
///
/// Other tests and other processes may do the same at the same moment: a lock file beside the pact orders them, and a
/// reader sees either the old file or the new one, whole.
pub(crate) fn add_to_file(draft: &Draft, dir: &Path) -> Result<(), PactFileError> {
    let name = format!(
        "{}-{}.json",
        file_part(draft.consumer.as_str()),
        file_part(draft.provider.as_str())
    );
    let path = dir.join(&name);
    fs::create_dir_all(dir).map_err(io("create", dir))?;

    let lock_path = dir.join(format!(".{name}.lock"));
    let lock = File::create(&lock_path).map_err(io("create", &lock_path))?;
    lock.lock().map_err(io("lock", &lock_path))?;

    let before = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(io("read", &path)(error)),
    };
    let there: Option<Value> = before
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(|source| PactFileError::NotJson {
            path: path.clone(),
            source,
        })?;
    let merged = draft.merge_into(there);
    let merged = merged.map_err(|source| PactFileError::Merge {
        path: path.clone(),
        source,
    })?;
    check_for_contradiction(draft, &path)?;

    let after = render(merged);
    if before.as_deref() != Some(after.as_str()) {
        // The lock makes the name safe to reuse; the rename makes the change whole.
        let new = dir.join(format!(".{name}.new"));
        fs::write(&new, after).map_err(io("write", &new))?;
        fs::rename(&new, &path).map_err(io("write", &path))?;
    }
    Ok(())
}

fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PactFileError {
    let path = path.to_path_buf();
    move |source| PactFileError::Io { what, path, source }
}

/// A pacticipant's name as a part of a file name: what a file system or a shell would stumble over becomes `_`.
fn file_part(name: &str) -> String {
    let safe = |c: char| {
        if c.is_alphanumeric() || "-_. ".contains(c) {
            c
        } else {
            '_'
        }
    };
    name.chars().map(safe).collect()
}

/// Remembers what this process writes, and refuses a second content for the same interaction.
fn check_for_contradiction(draft: &Draft, path: &Path) -> Result<(), PactFileError> {
    let texts = draft.texts().map_err(|source| PactFileError::Merge {
        path: path.to_path_buf(),
        source,
    })?;
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let written = written.entry(path.to_path_buf()).or_default();
    for (interaction, text) in texts {
        let first = written
            .entry(interaction.clone())
            .or_insert_with(|| text.clone());
        if *first != text {
            return Err(PactFileError::Contradiction {
                path: path.to_path_buf(),
                interaction,
            });
        }
    }
    Ok(())
}
