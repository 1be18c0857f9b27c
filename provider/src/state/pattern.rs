//! Names of provider states with placeholders: `a user with ID {id} exists`.

use regex::Regex;

/// The name a handler is registered under.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    names: Vec<String>,
    /// Absent for a name without placeholders.
    regex: Option<Regex>,
}

/// A piece of a pattern.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'p> {
    Literal(&'p str),
    Placeholder(&'p str),
}

impl Pattern {
    pub(super) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let mut names = Vec::new();
        let mut regex = String::from("(?s)^");
        for piece in pieces(&text) {
            match piece {
                Piece::Literal(literal) => regex.push_str(&regex::escape(literal)),
                Piece::Placeholder(name) => {
                    names.push(name.to_owned());
                    regex.push_str("(.+?)");
                }
            }
        }
        regex.push('$');
        let regex = match names.as_slice() {
            [] => None,
            // Too large a pattern is the only way to fail, and such a name matches itself.
            _ => Regex::new(&regex).ok(),
        };
        Self { text, names, regex }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.text == name
    }

    /// The placeholders' texts if the name fits, in their order.
    pub(super) fn captures(&self, name: &str) -> Option<Vec<(String, String)>> {
        let found = self.regex.as_ref()?.captures(name)?;
        let texts = found
            .iter()
            .skip(1)
            .flatten()
            .map(|text| text.as_str().to_owned());
        Some(self.names.iter().cloned().zip(texts).collect())
    }
}

/// Cuts a pattern at its placeholders; a brace without its partner is literal.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        pieces.push(Piece::Placeholder(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (_, after) = text.split_once('{')?;
    let (name, rest) = after.split_once('}')?;
    let before = &text[..text.len() - after.len() - 1];
    Some((before, name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, expected: Option<&[(&str, &str)]>) {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let expected = expected.map(|pairs| pairs.iter().map(owned).collect());
        assert_eq!(Pattern::new(pattern).captures(name), expected);
    }

    #[test]
    fn a_placeholder_takes_what_stands_in_its_place() {
        let pattern = "a user with ID {id} exists";
        check(pattern, "a user with ID 42 exists", Some(&[("id", "42")]));
        check(
            "{who} owns {what}",
            "Jane Doe owns a cat",
            Some(&[("who", "Jane Doe"), ("what", "a cat")]),
        );
    }

    #[test]
    fn a_placeholder_takes_something_and_the_rest_is_literal() {
        check("a user with ID {id} exists", "a user with ID  exists", None);
        check("{n} users (of 3)", "2 users (of 3)", Some(&[("n", "2")]));
        check("{n} users (of 3)", "2 users of 3", None);
    }

    #[test]
    fn a_brace_without_its_partner_is_literal() {
        assert_eq!(pieces("a { b"), [Piece::Literal("a { b")]);
        assert!(Pattern::new("a } b").is("a } b"));
    }
}
