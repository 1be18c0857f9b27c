//! Texts of strangers in documents of ours: what they say is shown, what they could do is not done.

use std::fmt::Write;

/// One line in which nothing can move the cursor, colour the rest, or turn the direction of reading.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unseen(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// The same, in several lines.
pub(super) fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n")
}

fn is_unseen(character: char) -> bool {
    let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // No XML document may hold these two.
    character.is_control() || turns || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// One line for XML and HTML, between tags or between the quotes of an attribute.
pub(super) fn markup(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// One line of Markdown in which no character has a meaning.
pub(super) fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // An entity: a backslash does not keep a name from being linked.
            '@' => escaped.push_str("&#64;"),
            other if other.is_ascii_punctuation() && !"/:,;='\"?%$.".contains(other) => {
                escaped.push('\\');
                escaped.push(other);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Lines of Markdown that are shown as they are, in a fence that none of them can end.
pub(super) fn fenced(language: &str, lines: &[String]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| visible(line)).collect();
    let longest = lines
        .iter()
        .map(|line| longest_run(line))
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{fence}{language}");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "{fence}");
    text
}

fn longest_run(line: &str) -> usize {
    let runs = line.split(|character| character != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// The message of a workflow command.
pub(super) fn command_message(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
pub(super) fn command_property(text: &str) -> String {
    let text = command_message(&visible(text));
    text.replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NASTY: &str = "a \"b\" 'c' <script>]]>&\u{0}\u{1b}[31m\u{202e}\n::error::x";

    #[test]
    fn nothing_unseen_is_left_in_a_line() {
        assert_eq!(
            visible(NASTY),
            "a \"b\" 'c' <script>]]>&\\u{0}\\u{1b}[31m\\u{202e}\\n::error::x"
        );
        assert_eq!(visible_lines("a\r\n\u{7}b"), "a\n\\u{7}b");
    }

    #[test]
    fn markup_has_neither_tags_nor_quotes() {
        assert_eq!(
            markup(NASTY),
            "a &quot;b&quot; &#39;c&#39; &lt;script&gt;]]&gt;&amp;\\u{0}\\u{1b}[31m\\u{202e}\\n::error::x"
        );
    }

    #[test]
    fn markdown_means_nothing() {
        assert_eq!(
            markdown("a|b `c` [d](e) <f> @g *h*"),
            r"a\|b \`c\` \[d\]\(e\) &lt;f&gt; &#64;g \*h\*"
        );
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let lines = ["```".to_owned(), "x ```` y".to_owned()];
        assert_eq!(fenced("diff", &lines), "`````diff\n```\nx ```` y\n`````\n");
        assert_eq!(fenced("", &["x".to_owned()]), "```\nx\n```\n");
    }

    #[test]
    fn a_workflow_command_is_one_line() {
        assert_eq!(command_message("50%\r\n::error::"), "50%25%0D%0A::error::");
        assert_eq!(command_property("a: b, c"), "a%3A b%2C c");
    }
}
