//! Clean-up: takes out what nobody needs any more, once a day and when asked.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::domain::clean_up::unneeded;
use crate::http::Problem;
use crate::state::State;
use crate::store::audit::{self, Entry};
use crate::store::{Sql, clean_up as table};
use crate::time::stored;

/// How often clean-up runs, and how long after its start a broker first does.
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
    /// What is younger than this many days stays.
    pub(crate) keep_days: u32,
}

impl Cleaned {
    /// The same as a document.
    pub(crate) fn document(&self, is_done: bool) -> Value {
        json!({
            "done": is_done,
            "versions": { "count": self.versions, "unneeded": self.unneeded },
            "leftovers": self.leftovers,
            "keepDays": self.keep_days,
        })
    }
}

fn oldest(state: &State, now: DateTime<Utc>) -> String {
    stored(now - TimeDelta::days(i64::from(state.config.clean_up_keep_days)))
}

/// What a clean-up would take out now.
pub(crate) async fn dry_run(state: &State) -> Result<Cleaned, Problem> {
    let oldest = oldest(state, state.config.clock.now());
    let keep_days = state.config.clean_up_keep_days;
    let read = move |sql: &mut dyn Sql| {
        let facts = table::facts(sql, &oldest, None)?;
        Ok(Cleaned {
            versions: table::versions(sql)?,
            unneeded: unneeded(&facts, &oldest).len() as u64,
            leftovers: table::leftovers(sql, &oldest)?,
            keep_days,
        })
    };
    state.store.read(read).await
}

/// Takes out what nobody needs. Each transaction decides anew, because what was unneeded may have become needed.
pub(crate) async fn run(state: &State) -> Result<Cleaned, Problem> {
    let oldest = oldest(state, state.config.clock.now());
    let keep_days = state.config.clean_up_keep_days;
    let from = oldest.clone();
    let (versions, ids) = state
        .store
        .read(move |sql: &mut dyn Sql| {
            let facts = table::facts(sql, &from, None)?;
            Ok::<_, Problem>((table::versions(sql)?, unneeded(&facts, &from)))
        })
        .await?;
    let mut deleted = 0;
    for some in ids.chunks(VERSIONS_PER_CHANGE) {
        let (some, oldest) = (some.to_vec(), oldest.clone());
        let change = move |sql: &mut dyn Sql| {
            let facts = table::facts(sql, &oldest, Some(&some))?;
            Ok::<_, Problem>(table::delete_versions(sql, &unneeded(&facts, &oldest))?)
        };
        deleted += state.store.write(change).await?;
    }
    let change = move |sql: &mut dyn Sql| Ok::<_, Problem>(table::delete_leftovers(sql, &oldest)?);
    Ok(Cleaned {
        versions,
        unneeded: deleted,
        leftovers: state.store.write(change).await?,
        keep_days,
    })
}

/// Says what the first clean-up will take out, and cleans up once a day from then on, for as long as it is polled.
pub(crate) async fn every_day(state: State) {
    let started = state.config.clock.now();
    match announce(&state, started).await {
        Ok(cleaned) if cleaned.unneeded + cleaned.leftovers > 0 => tracing::warn!(
            due = %stored(started + EVERY),
            versions = cleaned.versions,
            unneeded = cleaned.unneeded,
            leftovers = cleaned.leftovers,
            keep_days = cleaned.keep_days,
            "clean-up is due in a day; these are the counts of a dry run"
        ),
        Ok(_) => tracing::info!("clean-up is due in a day; now it would take out nothing"),
        Err(problem) => tracing::error!(?problem, "clean-up cannot be planned"),
    }
    loop {
        // Whether it is due is for the database to say, which other brokers share: so it is asked, not waited for.
        tokio::time::sleep(LOOK_EVERY).await;
        match run_if_due(&state, started).await {
            Ok(Some(cleaned)) => tracing::info!(?cleaned, "cleaned up"),
            Ok(None) => {}
            Err(problem) => tracing::error!(?problem, "clean-up failed"),
        }
    }
}

async fn announce(state: &State, started: DateTime<Utc>) -> Result<Cleaned, Problem> {
    let due_at = stored(started + EVERY);
    let plan = move |sql: &mut dyn Sql| Ok::<_, Problem>(table::plan(sql, &due_at)?);
    state.store.write(plan).await?;
    dry_run(state).await
}

/// Cleans up, unless the broker has not run for a day or another process did it within one.
async fn run_if_due(state: &State, started: DateTime<Utc>) -> Result<Option<Cleaned>, Problem> {
    let now = state.config.clock.now();
    if now < started + EVERY {
        return Ok(None);
    }
    let (at, next) = (stored(now), stored(now + EVERY));
    let take = move |sql: &mut dyn Sql| Ok::<_, Problem>(table::take(sql, &at, &next)?);
    if !state.store.write(take).await? {
        return Ok(None);
    }
    let cleaned = run(state).await?;
    let entry = Entry {
        at: stored(now),
        who: "the broker".to_owned(),
        method: "POST".to_owned(),
        path: "/clean-up".to_owned(),
        about: Some(format!("{} versions", cleaned.unneeded)),
    };
    let record = move |sql: &mut dyn Sql| Ok::<_, Problem>(audit::record(sql, &entry)?);
    state.store.write(record).await?;
    Ok(Some(cleaned))
}

#[cfg(test)]
mod tests;
