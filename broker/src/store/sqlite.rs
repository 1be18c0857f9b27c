//! SQLite below the narrow waist: one writer, a few readers, one file.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use super::StoreError;
use super::migrations;
use super::sql::{Param, Row, Sql, SqlResult, Value};
use super::writer::Writer;
use crate::config::{DatabaseUrl, Location};

/// How long a statement waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many idle readers are kept for the next request.
const IDLE_READERS_MAX: usize = 8;

/// How many prepared statements each connection remembers.
const STATEMENTS_CACHED: usize = 256;

/// What SQLite calls a database that is not in a file. Each connection to it has its own.
const MEMORY: &str = ":memory:";

/// The open database. Clones share it.
#[derive(Clone)]
pub(crate) struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    target: String,
}

impl Store {
    /// Opens the database, brings its schema up to date, and starts the writer.
    pub(crate) fn open(url: &DatabaseUrl) -> SqlResult<Self> {
        let target = target(url.location());
        let mut connection = connect(&target)?;
        migrations::apply(&mut connection)?;
        let writer = Writer::start(connection);
        Ok(Self {
            shared: Arc::new(Shared {
                writer,
                readers: Mutex::new(Vec::new()),
                target,
            }),
        })
    }

    /// Runs a closure in a write transaction. What it returns is durable before this function returns it; when it
    /// returns an error nothing of it is kept.
    pub(crate) async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.shared.writer.run(change).await
    }

    /// Runs a closure in a read transaction: every statement of it sees the same state. A memory database has but
    /// one connection, so that there the question waits its turn behind the changes.
    pub(crate) async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.shared.target == MEMORY {
            return self.shared.writer.run(question).await;
        }
        let shared = Arc::clone(&self.shared);
        let task = tokio::task::spawn_blocking(move || shared.read(question));
        task.await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}

impl Shared {
    fn read<T, E: From<StoreError>>(
        &self,
        question: impl FnOnce(&mut dyn Sql) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect(&self.target)?,
        };
        run(&connection, "BEGIN")?;
        let answer = question(&mut connection);
        run(&connection, "ROLLBACK")?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < IDLE_READERS_MAX {
            readers.push(connection);
        }
        answer
    }
}

/// What SQLite is asked to open.
fn target(location: &Location) -> String {
    match location {
        Location::File(path) => path.to_string_lossy().into_owned(),
        Location::Memory => MEMORY.to_owned(),
    }
}

fn connect(target: &str) -> SqlResult<Connection> {
    open(target).map_err(|source| StoreError::Open {
        path: target.to_owned(),
        source: source.into(),
    })
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

/// Runs a statement that has neither parameters nor rows.
pub(super) fn run(connection: &Connection, statement: &str) -> SqlResult<()> {
    connection
        .execute_batch(statement)
        .map_err(|source| failed(statement, source))
}

fn failed(statement: &str, source: rusqlite::Error) -> StoreError {
    StoreError::Statement {
        statement: statement.to_owned(),
        source: source.into(),
    }
}

impl Sql for Connection {
    fn query(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<Vec<Row>> {
        query(self, statement, parameters).map_err(|source| failed(statement, source))
    }

    fn execute(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<u64> {
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
        }))
    }
}
