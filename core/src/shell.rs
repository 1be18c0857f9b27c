//! Texts in the commands that remedies tell people to run.

/// The text as a shell takes it for one word: quoted only where it must be.
///
/// ```
/// use treaty_core::shell::word;
///
/// assert_eq!(word("orders-1.2"), "orders-1.2");
/// assert_eq!(word("Bob's orders"), r"'Bob'\''s orders'");
/// ```
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}
