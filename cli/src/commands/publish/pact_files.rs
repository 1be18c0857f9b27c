//! Which files the arguments of `publish` mean, each read and checked before anything is sent.

use std::path::{Path, PathBuf};

use treaty_broker_client::Bytes;
use treaty_core::document;
use treaty_core::pact::Pact;

use crate::error::Failure;

/// A pact file that has been read.
#[derive(Debug)]
pub(super) struct PactFile {
    path: PathBuf,
    pub(super) content: Bytes,
    pub(super) pact: Pact,
}

/// Every pact that the files, directories and patterns lead to. Each of them must lead to one.
pub(super) fn read(given: &[String]) -> Result<Vec<PactFile>, Failure> {
    let mut files: Vec<PactFile> = Vec::new();
    for place in given {
        let paths = paths(place)?;
        if paths.is_empty() {
            return Err(Failure::NoPactFile {
                given: vec![place.clone()],
            });
        }
        for path in paths {
            add(&mut files, read_one(path)?)?;
        }
    }
    Ok(files)
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

fn in_directory(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
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

fn read_one(path: PathBuf) -> Result<PactFile, Failure> {
    let content = std::fs::read(&path).map_err(|source| Failure::Read {
        path: path.clone(),
        source,
    })?;
    let pact = document::load(&path.to_string_lossy(), &content)?;
    Ok(PactFile {
        path,
        content: content.into(),
        pact,
    })
}

/// The same pact twice is one pact; two pacts between the same two would overwrite each other.
fn add(files: &mut Vec<PactFile>, file: PactFile) -> Result<(), Failure> {
    let same = |other: &&PactFile| {
        other.pact.consumer == file.pact.consumer && other.pact.provider == file.pact.provider
    };
    match files.iter().find(same) {
        None => files.push(file),
        Some(other) if other.pact.content_hash == file.pact.content_hash => {}
        Some(other) => {
            return Err(Failure::SamePact {
                first: other.path.display().to_string(),
                second: file.path.display().to_string(),
                consumer: file.pact.consumer.to_string(),
                provider: file.pact.provider.to_string(),
            });
        }
    }
    Ok(())
}
