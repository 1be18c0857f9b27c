//! Files that commands read whole.

use std::path::Path;

use treaty_provider::Report;

use crate::error::Failure;

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })
}

/// The report of a verification.
pub(crate) fn report(path: &Path) -> Result<Report, Failure> {
    serde_json::from_slice(&read(path)?).map_err(|source| Failure::NotAReport {
        path: path.to_owned(),
        source,
    })
}
