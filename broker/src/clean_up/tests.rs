use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::config::{Clock, Config, DatabaseUrl};
use crate::domain::access::Rules;
use crate::store::sql::params;
use crate::store::{Store, pacticipants, versions};

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

    let started = one.config.clock.now();
    let told = announce(&one, started).await.unwrap();
    assert_eq!((told.versions, told.unneeded), (3, 2));
    announce(&other, started).await.unwrap();
    seconds.fetch_add(DAY_S - 1, Ordering::Relaxed);
    assert_eq!(run_if_due(&one, started).await.unwrap(), None);
    assert_eq!(numbers(&one).await.len(), 3);

    seconds.fetch_add(1, Ordering::Relaxed);
    let cleaned = run_if_due(&other, started).await.unwrap().unwrap();
    assert_eq!(cleaned.unneeded, 2);
    assert_eq!(run_if_due(&one, started).await.unwrap(), None);
    assert_eq!(numbers(&one).await, ["3"]);
    seconds.fetch_add(DAY_S, Ordering::Relaxed);
    assert!(run_if_due(&one, started).await.unwrap().is_some());
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
