//! The one place of this crate with a runtime of its own and a look at the environment.
//!
//! Tests have no `main` in which somebody could set these up and hand them over, so here the house rule against globals
//! has its named exception.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};
use std::{env, fs};

use tokio::runtime::{Builder, Handle, Runtime};

use crate::file::Written;

/// Where the pact files go, unless the test says otherwise.
const OUTPUT_DIR_VARIABLE: &str = "PACT_OUTPUT_DIR";

/// What `cargo nextest`, which gives each test a process, sets to the same value in all processes of one run.
const RUN_ID_VARIABLE: &str = "NEXTEST_RUN_ID";

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    let builder = builder
        .worker_threads(2)
        .thread_name("treaty-mock-server")
        .enable_all();
    builder
        .build()
        .expect("the operating system gives this process two more threads")
});

/// The runtime on which all mock servers of this process answer, whatever runtime their tests have, or none.
pub(crate) fn runtime() -> &'static Handle {
    RUNTIME.handle()
}

/// What this process has written, by pact file.
pub(crate) static WRITTEN: LazyLock<Mutex<HashMap<PathBuf, Written>>> =
    LazyLock::new(Mutex::default);

/// What tells the processes of one test run from those of another; nothing where nobody says.
pub(crate) fn run_id() -> Option<String> {
    env::var(RUN_ID_VARIABLE)
        .ok()
        .filter(|id| !id.is_empty() && !id.contains('\n'))
}

/// The directory for pact files: `PACT_OUTPUT_DIR`, else `pacts` at the root of the workspace whose tests run.
pub(crate) fn output_dir() -> PathBuf {
    match env::var_os(OUTPUT_DIR_VARIABLE) {
        Some(dir) if !dir.is_empty() => PathBuf::from(dir),
        _ => workspace_root().join("pacts"),
    }
}

/// Cargo tells a test where its package is; the workspace is, as for Cargo, the nearest folder from there
/// upwards that says it is one.
fn workspace_root() -> PathBuf {
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    let root = package.ancestors().find(|folder| is_workspace(folder));
    root.map_or_else(|| package.clone(), Path::to_path_buf)
}

fn is_workspace(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest
        .lines()
        .any(|line| line.trim_end() == "[workspace]")
}
