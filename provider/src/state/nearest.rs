//! Which known states someone may have meant.

use super::pattern::{Piece, pieces};

/// How many suggestions are made.
const NEAREST_MAX: usize = 3;

/// The patterns with a small edit distance to the name, the nearest first.
pub(crate) fn nearest<'p>(name: &str, patterns: impl Iterator<Item = &'p str>) -> Vec<String> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let edits_max = (name.len() / 3).max(2);
    let mut near: Vec<(usize, &str)> = patterns
        .map(|pattern| (distance(pattern, &name), pattern))
        .filter(|(edits, _)| *edits <= edits_max)
        .collect();
    near.sort_unstable();
    near.dedup();
    let texts = near.into_iter().take(NEAREST_MAX);
    texts.map(|(_, pattern)| pattern.to_owned()).collect()
}

/// The least number of characters to insert, remove or replace until the name fits the pattern. A placeholder fits any
/// text at no cost.
fn distance(pattern: &str, name: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for piece in pieces(pattern) {
        match piece {
            Piece::Placeholder(_) => {
                for column in 1..row.len() {
                    row[column] = row[column].min(row[column - 1]);
                }
            }
            Piece::Literal(literal) => {
                for wanted in literal.to_lowercase().chars() {
                    row = next_row(&row, wanted, name);
                }
            }
        }
    }
    row[name.len()]
}

/// One row of the edit-distance table, from the row above it.
fn next_row(above: &[usize], wanted: char, name: &[char]) -> Vec<usize> {
    let mut row = vec![above[0] + 1];
    for (column, &found) in name.iter().enumerate() {
        let replaced = above[column] + usize::from(found != wanted);
        row.push(replaced.min(above[column + 1] + 1).min(row[column] + 1));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = [
        "a user with ID {id} exists",
        "no users exist",
        "the shop is closed",
    ];

    #[track_caller]
    fn check(name: &str, expected: &[&str]) {
        assert_eq!(nearest(name, KNOWN.into_iter()), expected);
    }

    #[test]
    fn a_slip_of_the_pen_leads_to_the_name() {
        check("no user exists", &["no users exist"]);
        check("the shop is close", &["the shop is closed"]);
    }

    #[test]
    fn a_placeholder_costs_nothing() {
        check(
            "User with ID 8f14e45f-ea0e-4b5a exists",
            &["a user with ID {id} exists"],
        );
    }

    #[test]
    fn what_is_far_away_is_not_suggested() {
        check("an order is paid", &[]);
    }
}
