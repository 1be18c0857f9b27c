//! The narrow waist between the tables and a database: statements in the common dialect, values in, rows out.
//!
//! Everything above this file is written once for every database. Placeholders are `?1`, `?2`, ..., and what is one of
//! many ids is `IN (SELECT value FROM json_each(?1))`; a database that wants another spelling rewrites them in its
//! implementation of [`Sql`]. The text of a statement never depends on values, so that its plan can be kept.

use super::StoreError;

/// What every statement returns.
pub(crate) type SqlResult<T> = Result<T, StoreError>;

/// One connection inside one transaction.
pub(crate) trait Sql {
    /// Runs a statement that returns rows.
    fn query(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<Vec<Row>>;

    /// Runs a statement that changes rows, and says how many.
    fn execute(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<u64>;

    /// Runs a query of which only the first row matters.
    fn first(&mut self, statement: &str, parameters: &[Param<'_>]) -> SqlResult<Option<Row>> {
        Ok(self.query(statement, parameters)?.into_iter().next())
    }
}

/// A connection outside of any transaction, as the writer, the readers and the migrations see it.
pub(super) trait Session: Sql + Send {
    /// Begins a transaction of which every statement sees the same state.
    fn begin_reading(&mut self) -> SqlResult<()>;

    /// Begins a transaction that no other writer runs beside, in this process or in another.
    fn begin_writing(&mut self) -> SqlResult<()>;

    /// Begins a transaction that no other migration runs beside.
    fn begin_migrating(&mut self) -> SqlResult<()>;

    /// Runs statements of the common dialect that have neither parameters nor rows: steps of the schema, savepoints,
    /// ends of transactions.
    fn run(&mut self, statements: &str) -> SqlResult<()>;

    /// Whether there is a table of this name. Whoever may not read it is told so by the first statement that does.
    fn has_table(&mut self, name: &str) -> SqlResult<bool>;

    /// Lets the ids of a table go on after the largest, when rows were inserted with their ids.
    fn count_on(&mut self, table: &str) -> SqlResult<()>;

    /// Whether the connection is gone for good, so that only a new one can help.
    fn is_lost(&self) -> bool;
}

/// Opens sessions of one database.
pub(super) trait Connector: Send + Sync {
    /// A new session.
    fn connect(&self) -> SqlResult<Box<dyn Session>>;
}

/// A value that goes into a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Param<'a> {
    /// NULL.
    Null,
    /// An integer, or a boolean as 0 and 1.
    Integer(i64),
    /// A text.
    Text(&'a str),
    /// Ids, of which a column is to be one.
    Ids(&'a [i64]),
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [i64]> for Param<'a> {
    fn from(value: &'a [i64]) -> Self {
        Self::Ids(value)
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Refuses what PostgreSQL cannot store, on every database.
pub(super) fn check_storable(parameters: &[Param<'_>]) -> SqlResult<()> {
    let has_nul = |parameter: &Param<'_>| matches!(parameter, Param::Text(text) if text.as_bytes().contains(&0));
    if parameters.iter().any(has_nul) {
        return Err(StoreError::Unstorable {
            reason: "a text holds the character U+0000".to_owned(),
        });
    }
    Ok(())
}

/// Turns values into the parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::store::sql::Param::from($value)),*] };
}
pub(crate) use params;

/// A value that comes out of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// NULL.
    Null,
    /// An integer.
    Integer(i64),
    /// A text.
    Text(String),
}

/// One row of an answer.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The integer in a column.
    pub(crate) fn integer(&self, column: usize) -> SqlResult<i64> {
        match self.0.get(column) {
            Some(Value::Integer(value)) => Ok(*value),
            _ => Err(StoreError::Column {
                column,
                wanted: "an integer",
            }),
        }
    }

    /// The integer in a column that may be NULL.
    pub(crate) fn optional_integer(&self, column: usize) -> SqlResult<Option<i64>> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            _ => self.integer(column).map(Some),
        }
    }

    /// The boolean in a column.
    pub(crate) fn boolean(&self, column: usize) -> SqlResult<bool> {
        Ok(self.integer(column)? != 0)
    }

    /// Takes the text out of a column.
    pub(crate) fn text(&mut self, column: usize) -> SqlResult<String> {
        self.optional_text(column)?.ok_or(StoreError::Column {
            column,
            wanted: "a text",
        })
    }

    /// Takes the text out of a column that may be NULL.
    pub(crate) fn optional_text(&mut self, column: usize) -> SqlResult<Option<String>> {
        match self.0.get_mut(column) {
            Some(Value::Null) => Ok(None),
            Some(Value::Text(text)) => Ok(Some(std::mem::take(text))),
            _ => Err(StoreError::Column {
                column,
                wanted: "a text",
            }),
        }
    }
}
