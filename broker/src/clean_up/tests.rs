use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::config::{Clock, Config, DatabaseUrl};
use crate::domain::access::Rules;
use crate::store::sql::params;
use crate::store::{Store, audit, backup, pacticipants, restore, versions};

const DAY_S: i64 = 86_400;

/// A broker's state over a file, and the seconds that its clock shows.
fn state(path: &std::path::Path, seconds: &Arc<AtomicI64>) -> State {
    let own = Arc::clone(seconds);
    let clock =
        Clock::new(move || DateTime::from_timestamp(own.load(Ordering::Relaxed), 0).unwrap());
    let config = Config::new(DatabaseUrl::file(path)).clock(clock);
    let store = Store::open(&config.database).unwrap();
    State::new(store, config, Rules::default())
}

async fn add_versions(state: &State, numbers: &'static [&'static str]) {
    let now = stored(state.config.clock.now());
    let add = move |sql: &mut dyn Sql| {
        let pacticipant = pacticipants::find_or_create(sql, "A", &now)?;
        for number in numbers {
            versions::find_or_create(sql, pacticipant.id, number, &now)?;
        }
        Ok::<_, Problem>(())
    };
    state.store.write(add).await.unwrap();
}

async fn numbers(state: &State) -> Vec<String> {
    let read = |sql: &mut dyn Sql| {
        let rows = sql.query("SELECT number FROM versions ORDER BY id", params![])?;
        let numbers = rows.into_iter().map(|mut row| row.text(0));
        Ok::<_, Problem>(numbers.collect::<Result<_, _>>()?)
    };
    state.store.read(read).await.unwrap()
}

#[tokio::test]
async fn the_first_run_is_a_day_after_the_start_and_one_of_two_brokers_does_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("broker.sqlite");
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let (one, other) = (state(&path, &seconds), state(&path, &seconds));
    add_versions(&one, &["1", "2", "3"]).await;
    seconds.fetch_add(91 * DAY_S, Ordering::Relaxed);

    let (due_at, told) = announce(&one).await.unwrap();
    assert_eq!(due_at, stored(one.config.clock.now() + EVERY));
    assert_eq!((told.versions, told.unneeded), (3, 2));
    announce(&other).await.unwrap();
    seconds.fetch_add(DAY_S - 1, Ordering::Relaxed);
    assert_eq!(run_if_due(&one).await.unwrap(), None);
    assert_eq!(numbers(&one).await.len(), 3);

    seconds.fetch_add(1, Ordering::Relaxed);
    let cleaned = run_if_due(&other).await.unwrap().unwrap();
    assert_eq!(cleaned.unneeded, 2);
    assert_eq!(run_if_due(&one).await.unwrap(), None);
    assert_eq!(numbers(&one).await, ["3"]);
    let entry = "the broker POST /clean-up 2 of 3 versions";
    assert_eq!(audited(&one).await, [entry]);
    // Without anything to take out there is nothing to tell of.
    seconds.fetch_add(DAY_S, Ordering::Relaxed);
    assert!(run_if_due(&one).await.unwrap().is_some());
    assert_eq!(audited(&one).await, [entry]);
}

#[tokio::test]
async fn a_broker_that_starts_anew_every_day_cleans_up_too() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("broker.sqlite");
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let mut cleaned = 0;
    for _ in 0..6 {
        let state = state(&path, &seconds);
        announce(&state).await.unwrap();
        seconds.fetch_add(DAY_S - 1, Ordering::Relaxed);
        cleaned += u32::from(run_if_due(&state).await.unwrap().is_some());
    }
    assert_eq!(cleaned, 3);
}

#[tokio::test]
async fn a_plan_that_could_not_be_made_at_the_start_is_made_later() {
    let directory = tempfile::tempdir().unwrap();
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let state = state(&directory.path().join("broker.sqlite"), &seconds);
    assert_eq!(run_if_due(&state).await.unwrap(), None);
    seconds.fetch_add(DAY_S - 1, Ordering::Relaxed);
    assert_eq!(run_if_due(&state).await.unwrap(), None);
    seconds.fetch_add(1, Ordering::Relaxed);
    assert!(run_if_due(&state).await.unwrap().is_some());
}

