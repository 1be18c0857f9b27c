//! Pacts in files and directories.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use treaty_core::names::PacticipantName;

use super::document::{Found, Loaded, PACT_BYTES_MAX};
use crate::report::{PactLeftOutReason, SourceCause};

pub(super) fn read(path: &Path) -> Result<Loaded, SourceCause> {
    let unreadable = |reason: String| SourceCause::Unreadable { reason };
    let bytes = fs::metadata(path)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if bytes > PACT_BYTES_MAX as u64 {
        let reason =
            format!("{bytes} bytes are too many for a pact: at most {PACT_BYTES_MAX} are read");
        return Err(unreadable(reason));
    }
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    Loaded::parse(&path.display().to_string(), &bytes)
}

pub(super) fn read_dir(dir: &Path, provider: &PacticipantName, found: &mut Found) {
    let origin = dir.display().to_string();
    let mut files = Vec::new();
    if let Err(error) = pact_files(dir, &mut files) {
        let reason = error.to_string();
        return found.problem(&origin, SourceCause::Unreadable { reason });
    }
    files.sort_unstable();
    let mut here = Found::default();
    for path in &files {
        here.add(&path.display().to_string(), read(path));
    }
    here.keep(PactLeftOutReason::OtherProvider, |loaded| {
        loaded.is_for(provider)
    });
    if here.pacts.is_empty() && here.problems.is_empty() {
        let left_out = here.left_out.iter();
        let mut providers: Vec<String> = left_out.map(|pact| pact.provider.clone()).collect();
        providers.sort_unstable();
        providers.dedup();
        here.problem(&origin, SourceCause::NoPact { providers });
    }
    found.append(here);
}

/// Collects the files that may be pacts. Links to directories are not followed: they can lead in circles.
fn pact_files(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            pact_files(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
            && path.is_file()
        {
            files.push(path);
        }
    }
    Ok(())
}
