//! PostgreSQL below the narrow waist: a server that several brokers may share.
//!
//! One lock orders the writers of all brokers on a database, as SQLite's does: each write transaction holds the table
//! `treaty_schema` in exclusive mode until it ends, so that no two of them meet, nothing has to be repeated, and ids
//! grow in the order of the commits. Readers take no part in it. The group commit of the writer makes up for the
//! wait.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::StoreError;
use super::sql::{Connector, Param, Row, Session, Sql, SqlResult, Value, check_storable, params};

/// How many questions one broker asks at once; a server allows 100 connections unless told otherwise.
pub(super) const READERS_MAX: usize = 8;

/// How long a connection may take to be made, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How many prepared statements each connection remembers.
const STATEMENTS_MAX: usize = 256;

/// What every connection begins with, unless the URL says otherwise. A writer waits for the others as long as with
/// SQLite; a broker that hangs in a transaction loses its lock; plans of short statements are not worth compiling.
const SETTINGS: &str = "-c client_min_messages=warning -c lock_timeout=10s \
                        -c idle_in_transaction_session_timeout=60s -c jit=off";

/// The advisory lock of migrations: before them there is no table to lock. Its number is `treaty` in ASCII.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(128034675979385)";

/// A `postgres://` URL. It is not shown: it may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostgresUrl(String);

impl PostgresUrl {
    /// Reads a URL, or says what is wrong with it.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        match url.parse::<Config>() {
            Ok(_) => Ok(Self(url.to_owned())),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://...")
    }
}

