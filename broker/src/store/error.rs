//! Why the store did not answer.

/// What the database itself says.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be opened as a database.
    #[error("cannot open the SQLite database {path}")]
    Open {
        /// Which file.
        path: String,
        /// What the database says.
        #[source]
        source: Cause,
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
