//! What a broker keeps: one thing or a list of them, as text, table, ids or the broker's document.

use serde_json::Value;

use super::Answer;
use super::table::table;
use crate::args::Show;
use crate::exit_code::ExitCode;

/// What a command found or did.
#[derive(Debug)]
pub(crate) struct Shown {
    text: String,
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    ids: Vec<String>,
    json: Value,
}

/// A thing's members, each with its heading.
pub(crate) type Members = Vec<(&'static str, String)>;

impl Shown {
    /// Something was done, and this sentence says what.
    pub(crate) fn said(sentence: impl Into<String>, id: impl Into<String>, json: Value) -> Self {
        let sentence = sentence.into();
        Self {
            headings: vec!["DONE"],
            rows: vec![vec![sentence.clone()]],
            text: sentence,
            ids: vec![id.into()],
            json,
        }
    }

    /// Whether it is a list of nothing.
    pub(crate) fn is_nothing(&self) -> bool {
        self.rows.is_empty()
    }

    /// One thing.
    pub(crate) fn described(members: Members, id: impl Into<String>, json: Value) -> Self {
        let (headings, row): (Vec<_>, Vec<_>) = members.into_iter().unzip();
        let width = headings.iter().map(|h| h.len()).max().unwrap_or_default();
        let lines = headings
            .iter()
            .zip(&row)
            .filter(|(_, value)| !value.is_empty());
        let lines = lines.map(|(heading, value)| {
            let heading = heading.to_lowercase();
            format!("{heading:width$}  {value}")
        });
        Self {
            text: lines.collect::<Vec<_>>().join("\n"),
            headings,
            rows: vec![row],
            ids: vec![id.into()],
            json,
        }
    }

    /// Many things, each with its id; where there are none, that is said in the words for them.
    pub(crate) fn listed(what: &str, things: Vec<(Members, String)>, json: Value) -> Self {
        let mut headings = Vec::new();
        let (mut rows, mut ids) = (Vec::new(), Vec::new());
        for (members, id) in things {
            let (names, row): (Vec<_>, Vec<_>) = members.into_iter().unzip();
            headings = names;
            rows.push(row);
            ids.push(id);
        }
        let text = if rows.is_empty() {
            format!("There are no {what}.")
        } else {
            table(&headings, &rows)
        };
        Self {
            text,
            headings,
            rows,
            ids,
            json,
        }
    }

    /// As it is to be shown.
    pub(crate) fn answer(self, show: Show) -> Answer {
        let text = match show {
            Show::Table if !self.rows.is_empty() => table(&self.headings, &self.rows),
            Show::Id => self.ids.join("\n"),
            Show::Text | Show::Table | Show::Json | Show::Pretty => self.text,
        };
        Answer {
            code: ExitCode::Yes,
            text,
            json: self.json,
        }
    }
}

/// A list in a cell.
pub(crate) fn joined(names: &[String]) -> String {
    names.join(", ")
}

/// A word in a cell, or an empty one.
pub(crate) fn or_empty(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_lines_a_table_and_an_id() {
        let shown = || {
            let members = vec![("NAME", "A".to_owned()), ("BRANCH", String::new())];
            Shown::described(members, "7", Value::Null)
        };
        assert_eq!(shown().answer(Show::Text).text, "name    A");
        assert_eq!(shown().answer(Show::Table).text, "NAME  BRANCH\nA");
        assert_eq!(shown().answer(Show::Id).text, "7");
    }

    #[test]
    fn an_empty_list_says_so_but_has_no_ids() {
        let none = || Shown::listed("labels", Vec::new(), Value::Null);
        assert_eq!(none().answer(Show::Table).text, "There are no labels.");
        assert_eq!(none().answer(Show::Id).text, "");
    }
}
