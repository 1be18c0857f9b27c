//! Empties the queue of triggered webhooks.
//!
//! The queue is a table. Who wants to make an attempt claims its row by a conditional update that moves the moment of
//! the next attempt past the end of this one, so that no other replica finds it due; when a replica dies, its rows
//! become due again by themselves. A webhook may so arrive twice, but never not at all.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::{Sender, Vault, VaultError, WebhookSettings, sender, vault};
use crate::config::{Clock, Config, Ids};
use crate::domain::outgoing::{self, Answer, NoAnswer, Occasion, Outgoing};
use crate::domain::retry::{Status, after_attempt};
use crate::domain::template::Parameters;
use crate::domain::webhook::{Request, Secrets};
use crate::http::VERSION;
use crate::store::triggered_webhooks::{self as queue, Attempt, Claim};
use crate::store::{Sql, Store, StoreError};
use crate::time::{stored, to_the_second};

/// How many requests are on their way at once.
const IN_FLIGHT_MAX: usize = 8;

/// How often the queue is read when nothing is known to be due: other replicas may have left something behind.
const POLL_EVERY: Duration = Duration::from_secs(5);

/// How long a claim lasts: longer than any attempt.
const CLAIM: TimeDelta = TimeDelta::seconds(4 * sender::TIMEOUT.as_secs() as i64);

/// Sends what is due. Clones share everything.
#[derive(Clone)]
pub(crate) struct Worker {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    settings: Arc<WebhookSettings>,
    sender: Sender,
    vault: Vault,
    clock: Clock,
    ids: Ids,
    wake: Notify,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    pub(crate) fn new(store: Store, config: &Config) -> Self {
        let settings = Arc::new(config.webhooks.clone());
        Self {
            shared: Arc::new(Shared {
                store,
                sender: Sender::new(Arc::clone(&settings)),
                settings,
                vault: Vault::new(config),
                clock: config.clock.clone(),
                ids: config.ids.clone(),
                wake: Notify::new(),
            }),
        }
    }

    /// Where secrets are sealed and opened.
    pub(crate) fn vault(&self) -> &Vault {
        &self.shared.vault
    }

    /// Says that there is something in the queue.
    pub(crate) fn wake(&self) {
        self.shared.wake.notify_one();
    }

