//! The routes of the embedded broker as text.

use super::table::table;

/// One route beside what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) rank: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) needs: &'static str,
    pub(crate) standing: Standing,
}

/// Whether a route is answered, and whether anything shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Clients know it, and a request with its answer shows it.
    Shown,
    /// The router has it, and nothing shows it.
    Unshown,
    /// The router does not have it.
    Unanswered,
    /// Only this broker has it.
    Own,
}

impl Standing {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Shown | Self::Own => "",
            Self::Unshown => "missing: nothing shows it",
            Self::Unanswered => "missing",
        }
    }

    pub(crate) fn is_missing(self) -> bool {
        matches!(self, Self::Unshown | Self::Unanswered)
    }
}

/// Every route, and how many are missing.
pub(crate) fn text(lines: &[Line]) -> String {
    let row = |line: &Line| {
        vec![
            line.rank.to_owned(),
            line.method.clone(),
            line.path.clone(),
            line.needs.to_owned(),
            line.standing.word().to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    let known = lines
        .iter()
        .filter(|line| line.standing != Standing::Own)
        .count();
    let missing = lines
        .iter()
        .filter(|line| line.standing.is_missing())
        .count();
    format!(
        "{}\n\n{known} routes that clients of the Pact Broker know, {missing} missing",
        table(&["RANK", "METHOD", "PATH", "NEEDS", ""], &rows)
    )
}
