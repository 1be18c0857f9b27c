//! The traffic of one process: who sends too much, and what Prometheus is told.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::domain::rate::Bucket;

/// The most clients whose requests are counted at once.
const CLIENTS_MAX: usize = 10_000;

/// The bounds of the histogram, in seconds.
const BOUNDS: [f64; 8] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];

/// What one process counts.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    clients: Mutex<HashMap<String, Bucket>>,
    answers: Mutex<BTreeMap<Answered, Times>>,
}

/// Which answers are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answered {
    pub(super) method: String,
    /// The path of the route, its parameters in braces; empty where no route is.
    pub(super) route: String,
    pub(super) status: u16,
}

#[derive(Debug, Clone, Copy, Default)]
struct Times {
    count: u64,
    sum_s: f64,
    within: [u64; BOUNDS.len()],
}

impl Traffic {
    /// Counts a request of a client; the error is after how many seconds it may come again.
    pub(super) fn take(&self, client: &str, per_minute: u32, now_ms: i64) -> Result<(), u64> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= CLIENTS_MAX && !clients.contains_key(client) {
            // A full bucket is as good as none. Who sent much is not forgiven because many others came.
            clients.retain(|_, bucket| !bucket.is_full(per_minute, now_ms));
            if clients.len() >= CLIENTS_MAX {
                clients.clear();
            }
        }
        let full = || Bucket::full(per_minute, now_ms);
        let bucket = clients.entry(client.to_owned()).or_insert_with(full);
        bucket.take(per_minute, now_ms)
    }

    /// Whether a client may send a request, without counting one; the error is after how many seconds it may.
    pub(super) fn check(&self, client: &str, per_minute: u32, now_ms: i64) -> Result<(), u64> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = clients.get_mut(client);
        bucket.map_or(Ok(()), |bucket| bucket.check(per_minute, now_ms))
    }

    /// Counts an answer.
    pub(super) fn count(&self, answered: Answered, took: Duration) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let times = answers.entry(answered).or_default();
        let seconds = took.as_secs_f64();
        times.count += 1;
        times.sum_s += seconds;
        for (within, bound) in times.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(seconds <= bound);
        }
    }

    /// What was counted, as Prometheus reads it.
    pub(crate) fn prometheus(&self) -> String {
        const NAME: &str = "treaty_http_request_duration_seconds";
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = format!(
            "# HELP {NAME} How long requests took, by route and status.\n# TYPE {NAME} histogram\n"
        );
        for (
            Answered {
                method,
                route,
                status,
            },
            times,
        ) in answers.iter()
        {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (bound, within) in BOUNDS.iter().zip(times.within) {
                let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"{bound}\"}} {within}");
            }
            let Times { count, sum_s, .. } = times;
            let _ = writeln!(text, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}");
            let _ = writeln!(text, "{NAME}_sum{{{labels}}} {sum_s}");
            let _ = writeln!(text, "{NAME}_count{{{labels}}} {count}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One request of each of as many clients as are counted at once.
    fn crowd(traffic: &Traffic, now_ms: i64) {
        for client in 0..CLIENTS_MAX {
            traffic.take(&client.to_string(), 1, now_ms).unwrap();
        }
    }

    #[test]
    fn a_client_that_sent_too_much_is_not_forgotten_for_new_ones() {
        let traffic = Traffic::default();
        crowd(&traffic, 0);
        assert_eq!(traffic.take("0", 1, 60_000), Ok(()));
        assert_eq!(traffic.take("new", 1, 60_000), Ok(()));
        assert!(traffic.check("0", 1, 60_000).is_err());
        assert_eq!(traffic.clients.lock().unwrap().len(), 2);
    }

    #[test]
    fn no_more_clients_are_remembered_than_the_limit() {
        let traffic = Traffic::default();
        crowd(&traffic, 0);
        assert_eq!(traffic.take("new", 1, 0), Ok(()));
        assert_eq!(traffic.clients.lock().unwrap().len(), 1);
    }
}
