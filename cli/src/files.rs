//! Files that commands read whole, or write whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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

/// How many links may lead to a file, one after the other; as many as Linux follows.
const LINKS_MAX: usize = 40;

/// The file that another can be moved to in place of what is at the path: links are followed, and stay. None if what is
/// there is no file, such as a device or a pipe, or a name that the system has for what is open: that is to be written to.
pub(crate) fn replaceable(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut place = path.to_owned();
    for _ in 0..LINKS_MAX {
        // Files of any kind are kept in memory there.
        let is_in_memory = place.starts_with("/dev/shm");
        if !is_in_memory && ["/dev", "/proc"].iter().any(|of| place.starts_with(of)) {
            return Ok(None);
        }
        match fs::symlink_metadata(&place) {
            Ok(found) if found.is_symlink() => {
                let to = fs::read_link(&place)?;
                place = place.parent().unwrap_or(Path::new("")).join(to);
            }
            Ok(found) if !found.is_file() => return Ok(None),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(Some(place)),
        }
    }
    Err(io::Error::other("too many links lead to it"))
}

/// Makes the directory of a file, if there is none.
pub(crate) fn make_directory_of(path: &Path) -> Result<(), Failure> {
    let directory = directory(path);
    fs::create_dir_all(directory).map_err(|source| Failure::Write {
        path: directory.to_owned(),
        source,
    })
}

/// The directory of a file.
pub(crate) fn directory(path: &Path) -> &Path {
    let directory = path.parent();
    let named = directory.filter(|directory| !directory.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}
