//! Everything in one database, copied into another: how a broker is backed up and restored, whichever its database is.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use super::postgres::Server;
use super::sql::{Connector, Param, Row, Session, Sql, SqlResult, Value, params};
use super::sqlite::File;
use super::{StoreError, migrations};
use crate::config::{DatabaseUrl, Location};

/// When clean-up is due is no part of what is kept: a restored database is new and has its day.
const NOT_COPIED: &str = "clean_up";

/// How many rows are in memory at once.
const ROWS_MAX: i64 = 500;

/// How many rows of a table were copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The table.
    pub table: String,
    /// Its rows.
    pub rows: u64,
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// A backup would overwrite something.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is no such database, or it is not a broker's.
    #[error("there is no broker's database {name}")]
    NoDatabase {
        /// Where it was looked for: `in` and a file, or `behind this URL`.
        name: String,
    },
    /// There is no such file, or it is not what [`backup`] writes.
    #[error("there is no backup in {}", path.display())]
    NoBackup {
        /// The file.
        path: PathBuf,
    },
    /// A restored broker would be a mixture.
    #[error("the database is not empty: it has rows in {table}")]
    NotEmpty {
        /// The first table with rows.
        table: String,
    },
    /// A database that lives in another process's memory.
    #[error("a database in memory cannot be copied")]
    Memory,
    /// The file cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        #[source]
        source: std::io::Error,
    },
    /// One of the databases fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes everything that a database holds at this moment into a new file, an SQLite database that a broker can serve.
/// Brokers go on writing meanwhile. Blocks until it is done.
///
/// # Errors
/// [`CopyError`]; no file is left behind then.
pub fn backup(from: &DatabaseUrl, to: &Path) -> Result<Vec<Copied>, CopyError> {
    let exists = || CopyError::Exists {
        path: to.to_owned(),
    };
    if to.exists() {
        return Err(exists());
    }
    let mut source = open_source(from)?;
    let write = |source| CopyError::Write {
        path: to.to_owned(),
        source,
    };
    let part = new_part(to).map_err(write)?;
    let mut target = File::at(&part).connect()?;
    // A broker of an earlier release may go on serving the source, so it stays as it is.
    let steps = migrations::applied(&mut *source)?;
    migrations::apply_first(&mut *target, steps)?;
    let copied = copy(&mut *source, &mut *target, steps)?;
    drop(target);
    // Another file may have come there meanwhile.
    match part.persist_noclobber(to) {
        Ok(()) => Ok(copied),
        Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => Err(exists()),
        Err(failed) => Err(write(failed.error)),
    }
}

/// A new file beside the one that a backup will be, which is gone unless it becomes that. Only its owner can read it: a
/// backup holds what the broker's users may not all see.
fn new_part(to: &Path) -> std::io::Result<TempPath> {
    let name = to.file_name().unwrap_or_default();
    let directory = to.parent().filter(|parent| *parent != Path::new(""));
    let part = tempfile::Builder::new()
        .prefix(name)
        .suffix(".part")
        .tempfile_in(directory.unwrap_or(Path::new(".")))?;
    Ok(part.into_temp_path())
}

/// The database that is backed up. One that is not there is not made.
fn open_source(from: &DatabaseUrl) -> Result<Box<dyn Session>, CopyError> {
    let (name, file) = match from.location() {
        Location::File(path) => (format!("in {}", path.display()), Some(path)),
        Location::Memory | Location::Postgres(_) => ("behind this URL".to_owned(), None),
    };
    let no_database = || CopyError::NoDatabase { name: name.clone() };
    if file.is_some_and(|path| !path.is_file()) {
        return Err(no_database());
    }
    let mut source = match connect(from) {
        Err(CopyError::Store(StoreError::NotADatabase { .. })) => return Err(no_database()),
        opened => opened?,
    };
    if migrations::were_applied(&mut *source)? {
        Ok(source)
    } else {
        Err(no_database())
    }
}

