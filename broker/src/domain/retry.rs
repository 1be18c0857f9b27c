//! When a webhook that was not received is sent again.

use std::time::Duration;

/// How a triggered webhook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// It waits for its first attempt.
    NotRun,
    /// It failed and will be tried again.
    Retrying,
    /// It was received.
    Success,
    /// It failed as often as it may.
    Failure,
}

impl Status {
    /// The name on the wire.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotRun => "not_run",
            Self::Retrying => "retrying",
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }

    /// The status of a name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::NotRun, Self::Retrying, Self::Success, Self::Failure]
            .into_iter()
            .find(|status| status.as_str() == name)
    }

    /// Whether another attempt will be made.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::NotRun | Self::Retrying)
    }
}

/// What comes after an attempt: the status, and how long to wait for the next attempt if there is one.
/// The first delay of the schedule stands between the first attempt and the second.
pub(crate) fn after_attempt(
    schedule: &[Duration],
    attempts_made: usize,
    success: bool,
) -> (Status, Option<Duration>) {
    if success {
        return (Status::Success, None);
    }
    match schedule.get(attempts_made.saturating_sub(1)) {
        Some(delay) => (Status::Retrying, Some(*delay)),
        None => (Status::Failure, None),
    }
}

/// How many attempts are left.
pub(crate) fn attempts_remaining(
    schedule: &[Duration],
    attempts_made: usize,
    status: Status,
) -> usize {
    if status.is_open() {
        (schedule.len() + 1).saturating_sub(attempts_made)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEDULE: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];

    #[track_caller]
    fn check(attempts: usize, success: bool, expected: Status, wait_secs: Option<u64>) {
        let wait = wait_secs.map(Duration::from_secs);
        assert_eq!(
            after_attempt(&SCHEDULE, attempts, success),
            (expected, wait)
        );
    }

    #[test]
    fn an_attempt_that_fails_is_followed_by_another_until_the_schedule_ends() {
        check(1, false, Status::Retrying, Some(10));
        check(2, false, Status::Retrying, Some(60));
        check(3, false, Status::Failure, None);
        check(9, false, Status::Failure, None);
        check(1, true, Status::Success, None);
        check(3, true, Status::Success, None);
    }

    #[test]
    fn without_a_schedule_there_is_one_attempt() {
        assert_eq!(after_attempt(&[], 1, false), (Status::Failure, None));
        assert_eq!(attempts_remaining(&[], 0, Status::NotRun), 1);
    }

    #[test]
    fn attempts_are_left_only_while_it_is_open() {
        assert_eq!(attempts_remaining(&SCHEDULE, 0, Status::NotRun), 3);
        assert_eq!(attempts_remaining(&SCHEDULE, 2, Status::Retrying), 1);
        assert_eq!(attempts_remaining(&SCHEDULE, 1, Status::Success), 0);
        assert_eq!(attempts_remaining(&SCHEDULE, 3, Status::Failure), 0);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for status in [
            Status::NotRun,
            Status::Retrying,
            Status::Success,
            Status::Failure,
        ] {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
    }
}
