//! Which pact files the arguments of a command mean: files, directories of them, glob patterns.

use std::path::{Path, PathBuf};

use crate::error::Failure;

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
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if path.is_dir() {
        return in_directory(path);
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

/// The JSON files of a directory, in the order of their names.
pub(crate) fn in_directory(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |source| Failure::Read {
        path: directory.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|end| end == "json") && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
