//! Colours for terminals.

use std::fmt::Display;

/// Whether the console report is coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Colour {
    /// Plain text.
    #[default]
    Never,
    /// With the escape sequences of ANSI terminals.
    Always,
}

/// What a piece of text means.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    Good,
    Bad,
    Doubtful,
    Faint,
}

/// Gives text the colour of its meaning, or leaves it alone.
pub(super) struct Paint(pub(super) Colour);

impl Paint {
    pub(super) fn text(&self, tone: Tone, text: impl Display) -> String {
        let code = match tone {
            Tone::Good => 32,
            Tone::Bad => 31,
            Tone::Doubtful => 33,
            Tone::Faint => 2,
        };
        match self.0 {
            Colour::Never => text.to_string(),
            Colour::Always => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
