//! How many requests a client may send.

/// What a client may still send: a bucket that is full at first, and fills up again within a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bucket {
    left: f64,
    at_ms: i64,
}

/// A minute in milliseconds.
const MINUTE_MS: f64 = 60_000.0;

impl Bucket {
    /// A full one.
    pub(crate) fn full(per_minute: u32, now_ms: i64) -> Self {
        Self {
            left: f64::from(per_minute),
            at_ms: now_ms,
        }
    }

    /// Takes one request out; if there is none, says after how many seconds there is.
    pub(crate) fn take(&mut self, per_minute: u32, now_ms: i64) -> Result<(), u64> {
        self.check(per_minute, now_ms)?;
        self.left -= 1.0;
        Ok(())
    }

    /// Whether there is a request to take; if there is none, says after how many seconds there is.
    pub(crate) fn check(&mut self, per_minute: u32, now_ms: i64) -> Result<(), u64> {
        self.left = self.refilled(per_minute, now_ms);
        self.at_ms = now_ms;
        if self.left >= 1.0 {
            return Ok(());
        }
        let missing_ms = (1.0 - self.left) / per_ms(per_minute);
        Err((missing_ms / 1000.0).ceil() as u64)
    }

    /// Whether it is as if nothing had been taken out.
    pub(crate) fn is_full(&self, per_minute: u32, now_ms: i64) -> bool {
        self.refilled(per_minute, now_ms) >= f64::from(per_minute)
    }

    /// What was left, with what has come back since.
    fn refilled(&self, per_minute: u32, now_ms: i64) -> f64 {
        let passed_ms = (now_ms - self.at_ms).max(0) as f64;
        (self.left + passed_ms * per_ms(per_minute)).min(f64::from(per_minute))
    }
}

/// How many requests come back in a millisecond.
fn per_ms(per_minute: u32) -> f64 {
    f64::from(per_minute) / MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_comes_back_with_time() {
        let mut bucket = Bucket::full(2, 0);
        assert_eq!(bucket.take(2, 0), Ok(()));
        assert_eq!(bucket.take(2, 0), Ok(()));
        assert_eq!(bucket.take(2, 0), Err(30));
        assert_eq!(bucket.take(2, 29_999), Err(1));
        assert_eq!(bucket.take(2, 30_000), Ok(()));
        assert_eq!(bucket.take(2, 10_000_000), Ok(()));
        assert_eq!(bucket.take(2, 10_000_000), Ok(()));
        assert!(bucket.take(2, 10_000_000).is_err());
    }

    #[test]
    fn a_bucket_is_full_until_something_is_taken_and_again_a_minute_later() {
        let mut bucket = Bucket::full(2, 0);
        assert!(bucket.is_full(2, 0));
        for _ in 0..2 {
            bucket.take(2, 0).unwrap();
        }
        assert!(!bucket.is_full(2, 59_999));
        assert!(bucket.is_full(2, 60_000));
    }
}
