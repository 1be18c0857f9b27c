//! Waiting for what will be so, without guessing how long it takes.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

/// The shortest pause between two looks, so that no test spins.
const PAUSE_MIN: Duration = Duration::from_millis(1);

/// What a probe saw: the thing itself, or why not yet.
pub trait Observed {
    /// The thing.
    type Found;

    /// The thing, or what was seen in its place.
    ///
    /// # Errors
    /// What was seen in its place.
    fn observed(self) -> Result<Self::Found, String>;
}

impl Observed for bool {
    type Found = ();

    fn observed(self) -> Result<(), String> {
        if self {
            Ok(())
        } else {
            Err("false".to_owned())
        }
    }
}

impl<T> Observed for Option<T> {
    type Found = T;

    fn observed(self) -> Result<T, String> {
        self.ok_or_else(|| "nothing".to_owned())
    }
}

/// A probe that tells what it saw makes the best failures.
impl<T, E: fmt::Display> Observed for Result<T, E> {
    type Found = T;

    fn observed(self) -> Result<T, String> {
        self.map_err(|error| error.to_string())
    }
}

/// Something that was waited for did not happen in time.
///
/// Its debug form is its text, because that is what a test which returns it prints.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("not within {deadline:?}: {}", self.seen())]
#[non_exhaustive]
pub struct NeverHappened {
    /// How long was waited.
    pub deadline: Duration,
    /// How often was looked, or how many values came.
    pub looks: usize,
    /// What was seen last.
    pub last: Option<String>,
}

impl NeverHappened {
    fn seen(&self) -> String {
        match (&self.last, self.looks) {
            (Some(last), 1) => format!("seen once, {last}"),
            (Some(last), looks) => format!("seen {looks} times, last {last}"),
            (None, 0) => "nothing came".to_owned(),
            (None, _) => "the first look at it never came to an end".to_owned(),
        }
    }
}

impl fmt::Debug for NeverHappened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Looks until something is so: at once, then every so often, and once more at the deadline.
///
/// The probe gives a `bool`, an `Option`, or a `Result` whose error says what is there instead; the failure repeats it.
/// A probe that hangs is given up at the deadline. Time is tokio's, so a test with a paused clock waits for nothing.
///
/// ```
/// use std::time::Duration;
/// use treaty_consumer::eventually;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let mut looks = 0;
/// let found = eventually(Duration::from_secs(5), Duration::from_millis(1), async || {
///     looks += 1;
///     if looks == 3 { Ok("paid") } else { Err("pending") }
/// });
/// assert_eq!(found.await.unwrap(), "paid");
/// # }
/// ```
///
/// # Errors
/// [`NeverHappened`] says what was seen last, how often and for how long.
pub async fn eventually<P: Observed>(
    deadline: Duration,
    every: Duration,
    mut probe: impl AsyncFnMut() -> P,
) -> Result<P::Found, NeverHappened> {
    let end = Instant::now() + deadline;
    let mut looks = 0;
    let mut last = None;
    loop {
        let is_last = Instant::now() >= end;
        let look = timeout_at(end, probe()).await;
        let is_cut_off = look.is_err();
        looks += 1;
        match look.map(P::observed) {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(seen)) => last = Some(seen),
            // The deadline cut it off: it saw nothing that could be told.
            Err(_) => looks = (looks - 1).max(1),
        }
        if is_last || is_cut_off {
            return Err(NeverHappened {
                deadline,
                looks,
                last,
            });
        }
        sleep_until(end.min(Instant::now() + every.max(PAUSE_MIN))).await;
    }
}
