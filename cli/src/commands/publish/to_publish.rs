//! The pacts that `publish` sends: each read and checked before anything goes out.

use std::path::PathBuf;

use treaty_broker_client::Bytes;
use treaty_core::document::{self, MergeError, Parts};
use treaty_core::lint::{Severity, lint};
use treaty_core::pact::Pact;

use crate::error::Failure;
use crate::files;
use crate::pact_files;

/// A pact file that has been read.
#[derive(Debug)]
pub(super) struct PactFile {
    path: PathBuf,
    pub(super) content: Bytes,
    pub(super) pact: Pact,
}

/// Every pact that the files, directories and patterns lead to. Each of them must lead to one.
pub(super) fn read(given: &[String], strict: bool) -> Result<Vec<PactFile>, Failure> {
    let mut files: Vec<PactFile> = Vec::new();
    for path in pact_files::find(given)? {
        let file = read_one(path)?;
        if strict {
            without_mistakes(&file)?;
        }
        add(&mut files, file)?;
    }
    Ok(files)
}

fn read_one(path: PathBuf) -> Result<PactFile, Failure> {
    let content = files::read(&path)?;
    let pact = document::load(&path.to_string_lossy(), &content)?;
    Ok(PactFile {
        path,
        content: content.into(),
        pact,
    })
}

/// Whoever wants strictness wants no file sent in which the linter finds an error.
fn without_mistakes(file: &PactFile) -> Result<(), Failure> {
    let path = file.path.to_string_lossy();
    let findings = lint(&path, &file.content)?;
    let mut findings = findings.iter();
    match findings.find(|finding| finding.severity() == Severity::Error) {
        None => Ok(()),
        Some(finding) => Err(Failure::usage(
            format!("{path}: {}", finding.message()),
            finding.fix(),
        )),
    }
}

/// Files of one pact are one pact: tests that run apart write one each. Where they contradict each other, nothing is sent.
fn add(files: &mut Vec<PactFile>, file: PactFile) -> Result<(), Failure> {
    let same = |other: &&mut PactFile| {
        other.pact.consumer == file.pact.consumer && other.pact.provider == file.pact.provider
    };
    match files.iter_mut().find(same) {
        None => files.push(file),
        Some(other) if other.pact.content_hash == file.pact.content_hash => {}
        Some(other) => *other = joined(other, &file)?,
    }
    Ok(())
}

fn joined(one: &PactFile, other: &PactFile) -> Result<PactFile, Failure> {
    let apart = |file: &PactFile| {
        let document =
            serde_json::from_slice(&file.content).map_err(|e| MergeError::NotAPact(e.to_string()));
        Parts::of(document?)
    };
    let join = || {
        let mut parts = apart(one)?;
        parts.join(apart(other)?)?;
        Ok(parts.text())
    };
    let content = join().map_err(|source| Failure::SamePact {
        first: one.path.display().to_string(),
        second: other.path.display().to_string(),
        source,
    })?;
    let pact = document::load(&one.path.to_string_lossy(), content.as_bytes())?;
    Ok(PactFile {
        path: one.path.clone(),
        content: content.into(),
        pact,
    })
}
