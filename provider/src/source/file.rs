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
    let files = match pact_files(dir, "json") {
        Ok(files) => files,
        Err(error) => {
            let reason = error.to_string();
            return found.problem(&origin, SourceCause::Unreadable { reason });
        }
    };
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

/// The files that may be pacts in a directory and in those below it, in the order of their paths: those whose names end
/// with a dot and the extension. Links to directories are not followed: they can lead in circles.
///
/// # Errors
/// What the operating system says of a directory that cannot be read.
///
/// ```
/// let directory = tempfile::tempdir()?;
/// std::fs::create_dir(directory.path().join("below"))?;
/// for name in ["b.json", "below/a.json", "below/a.pact.json", "notes.txt"] {
///     std::fs::write(directory.path().join(name), "{}")?;
/// }
/// let found = treaty_provider::pact_files(directory.path(), "json")?;
/// let all = ["b.json", "below/a.json", "below/a.pact.json"];
/// assert_eq!(found, all.map(|name| directory.path().join(name)));
/// let found = treaty_provider::pact_files(directory.path(), "pact.json")?;
/// assert_eq!(found, [directory.path().join("below/a.pact.json")]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn pact_files(directory: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(directory, &format!(".{extension}"), &mut files)?;
    files.sort_unstable();
    Ok(files)
}

fn collect(directory: &Path, ending: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, ending, files)?;
            continue;
        }
        let is_named_so = entry.file_name().to_string_lossy().ends_with(ending);
        if is_named_so && path.extension().is_some() && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