#[tokio::test]
async fn a_restored_database_has_its_day() {
    let directory = tempfile::tempdir().unwrap();
    let files = ["broker.sqlite", "backup.sqlite", "restored.sqlite"];
    let [path, copy, restored] = files.map(|name| directory.path().join(name));
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    announce(&state(&path, &seconds)).await.unwrap();
    backup(&DatabaseUrl::file(&path), &copy).unwrap();
    seconds.fetch_add(100 * DAY_S, Ordering::Relaxed);
    restore(&copy, &DatabaseUrl::file(&restored)).unwrap();
    // A backup can be served itself.
    for path in [restored, copy] {
        let state = state(&path, &seconds);
        announce(&state).await.unwrap();
        assert_eq!(run_if_due(&state).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_clean_up_of_many_versions_is_one_entry_of_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let mut state = state(&directory.path().join("broker.sqlite"), &seconds);
    let numbers: Vec<&str> = (0..=2 * VERSIONS_PER_CHANGE)
        .map(|number| &*number.to_string().leak())
        .collect();
    add_versions(&state, numbers.leak()).await;
    seconds.fetch_add(91 * DAY_S, Ordering::Relaxed);
    state.store = state.store.recording(Entry {
        at: stored(state.config.clock.now()),
        who: "user admin".to_owned(),
        method: "POST".to_owned(),
        path: "/clean-up".to_owned(),
        about: None,
    });
    let deleted = 2 * VERSIONS_PER_CHANGE;
    assert_eq!(run(&state).await.unwrap().unneeded, deleted as u64);
    let entry = format!(
        "user admin POST /clean-up {deleted} of {} versions",
        deleted + 1
    );
    assert_eq!(audited(&state).await, [entry]);
}

#[tokio::test]
async fn what_left_its_environment_not_long_ago_stays() {
    let directory = tempfile::tempdir().unwrap();
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let state = state(&directory.path().join("broker.sqlite"), &seconds);
    add_versions(&state, &["deployed", "released", "neither", "latest"]).await;
    let (then, now) = (
        stored(state.config.clock.now()),
        stored(state.config.clock.now() + TimeDelta::days(91)),
    );
    let end = move |sql: &mut dyn Sql| {
        let statements = [
            "INSERT INTO environments (uuid, name, production, created_at) VALUES ('e', 'e', 0, ?1)",
            "INSERT INTO deployed_versions (uuid, version_id, pacticipant_id, environment_id, created_at, undeployed_at) \
             SELECT 'd', v.id, v.pacticipant_id, e.id, ?1, ?2 FROM versions v, environments e WHERE number = 'deployed'",
            "INSERT INTO released_versions (uuid, version_id, pacticipant_id, environment_id, created_at, support_ended_at) \
             SELECT 'r', v.id, v.pacticipant_id, e.id, ?1, ?2 FROM versions v, environments e WHERE number = 'released'",
        ];
        sql.execute(statements[0], params![&then])?;
        for statement in &statements[1..] {
            assert_eq!(sql.execute(statement, params![&then, &now])?, 1);
        }
        Ok::<_, Problem>(())
    };
    state.store.write(end).await.unwrap();
    seconds.fetch_add(92 * DAY_S, Ordering::Relaxed);
    run(&state).await.unwrap();
    assert_eq!(numbers(&state).await, ["deployed", "released", "latest"]);
    seconds.fetch_add(90 * DAY_S, Ordering::Relaxed);
    run(&state).await.unwrap();
    assert_eq!(numbers(&state).await, ["latest"]);
}

#[tokio::test]
async fn history_ends_where_it_is_too_old_and_nothing_waits() {
    let directory = tempfile::tempdir().unwrap();
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let state = state(&directory.path().join("broker.sqlite"), &seconds);
    add_versions(&state, &["1"]).await;
    add_history(&state, "old").await;
    seconds.fetch_add(DAY_S, Ordering::Relaxed);
    add_history(&state, "young").await;
    seconds.fetch_add(365 * DAY_S, Ordering::Relaxed);
    assert_eq!(dry_run(&state).await.unwrap().history, 2);
    assert_eq!(run(&state).await.unwrap().history, 2);
    assert_eq!(audited(&state).await, ["young POST / -"]);
    let read = |sql: &mut dyn Sql| {
        let rows = sql.query("SELECT uuid FROM triggered_webhooks ORDER BY id", params![])?;
        let uuids = rows.into_iter().map(|mut row| row.text(0));
        Ok::<_, Problem>(uuids.collect::<Result<Vec<_>, _>>()?)
    };
    let left = state.store.read(read).await.unwrap();
    assert_eq!(left, ["old waiting", "young sent", "young waiting"]);
}

/// Adds a webhook that was sent, one that waits, and an entry of the audit log.
async fn add_history(state: &State, name: &'static str) {
    let now = stored(state.config.clock.now());
    let add = move |sql: &mut dyn Sql| {
        for (state, due_at) in [("sent", None), ("waiting", Some(&now))] {
            let statement = "INSERT INTO triggered_webhooks (uuid, name, event, consumer_id, provider_id, \
                             consumer_version_id, base_url, parameters, status, attempts, next_attempt_at, created_at) \
                             VALUES (?1, '', '', 1, 1, 1, '', '', '', 0, ?2, ?3)";
            sql.execute(statement, params![&format!("{name} {state}"), due_at, &now])?;
        }
        let entry = Entry {
            at: now,
            who: name.to_owned(),
            method: "POST".to_owned(),
            path: "/".to_owned(),
            about: None,
        };
        Ok::<_, Problem>(audit::record(sql, &entry)?)
    };
    state.store.write(add).await.unwrap();
}

/// The entries of the audit log, the latest first.
async fn audited(state: &State) -> Vec<String> {
    let read = |sql: &mut dyn Sql| Ok::<_, Problem>(audit::before(sql, i64::MAX, 100)?);
    let entries = state.store.read(read).await.unwrap().into_iter();
    let words = |audit::Recorded { entry, .. }: audit::Recorded| {
        let about = entry.about.as_deref().unwrap_or("-");
        format!("{} {} {} {about}", entry.who, entry.method, entry.path)
    };
    entries.map(words).collect()
}

#[test]
fn any_number_of_days_can_be_kept() {
    let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    for days in [100_000, 1_000_000_000, u32::MAX] {
        assert_eq!(days_before(now, days), "1970-01-01T00:00:00.000000Z");
    }
}

#[tokio::test]
async fn what_is_young_stays() {
    let directory = tempfile::tempdir().unwrap();
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let state = state(&directory.path().join("broker.sqlite"), &seconds);
    add_versions(&state, &["1", "2"]).await;
    seconds.fetch_add(90 * DAY_S, Ordering::Relaxed);
    assert_eq!(run(&state).await.unwrap().unneeded, 0);
    assert_eq!(numbers(&state).await, ["1", "2"]);
}
