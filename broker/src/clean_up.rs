//! Clean-up: takes out what nobody needs any more, once a day and when asked.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::domain::clean_up::unneeded;
use crate::http::Problem;
use crate::state::State;
use crate::store::audit::{AuditedStore, Entry};
use crate::store::{Sql, SqlResult, StoreError, clean_up as table};
use crate::time::stored;

/// How often clean-up runs, and how long after the first start on a database it first does.
const EVERY: TimeDelta = TimeDelta::days(1);

/// How often a broker looks whether clean-up is due.
const LOOK_EVERY: Duration = Duration::from_secs(600);

/// How many versions are taken out in one transaction, so that other changes need not wait long.
const VERSIONS_PER_CHANGE: usize = 200;

/// What a clean-up took out, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cleaned {
    /// How many versions there were.
    pub(crate) versions: i64,
    /// How many of them nobody needs.
    pub(crate) unneeded: u64,
    /// How many revisions, results and contents nothing refers to.
    pub(crate) leftovers: u64,
    /// How many webhooks that were sent and entries of the audit log are too old.
    pub(crate) history: u64,
    /// What is younger than this many days stays.
    pub(crate) keep_days: u32,
    /// What tells of the past stays for this many days.
    pub(crate) history_keep_days: u32,
}

impl Cleaned {
    /// The same as a document.
    pub(crate) fn document(&self, is_done: bool) -> Value {
        json!({
            "done": is_done,
            "versions": { "count": self.versions, "unneeded": self.unneeded },
            "leftovers": self.leftovers,
            "history": self.history,
            "keepDays": self.keep_days,
            "historyKeepDays": self.history_keep_days,
        })
    }

    fn is_nothing(&self) -> bool {
        self.unneeded + self.leftovers + self.history == 0
    }
}

/// What a clean-up would take out, and from before when.
struct Plan {
    cleaned: Cleaned,
    unneeded: Vec<i64>,
    oldest: String,
    history_oldest: String,
}

impl Plan {
    /// Takes out those of these versions that are unneeded now.
    fn take_versions(&self, sql: &mut dyn Sql, ids: &[i64]) -> SqlResult<u64> {
        let facts = table::facts(sql, &self.oldest, Some(ids))?;
        table::delete_versions(sql, &unneeded(&facts, &self.oldest))
    }

    /// Takes out what nothing refers to any more, and what tells of a past too long ago.
    fn take_rest(&self, sql: &mut dyn Sql) -> SqlResult<(u64, u64)> {
        let leftovers = table::delete_leftovers(sql, &self.oldest)?;
        let history = table::delete_history(sql, &self.history_oldest)?;
        Ok((leftovers, history))
    }
}

/// So many days before a moment. There was no broker before 1970.
fn days_before(now: DateTime<Utc>, days: u32) -> String {
    let moment = now.checked_sub_signed(TimeDelta::days(i64::from(days)));
    stored(moment.unwrap_or_default().max(DateTime::UNIX_EPOCH))
}

async fn plan(state: &State) -> Result<Plan, Problem> {
    let (now, config) = (state.config.clock.now(), &state.config);
    let (keep_days, history_keep_days) = (config.clean_up_keep_days, config.history_keep_days);
    let oldest = days_before(now, keep_days);
    let history_oldest = days_before(now, history_keep_days);
    let read = move |sql: &mut dyn Sql| {
        let unneeded = unneeded(&table::facts(sql, &oldest, None)?, &oldest);
        Ok(Plan {
            cleaned: Cleaned {
                versions: table::versions(sql)?,
                unneeded: unneeded.len() as u64,
                leftovers: table::leftovers(sql, &oldest)?,
                history: table::history(sql, &history_oldest)?,
                keep_days,
                history_keep_days,
            },
            unneeded,
            oldest,
            history_oldest,
        })
    };
    state.store.read(read).await
}

/// What a clean-up would take out now: it is taken out, counted, and put back, because what goes leaves more behind
/// that nothing refers to.
pub(crate) async fn dry_run(state: &State) -> Result<Cleaned, Problem> {
    let plan = plan(state).await?;
    if plan.cleaned.is_nothing() {
        return Ok(plan.cleaned);
    }
    let rehearse = move |sql: &mut dyn Sql| {
        let unneeded = plan.take_versions(sql, &plan.unneeded)?;
        let (leftovers, history) = plan.take_rest(sql)?;
        Err::<Infallible, _>(Rehearsed::PutBack(Cleaned {
            unneeded,
            leftovers,
            history,
            ..plan.cleaned
        }))
    };
    match state.store.silent().write(rehearse).await {
        Err(Rehearsed::PutBack(cleaned)) => Ok(cleaned),
        Err(Rehearsed::Failed(error)) => Err(error.into()),
        Ok(never) => match never {},
    }
}

