//! The one thread that writes: it takes every change that waits, commits them together, then answers them all.
//!
//! A commit that is safe against a crash waits for the disk. Changes that arrive during that wait share the next
//! commit, so that the disk is asked once for many requests. Each change runs in its own savepoint: one that fails
//! leaves nothing behind and does not disturb its neighbours.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::sql::Sql;
use super::sqlite::run;
use super::{SqlResult, StoreError};

/// The most changes that share one commit.
const CHANGES_PER_COMMIT_MAX: usize = 64;

/// A change that waits: it runs against the connection and leaves behind what is to be sent once it is durable.
type Change = Box<dyn FnOnce(&mut Connection) -> Answer + Send>;

/// Sends a change's answer; told why when the commit failed.
type Answer = Box<dyn FnOnce(SqlResult<()>) + Send>;

/// The handle to the writer thread, which ends when the handle is dropped.
pub(super) struct Writer {
    changes: Sender<Change>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Self {
        let (changes, waiting) = channel();
        thread::Builder::new()
            .name("treaty-broker-writer".to_owned())
            .spawn(move || write_until_closed(connection, &waiting))
            .expect("a thread can be started while the broker starts");
        Self { changes }
    }

    /// Runs a change and waits until it is on disk.
    pub(super) async fn run<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let boxed: Change = Box::new(move |connection| {
            let result = survive(connection, change);
            Box::new(move |committed| {
                // The request may be gone; the change stays.
                let _ = sender.send(committed.map_err(E::from).and(result));
            })
        });
        if self.changes.send(boxed).is_err() {
            return Err(StoreError::Closed.into());
        }
        receiver
            .await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}

/// Runs a change; one that panics is undone like one that fails, and does not end the writer.
fn survive<T, E: From<StoreError>>(
    connection: &mut Connection,
    change: impl FnOnce(&mut dyn Sql) -> Result<T, E>,
) -> Result<T, E> {
    let attempt = catch_unwind(AssertUnwindSafe(|| in_savepoint(connection, change)));
    attempt.unwrap_or_else(|_| {
        run(connection, "ROLLBACK TO change")?;
        run(connection, "RELEASE change")?;
        Err(StoreError::Panicked.into())
    })
}

fn in_savepoint<T, E: From<StoreError>>(
    connection: &mut Connection,
    change: impl FnOnce(&mut dyn Sql) -> Result<T, E>,
) -> Result<T, E> {
    run(connection, "SAVEPOINT change")?;
    let result = change(connection);
    if result.is_err() {
        run(connection, "ROLLBACK TO change")?;
    }
    run(connection, "RELEASE change")?;
    result
}

fn write_until_closed(mut connection: Connection, waiting: &Receiver<Change>) {
    while let Ok(first) = waiting.recv() {
        let changes =
            std::iter::once(first).chain(waiting.try_iter().take(CHANGES_PER_COMMIT_MAX - 1));
        commit_together(&mut connection, changes.collect());
    }
}

fn commit_together(connection: &mut Connection, changes: Vec<Change>) {
    if let Err(error) = run(connection, "BEGIN IMMEDIATE") {
        tracing::error!(%error, "cannot begin a transaction");
        return; // Each change is dropped with its sender, and its request learns that the store is closed to it.
    }
    let answers: Vec<Answer> = changes
        .into_iter()
        .map(|change| change(connection))
        .collect();
    let committed = run(connection, "COMMIT");
    if let Err(error) = &committed {
        tracing::error!(%error, "cannot commit");
        let _ = run(connection, "ROLLBACK");
    }
    for answer in answers {
        answer(if committed.is_ok() {
            Ok(())
        } else {
            Err(StoreError::Closed)
        });
    }
}
