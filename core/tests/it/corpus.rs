//! Pact files as other tools and teams wrote them: each is read, or refused with its place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;
use treaty_core::document::{LoadError, canonical, load, render};
use treaty_core::interaction::Interaction;
use treaty_core::matching::{match_request, match_response};

use crate::prerequisite::folder;

const VARIABLE: &str = "TREATY_PACT_CORPUS";

/// The pact files below the corpus, by their path in it. Nothing where there is no corpus.
fn files() -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let Some(root) = folder("corpus", VARIABLE, "../shared/pact-corpus") else {
        return files;
    };
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let name = path.strip_prefix(&root).unwrap().to_path_buf();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    assert!(!files.is_empty(), "{} holds no pact file", root.display());
    files
}

fn count(document: &Value, list: &str) -> usize {
    document[list].as_array().map_or(0, Vec::len)
}

fn is_labelled(path: &Path, label: &str) -> bool {
    path.components().any(|folder| folder.as_os_str() == label)
}

#[test]
fn a_file_that_is_refused_is_told_where() {
    for (path, bytes) in files() {
        let origin = path.to_string_lossy();
        let Err(error) = load(&origin, &bytes) else {
            continue;
        };
        assert!(error.to_string().starts_with(&*origin), "{error}");
        match error {
            LoadError::NotAPact { problems, .. } => {
                assert!(
                    problems.iter().all(|problem| problem.line.is_some()),
                    "{origin}: {problems:?}"
                );
            }
            LoadError::NeedsPlugin { plugins, .. } => assert!(!plugins.is_empty(), "{origin}"),
            other => panic!("{other:?} names no place"),
        }
    }
}

#[test]
fn a_file_that_its_authors_call_valid_is_read() {
    for (path, bytes) in files() {
        if is_labelled(&path, "pass") {
            load(&path.to_string_lossy(), &bytes).unwrap();
        }
    }
}

#[test]
fn no_interaction_of_a_file_is_lost() {
    for (path, bytes) in files() {
        let Ok(pact) = load(&path.to_string_lossy(), &bytes) else {
            continue;
        };
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        let there = count(&document, "interactions") + count(&document, "messages");
        assert_eq!(pact.interactions.len(), there, "{}", path.display());
    }
}

#[test]
fn a_file_that_is_written_again_is_the_same_contract() {
    for (path, bytes) in files() {
        let origin = path.to_string_lossy();
        let Ok(before) = load(&origin, &bytes) else {
            continue;
        };
        let text = render(serde_json::from_slice(&bytes).unwrap());
        let after = load(&origin, text.as_bytes()).unwrap();
        assert_eq!(before, after, "{origin}");
        assert_eq!(
            render(canonical(serde_json::from_str(&text).unwrap())),
            text,
            "{origin}"
        );
    }
}

/// What the rest of the files say of themselves is not always true: other tools' dates do not keep to their own formats.
#[test]
fn the_examples_of_a_file_that_its_authors_call_valid_match() {
    for (path, bytes) in files() {
        let Ok(pact) = load(&path.to_string_lossy(), &bytes) else {
            continue;
        };
        for interaction in &pact.interactions {
            let Interaction::Http(http) = interaction else {
                continue;
            };
            let mut mismatches = match_request(&http.request, &http.request).unwrap();
            mismatches.extend(match_response(&http.response, &http.response).unwrap());
            let title = format!("{}: {}", path.display(), interaction.title());
            assert!(
                mismatches.is_empty() || !is_labelled(&path, "pass"),
                "{title}: {mismatches:?}"
            );
        }
    }
}

/// This binary's corpus tests in a process of their own, without a corpus: what they say, and whether they pass.
fn without_corpus(required: &str) -> (String, bool) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["corpus::a_file"]);
    command.env(VARIABLE, "no/such/folder");
    command.env("TREATY_REQUIRE", required);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (said.concat(), output.status.success())
}

#[test]
fn a_missing_prerequisite_that_is_required_fails_its_tests() {
    let (said, passed) = without_corpus("docker, corpus");
    assert!(!passed, "{said}");
    assert!(
        said.contains("TREATY_REQUIRE asks for `corpus`, which is missing: "),
        "{said}"
    );
}

#[test]
fn a_missing_prerequisite_is_told_past_the_harness() {
    let (said, passed) = without_corpus("docker");
    assert!(passed, "{said}");
    assert!(
        said.contains("DID NOT RUN: a test needs `corpus`, which is missing: "),
        "{said}"
    );
}
