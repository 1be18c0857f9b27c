//! Why the store did not answer.

/// What the database itself says.
pub(super) type Cause = std::sync::Arc<dyn std::error::Error + Send + Sync>;

/// Why the store did not answer.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be opened.
    #[error("cannot open the database {name}")]
    Open {
        /// Which file, or which server and database.
        name: String,
        /// What the database says.
        #[source]
        source: Cause,
    },
    /// The file holds something else.
    #[error("{name} is no SQLite database")]
    NotADatabase {
        /// Which file.
        name: String,
    },
    /// The file holds something else than a broker's data. Nothing was changed.
    #[error("{name} is not a broker's database: it has a table {table}")]
    Foreign {
        /// The file.
        name: String,
        /// One of its tables.
        table: String,
    },
    /// The file is the database of a Pact Broker. Nothing was changed.
    #[error("{name} is the database of a Pact Broker")]
    PactBrokers {
        /// The file.
        name: String,
    },
    /// The database was written by a later release.
    #[error(
        "the database has schema {found}, this release knows up to {known}: use a newer release"
    )]
    NewerSchema {
        /// The schema number in the database.
        found: i64,
        /// The last schema number this release knows.
        known: i64,
    },
    /// Another process holds the database for longer than a statement waits. Nothing was changed.
    #[error("the database is locked by another process")]
    Locked {
        /// What the database says.
        #[source]
        source: Cause,
    },
    /// There is no room for what was to be stored. Nothing was changed.
    #[error("the disk that holds the database is full")]
    Full {
        /// What the database says.
        #[source]
        source: Cause,
    },
    /// The database server does not answer, or refuses to.
    #[error("the database cannot be reached")]
    Unreachable {
        /// What the connection says.
        #[source]
        source: Cause,
    },
    /// A value is of a kind that the database does not hold.
    #[error("{reason}, which the database cannot hold")]
    Unstorable {
        /// Which kind.
        reason: String,
    },
    /// A change that was to be committed together with this one took it along when it failed. Nothing was changed.
    #[error("a change beside this one failed and took it along")]
    TakenAlong,
    /// A statement failed.
    #[error("a statement failed: {statement}")]
    Statement {
        /// The SQL text, without its parameters.
        statement: String,
        /// What the database says.
        #[source]
        source: Cause,
    },
    /// A column holds another type than the one asked for, or nothing.
    #[error("column {column} of a row is not {wanted}")]
    Column {
        /// The position of the column.
        column: usize,
        /// The type asked for.
        wanted: &'static str,
    },
    /// A row that must be there is not.
    #[error("{what} is missing")]
    Missing {
        /// What was looked for.
        what: &'static str,
    },
    /// A change ended in a panic, which is a bug; nothing of it was kept.
    #[error("a change panicked")]
    Panicked,
    /// The thread that runs the statements has ended.
    #[error("the store is closed")]
    Closed,
}
