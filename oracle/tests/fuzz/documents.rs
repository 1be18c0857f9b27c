//! The documents that are changed: those beside this file, those of the examples, and the corpus where there is one.

use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;
use serde_json::Value;

use crate::prerequisite::folder;
use crate::{bytes, json};

/// Pact documents, and what they are as JSON.
pub(crate) struct Documents(Vec<(Vec<u8>, Value)>);

impl Documents {
    pub(crate) fn read() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = below(&here.join("tests/fuzz/seeds"));
        files.extend(below(&here.join("../pacts")));
        let corpus = folder("corpus", "TREATY_PACT_CORPUS", "../shared/pact-corpus");
        files.extend(corpus.iter().flat_map(|corpus| below(corpus)));
        let documents = files.into_iter().map(|file| {
            let bytes = fs::read(file).unwrap();
            let json = serde_json::from_slice(&bytes).unwrap_or_default();
            (bytes, json)
        });
        Self(documents.collect())
    }

    /// All of them as they are.
    pub(crate) fn unchanged(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|(bytes, _)| bytes.as_slice())
    }

    /// One of them, changed as JSON, as bytes, or both.
    pub(crate) fn changed(&self, random: &mut Rng) -> Vec<u8> {
        let (bytes, json) = random.choice(&self.0).unwrap();
        let (mut bytes, mut json) = (bytes.clone(), json.clone());
        let how = random.u8(..8);
        if how > 0 {
            json::change(&mut json, &random.choice(&self.0).unwrap().1, random);
            bytes = json.to_string().into_bytes();
        }
        if how < 2 {
            bytes::change(&mut bytes, random);
        }
        bytes
    }
}

/// The JSON files below a folder, in an order that does not depend on the file system.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut entries: Vec<PathBuf> = entries.collect();
    entries.sort();
    let files = entries.into_iter().flat_map(|path| {
        if path.is_dir() {
            below(&path)
        } else {
            vec![path]
        }
    });
    files
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect()
}
