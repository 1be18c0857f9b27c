//! The audit log, and the store that writes into it.

use std::sync::Arc;

use super::sql::params;
use super::{Row, Sql, SqlResult, Store, StoreError};

/// A change that somebody asked for.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// When.
    pub(crate) at: String,
    /// Who.
    pub(crate) who: String,
    /// The method of the request.
    pub(crate) method: String,
    /// The path of the request.
    pub(crate) path: String,
    /// What the path does not tell.
    pub(crate) about: Option<String>,
}

/// An entry with its place in the log.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// Its place: later entries have larger ones.
    pub(crate) id: i64,
    /// What was recorded.
    pub(crate) entry: Entry,
}

/// Adds an entry to the log.
pub(crate) fn record(sql: &mut dyn Sql, entry: &Entry) -> SqlResult<()> {
    let statement = "INSERT INTO audit (at, who, method, path, about) VALUES (?1, ?2, ?3, ?4, ?5)";
    let parameters = params![
        &entry.at,
        &entry.who,
        &entry.method,
        &entry.path,
        entry.about.as_deref()
    ];
    sql.execute(statement, parameters).map(drop)
}

/// The latest entries before a place, the latest first.
pub(crate) fn before(sql: &mut dyn Sql, id: i64, limit: i64) -> SqlResult<Vec<Recorded>> {
    let statement = "SELECT id, at, who, method, path, about FROM audit WHERE id < ?1 \
                     ORDER BY id DESC LIMIT ?2";
    let recorded = |mut row: Row| {
        Ok(Recorded {
            id: row.integer(0)?,
            entry: Entry {
                at: row.text(1)?,
                who: row.text(2)?,
                method: row.text(3)?,
                path: row.text(4)?,
                about: row.optional_text(5)?,
            },
        })
    };
    let rows = sql.query(statement, params![id, limit])?;
    rows.into_iter().map(recorded).collect()
}

/// The store as one request sees it: what the request changes and the entry about it become durable together.
#[derive(Clone)]
pub(crate) struct AuditedStore {
    store: Store,
    entry: Option<Arc<Entry>>,
}

impl AuditedStore {
    /// The store of the broker itself, whose own changes are not recorded.
    pub(crate) fn new(store: Store) -> Self {
        Self { store, entry: None }
    }

    /// The same store, which records that its next changes are these.
    pub(crate) fn recording(mut self, entry: Entry) -> Self {
        self.entry = Some(Arc::new(entry));
        self
    }

    /// The same store, with what the path of the request does not tell.
    pub(crate) fn about(&self, about: String) -> Self {
        let mut told = self.clone();
        if let Some(entry) = &mut told.entry {
            Arc::make_mut(entry).about = Some(about);
        }
        told
    }

    /// The same store, whose changes are part of one that is recorded already.
    pub(crate) fn silent(&self) -> Self {
        Self::new(self.store.clone())
    }

    /// Runs a closure in a write transaction: see [`Store::write`].
    pub(crate) async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.record(move |sql| Ok((change(sql)?, None))).await
    }

    /// The same for a closure that finds out what the path of the request does not tell.
    pub(crate) async fn write_about<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<(T, String), E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let change = move |sql: &mut dyn Sql| {
            let (answer, about) = change(sql)?;
            Ok((answer, Some(about)))
        };
        self.record(change).await
    }

    async fn record<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<(T, Option<String>), E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let entry = self.entry.clone();
        let recorded = move |sql: &mut dyn Sql| {
            let (answer, about) = change(sql)?;
            if let Some(mut entry) = entry {
                if about.is_some() {
                    Arc::make_mut(&mut entry).about = about;
                }
                record(sql, &entry)?;
            }
            Ok(answer)
        };
        self.store.write(recorded).await
    }

    /// Runs a closure in a read transaction: see [`Store::read`].
    pub(crate) async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.store.read(question).await
    }
}
