//! Writers of one pact file, one after the other: a lock file orders them, and remembers what their run has written.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::file::{PactFileError, io};

/// The right to change a pact file, for one of all writers at a time, until it is dropped.
pub(crate) struct Turn {
    lock: File,
    lock_path: PathBuf,
    path: PathBuf,
    new: PathBuf,
}

impl Turn {
    pub(crate) fn take(dir: &Path, name: &str) -> Result<Self, PactFileError> {
        let lock_path = dir.join(format!(".{name}.lock"));
        let mut options = OpenOptions::new();
        // Not emptied: whoever has the turn now may have written into it.
        let options = options.create(true).truncate(false).read(true).write(true);
        let lock = options.open(&lock_path).map_err(io("create", &lock_path))?;
        lock.lock().map_err(io("lock", &lock_path))?;
        let path = followed(dir.join(name));
        Ok(Self {
            lock,
            lock_path,
            new: path.with_file_name(format!(".{name}.new")),
            path,
        })
    }

    /// Gives the file a new text, in one step.
    pub(crate) fn replace(&self, text: &str) -> Result<(), PactFileError> {
        // The lock makes the name safe to reuse; the rename makes the change whole.
        fs::write(&self.new, text).map_err(io("write", &self.new))?;
        fs::rename(&self.new, &self.path).map_err(io("write", &self.path))
    }

    /// Removes the file.
    pub(crate) fn remove(&self) -> Result<(), PactFileError> {
        fs::remove_file(&self.path).map_err(io("remove", &self.path))
    }

    /// Remembers in the lock file what this run writes, and refuses a second content for the same interaction.
    ///
    /// The first line there names the run, and each other one an interaction and its text, by hash: the processes of one
    /// run are of one build, so they agree on the hashes.
    pub(crate) fn check(
        &self,
        run: &str,
        added: &BTreeMap<String, String>,
    ) -> Result<(), PactFileError> {
        let record = self.record();
        let mut lines = record.lines();
        let same_run = lines.next() == Some(run);
        let known: HashMap<&str, &str> = lines.filter_map(|line| line.split_once(' ')).collect();

        let mut news = String::new();
        for (interaction, text) in added {
            let (name, hash) = (hashed(interaction), hashed(text));
            let first = known.get(name.as_str()).filter(|_| same_run);
            if first.is_some_and(|first| *first != hash) {
                return Err(PactFileError::Contradiction {
                    path: self.path.clone(),
                    interaction: interaction.clone(),
                });
            }
            if first.is_none() {
                news.push_str(&format!("{name} {hash}\n"));
            }
        }
        let new_record = (!same_run).then(|| format!("{run}\n"));
        self.note(new_record, &news)
            .map_err(io("write", &self.lock_path))
    }

    /// What the lock file says; what is no text says nothing.
    fn record(&self) -> String {
        let mut record = String::new();
        let read = (&self.lock).read_to_string(&mut record);
        read.map_or_else(|_| String::new(), |_| record)
    }

    /// Adds to the record, of which the head of a new one takes the place.
    fn note(&self, new_record: Option<String>, lines: &str) -> std::io::Result<()> {
        let mut lock = &self.lock;
        if let Some(head) = new_record {
            lock.set_len(0)?;
            lock.rewind()?;
            lock.write_all(head.as_bytes())?;
        }
        lock.seek(SeekFrom::End(0))?;
        lock.write_all(lines.as_bytes())
    }
}

/// The file that the path leads to: a link stays, and what it leads to is written.
fn followed(path: PathBuf) -> PathBuf {
    if path.is_symlink() {
        fs::canonicalize(&path).unwrap_or(path)
    } else {
        path
    }
}

fn hashed(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
