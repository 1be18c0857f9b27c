//! Where the suite is, and what its absence means.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The environment variable that names the suite's folder.
const FOLDER_VARIABLE: &str = "PACT_COMPATIBILITY_SUITE";

/// The environment variable with the names of what must run, separated by commas.
const REQUIRE_VARIABLE: &str = "TREATY_REQUIRE";

/// The suite's name in that list.
const NAME: &str = "suite";

/// There is no suite at this place.
pub(crate) struct Absence(PathBuf);

/// The suite's folder.
pub(crate) fn find() -> Result<PathBuf, Absence> {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = || oracle.join("../../shared/compatibility-suite");
    let folder = match env::var_os(FOLDER_VARIABLE) {
        Some(folder) if !folder.is_empty() => oracle.join("..").join(folder),
        _ => beside(),
    };
    if folder.join("features").is_dir() && folder.join("fixtures").is_dir() {
        Ok(folder)
    } else {
        Err(Absence(folder))
    }
}

impl Absence {
    /// Says that nothing ran. That is a failure only for those who require the suite.
    pub(crate) fn told(&self) -> ExitCode {
        let folder = self.0.display();
        eprintln!(
            "DID NOT RUN: the Pact compatibility suite. {folder} has no features and fixtures; \
             set {FOLDER_VARIABLE} to a folder that has."
        );
        if is_required() {
            eprintln!("{REQUIRE_VARIABLE} lists `{NAME}`, so this is a failure.");
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }
}

fn is_required() -> bool {
    let required = env::var(REQUIRE_VARIABLE).unwrap_or_default();
    required.split(',').any(|name| name.trim() == NAME)
}
