//! The open database, whichever it is: one writer beside a few readers.

use std::sync::Arc;

use super::postgres::Server;
use super::readers::Readers;
use super::sql::{Connector, Sql, SqlResult};
use super::sqlite::File;
use super::writer::Writer;
use super::{StoreError, migrations};
use crate::config::{DatabaseUrl, Location};

/// The open database. Clones share it.
#[derive(Clone)]
pub(crate) struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    writer: Writer,
    /// None for a database that has but one connection: there a question waits its turn behind the changes.
    readers: Option<Readers>,
}

impl Store {
    /// Opens the database, brings its schema up to date, and starts the writer.
    pub(crate) fn open(url: &DatabaseUrl) -> SqlResult<Self> {
        let (connector, readers_max): (Arc<dyn Connector>, _) = match url.location() {
            Location::Memory => (Arc::new(File::memory()), None),
            Location::File(path) => {
                super::sqlite::check_is_ours(path)?;
                (Arc::new(File::at(path)), Some(super::sqlite::READERS_MAX))
            }
            Location::Postgres(url) => (
                Arc::new(Server::at(url)?),
                Some(super::postgres::READERS_MAX),
            ),
        };
        Self::over(connector, readers_max)
    }

    /// The same over a connector; without a number of readers, the writer reads too.
    pub(super) fn over(
        connector: Arc<dyn Connector>,
        readers_max: Option<usize>,
    ) -> SqlResult<Self> {
        let writer = Writer::start(Arc::clone(&connector), migrations::apply)?;
        let readers = readers_max.map(|max| Readers::new(connector, max));
        Ok(Self {
            shared: Arc::new(Shared { writer, readers }),
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

    /// Runs a closure in a read transaction: every statement of it sees the same state.
    pub(crate) async fn read<T, E, F>(&self, question: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.shared.readers {
            Some(readers) => readers.run(question).await,
            None => self.shared.writer.run(question).await,
        }
    }
}
