//! What the command reads from its environment besides the variables that stand in for flags.

use std::ffi::OsStr;
use std::path::PathBuf;

/// Set on build machines, by all of them.
const CI: &str = "CI";

/// Makes the matching library compare by other rules than Treaty's.
const MATCHING_ENGINE: &str = "PACT_MATCHING_ENGINE";

/// The file below whose text GitHub shows a step of a workflow.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Where the builds of other Pact tools are told which pact a broker's webhook is about.
const PACT_URL: &str = "PACT_URL";

/// Which broker is asked, where no flag says so.
pub(crate) const BROKER_BASE_URL: &str = "PACT_BROKER_BASE_URL";

/// The pact that a broker's webhook started this build for.
pub(crate) fn pact_url() -> Option<String> {
    variable(PACT_URL)
}

/// The file of the summary of this step, in a workflow run of GitHub.
pub(crate) fn step_summary() -> Option<PathBuf> {
    variable(STEP_SUMMARY).map(PathBuf::from)
}

/// Whether this is a build machine.
pub(crate) fn is_ci() -> bool {
    variable(CI).is_some_and(|value| value != "false")
}

/// The warning that belongs to a verification whose matching library is told to work differently.
pub(crate) fn matching_engine_warning() -> Option<String> {
    let value = variable(MATCHING_ENGINE)?;
    Some(format!(
        "{MATCHING_ENGINE}={value} is set: it changes how pacts are compared, and results may differ from those of other machines; unset it"
    ))
}

/// Whether the variable is set to nothing.
pub(crate) fn is_empty(name: &OsStr) -> bool {
    std::env::var_os(name).is_some_and(|value| value.is_empty())
}

/// A variable's value, unless it is empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
