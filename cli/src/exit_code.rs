//! What the exit code says. It depends on the outcome alone, never on how the outcome is shown.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | yes: verified, deployable, done |
//! | 1 | no: mismatch, not deployable, deployability unknown |
//! | 2 | the command line or an input file is wrong |
//! | 3 | could not find out: network, broker, provider or state handler unreachable, timeout |
//! | 130 | interrupted |
//! | 143 | terminated, as build machines do with what they cancel |

use treaty_core::outcome::Verdict;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitCode {
    /// All that was asked is so, or is done.
    Yes,
    /// It is not so.
    No,
    /// The question was wrong.
    Usage,
    /// It could not be found out.
    Unknown,
    /// Somebody stopped the command.
    Interrupted,
    /// A program stopped it, a build machine for example.
    Terminated,
}

impl ExitCode {
    /// The number that the shell sees.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Unknown => 3,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The verdict in JSON, in the words of a verification's report.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Usage => "nothing_to_do",
            Self::Unknown => "unknown",
            Self::Interrupted | Self::Terminated => "interrupted",
        }
    }
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Yes => Self::Yes,
            Verdict::No => Self::No,
            Verdict::NothingToDo => Self::Usage,
            Verdict::Unknown => Self::Unknown,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verdict_has_its_code() {
        let codes = [
            Verdict::Yes,
            Verdict::No,
            Verdict::NothingToDo,
            Verdict::Unknown,
        ]
        .map(|verdict| ExitCode::from(verdict).number());
        assert_eq!(codes, [0, 1, 2, 3]);
    }
}
