//! What a test needs that not every machine has.
//!
//! Where it is missing, the test says so loudly and passes; `TREATY_REQUIRE`, a list of names with commas between them,
//! turns that into a failure, for the machines that must have it. Other crates' tests include this file by its path.

use std::io::{self, Write};
use std::path::PathBuf;
use std::{env, fs};

const REQUIRE_VARIABLE: &str = "TREATY_REQUIRE";

/// The folder that `variable` names, else `default`, seen from the root of the workspace. `None` if it is not there: the
/// test that wanted it returns then.
#[track_caller]
pub(crate) fn folder(name: &str, variable: &str, default: &str) -> Option<PathBuf> {
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let chosen = env::var_os(variable).filter(|path| !path.is_empty());
    let folder =
        PathBuf::from(workspace).join(chosen.map_or_else(|| default.into(), PathBuf::from));
    match fs::canonicalize(&folder) {
        Ok(folder) => return Some(folder),
        Err(error) => missing(
            name,
            &format!("{}: {error}; {variable} names another", folder.display()),
        ),
    }
    None
}

#[track_caller]
fn missing(name: &str, why: &str) {
    let required = env::var(REQUIRE_VARIABLE).unwrap_or_default();
    let is_required = required.split(',').any(|required| required.trim() == name);
    assert!(
        !is_required,
        "{REQUIRE_VARIABLE} asks for `{name}`, which is missing: {why}"
    );
    // Past the test harness, which keeps what a passing test says with `eprintln!` to itself.
    let text = format!("DID NOT RUN: a test needs `{name}`, which is missing: {why}\n");
    io::stderr().write_all(text.as_bytes()).unwrap();
}
