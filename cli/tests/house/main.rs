//! The house itself: who may import whom, who alone may know a library, and how large a room may get.
//!
//! These read the manifests and the sources of the whole workspace, so they stand beside the crate on top of it.
//!
//! The attribute below is what lets the functions beside the tests `unwrap`, as tests may.

#![cfg(test)]

mod arrows; // which crate may depend on which
mod rooms; // which file alone may name a library or a neighbour
mod sizes; // how long files and functions may be
mod tests_named; // the tests that ARCHITECTURE.md names

use std::fs;
use std::path::{Path, PathBuf};

/// The packages of the house, by folder.
const FOLDERS: [&str; 9] = [
    "core",
    "mock-server",
    "consumer",
    "provider",
    "broker-client",
    "broker",
    "cli",
    "examples/order-service",
    "examples/user-service",
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// Every Rust source below a folder of the workspace, with its path from the workspace's root.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = workspace();
    let mut found = Vec::new();
    let mut left = vec![root.join(folder)];
    while let Some(dir) = left.pop() {
        for entry in fs::read_dir(&dir).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(
        !found.is_empty(),
        "{folder} holds no Rust source: has it moved?"
    );
    found.sort();
    found
}
