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
        let rate = f64::from(per_minute) / MINUTE_MS;
        let passed = (now_ms - self.at_ms).max(0) as f64;
        self.left = (self.left + passed * rate).min(f64::from(per_minute));
        self.at_ms = now_ms;
        if self.left >= 1.0 {
            return Ok(());
        }
        let missing_ms = (1.0 - self.left) / rate;
        Err((missing_ms / 1000.0).ceil() as u64)
    }
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
}
