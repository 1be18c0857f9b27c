//! Badges: a label and a state side by side, as SVG.

use super::pacticipants::display_name;
use crate::http::Query;

/// The colour of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// Yes.
    Green,
    /// No.
    Red,
    /// It was yes or no before a change.
    Orange,
    /// Nobody knows.
    Grey,
}

impl Colour {
    fn code(self) -> &'static str {
        match self {
            Self::Green => "#2e8b2e",
            Self::Red => "#c0392b",
            Self::Orange => "#c96a00",
            Self::Grey => "#767676",
        }
    }
}

/// What a badge says.
#[derive(Debug, Clone)]
pub(crate) struct Badge {
    label: String,
    text: String,
    colour: Colour,
}

impl Badge {
    /// A label with a state beside it.
    pub(crate) fn new(label: impl Into<String>, text: impl Into<String>, colour: Colour) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
            colour,
        }
    }
}

/// The label of a pact: both names, or the one that `label` asks for, whole or as `initials`.
pub(crate) fn pact_label(
    consumer: (&str, Option<&str>),
    provider: (&str, Option<&str>),
    query: &Query,
) -> String {
    let initials = query.get("initials") == Some("true");
    let shown = |(name, tag): (&str, Option<&str>)| {
        let name = if initials {
            self::initials(name)
        } else {
            name.to_lowercase()
        };
        tag.map_or_else(|| name.clone(), |tag| format!("{name} ({tag})"))
    };
    match query.get("label") {
        Some("consumer") => format!("{} pact", shown(consumer)),
        Some("provider") => format!("{} pact", shown(provider)),
        _ => format!("{}/{} pact", shown(consumer), shown(provider)),
    }
}

/// The first letters of the words of a name; a single word stays whole.
fn initials(name: &str) -> String {
    let shown = display_name(name).to_lowercase();
    let words: Vec<&str> = shown.split_whitespace().collect();
    if let [word] = words[..] {
        return word.to_owned();
    }
    words
        .iter()
        .filter_map(|word| word.chars().next())
        .collect()
}

/// The room that a text takes, in pixels; `textLength` makes every font keep to it.
fn width(text: &str) -> usize {
    text.chars().count() * 7
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The badge as a picture.
pub(crate) fn draw(badge: &Badge) -> String {
    let (label_width, text_width) = (width(&badge.label), width(&badge.text));
    let (left, right) = (label_width + 12, text_width + 12);
    let (label, text) = (escaped(&badge.label), escaped(&badge.text));
    let (total, code) = (left + right, badge.colour.code());
    let text_at = left + 6;
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" aria-label="{label}: {text}">
<title>{label}: {text}</title>
<clipPath id="edge"><rect width="{total}" height="20" rx="4"/></clipPath>
<g clip-path="url(#edge)"><path fill="#444" d="M0 0h{left}v20H0z"/><path fill="{code}" d="M{left} 0h{right}v20H{left}z"/></g>
<g fill="#fff" font-family="sans-serif" font-size="12">
<text x="6" y="14" textLength="{label_width}">{label}</text>
<text x="{text_at}" y="14" textLength="{text_width}">{text}</text>
</g>
</svg>
"##
    )
}