/// Where the database is.
pub(super) struct Server {
    config: Config,
    /// With what connections are encrypted, if the URL requires it.
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    pub(super) fn at(url: &PostgresUrl) -> SqlResult<Self> {
        let mut config: Config = url.0.parse().map_err(|source| StoreError::Open {
            name: "behind this URL".to_owned(),
            source: Arc::new(source),
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("treaty broker");
        }
        let given = config.get_options().unwrap_or_default();
        config.options(&format!("{SETTINGS} {given}"));
        let tls = (config.get_ssl_mode() == SslMode::Require).then(tls);
        let tls = tls.transpose().map_err(|source| StoreError::Open {
            name: "over TLS".to_owned(),
            source: Arc::new(source),
        })?;
        Ok(Self { config, tls })
    }
}

/// Encryption to a server whose certificate is for its host and of an authority that this machine trusts.
fn tls() -> Result<MakeRustlsConnect, rustls::Error> {
    // The provider is named, because a process can have several or none by default.
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

impl Connector for Server {
    fn connect(&self) -> SqlResult<Box<dyn Session>> {
        let connected = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        match connected {
            Ok(client) => Ok(Box::new(Connection {
                client: Some(client),
                statements: HashMap::new(),
            })),
            Err(source) => Err(StoreError::Unreachable {
                source: Arc::new(source),
            }),
        }
    }
}

/// One connection to the server.
struct Connection {
    /// There until the drop.
    client: Option<Client>,
    statements: HashMap<String, Statement>,
}

impl Drop for Connection {
    /// The client says goodbye to the server and waits for that, which a thread of an async runtime must not.
    fn drop(&mut self) {
        let client = self.client.take();
        std::thread::spawn(move || drop(client));
    }
}

impl Connection {
    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("there until the drop")
    }

    /// The prepared form of a statement.
    fn prepared(
        &mut self,
        statement: &str,
        parameters: &[Param<'_>],
    ) -> Result<Statement, postgres::Error> {
        if let Some(known) = self.statements.get(statement) {
            return Ok(known.clone());
        }
        if self.statements.len() == STATEMENTS_MAX {
            self.statements.clear();
        }
        let types: Vec<Type> = parameters.iter().map(kind).collect();
        let prepared = self
            .client()
            .prepare_typed(&in_own_spelling(statement), &types)?;
        self.statements
            .insert(statement.to_owned(), prepared.clone());
        Ok(prepared)
    }

    /// What a failure is called. A statement fails for good if the type of a column of its answer changes; prepared
    /// anew it would not.
    fn failed(&mut self, statement: &str, source: postgres::Error) -> StoreError {
        self.statements.clear();
        known(statement, source)
    }
}

/// The type of a parameter; that of NULL is seen from its place.
fn kind(parameter: &Param<'_>) -> Type {
    match parameter {
        Param::Null => Type::UNKNOWN,
        Param::Integer(_) => Type::INT8,
        Param::Text(_) => Type::TEXT,
        Param::Ids(_) => Type::INT8_ARRAY,
    }
}

/// A statement with PostgreSQL's placeholders, and with arrays as lists of ids.
fn in_own_spelling(statement: &str) -> String {
    statement
        .replace("IN (SELECT value FROM json_each(", "= ANY ((")
        .replace('?', "$")
}

fn references<'a>(parameters: &'a [Param<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    parameters
        .iter()
        .map(|parameter| parameter as &(dyn ToSql + Sync))
        .collect()
}

fn known(statement: &str, source: postgres::Error) -> StoreError {
    let Some(code) = source.code() else {
        // Not the server's word on the statement, so the connection's.
        return StoreError::Unreachable {
            source: Arc::new(source),
        };
    };
    match *code {
        SqlState::DISK_FULL => StoreError::Full {
            source: Arc::new(source),
        },
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::QUERY_CANCELED => StoreError::Locked {
            source: Arc::new(source),
        },
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => StoreError::Unreachable {
            source: Arc::new(source),
        },
        // The row of an index has its place on one page.
        SqlState::PROGRAM_LIMIT_EXCEEDED => StoreError::Unstorable {
            reason: "a name is longer than an index takes".to_owned(),
        },
        _ => StoreError::Statement {
            statement: statement.to_owned(),
            source: Arc::new(source),
        },
    }
}

impl Session for Connection {
    fn begin_reading(&mut self) -> SqlResult<()> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn begin_writing(&mut self) -> SqlResult<()> {
        self.run("BEGIN; LOCK TABLE treaty_schema IN EXCLUSIVE MODE")
    }

    fn begin_migrating(&mut self) -> SqlResult<()> {
        self.run(&format!("BEGIN; {MIGRATION_LOCK}"))
    }

    fn run(&mut self, statements: &str) -> SqlResult<()> {
        self.client()
            .batch_execute(&in_own_words(statements))
            .map_err(|source| self.failed(statements, source))
    }

    fn has_table(&mut self, name: &str) -> SqlResult<bool> {
        let statement = "SELECT 1 FROM pg_class WHERE oid = to_regclass(?1)";
        Ok(self.first(statement, params![name])?.is_some())
    }

    fn count_on(&mut self, table: &str) -> SqlResult<()> {
        self.run(&format!(
            "SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE(MAX(id), 0) + 1, false) FROM {table}"
        ))
    }

    fn is_lost(&self) -> bool {
        self.client.as_ref().is_none_or(Client::is_closed)
    }
}

/// The schema in PostgreSQL's words. Texts are ordered by their bytes, as SQLite does.
fn in_own_words(statements: &str) -> String {
    statements
        .replace(" AUTOINCREMENT", "")
        .replace(
            " INTEGER PRIMARY KEY",
            " BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        )
        .replace(" TEXT", " TEXT COLLATE \"C\"")
}

impl Sql for Connection {
    fn query(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<Vec<Row>> {
        check_storable(parameters)?;
        let answer = self
            .prepared(statement, parameters)
            .and_then(|prepared| self.client().query(&prepared, &references(parameters)));
        let rows = answer.map_err(|source| self.failed(statement, source))?;
        rows.iter().map(row).collect()
    }

    fn execute(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<u64> {
        check_storable(parameters)?;
        let changed = self
            .prepared(statement, parameters)
            .and_then(|prepared| self.client().execute(&prepared, &references(parameters)));
        changed.map_err(|source| self.failed(statement, source))
    }
}

fn row(row: &postgres::Row) -> SqlResult<Row> {
    (0..row.len())
        .map(|column| value(row, column))
        .collect::<SqlResult<_>>()
        .map(Row)
}

fn value(row: &postgres::Row, column: usize) -> SqlResult<Value> {
    let kind = row.columns()[column].type_();
    let integer = |value: Option<i64>| value.map_or(Value::Null, Value::Integer);
    let value = match *kind {
        Type::INT8 => row.try_get(column).map(integer),
        Type::INT4 => row
            .try_get(column)
            .map(|value: Option<i32>| integer(value.map(i64::from))),
        Type::BOOL => row
            .try_get(column)
            .map(|value: Option<bool>| integer(value.map(i64::from))),
        _ => row
            .try_get(column)
            .map(|value: Option<String>| value.map_or(Value::Null, Value::Text)),
    };
    value.map_err(|_| StoreError::Column {
        column,
        wanted: "an integer or a text",
    })
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Param::Null => Ok(IsNull::Yes),
            Param::Integer(integer) => integer.to_sql(kind, out),
            Param::Text(text) => text.to_sql(kind, out),
            Param::Ids(ids) => ids.to_sql(kind, out),
        }
    }

    /// Every statement is prepared with the types of its first parameters, and a column has one type.
    fn accepts(kind: &Type) -> bool {
        <i64 as ToSql>::accepts(kind)
            || <&str as ToSql>::accepts(kind)
            || <&[i64] as ToSql>::accepts(kind)
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::postgres_server::{Database, execute};
    use crate::store::sql::params;

    fn connect(database: &Database) -> Box<dyn Session> {
        let url = PostgresUrl::parse(&database.url()).unwrap();
        Server::at(&url).unwrap().connect().unwrap()
    }

    #[test]
    fn a_connection_remembers_so_many_statements_and_no_more() {
        let Some(database) = Database::new() else {
            return;
        };
        let mut session = connect(&database);
        let mut most = 0;
        for number in 0..2 * STATEMENTS_MAX {
            let statement = format!("SELECT COUNT(*) + 0 * {number} FROM pg_prepared_statements");
            let row = session.first(&statement, params![]).unwrap().unwrap();
            most = most.max(usize::try_from(row.integer(0).unwrap()).unwrap());
        }
        assert_eq!(most, STATEMENTS_MAX);
    }

    #[test]
    fn a_statement_is_prepared_anew_when_the_schema_changes() {
        let Some(database) = Database::new() else {
            return;
        };
        execute(&database.url(), "CREATE TABLE t (name TEXT)");
        execute(&database.url(), "INSERT INTO t VALUES ('Web')");
        let mut session = connect(&database);
        let mut ask = || session.query("SELECT name FROM t WHERE name = ?1", params!["Web"]);
        assert_eq!(ask().unwrap().len(), 1);
        execute(&database.url(), "ALTER TABLE t ADD COLUMN later BIGINT");
        assert_eq!(ask().unwrap().len(), 1);
        execute(&database.url(), "ALTER TABLE t ALTER name TYPE VARCHAR");
        ask().unwrap_err();
        assert_eq!(ask().unwrap().len(), 1);
    }

    #[test]
    fn a_password_is_not_shown() {
        let url = PostgresUrl::parse("postgres://broker:secret@db/pacts").unwrap();
        assert_eq!(format!("{url:?}"), "postgres://...");
    }

    #[test]
    fn columns_get_their_types() {
        let own = in_own_words(
            "CREATE TABLE t (\n    id INTEGER PRIMARY KEY AUTOINCREMENT,\n    name TEXT NOT NULL\n);",
        );
        assert_eq!(
            own,
            "CREATE TABLE t (\n    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,\n    \
             name TEXT COLLATE \"C\" NOT NULL\n);"
        );
    }
}
