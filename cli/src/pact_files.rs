//! Which pact files the arguments of a command mean: files, directories of them, glob patterns.

use std::path::{Path, PathBuf};

use treaty_provider::pact_files;

use crate::error::Failure;

/// What the name of a pact file ends with in a directory.
pub(crate) const EXTENSION: &str = "json";

/// Every file that the arguments lead to, each once. Each argument must lead to one.
pub(crate) fn find(given: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let mut found: Vec<PathBuf> = Vec::new();
    for place in given {
        let paths = paths(place)?;
        if paths.is_empty() {
            return Err(Failure::NoPactFile {
                given: vec![place.clone()],
            });
        }
        for path in paths {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn paths(place: &str) -> Result<Vec<PathBuf>, Failure> {
    let path = Path::new(place);
    if path.is_dir() {
        return in_directory(path, EXTENSION);
    }
    // A pipe is there, too, and is no file.
    if path.exists() {
        return Ok(vec![path.to_owned()]);
    }
    let unusable = |error: glob::PatternError| {
        Failure::usage(
            format!("{place:?} is not a glob pattern: {error}"),
            "correct the pattern: * for any name, ** for any directories, ? for one character",
        )
    };
    let found = glob::glob(place).map_err(unusable)?;
    let found = found.filter_map(Result::ok).filter(|path| path.is_file());
    Ok(found.collect())
}

/// The files of a directory and of those below it, in the order of their paths.
pub(crate) fn in_directory(directory: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    pact_files(directory, extension).map_err(|source| Failure::Read {
        path: directory.to_owned(),
        source,
    })
}
