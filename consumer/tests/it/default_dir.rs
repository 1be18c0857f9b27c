//! Where pact files go when nobody says where.

use std::fs;
use std::path::Path;

use crate::child::command;

/// Plays the part with an environment; the names of the pact files that are below the folder then.
fn written(below: &Path, environment: &[(&str, &Path)]) -> Vec<String> {
    let mut command = command("writes-where-it-should", below);
    command.envs(environment.iter().copied()).current_dir(below);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut files = Vec::new();
    let mut folders = vec![below.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("A-B.json") {
                files.push(path.strip_prefix(below).unwrap().display().to_string());
            }
        }
    }
    files
}

/// A workspace with a package in a folder of a folder.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let package = root.path().join("services/orders");
    fs::create_dir_all(&package).unwrap();
    fs::write(
        root.path().join("Cargo.toml"),
        "[workspace]\nmembers = [\"services/*\"]\n",
    )
    .unwrap();
    fs::write(package.join("Cargo.toml"), "[package]\nname = \"orders\"\n").unwrap();
    root
}

#[test]
fn the_variable_decides_where_it_is_set() {
    let root = workspace();
    let (package, chosen) = (
        root.path().join("services/orders"),
        root.path().join("a/new/folder"),
    );
    let written = written(
        root.path(),
        &[
            ("CARGO_MANIFEST_DIR", &package),
            ("PACT_OUTPUT_DIR", &chosen),
        ],
    );
    assert_eq!(written, ["a/new/folder/A-B.json"]);
}

#[test]
fn a_variable_without_a_value_decides_nothing() {
    let root = workspace();
    let package = root.path().join("services/orders");
    let written = written(
        root.path(),
        &[
            ("CARGO_MANIFEST_DIR", &package),
            ("PACT_OUTPUT_DIR", Path::new("")),
        ],
    );
    assert_eq!(written, ["pacts/A-B.json"]);
}

#[test]
fn the_default_is_beside_the_manifest_of_the_workspace() {
    let root = workspace();
    let package = root.path().join("services/orders");
    assert_eq!(
        written(root.path(), &[("CARGO_MANIFEST_DIR", &package)]),
        ["pacts/A-B.json"]
    );
}

#[test]
fn a_package_without_a_workspace_has_its_own_folder() {
    let root = tempfile::tempdir().unwrap();
    let package = root.path().join("orders");
    fs::create_dir_all(&package).unwrap();
    fs::write(package.join("Cargo.toml"), "[package]\nname = \"orders\"\n").unwrap();
    assert_eq!(
        written(root.path(), &[("CARGO_MANIFEST_DIR", &package)]),
        ["orders/pacts/A-B.json"]
    );
}

#[test]
fn a_workspace_inside_another_has_its_own_folder() {
    let root = workspace();
    let package = root.path().join("services/orders");
    fs::write(
        package.join("Cargo.toml"),
        "[workspace]\n[package]\nname = \"orders\"\n",
    )
    .unwrap();
    assert_eq!(
        written(root.path(), &[("CARGO_MANIFEST_DIR", &package)]),
        ["services/orders/pacts/A-B.json"]
    );
}
