//! The pacts that `publish` sends: each read and checked before anything goes out.

use std::path::PathBuf;

use treaty_broker_client::Bytes;
use treaty_core::document;
use treaty_core::pact::Pact;

use crate::error::Failure;
use crate::pact_files;

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
    for path in pact_files::find(given)? {
        add(&mut files, read_one(path)?)?;
    }
    Ok(files)
}

fn read_one(path: PathBuf) -> Result<PactFile, Failure> {
    let content = pact_files::read(&path)?;
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