    /// Sends what is due, whenever it is due, until told to stop; then waits for what is on its way.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.send_due(&stop).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "cannot read the queue of webhooks"
                );
            }
            let pause = self.until_next().await.unwrap_or(POLL_EVERY);
            tokio::select! {
                _ = stop.changed() => {}
                () = self.shared.wake.notified() => {}
                // Until the next is due; another broker may put one into the database, so not for ever.
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Sends everything that is due now, and says how many attempts that were.
    pub(crate) async fn send_due(&self, stop: &watch::Receiver<bool>) -> Result<usize, StoreError> {
        let mut in_flight = JoinSet::new();
        let mut attempts = 0;
        let mut failed = None;
        loop {
            let free = IN_FLIGHT_MAX - in_flight.len();
            if free > 0 && failed.is_none() && !*stop.borrow() {
                // What is on its way is waited for all the same: dropped, it would be sent again.
                failed = self.begin(&mut in_flight, free).await.err();
            }
            let pause = match free {
                0 => POLL_EVERY,
                _ => self.until_next().await.unwrap_or(POLL_EVERY),
            };
            tokio::select! {
                landed = in_flight.join_next() => match landed {
                    None => return failed.map_or(Ok(attempts), Err),
                    Some(_) => attempts += 1,
                },
                () = self.shared.wake.notified() => {}
                // One slow receiver does not hold up what becomes due meanwhile.
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// How many webhooks are to be sent, now or later.
    pub(crate) async fn waiting(&self) -> Result<usize, StoreError> {
        let read = |sql: &mut dyn Sql| queue::waiting(sql);
        let waiting = self.shared.store.read::<_, StoreError, _>(read).await?;
        Ok(usize::try_from(waiting).unwrap_or_default())
    }

    /// Begins as many of the attempts that are due now.
    async fn begin(&self, in_flight: &mut JoinSet<()>, limit: usize) -> Result<(), StoreError> {
        for id in self.due(limit).await? {
            if let Some(claim) = self.claim(id).await? {
                let worker = self.clone();
                in_flight.spawn(async move { worker.attempt(claim).await });
            }
        }
        Ok(())
    }

    async fn due(&self, limit: usize) -> Result<Vec<i64>, StoreError> {
        let now = stored(self.shared.clock.now());
        let read = move |sql: &mut dyn Sql| queue::due(sql, &now, limit);
        self.shared.store.read(read).await
    }

    async fn claim(&self, id: i64) -> Result<Option<Claim>, StoreError> {
        let now = self.shared.clock.now();
        let (now, until, token) = (stored(now), stored(now + CLAIM), self.shared.ids.next());
        let write = move |sql: &mut dyn Sql| queue::claim(sql, id, &now, &until, &token);
        self.shared.store.write(write).await
    }

    async fn until_next(&self) -> Option<Duration> {
        let read = |sql: &mut dyn Sql| queue::next_attempt_at(sql);
        let next = self
            .shared
            .store
            .read::<_, StoreError, _>(read)
            .await
            .ok()??;
        let next = DateTime::parse_from_rfc3339(&next).ok()?;
        let wait = next.with_timezone(&Utc) - self.shared.clock.now();
        Some(
            wait.to_std()
                .unwrap_or_default()
                .clamp(Duration::from_millis(10), POLL_EVERY),
        )
    }

    /// Makes an attempt and writes down what came of it.
    async fn attempt(&self, claim: Claim) {
        let now = self.shared.clock.now();
        let (outgoing, outcome) = self.make(&claim, now).await;
        let success = self.is_success(&outcome);
        let schedule = &self.shared.settings.retry_schedule;
        let (status, wait) = after_attempt(schedule, claim.attempts, success);
        let occasion = Occasion {
            base_url: &claim.base_url,
            event: &claim.event,
            at: &to_the_second(now),
            is_answer_shown: self.is_answer_shown(&claim.request),
        };
        let next = next_line(status, wait, claim.attempts);
        let attempt = Attempt {
            success,
            logs: outgoing::log(occasion, &outgoing, &outcome, next.as_deref()),
            status,
            next_attempt_at: wait.map(|wait| stored(self.shared.clock.now() + wait)),
            now: stored(now),
        };
        let (uuid, attempts) = (claim.uuid.clone(), claim.attempts);
        tracing::info!(webhook = %uuid, attempt = attempts, success, "a webhook was sent");
        let write = move |sql: &mut dyn Sql| queue::finish(sql, &claim, &attempt);
        if let Err(error) = self.shared.store.write::<_, StoreError, _>(write).await {
            // The row becomes due again when the claim ends.
            tracing::error!(webhook = %uuid, error = &error as &dyn std::error::Error, "cannot write down an attempt");
        }
    }

    async fn make(
        &self,
        claim: &Claim,
        now: DateTime<Utc>,
    ) -> (Outgoing, Result<Answer, NoAnswer>) {
        let mut request = claim.request.clone();
        let secrets = match &claim.secrets {
            Some(sealed) => open(&self.shared.vault, &claim.webhook_uuid, sealed),
            None => Ok(Secrets::new()),
        };
        if let Ok(secrets) = &secrets {
            request.put_secrets(secrets);
        }
        let mut outgoing = Outgoing::new(&request, &claim.parameters, &user_agent());
        if let Err(error) = secrets {
            return (
                outgoing,
                Err(NoAnswer::Refused(format!(
                    "The secrets of the webhook cannot be read: {error}"
                ))),
            );
        }
        sign(&mut outgoing, &request, &claim.uuid, now);
        let outcome = self.send(&outgoing).await;
        (outgoing, outcome)
    }

    /// Sends a request; what comes back is kept without secrets.
    async fn send(&self, outgoing: &Outgoing) -> Result<Answer, NoAnswer> {
        let answer = self.shared.sender.send(outgoing).await?;
        Ok(outgoing.without_secrets(answer))
    }

    fn is_success(&self, outcome: &Result<Answer, NoAnswer>) -> bool {
        outcome
            .as_ref()
            .is_ok_and(|answer| self.shared.settings.is_success(answer.status))
    }

    fn is_answer_shown(&self, request: &Request) -> bool {
        self.shared.settings.lists(&request.host())
    }
}

fn next_line(status: Status, wait: Option<Duration>, attempts: usize) -> Option<String> {
    match (status, wait) {
        (_, Some(wait)) => Some(format!("Retrying webhook in {} seconds", wait.as_secs())),
        (Status::Failure, None) if attempts > 1 => Some(format!(
            "Webhook execution failed after {attempts} attempts"
        )),
        (Status::Failure, None) => Some("Webhook execution failed".to_owned()),
        _ => None,
    }
}

/// Opens the sealed secrets of a webhook.
pub(crate) fn open(vault: &Vault, webhook_uuid: &str, sealed: &str) -> Result<Secrets, VaultError> {
    let text = vault.open(webhook_uuid, sealed)?;
    serde_json::from_str(&text).map_err(|_| VaultError::Closed)
}

fn user_agent() -> String {
    format!("Pact Broker v{VERSION}")
}

/// Adds the headers of Standard Webhooks, if the webhook has a secret to sign with.
fn sign(outgoing: &mut Outgoing, request: &Request, id: &str, now: DateTime<Utc>) {
    let Some(secret) = &request.signing_secret else {
        return;
    };
    let body = outgoing.body.as_deref().unwrap_or_default();
    let signature = vault::signature(secret, id, now.timestamp(), body);
    let mut add = |name: &str, value: String| outgoing.headers.push((name.to_owned(), value));
    add("webhook-id", id.to_owned());
    add("webhook-timestamp", now.timestamp().to_string());
    add("webhook-signature", signature);
}

/// What came of an attempt that somebody asked for.
pub(crate) struct TestAttempt {
    pub(crate) outgoing: Outgoing,
    pub(crate) outcome: Result<Answer, NoAnswer>,
    pub(crate) success: bool,
    pub(crate) is_answer_shown: bool,
    pub(crate) logs: String,
}

/// A webhook to be sent at once, outside of the queue. Its request holds its secrets.
pub(crate) struct Test {
    pub(crate) request: Request,
    pub(crate) parameters: Parameters,
    pub(crate) base_url: String,
    pub(crate) event: String,
}

/// Sends a webhook at once, outside of the queue.
pub(crate) async fn test_attempt(worker: &Worker, test: &Test) -> TestAttempt {
    let now = worker.shared.clock.now();
    let mut outgoing = Outgoing::new(&test.request, &test.parameters, &user_agent());
    sign(&mut outgoing, &test.request, &worker.shared.ids.next(), now);
    let outcome = worker.send(&outgoing).await;
    let success = worker.is_success(&outcome);
    let is_answer_shown = worker.is_answer_shown(&test.request);
    let occasion = Occasion {
        base_url: &test.base_url,
        event: &test.event,
        at: &to_the_second(now),
        is_answer_shown,
    };
    let closing = (!success).then_some("Webhook execution failed");
    TestAttempt {
        logs: outgoing::log(occasion, &outgoing, &outcome, closing),
        outgoing,
        outcome,
        success,
        is_answer_shown,
    }
}