/// How a change ends that is not to last: as an error, so that its transaction is rolled back.
enum Rehearsed {
    PutBack(Cleaned),
    Failed(StoreError),
}

impl From<StoreError> for Rehearsed {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// Takes out what nobody needs.
pub(crate) async fn run(state: &State) -> Result<Cleaned, Problem> {
    carry_out(plan(state).await?, &state.store).await
}

/// Each transaction decides anew, because what was unneeded may have become needed. All of them are one entry of the
/// audit log; there is none if there is nothing to take out.
async fn carry_out(plan: Plan, store: &AuditedStore) -> Result<Cleaned, Problem> {
    let cleaned = plan.cleaned;
    if cleaned.is_nothing() {
        return Ok(cleaned);
    }
    let about = format!("{} of {} versions", cleaned.unneeded, cleaned.versions);
    let record = |_: &mut dyn Sql| Ok::<_, Problem>(());
    store.about(about).write(record).await?;
    let store = store.silent();
    let plan = Arc::new(plan);
    let mut deleted = 0;
    for some in plan.unneeded.chunks(VERSIONS_PER_CHANGE) {
        let (plan, some) = (Arc::clone(&plan), some.to_vec());
        let change = move |sql: &mut dyn Sql| Ok::<_, Problem>(plan.take_versions(sql, &some)?);
        deleted += store.write(change).await?;
    }
    let change = move |sql: &mut dyn Sql| Ok::<_, Problem>(plan.take_rest(sql)?);
    let (leftovers, history) = store.write(change).await?;
    Ok(Cleaned {
        unneeded: deleted,
        leftovers,
        history,
        ..cleaned
    })
}

/// Says what the next clean-up will take out, and cleans up once a day, for as long as it is polled.
pub(crate) async fn every_day(state: State) {
    if let Err(problem) = announce(&state).await {
        tracing::error!(?problem, "clean-up cannot be planned");
    }
    loop {
        // Whether it is due is for the database to say, which other brokers share: so it is asked, not waited for.
        tokio::time::sleep(LOOK_EVERY).await;
        match run_if_due(&state).await {
            Ok(Some(cleaned)) => tracing::info!(?cleaned, "cleaned up"),
            Ok(None) => {}
            Err(problem) => tracing::error!(?problem, "clean-up failed"),
        }
    }
}

/// Says when the next clean-up is due, which the first broker on a database decides, and what it would take out now, as
/// far as that is seen without rehearsing it: a start must not hold up the changes of others.
async fn announce(state: &State) -> Result<(String, Cleaned), Problem> {
    let first = stored(state.config.clock.now() + EVERY);
    let schedule = move |sql: &mut dyn Sql| {
        table::plan(sql, &first)?;
        Ok::<_, Problem>(table::due_at(sql)?.unwrap_or(first))
    };
    let due_at = state.store.write(schedule).await?;
    let cleaned = plan(state).await?.cleaned;
    if cleaned.is_nothing() {
        tracing::info!(due_at, "clean-up is planned; now it would take out nothing");
    } else {
        tracing::warn!(
            due_at,
            versions = cleaned.versions,
            unneeded = cleaned.unneeded,
            leftovers = cleaned.leftovers,
            history = cleaned.history,
            keep_days = cleaned.keep_days,
            "clean-up is planned; now it would take out at least this"
        );
    }
    Ok((due_at, cleaned))
}

/// Cleans up if it is due and no other process does it.
async fn run_if_due(state: &State) -> Result<Option<Cleaned>, Problem> {
    let now = state.config.clock.now();
    let (at, next) = (stored(now), stored(now + EVERY));
    let due_at = |sql: &mut dyn Sql| Ok::<_, Problem>(table::due_at(sql)?);
    let due_at = state.store.read(due_at).await?;
    let Some(due_at) = due_at else {
        // The plan could not be made when the broker started.
        announce(state).await?;
        return Ok(None);
    };
    if due_at > at {
        return Ok(None);
    }
    // A clean-up that cannot be planned has not had its turn.
    let plan = plan(state).await?;
    let entry = Entry {
        at: at.clone(),
        who: "the broker".to_owned(),
        method: "POST".to_owned(),
        path: "/clean-up".to_owned(),
        about: None,
    };
    let take = move |sql: &mut dyn Sql| Ok::<_, Problem>(table::take(sql, &at, &next)?);
    if !state.store.write(take).await? {
        return Ok(None);
    }
    let store = state.store.clone().recording(entry);
    carry_out(plan, &store).await.map(Some)
}

#[cfg(test)]
mod tests;