/// Fills an empty database, which may be of another kind, from a backup, which stays as it is. Blocks until it is done.
///
/// # Errors
/// [`CopyError`]; the database is empty then as before, or filled if all that failed is to bring its schema up to date.
pub fn restore(from: &Path, to: &DatabaseUrl) -> Result<Vec<Copied>, CopyError> {
    let no_backup = || CopyError::NoBackup {
        path: from.to_owned(),
    };
    if !from.is_file() {
        return Err(no_backup());
    }
    let mut source = match File::at(from).connect() {
        Err(StoreError::NotADatabase { .. }) => return Err(no_backup()),
        opened => opened?,
    };
    // Another program's database is not to be given a broker's tables.
    if !migrations::were_applied(&mut *source)? {
        return Err(no_backup());
    }
    if let Location::File(path) = to.location() {
        super::sqlite::check_is_ours(path)?;
    }
    let mut target = connect(to)?;
    // What an earlier release wrote is brought up to date where it has come.
    let steps = migrations::applied(&mut *source)?;
    migrations::apply_first(&mut *target, steps)?;
    if migrations::applied(&mut *target)? > steps {
        // Its later steps had nothing to work on, and are to work on what comes.
        change(&mut *target, begin_anew)?;
        migrations::apply_first(&mut *target, steps)?;
    }
    let copied = copy(&mut *source, &mut *target, steps)?;
    migrations::apply(&mut *target)?;
    Ok(copied)
}

fn begin_anew(target: &mut dyn Session) -> Result<(), CopyError> {
    check_empty(target)?;
    Ok(migrations::take_back(target)?)
}

fn connect(url: &DatabaseUrl) -> Result<Box<dyn Session>, CopyError> {
    let connector: Arc<dyn Connector> = match url.location() {
        Location::Memory => return Err(CopyError::Memory),
        Location::File(path) => Arc::new(File::at(path)),
        Location::Postgres(url) => Arc::new(Server::at(url)?),
    };
    Ok(connector.connect()?)
}

/// Copies what the first steps of the schema hold, which both databases have had.
fn copy(
    source: &mut dyn Session,
    target: &mut dyn Session,
    steps: usize,
) -> Result<Vec<Copied>, CopyError> {
    source.begin_reading()?;
    let copied = change(target, |target| {
        check_empty(target)?;
        copy_tables(source, target, steps)
    });
    source.run("ROLLBACK")?;
    copied
}

/// Runs a closure in a write transaction.
fn change<T>(
    target: &mut dyn Session,
    change: impl FnOnce(&mut dyn Session) -> Result<T, CopyError>,
) -> Result<T, CopyError> {
    target.begin_writing()?;
    let changed = change(target);
    let ended = target.run(if changed.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    });
    let changed = changed?;
    ended?;
    Ok(changed)
}

fn check_empty(target: &mut dyn Session) -> Result<(), CopyError> {
    for table in migrations::tables(migrations::applied(target)?) {
        let statement = format!("SELECT 1 FROM {} LIMIT 1", table.name);
        if target.first(&statement, params![])?.is_some() {
            return Err(CopyError::NotEmpty {
                table: table.name.to_owned(),
            });
        }
    }
    Ok(())
}

fn copy_tables(
    source: &mut dyn Session,
    target: &mut dyn Session,
    steps: usize,
) -> Result<Vec<Copied>, CopyError> {
    let mut copied = Vec::new();
    let tables = migrations::tables(steps).into_iter();
    for table in tables.filter(|table| table.name != NOT_COPIED) {
        let rows = copy_table(source, target, &table)?;
        if table.has_id {
            target.count_on(table.name)?;
        }
        copied.push(Copied {
            table: table.name.to_owned(),
            rows,
        });
    }
    Ok(copied)
}

/// Copies a table by portions: by id, or by place where there is none.
fn copy_table(
    source: &mut dyn Sql,
    target: &mut dyn Sql,
    table: &migrations::Table,
) -> SqlResult<u64> {
    let name = table.name;
    let statement = if table.has_id {
        format!("SELECT * FROM {name} WHERE id > ?1 ORDER BY id LIMIT ?2")
    } else {
        format!("SELECT * FROM {name} ORDER BY 1, 2 LIMIT ?2 OFFSET ?1")
    };
    let mut from = if table.has_id { i64::MIN } else { 0 };
    let mut copied = 0;
    loop {
        let rows = source.query(&statement, params![from, ROWS_MAX])?;
        let Some(last) = rows.last() else {
            return Ok(copied);
        };
        copied += rows.len() as u64;
        from = if table.has_id {
            last.integer(0)?
        } else {
            from + ROWS_MAX
        };
        for row in &rows {
            insert(target, name, row)?;
        }
    }
}

fn insert(target: &mut dyn Sql, table: &str, Row(values): &Row) -> SqlResult<()> {
    let places: Vec<String> = (1..=values.len()).map(|n| format!("?{n}")).collect();
    let statement = format!("INSERT INTO {table} VALUES ({})", places.join(", "));
    let parameters: Vec<Param<'_>> = values
        .iter()
        .map(|value| match value {
            Value::Null => Param::Null,
            Value::Integer(integer) => Param::Integer(*integer),
            Value::Text(text) => Param::Text(text),
        })
        .collect();
    target.execute(&statement, &parameters).map(drop)
}
