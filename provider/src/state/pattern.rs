//! Names of provider states with placeholders: `a user with ID {id} exists`.

/// The name a handler is registered under.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    /// The names of its placeholders, in their order.
    names: Vec<String>,
    /// The texts before, between and behind the placeholders: one more than there are names, some of them empty.
    literals: Vec<String>,
}

/// A piece of a pattern.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'p> {
    Literal(&'p str),
    Placeholder(&'p str),
}

impl Pattern {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let (mut names, mut literals) = (Vec::new(), vec![String::new()]);
        for piece in pieces(&text) {
            match piece {
                Piece::Literal(literal) => {
                    literals.pop();
                    literals.push(literal.to_owned());
                }
                Piece::Placeholder(name) => {
                    names.push(name.to_owned());
                    literals.push(String::new());
                }
            }
        }
        Self {
            text,
            names,
            literals,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.text == name
    }

    /// The placeholders' texts if the name fits, in their order. Each takes as little as it can, and something.
    ///
    /// No regular expression: a provider that is made anew for each interaction makes its patterns anew as well, and
    /// compiling them would be most of the work.
    pub(crate) fn captures(&self, name: &str) -> Option<Vec<(String, String)>> {
        let (first, literals) = self.literals.split_first()?;
        let (last, between) = literals.split_last()?;
        let mut rest = name.strip_prefix(first.as_str())?;
        let mut texts = Vec::new();
        for literal in between {
            let (text, behind) = shortest(rest, literal)?;
            texts.push(text.to_owned());
            rest = behind;
        }
        let text = rest.strip_suffix(last.as_str())?;
        if text.is_empty() {
            return None;
        }
        texts.push(text.to_owned());
        Some(self.names.iter().cloned().zip(texts).collect())
    }
}

/// The shortest text that is not empty and that the literal follows, and what is behind the literal.
fn shortest<'t>(text: &'t str, literal: &str) -> Option<(&'t str, &'t str)> {
    let least = text.chars().next()?.len_utf8();
    let at = least + text[least..].find(literal)?;
    Some((&text[..at], &text[at + literal.len()..]))
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
        check("{a}{b}", "üx", Some(&[("a", "ü"), ("b", "x")]));
        check("{a}{b}", "ü", None);
    }

    #[test]
    fn a_placeholder_takes_as_little_as_it_can() {
        check(
            "{a} of {b}",
            "one of two of three",
            Some(&[("a", "one"), ("b", "two of three")]),
        );
        check("a name without", "a name without", None);
    }

    #[test]
    fn a_brace_without_its_partner_is_literal() {
        assert_eq!(pieces("a { b"), [Piece::Literal("a { b")]);
        assert!(Pattern::new("a } b").is("a } b"));
    }
}
