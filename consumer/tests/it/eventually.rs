//! Waiting: found at once, found late, never found. The clock is paused, so nothing takes its time.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use treaty_consumer::{Events, eventually};

const DEADLINE: Duration = Duration::from_secs(30);
const EVERY: Duration = Duration::from_millis(500);

#[tokio::test(start_paused = true)]
async fn what_is_so_already_takes_no_time() {
    let start = Instant::now();
    assert_eq!(eventually(DEADLINE, EVERY, async || Some(42)).await, Ok(42));
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn what_comes_late_is_found_when_it_comes() {
    let start = Instant::now();
    let comes = start + Duration::from_secs(2);
    let found = eventually(DEADLINE, EVERY, async || Instant::now() >= comes).await;
    assert_eq!(found, Ok(()));
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_what_was_seen_last_how_often_and_for_how_long() {
    let start = Instant::now();
    let mut looks = 0;
    let never = eventually(DEADLINE, EVERY, async || {
        looks += 1;
        Err::<(), _>(format!("status is pending, attempt {looks}"))
    });
    assert_eq!(
        format!("{:?}", never.await.unwrap_err()),
        "not within 30s: seen 61 times, last status is pending, attempt 61"
    );
    assert_eq!(start.elapsed(), DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn the_last_look_is_at_the_deadline() {
    let comes = Instant::now() + Duration::from_secs(1);
    let found = eventually(
        Duration::from_secs(1),
        Duration::from_millis(700),
        async || Instant::now() >= comes,
    );
    assert_eq!(found.await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_hangs_is_given_up_at_the_deadline() {
    let start = Instant::now();
    let never = eventually(DEADLINE, EVERY, pending::<bool>).await;
    assert_eq!(
        never.unwrap_err().to_string(),
        "not within 30s: the first look at it never came to an end"
    );
    assert_eq!(start.elapsed(), DEADLINE);
}

#[tokio::test(start_paused = true)]
async fn a_pause_of_nothing_does_not_spin() {
    let deadline = Duration::from_millis(5);
    let never = eventually(deadline, Duration::ZERO, async || false).await;
    assert_eq!(
        never.unwrap_err().to_string(),
        "not within 5ms: seen 6 times, last false"
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_is_found_whether_it_came_before_or_comes_later() {
    let events = Events::new();
    let listener = events.listener();
    listener.hear(1);
    let later = tokio::spawn(async move {
        sleep(Duration::from_secs(3)).await;
        listener.hear(2);
        listener.clone().hear(3);
    });
    assert_eq!(events.wait_for(|event| *event == 1, DEADLINE).await, Ok(1));
    assert_eq!(events.wait_for(|event| *event == 3, DEADLINE).await, Ok(3));
    later.await.unwrap();
    assert_eq!(events.heard(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_listener_says_what_came_instead() {
    let events = Events::new();
    let silence = events.wait_for(|_| true, DEADLINE).await;
    assert_eq!(
        silence.unwrap_err().to_string(),
        "not within 30s: nothing came"
    );
    events.listener().hear("placed");
    events.listener().hear("paid");
    let other = events.wait_for(|event| *event == "shipped", DEADLINE).await;
    assert_eq!(
        other.unwrap_err().to_string(),
        "not within 30s: seen 2 times, last \"paid\""
    );
}
