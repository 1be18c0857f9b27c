//! The report for `treaty publish-results`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::error::Failure;

/// A file that is there when its report is whole, and not before: a run that is interrupted leaves none behind, nor the
/// one of an earlier run, which would be taken for its own.
#[derive(Debug)]
pub(super) struct ReceiptFile {
    path: PathBuf,
    beside: NamedTempFile,
}

impl ReceiptFile {
    /// Makes sure that the file can be written, before anything runs for it.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        let failed = |source| Failure::Write {
            path: path.to_owned(),
            source,
        };
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let directory = path.parent().filter(|path| !path.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new("."));
        let beside = beside(directory).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            beside,
        })
    }

    /// Writes the report.
    pub(super) fn write(mut self, json: &Value) -> Result<(), Failure> {
        let written = writeln!(self.beside, "{json:#}");
        let persisted = written.and_then(|()| {
            let persisted = self.beside.persist(&self.path);
            persisted.map(drop).map_err(|error| error.error)
        });
        persisted.map_err(|source| Failure::Write {
            path: self.path,
            source,
        })
    }
}

/// Readable by whom other files of this user are: a later step of the build may run as somebody else.
#[cfg(unix)]
fn beside(directory: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let permissions = fs::Permissions::from_mode(0o666);
    tempfile::Builder::new()
        .permissions(permissions)
        .tempfile_in(directory)
}

#[cfg(not(unix))]
fn beside(directory: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(directory)
}
