use std::fs;

use crate::{FOLDERS, workspace};

/// What each folder may import of ours; a folder that is not here may import nothing.
const MAY_IMPORT: [(&str, &[&str]); 6] = [
    ("mock-server", &["treaty-core"]),
    ("consumer", &["treaty-core", "treaty-mock-server"]),
    ("provider", &["treaty-core", "treaty-broker-client"]),
    ("broker-client", &["treaty-core"]),
    ("broker", &["treaty-core"]),
    (
        "cli",
        &[
            "treaty-core",
            "treaty-mock-server",
            "treaty-consumer",
            "treaty-provider",
            "treaty-broker-client",
            "treaty-broker",
        ],
    ),
];

#[test]
fn no_crate_imports_one_that_the_table_does_not_allow() {
    for folder in FOLDERS {
        let allowed = MAY_IMPORT
            .iter()
            .find(|(name, _)| *name == folder)
            .map_or(&[][..], |(_, allowed)| allowed);
        for import in ours(folder) {
            assert!(
                allowed.contains(&import.as_str()),
                "{folder} imports {import}, which the table of ARCHITECTURE.md does not allow"
            );
        }
    }
}

#[test]
fn every_dependency_is_named_in_the_workspace() {
    for folder in FOLDERS {
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, dependency) in manifest(folder)
                .get(table)
                .and_then(|t| t.as_table())
                .into_iter()
                .flatten()
            {
                let inherited = dependency.get("workspace").and_then(toml::Value::as_bool);
                assert_eq!(
                    inherited,
                    Some(true),
                    "{folder} gives {name} a version of its own"
                );
            }
        }
    }
}

#[test]
fn no_pact_crate_is_used_with_its_plugins() {
    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let dependencies = &manifest["workspace"]["dependencies"];
    for name in ["pact_matching", "pact_consumer", "pact_verifier"] {
        let dependency = &dependencies[name];
        assert_eq!(
            dependency["default-features"].as_bool(),
            Some(false),
            "{name}"
        );
        let features = dependency
            .get("features")
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(!features.contains("plugins"), "{name}: {features}");
    }
}

fn ours(folder: &str) -> Vec<String> {
    let manifest = manifest(folder);
    let dependencies = manifest
        .get("dependencies")
        .and_then(|table| table.as_table());
    let names = dependencies
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone());
    names.filter(|name| name.starts_with("treaty-")).collect()
}

fn manifest(folder: &str) -> toml::Table {
    let path = workspace().join(folder).join("Cargo.toml");
    fs::read_to_string(path).unwrap().parse().unwrap()
}
