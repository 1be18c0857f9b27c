//! Other people's pacts.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::prerequisite::folder;

/// The documents that are JSON, by their paths in the corpus; none where there is no corpus.
pub(crate) fn documents() -> Vec<(String, Value)> {
    let Some(root) = folder("corpus", "TREATY_PACT_CORPUS", "../shared/pact-corpus") else {
        return Vec::new();
    };
    let mut documents = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                let document = serde_json::from_slice(&fs::read(&path).unwrap());
                documents.extend(document.ok().map(|document| (name, document)));
            }
        }
    }
    documents.sort_by(|(one, _), (other, _)| one.cmp(other));
    documents
}
