//! The one thread that writes: it takes every change that waits, commits them together, then answers them all.
//!
//! A commit that is safe against a crash waits for the disk. Changes that arrive during that wait share the next
//! commit, so that the disk is asked once for many requests. Each change runs in its own savepoint: one that fails
//! leaves nothing behind and does not disturb its neighbours.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use tokio::sync::oneshot;

use super::sql::{Connector, Session, Sql};
use super::{SqlResult, StoreError};

/// The most changes that share one commit.
const CHANGES_PER_COMMIT_MAX: usize = 64;

/// The handle to the writer thread, which ends when the handle is dropped.
pub(super) struct Writer {
    changes: Sender<Box<dyn Waiting>>,
}

impl Writer {
    /// Connects, prepares the database, and waits for changes from then on.
    pub(super) fn start(
        connector: Arc<dyn Connector>,
        prepare: fn(&mut dyn Session) -> SqlResult<()>,
    ) -> SqlResult<Self> {
        let (changes, waiting) = channel();
        let (tell, told) = channel();
        let work = move || {
            let session = connector.connect().and_then(|mut session| {
                prepare(&mut *session)?;
                Ok(session)
            });
            match session {
                Ok(session) => {
                    let _ = tell.send(Ok(()));
                    write_until_closed(session, &*connector, &waiting);
                }
                Err(error) => {
                    let _ = tell.send(Err(error));
                }
            }
        };
        thread::Builder::new()
            .name("treaty-broker-writer".to_owned())
            .spawn(work)
            .expect("a thread can be started while the broker starts");
        told.recv().unwrap_or(Err(StoreError::Closed))?;
        Ok(Self { changes })
    }

    /// Runs a change and waits until it is on disk.
    pub(super) async fn run<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let waiting = Change {
            change: Some(change),
            result: None,
            sender,
        };
        if self.changes.send(Box::new(waiting)).is_err() {
            return Err(StoreError::Closed.into());
        }
        receiver
            .await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}

/// A change that waits for its turn, then for the commit.
trait Waiting: Send {
    /// Runs it in a savepoint. An error here means that the whole transaction is lost.
    fn run(&mut self, session: &mut dyn Session) -> SqlResult<()>;

    /// Answers whoever asked for it, once it is known whether it is kept.
    fn answer(self: Box<Self>, committed: SqlResult<()>);
}

struct Change<F, T, E> {
    change: Option<F>,
    result: Option<Result<T, E>>,
    sender: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Waiting for Change<F, T, E>
where
    F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, session: &mut dyn Session) -> SqlResult<()> {
        let Some(change) = self.change.take() else {
            return Ok(());
        };
        session.run("SAVEPOINT change")?;
        // A change that panics is undone like one that fails, and does not end the writer.
        let result = catch_unwind(AssertUnwindSafe(|| change(session)))
            .unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let failed = result.is_err();
        self.result = Some(result);
        if failed {
            // A full disk ends the whole transaction by itself, and with it the savepoint.
            return session
                .run("ROLLBACK TO change; RELEASE change")
                .map_err(|_| StoreError::TakenAlong);
        }
        session.run("RELEASE change")
    }

    fn answer(self: Box<Self>, committed: SqlResult<()>) {
        let answer = match (self.result, committed) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(error)) => Err(error.into()),
            (Some(result), Ok(())) => result,
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        // The request may be gone; the change stays.
        let _ = self.sender.send(answer);
    }
}

fn write_until_closed(
    mut session: Box<dyn Session>,
    connector: &dyn Connector,
    waiting: &Receiver<Box<dyn Waiting>>,
) {
    while let Ok(first) = waiting.recv() {
        let others = waiting.try_iter().take(CHANGES_PER_COMMIT_MAX - 1);
        let mut changes: Vec<_> = std::iter::once(first).chain(others).collect();
        let committed = begin(&mut session, connector)
            .and_then(|()| commit_together(&mut *session, &mut changes));
        if let Err(error) = &committed {
            tracing::error!(
                error = error as &dyn std::error::Error,
                changes = changes.len(),
                "cannot commit"
            );
            let _ = session.run("ROLLBACK");
        }
        for change in changes {
            change.answer(committed.clone());
        }
    }
}

/// Begins a transaction; on a new connection if the one at hand is lost.
fn begin(session: &mut Box<dyn Session>, connector: &dyn Connector) -> SqlResult<()> {
    match session.begin_writing() {
        Err(_) if session.is_lost() => {
            *session = connector.connect()?;
            session.begin_writing()
        }
        begun => begun,
    }
}

fn commit_together(session: &mut dyn Session, changes: &mut [Box<dyn Waiting>]) -> SqlResult<()> {
    for change in changes {
        change.run(session)?;
    }
    session.run("COMMIT")
}
