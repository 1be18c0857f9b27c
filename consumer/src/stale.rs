//! What stands in pact files and no test writes any more.
//!
//! A run of all the tests into an empty directory says what they write; the rest of a pact file is of tests that were
//! removed or renamed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use treaty_core::document::{InteractionName, LoadError, Parts, load};

use crate::file::{PactFileError, read};
use crate::turn::Turn;

/// What one run of the tests wrote.
#[derive(Debug, Clone, Default)]
pub struct TestRun {
    by_pact: BTreeMap<(String, String), BTreeSet<InteractionName>>,
}

/// What no test writes any more of one pact file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stale {
    /// The pact file.
    pub file: PathBuf,
    /// The interactions, in their order. The file may hold none, and is whole then.
    pub interactions: Vec<InteractionName>,
    /// Whether no test wrote anything for this consumer and provider.
    pub whole: bool,
}

/// Why a pact file cannot be compared with a run, or not be changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StaleError {
    /// It is no pact.
    #[error(transparent)]
    NotAPact(#[from] LoadError),
    /// The file system refused, or the file has become something else meanwhile.
    #[error(transparent)]
    File(#[from] PactFileError),
}

impl TestRun {
    /// Reads the pact files that a run wrote.
    ///
    /// # Errors
    /// [`StaleError`] names the file that is no pact.
    pub fn read(files: &[PathBuf]) -> Result<Self, StaleError> {
        let mut run = Self::default();
        for file in files {
            let parts = parts(file)?;
            let (consumer, provider) = parts.between();
            let pact = (consumer.to_owned(), provider.to_owned());
            run.by_pact.entry(pact).or_default().extend(parts.names());
        }
        Ok(run)
    }

    /// Whether the run wrote no interaction at all: then it says nothing about any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_pact.values().all(BTreeSet::is_empty)
    }

    /// What stands in a pact file and the run did not write. `None` if it wrote all of it.
    ///
    /// # Errors
    /// [`StaleError`] if the file is no pact.
    pub fn stale_in(&self, file: &Path) -> Result<Option<Stale>, StaleError> {
        let parts = parts(file)?;
        let (consumer, provider) = parts.between();
        let pact = (consumer.to_owned(), provider.to_owned());
        let fresh = self.by_pact.get(&pact).filter(|fresh| !fresh.is_empty());
        let is_stale = |name: &InteractionName| !fresh.is_some_and(|fresh| fresh.contains(name));
        let mut interactions: Vec<InteractionName> = parts.names().filter(is_stale).collect();
        interactions.dedup();
        let whole = fresh.is_none();
        Ok((whole || !interactions.is_empty()).then(|| Stale {
            file: file.to_owned(),
            interactions,
            whole,
        }))
    }
}

impl Stale {
    /// Takes these interactions out of the file, and removes a file of which nothing is left.
    ///
    /// Whoever else writes the file waits; what was added to it meanwhile stays.
    ///
    /// # Errors
    /// [`StaleError`] if the file cannot be changed.
    ///
    /// # Panics
    /// Never: the file was read before, so its path has a name.
    pub fn remove(&self) -> Result<(), StaleError> {
        let name = self
            .file
            .file_name()
            .expect("a file that was read has a name");
        let dir = self.file.parent().unwrap_or_else(|| Path::new(""));
        let turn = Turn::take(dir, &name.to_string_lossy())?;
        let mut parts = parts(&self.file)?;
        parts.retain(|name| !self.interactions.contains(name));
        if parts.names().next().is_none() {
            return Ok(turn.remove()?);
        }
        Ok(turn.replace(&parts.text())?)
    }
}

fn parts(file: &Path) -> Result<Parts, StaleError> {
    let bytes = read(file)?.unwrap_or_default();
    match load(&file.to_string_lossy(), &bytes) {
        // What a plugin makes of an interaction does not change its name.
        Ok(_) | Err(LoadError::NeedsPlugin { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(crate::file::parse(&bytes, file)?)
}
