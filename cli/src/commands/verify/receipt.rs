//! The report for `treaty publish-results`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::NamedTempFile;

use crate::error::Failure;
use crate::files;

/// A file that is there when its report is whole, and not before: a run that is interrupted leaves none behind, nor the
/// one of an earlier run, which would be taken for its own.
#[derive(Debug)]
pub(super) struct ReceiptFile {
    path: PathBuf,
    way: Way,
}

/// How the report gets to where it belongs.
#[derive(Debug)]
enum Way {
    /// Written elsewhere, and moved to the path.
    Moved(NamedTempFile, PathBuf),
    /// Written to what is there: a device or a pipe, which nothing may take the place of.
    Through(File),
}

impl ReceiptFile {
    /// Makes sure that the file can be written, before anything runs for it.
    pub(super) fn begin(path: &Path) -> Result<Self, Failure> {
        let way = Way::to(path).map_err(|source| Failure::Write {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            way,
        })
    }

    /// Writes the report.
    pub(super) fn write(self, json: &Value) -> Result<(), Failure> {
        let written = match self.way {
            Way::Moved(mut beside, path) => writeln!(beside, "{json:#}").and_then(|()| {
                let persisted = beside.persist(path);
                persisted.map(drop).map_err(|error| error.error)
            }),
            Way::Through(mut there) => writeln!(there, "{json:#}"),
        };
        written.map_err(|source| Failure::Write {
            path: self.path,
            source,
        })
    }
}

impl Way {
    fn to(path: &Path) -> io::Result<Self> {
        let Some(path) = files::replaceable(path)? else {
            return OpenOptions::new().write(true).open(path).map(Self::Through);
        };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Self::Moved(beside(files::directory(&path))?, path))
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
