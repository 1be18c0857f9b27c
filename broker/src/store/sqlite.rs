//! SQLite below the narrow waist: one file, or memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};

use super::StoreError;
use super::error::Cause;
use super::sql::{Connector, Param, Row, Session, Sql, SqlResult, Value, check_storable, params};

/// How long a statement waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many questions are asked at once; more would only take turns on the processors.
pub(super) const READERS_MAX: usize = 8;

/// How many prepared statements each connection remembers.
const STATEMENTS_CACHED: usize = 256;

/// SQLite's number for a write that the system refuses though the disk is not full: `SQLITE_IOERR_WRITE`.
const WRITE_REFUSED: i32 = 778;

/// What SQLite calls a database that is not in a file. Each connection to it has its own.
const MEMORY: &str = ":memory:";

/// The table that every database of a broker has from its first moment.
const OWN_TABLE: &str = "treaty_schema";

/// A table that only the database of a Pact Broker has.
const PACT_BROKERS_TABLE: &str = "pact_publications";

/// Where the database is.
pub(super) struct File {
    target: String,
}

impl File {
    /// The file at a path, which is made if it is not there.
    pub(super) fn at(path: &Path) -> Self {
        Self {
            target: path.to_string_lossy().into_owned(),
        }
    }

    /// No file: the database vanishes with its one connection.
    pub(super) fn memory() -> Self {
        Self {
            target: MEMORY.to_owned(),
        }
    }
}

impl Connector for File {
    fn connect(&self) -> SqlResult<Box<dyn Session>> {
        match open(&self.target) {
            Ok(connection) => Ok(Box::new(connection)),
            Err(source) if source.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
                let name = self.target.clone();
                Err(StoreError::NotADatabase { name })
            }
            Err(source) => Err(known(&source).unwrap_or_else(|| StoreError::Open {
                name: self.target.clone(),
                source: Arc::new(source),
            })),
        }
    }
}

fn open(target: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(target, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Refuses a file that has tables and is not a broker's, before a byte of it is changed. What is no database at all, or
/// cannot be read, is told when it is opened.
pub(super) fn check_is_ours(path: &Path) -> SqlResult<()> {
    let Ok(tables) = tables(path) else {
        return Ok(());
    };
    let has = |name: &str| tables.iter().any(|table| table == name);
    let name = || path.display().to_string();
    match tables.first() {
        _ if has(OWN_TABLE) => Ok(()),
        _ if has(PACT_BROKERS_TABLE) => Err(StoreError::PactBrokers { name: name() }),
        Some(table) => Err(StoreError::Foreign {
            name: name(),
            table: table.clone(),
        }),
        None => Ok(()),
    }
}

fn tables(path: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement =
        connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// The errors that have a name of their own.
fn known(error: &rusqlite::Error) -> Option<StoreError> {
    let code = *error.sqlite_error()?;
    let source = || -> Cause { Arc::new(code) };
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Some(StoreError::Locked { source: source() })
        }
        ErrorCode::DiskFull => Some(StoreError::Full { source: source() }),
        // As at a limit on the size of files.
        _ if code.extended_code == WRITE_REFUSED => Some(StoreError::Full { source: source() }),
        _ => None,
    }
}

fn failed(statement: &str, source: rusqlite::Error) -> StoreError {
    known(&source).unwrap_or_else(|| StoreError::Statement {
        statement: statement.to_owned(),
        source: Arc::new(source),
    })
}

impl Session for Connection {
    fn begin_reading(&mut self) -> SqlResult<()> {
        self.run("BEGIN")
    }

    fn begin_writing(&mut self) -> SqlResult<()> {
        self.run("BEGIN IMMEDIATE")
    }

    fn begin_migrating(&mut self) -> SqlResult<()> {
        self.begin_writing()
    }

    fn run(&mut self, statements: &str) -> SqlResult<()> {
        self.execute_batch(statements)
            .map_err(|source| failed(statements, source))
    }

    fn has_table(&mut self, name: &str) -> SqlResult<bool> {
        let statement = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1";
        Ok(self.first(statement, params![name])?.is_some())
    }

    /// SQLite looks at the rows.
    fn count_on(&mut self, _table: &str) -> SqlResult<()> {
        Ok(())
    }

    fn is_lost(&self) -> bool {
        false
    }
}

impl Sql for Connection {
    fn query(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<Vec<Row>> {
        check_storable(parameters)?;
        query(self, statement, parameters).map_err(|source| failed(statement, source))
    }

    fn execute(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<u64> {
        check_storable(parameters)?;
        let changed = self
            .prepare_cached(statement)
            .and_then(|mut prepared| prepared.execute(rusqlite::params_from_iter(parameters)))
            .map_err(|source| failed(statement, source))?;
        Ok(changed as u64)
    }
}

fn query(
    connection: &Connection,
    statement: &str,
    parameters: &[Param<'_>],
) -> rusqlite::Result<Vec<Row>> {
    let mut prepared = connection.prepare_cached(statement)?;
    let columns = prepared.column_count();
    let mut rows = prepared.query(rusqlite::params_from_iter(parameters))?;
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(value(row.get_ref(column)?));
        }
        answer.push(Row(values));
    }
    Ok(answer)
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Real(real) => Value::Text(real.to_string()),
        ValueRef::Blob(_) => Value::Null,
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Param::Null => ValueRef::Null,
            Param::Integer(integer) => ValueRef::Integer(*integer),
            Param::Text(text) => ValueRef::Text(text.as_bytes()),
            Param::Ids(ids) => return Ok(ToSqlOutput::Owned(Owned::Text(format!("{ids:?}")))),
        }))
    }
}
