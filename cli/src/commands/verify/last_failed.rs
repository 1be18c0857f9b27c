//! Only what did not pass in the last run.

use std::io;

use treaty_provider::Filter;

use crate::args::VerifyArgs;
use crate::error::Failure;
use crate::files;
use crate::output;

/// The filter, and of what it takes only what did not pass in the report of the last run, if that was asked for.
///
/// Without such a report, or with one in which everything passed, it stays as it is: then there is no reason to think
/// that anything need not be looked at.
pub(super) fn narrowed(filter: Filter, args: &VerifyArgs) -> Result<Filter, Failure> {
    let Some(path) = args
        .report
        .json
        .as_deref()
        .filter(|_| args.filter.last_failed)
    else {
        return Ok(filter);
    };
    let report = match files::report(path) {
        Err(Failure::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            output::note(&format!(
                "there is no report of a last run in {}: all interactions run",
                path.display()
            ));
            return Ok(filter);
        }
        report => report?,
    };
    let narrowed = filter.clone().not_passed_in(&report);
    if !narrowed.narrows_interactions() && !filter.narrows_interactions() {
        output::note("nothing failed in the last run: all interactions run");
    }
    Ok(narrowed)
}
