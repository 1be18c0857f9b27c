//! What several runs of one interaction say about the next one: a bound, never the word "stable".

use std::fmt;

use serde::{Deserialize, Serialize};
use treaty_core::outcome::Outcome;

/// How improbable the counted runs may be if the interaction flakes more often than the bound says.
const IMPROBABLE: f64 = 0.05;

/// How often the bound is halved: beyond that a `f64` has no more digits.
const HALVINGS: u32 = 60;

/// How several runs of one interaction went, and what follows from them.
///
/// Ten of ten that pass do not mean that it never fails: they only bound its flake rate below 25.9 %.
///
/// ```
/// use treaty_provider::Stability;
///
/// let stability = Stability::of(10, 0, 0, None);
/// assert_eq!(
///     stability.to_string(),
///     "0 of 10 runs did not pass: with 95 % confidence it does so in less than 25.9 % of all runs"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Stability {
    /// How often it was replayed.
    pub runs: u32,
    /// How often the answer was another than the pact's.
    pub failed: u32,
    /// How often it could not be found out.
    pub inconclusive: u32,
    /// The first run that did not pass, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_not_passed: Option<u32>,
    /// The share of runs that do not pass is below this, with 95 % confidence (Clopper and Pearson's exact upper bound).
    pub flake_rate_max: f64,
}

impl Stability {
    /// What so many runs say.
    #[must_use]
    pub fn of(runs: u32, failed: u32, inconclusive: u32, first_not_passed: Option<u32>) -> Self {
        Self {
            runs,
            failed,
            inconclusive,
            first_not_passed,
            flake_rate_max: upper_bound(failed + inconclusive, runs),
        }
    }

    pub(crate) fn count<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Self {
        let (mut runs, mut failed, mut inconclusive, mut first) = (0, 0, 0, None);
        for outcome in outcomes {
            runs += 1;
            match outcome {
                Outcome::Passed => continue,
                Outcome::Failed { .. } => failed += 1,
                _ => inconclusive += 1,
            }
            first.get_or_insert(runs);
        }
        Self::of(runs, failed, inconclusive, first)
    }

    /// Whether some runs passed and others did not.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        let not_passed = self.failed + self.inconclusive;
        not_passed > 0 && not_passed < self.runs
    }
}

/// `1 of 20 runs did not pass, first run 7: with 95 % confidence it does so in less than 21.7 % of all runs`
impl fmt::Display for Stability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not_passed = self.failed + self.inconclusive;
        write!(f, "{not_passed} of {} runs did not pass", self.runs)?;
        if let Some(first) = self.first_not_passed {
            write!(f, ", first run {first}")?;
        }
        let percent = self.flake_rate_max * 100.0;
        if not_passed == self.runs {
            return Ok(());
        }
        write!(
            f,
            ": with 95 % confidence it does so in less than {percent:.1} % of all runs"
        )
    }
}

/// The largest rate at which so few failures in so many runs are not yet improbable.
fn upper_bound(failures: u32, runs: u32) -> f64 {
    if failures >= runs {
        return 1.0;
    }
    if failures == 0 {
        return 1.0 - IMPROBABLE.powf(1.0 / f64::from(runs));
    }
    let (mut below, mut above) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let rate = (below + above) / 2.0;
        if at_most(failures, runs, rate) > IMPROBABLE {
            below = rate;
        } else {
            above = rate;
        }
    }
    above
}

/// The probability of at most so many failures. It adds logarithms up: the first term alone is too small for many runs.
fn at_most(failures: u32, runs: u32, rate: f64) -> f64 {
    let odds = (rate / (1.0 - rate)).ln();
    let mut term = f64::from(runs) * (1.0 - rate).ln();
    let mut sum = term.exp();
    for count in 0..failures {
        term += (f64::from(runs - count) / f64::from(count + 1)).ln() + odds;
        sum += term.exp();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(failures: u32, runs: u32, expected: f64) {
        let bound = upper_bound(failures, runs);
        assert!((bound - expected).abs() < 0.0001, "{bound}");
    }

    #[test]
    fn clean_runs_bound_the_rate_and_no_more() {
        check(0, 1, 0.95);
        check(0, 10, 0.2589);
        check(0, 100, 0.0295);
        check(0, 149, 0.0199);
    }

    #[test]
    fn the_bound_is_the_exact_one() {
        check(1, 10, 0.3942);
        check(1, 20, 0.2161);
        check(5, 10, 0.7776);
        check(10, 10, 1.0);
        check(1, 100_000, 0.0000474);
    }

    #[test]
    fn what_did_not_pass_is_told_with_its_first_run() {
        let failed = || Outcome::Failed {
            mismatches: Vec::new(),
        };
        let outcomes = [Outcome::Passed, failed(), Outcome::Passed];
        let stability = Stability::count(outcomes.iter());
        assert!(stability.is_flaky());
        assert_eq!(
            stability.to_string(),
            "1 of 3 runs did not pass, first run 2: with 95 % confidence it does so in less than 86.5 % of all runs"
        );
        assert!(!Stability::count([failed()].iter()).is_flaky());
    }
}
