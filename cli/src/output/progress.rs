//! A line on stderr that moves while something runs.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::environment;

/// Goes to the beginning of the line, and empties it.
const CLEAR: &str = "\r\x1b[2K";

/// The line, until it is dropped. It is counted by whoever runs, and drawn over itself.
#[derive(Debug, Default)]
pub(crate) struct ProgressLine {
    not_passed: AtomicUsize,
}

impl ProgressLine {
    /// A line where somebody sees it move: a terminal that can, and no build machine, which keeps every drawing of it.
    pub(crate) fn where_seen(quiet: bool) -> Option<Self> {
        let is_dumb = environment::variable("TERM").is_none_or(|term| term == "dumb");
        let is_seen = io::stderr().is_terminal() && !is_dumb && !environment::is_ci();
        (is_seen && !quiet).then(Self::default)
    }

    /// One more is done.
    pub(crate) fn advance(&self, done: usize, total: usize, passed: bool) {
        let one = usize::from(!passed);
        let not_passed = self.not_passed.fetch_add(one, Ordering::Relaxed) + one;
        draw(&format!("{CLEAR}{}", text(done, total, not_passed)));
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        draw(CLEAR);
    }
}

/// Numbers only, so that it fits into every terminal.
fn text(done: usize, total: usize, not_passed: usize) -> String {
    match not_passed {
        0 => format!("{done} of {total} replayed"),
        not_passed => format!("{done} of {total} replayed, {not_passed} not passed"),
    }
}

fn draw(text: &str) {
    let mut stderr = io::stderr().lock();
    // A terminal that is gone misses nothing.
    let _ = write!(stderr, "{text}");
    let _ = stderr.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_told_once_there_are_any() {
        assert_eq!(text(1, 3, 0), "1 of 3 replayed");
        assert_eq!(text(3, 3, 2), "3 of 3 replayed, 2 not passed");
    }
}
