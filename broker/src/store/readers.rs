//! The connections that only read: as many as there are questions at once, kept for the next ones.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::StoreError;
use super::sql::{Connector, Session, Sql, SqlResult};

/// The idle connections, and the way to new ones. Clones share them.
#[derive(Clone)]
pub(super) struct Readers {
    pool: Arc<Pool>,
}

struct Pool {
    connector: Arc<dyn Connector>,
    idle: Mutex<Vec<Box<dyn Session>>>,
    free: Arc<Semaphore>,
}

impl Readers {
    /// At most so many questions are asked at once; the next ones wait.
    pub(super) fn new(connector: Arc<dyn Connector>, max: usize) -> Self {
        let pool = Pool {
            connector,
            idle: Mutex::new(Vec::new()),
            free: Arc::new(Semaphore::new(max)),
        };
        Self {
            pool: Arc::new(pool),
        }
    }

    /// Asks a question in a transaction of its own.
    pub(super) async fn run<T, E, F>(&self, question: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Sql) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let pool = Arc::clone(&self.pool);
        let Ok(permit) = Arc::clone(&pool.free).acquire_owned().await else {
            return Err(StoreError::Closed.into());
        };
        let ask = move || {
            // Held until the question is answered, even if nobody waits for the answer any more.
            let _permit = permit;
            pool.ask(question)
        };
        let task = tokio::task::spawn_blocking(ask);
        task.await
            .unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }
}

impl Pool {
    fn ask<T, E: From<StoreError>>(
        &self,
        question: impl FnOnce(&mut dyn Sql) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut session = self.begin()?;
        let answer = question(&mut *session);
        if session.run("ROLLBACK").is_ok() {
            self.idle().push(session);
        }
        answer
    }

    /// A session in a read transaction. An idle one may have been lost since it was used last; a new one is tried then.
    fn begin(&self) -> SqlResult<Box<dyn Session>> {
        loop {
            let idle = self.idle().pop();
            let is_new = idle.is_none();
            let mut session = match idle {
                Some(session) => session,
                None => self.connector.connect()?,
            };
            match session.begin_reading() {
                Ok(()) => return Ok(session),
                Err(_) if session.is_lost() && !is_new => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Box<dyn Session>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::File;

    #[tokio::test]
    async fn a_question_that_nobody_waits_for_still_counts_until_it_is_answered() {
        let directory = tempfile::tempdir().unwrap();
        let file = File::at(&directory.path().join("pacts.db"));
        let readers = Readers::new(Arc::new(file), 1);
        let (tell, told) = tokio::sync::oneshot::channel();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let slow = move |_: &mut dyn Sql| {
            tell.send(()).unwrap();
            finished.recv().unwrap();
            Ok::<_, StoreError>(())
        };
        let own = readers.clone();
        let asked = tokio::spawn(async move { own.run(slow).await });
        told.await.unwrap();
        asked.abort();
        assert!(asked.await.unwrap_err().is_cancelled());
        assert_eq!(readers.pool.free.available_permits(), 0);
        finish.send(()).unwrap();
        let next = readers.run(|_: &mut dyn Sql| Ok::<_, StoreError>(1)).await;
        assert_eq!(next.unwrap(), 1);
    }
}
