//! The pact file: read, merged and replaced in one step, whoever else is at it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use treaty_core::document::{Draft, LoadError, MergeError, Parts};
use treaty_core::lint::Finding;

use crate::environment::{WRITTEN, output_dir, run_id};
use crate::flaws;
use crate::turn::Turn;

/// Why interactions did not get into a pact file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PactFileError {
    /// The file system refused.
    #[error("cannot {what} {}", path.display())]
    Io {
        /// What was tried: create, lock, read, write, remove.
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
    /// The interactions say something that no provider can do, or something doubtful in a test that
    /// [denies warnings](crate::PactBuilder::deny_warnings).
    #[error(
        "its interactions have {}{}",
        flaws::count(findings),
        flaws::list(findings)
    )]
    Flawed {
        /// What is wrong; the pointers are those of a document of these interactions alone.
        findings: Vec<Finding>,
    },
    /// Nothing could read the interactions from a pact file.
    #[error("its interactions would make no pact that can be read")]
    Unreadable {
        /// Where, and what was expected there.
        source: LoadError,
    },
}

/// What this process has written into one pact file.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// The text of each interaction, by what makes it the same one in another run.
    texts: HashMap<String, String>,
    /// The whole file, so that the next test need not read it through again if nobody else has touched it.
    last: Option<(String, Parts)>,
}

/// Where a test's interactions go, and what is asked of them there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Destination {
    /// The directory; absent where the environment decides.
    pub(crate) dir: Option<PathBuf>,
    /// Whether what the linter warns of keeps them out.
    pub(crate) deny_warnings: bool,
}

/// Adds interactions to the pact file of their consumer and provider in a directory, as [`MockServer::finish`] does: for
/// who runs mock servers for tests in other languages. Each call is a run of its own: what it writes replaces what an
/// earlier one wrote, so an edited test can run again while the process goes on.
///
/// ```
/// use treaty_consumer::add_to_pact_file;
/// use treaty_core::document::{Draft, SpecVersion, load_json};
///
/// let interactions = |status: u16| {
///     let pact = serde_json::json!({
///         "consumer": {"name": "A"}, "provider": {"name": "B"},
///         "interactions": [{"description": "x", "request": {"path": "/"}, "response": {"status": status}}],
///     });
///     load_json("a pact", &pact).unwrap().interactions
/// };
/// let draft = |status| Draft {
///     consumer: "A".parse().unwrap(), provider: "B".parse().unwrap(),
///     version: SpecVersion::V4, interactions: interactions(status),
/// };
/// let pacts = tempfile::tempdir()?;
/// add_to_pact_file(&draft(200), pacts.path())?;
/// add_to_pact_file(&draft(404), pacts.path())?;
/// let text = std::fs::read_to_string(pacts.path().join("A-B.json"))?;
/// assert!(text.contains("404") && !text.contains("200"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PactFileError`] says what keeps them out; the file is then as it was.
///
/// [`MockServer::finish`]: crate::MockServer::finish
pub fn add_to_pact_file(draft: &Draft, dir: &Path) -> Result<(), PactFileError> {
    flaws::check(draft, false)?;
    add(draft, dir, &mut Written::default(), None)
}

/// Adds a test's interactions to the pact file of its consumer and provider.
pub(crate) fn add_to_file(draft: &Draft, destination: &Destination) -> Result<(), PactFileError> {
    flaws::check(draft, destination.deny_warnings)?;
    let dir = destination.dir.clone().unwrap_or_else(output_dir);
    let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
    let written = written.entry(dir.join(file_name(draft))).or_default();
    add(draft, &dir, written, run_id())
}

/// Adds them, unless this contradicts what the run has written so far.
///
/// Other tests and other processes may do the same at the same moment: a lock file beside the pact orders them, and a
/// reader sees either the old file or the new one, whole.
fn add(
    draft: &Draft,
    dir: &Path,
    written: &mut Written,
    run: Option<String>,
) -> Result<(), PactFileError> {
    let name = file_name(draft);
    let path = dir.join(&name);
    fs::create_dir_all(dir).map_err(io("create", dir))?;
    let turn = Turn::take(dir, &name)?;

    let before = read(&path)?;
    let mut parts = match (written.last.take(), &before) {
        (Some((text, parts)), Some(before)) if text.as_bytes() == before => parts,
        (_, Some(before)) => parse(before, &path)?,
        (_, None) => Parts::default(),
    };
    let merge = |source| PactFileError::Merge {
        path: path.clone(),
        source,
    };
    let added = parts.add(draft).map_err(merge)?;
    written.check(&added, &path)?;
    if let Some(run) = run {
        turn.check(&run, &added)?;
    }

    let after = parts.text();
    if before.as_deref() != Some(after.as_bytes()) {
        turn.replace(&after)?;
    }
    written.last = Some((after, parts));
    Ok(())
}

fn file_name(draft: &Draft) -> String {
    let (consumer, provider) = (draft.consumer.as_str(), draft.provider.as_str());
    format!("{}-{}.json", file_part(consumer), file_part(provider))
}

pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, PactFileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io("read", path)(error)),
    }
}

pub(crate) fn parse(bytes: &[u8], path: &Path) -> Result<Parts, PactFileError> {
    let path = path.to_path_buf();
    let document = match serde_json::from_slice(bytes) {
        Ok(document) => document,
        Err(source) => return Err(PactFileError::NotJson { path, source }),
    };
    Parts::of(document).map_err(|source| PactFileError::Merge { path, source })
}

pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PactFileError {
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

impl Written {
    /// Remembers what this process writes, and refuses a second content for the same interaction.
    fn check(
        &mut self,
        added: &BTreeMap<String, String>,
        path: &Path,
    ) -> Result<(), PactFileError> {
        for (interaction, text) in added {
            let first = self.texts.entry(interaction.clone());
            if first.or_insert_with(|| text.clone()) != text {
                return Err(PactFileError::Contradiction {
                    path: path.to_path_buf(),
                    interaction: interaction.clone(),
                });
            }
        }
        Ok(())
    }
}
