//! Where a body differs from what the pact expects: the lines around each mismatch, no more than a screen of them.

use pact_models::bodies::OptionalBody;
use pact_models::path_exp::{DocPath, PathToken};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use treaty_core::mismatch::{Mismatch, Part};

/// The largest body that is shown as a diff, in bytes.
pub(crate) const DIFF_BYTES_MAX: usize = 256 * 1024;

/// How many lines a diff has at most.
pub(crate) const DIFF_LINES_MAX: usize = 40;

/// The longest line of a diff, in characters.
const LINE_CHARS_MAX: usize = 160;

/// How many lines that agree are shown before and after one that does not.
const CONTEXT_LINES: usize = 2;

/// Where a body differs, as lines of the body that came. What the pact expects instead is told in words, as in a
/// mismatch: the example in the pact is rarely what its rules ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BodyDiff {
    /// The lines.
    pub lines: Vec<DiffLine>,
    /// How many more there would be.
    pub lines_left_out: usize,
}

/// One line of a [`BodyDiff`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DiffLine {
    /// Whose line it is.
    pub mark: DiffMark,
    /// The JSON path of the value that the line is about; `$` in a body that is not JSON.
    pub path: String,
    /// How deep it stands.
    pub depth: usize,
    /// What stands before the value: the name of its member, in quotes, with a colon.
    pub name: String,
    /// The value, or the part of it that is on this line.
    pub value: String,
}

/// Whose line of a diff it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DiffMark {
    /// The provider's, and as the pact expects.
    Same,
    /// The pact's, in place of what the provider answered.
    Expected,
    /// The provider's, and not as the pact expects.
    Actual,
    /// Lines that agree stand here and are left out.
    Gap,
}

impl std::fmt::Display for DiffLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = match self.mark {
            DiffMark::Same | DiffMark::Gap => ' ',
            DiffMark::Expected => '-',
            DiffMark::Actual => '+',
        };
        let indent = 2 * self.depth;
        write!(f, "{mark} {:indent$}{}{}", "", self.name, self.value)
    }
}

/// A body's diff, unless no mismatch is in it, or it is too large or not text.
pub(crate) fn body_diff(
    mismatches: &[Mismatch],
    expected: &OptionalBody,
    actual: &OptionalBody,
) -> Option<BodyDiff> {
    let in_body: Vec<&Mismatch> = mismatches.iter().filter(|m| m.part == Part::Body).collect();
    let actual = actual.value().filter(|body| body.len() <= DIFF_BYTES_MAX)?;
    if in_body.is_empty() {
        return None;
    }
    if let Ok(document) = serde_json::from_slice(&actual) {
        return Some(of_json(&in_body, &document));
    }
    let expected = expected
        .value()
        .filter(|body| body.len() <= DIFF_BYTES_MAX)?;
    let (expected, actual) = (
        str::from_utf8(&expected).ok()?,
        str::from_utf8(&actual).ok()?,
    );
    Some(of_text(expected, actual))
}

fn of_json(mismatches: &[&Mismatch], document: &Value) -> BodyDiff {
    let mut printed = Printed::default();
    let root = Place {
        path: DocPath::root(),
        depth: 0,
        name: String::new(),
        comma: "",
    };
    printed.value(&root, document);
    let mut lines = printed.lines;
    for mismatch in mismatches {
        mark(&mut lines, mismatch);
    }
    excerpt(lines)
}

/// The line that is being printed, and with what it begins and ends.
struct Place {
    path: DocPath,
    depth: usize,
    name: String,
    comma: &'static str,
}

#[derive(Default)]
struct Printed {
    lines: Vec<DiffLine>,
}

impl Printed {
    fn value(&mut self, place: &Place, value: &Value) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                self.line(place, "{");
                let last = members.len() - 1;
                for (index, (name, member)) in members.iter().enumerate() {
                    let mut path = place.path.clone();
                    path.push_field(name);
                    self.value(&place.below(path, label(name), index < last), member);
                }
                self.end(place, "}");
            }
            Value::Array(items) if !items.is_empty() => {
                self.line(place, "[");
                let last = items.len() - 1;
                for (index, item) in items.iter().enumerate() {
                    let mut path = place.path.clone();
                    path.push_index(index);
                    self.value(&place.below(path, String::new(), index < last), item);
                }
                self.end(place, "]");
            }
            leaf => self.line(place, &format!("{leaf}{}", place.comma)),
        }
    }

    fn line(&mut self, place: &Place, value: &str) {
        self.lines.push(DiffLine {
            mark: DiffMark::Same,
            path: place.path.to_string(),
            depth: place.depth,
            name: place.name.clone(),
            value: capped(value),
        });
    }

    fn end(&mut self, place: &Place, bracket: &str) {
        self.lines.push(DiffLine {
            mark: DiffMark::Same,
            path: place.path.to_string(),
            depth: place.depth,
            name: String::new(),
            value: format!("{bracket}{}", place.comma),
        });
    }
}

impl Place {
    fn below(&self, path: DocPath, name: String, more: bool) -> Self {
        Self {
            path,
            depth: self.depth + 1,
            name,
            comma: if more { "," } else { "" },
        }
    }
}

/// What stands before the value of a member.
fn label(name: &str) -> String {
    format!("{}: ", Value::from(name))
}

/// Marks the lines of the value at the mismatch's path, and puts what was expected before them. A value that is missing
/// is told below the nearest one around its place.
fn mark(lines: &mut Vec<DiffLine>, mismatch: &Mismatch) {
    let wanted = |line: &DiffLine| line.path == mismatch.path && line.mark != DiffMark::Expected;
    let expected = |depth: usize, name: String| DiffLine {
        mark: DiffMark::Expected,
        path: mismatch.path.clone(),
        depth,
        name,
        value: capped(&mismatch.expected),
    };
    if let Some(first) = lines.iter().position(wanted) {
        let (depth, name) = (lines[first].depth, lines[first].name.clone());
        let inside = |line: &&mut DiffLine| {
            line.mark != DiffMark::Expected && (line.depth > depth || line.path == mismatch.path)
        };
        lines[first..]
            .iter_mut()
            .take_while(inside)
            .for_each(|line| line.mark = DiffMark::Actual);
        lines.insert(first, expected(depth, name));
        return;
    }
    let mut around = DocPath::new(&mismatch.path).unwrap_or_else(|_| DocPath::root());
    let name = match around.last() {
        Some(PathToken::Field(name)) => label(&name),
        _ => String::new(),
    };
    while around.len() > 1 {
        around = around.parent().unwrap_or_else(DocPath::root);
        let parent = around.to_string();
        if let Some(place) = lines.iter().position(|line| line.path == parent) {
            let depth = lines[place].depth + 1;
            lines.insert(place + 1, expected(depth, name));
            return;
        }
    }
    lines.insert(0, expected(0, String::new()));
}

/// What is before the first and behind the last line that differs is the same on both sides.
fn of_text(expected: &str, actual: &str) -> BodyDiff {
    let (expected, actual): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), actual.lines().collect());
    let pairs = expected.iter().zip(&actual);
    let before = pairs
        .take_while(|(expected, actual)| expected == actual)
        .count();
    let pairs = expected[before..]
        .iter()
        .rev()
        .zip(actual[before..].iter().rev());
    let after = pairs
        .take_while(|(expected, actual)| expected == actual)
        .count();
    let line = |mark: DiffMark| {
        move |text: &&str| DiffLine {
            mark,
            path: "$".to_owned(),
            depth: 0,
            name: String::new(),
            value: capped(text),
        }
    };
    let end = actual.len() - after;
    let mut lines: Vec<DiffLine> = actual[..before].iter().map(line(DiffMark::Same)).collect();
    lines.extend(
        expected[before..expected.len() - after]
            .iter()
            .map(line(DiffMark::Expected)),
    );
    lines.extend(actual[before..end].iter().map(line(DiffMark::Actual)));
    lines.extend(actual[end..].iter().map(line(DiffMark::Same)));
    excerpt(lines)
}

/// The lines that differ and those beside them, no more than fit.
fn excerpt(lines: Vec<DiffLine>) -> BodyDiff {
    let differs = |line: &DiffLine| matches!(line.mark, DiffMark::Expected | DiffMark::Actual);
    let places: Vec<usize> = (0..lines.len())
        .filter(|place| differs(&lines[*place]))
        .collect();
    let is_near = |place: usize| {
        let next = places.partition_point(|other| *other + CONTEXT_LINES < place);
        places
            .get(next)
            .is_some_and(|other| *other <= place + CONTEXT_LINES)
    };
    let mut kept = Vec::new();
    let mut gap = 0;
    for (place, line) in lines.into_iter().enumerate() {
        if is_near(place) {
            kept.extend(gap_of(gap, line.depth));
            gap = 0;
            kept.push(line);
        } else {
            gap += 1;
        }
    }
    kept.extend(gap_of(gap, 0));
    let lines_left_out = kept.len().saturating_sub(DIFF_LINES_MAX);
    kept.truncate(DIFF_LINES_MAX);
    BodyDiff {
        lines: kept,
        lines_left_out,
    }
}

fn gap_of(lines: usize, depth: usize) -> Option<DiffLine> {
    let plural = if lines == 1 { "" } else { "s" };
    (lines > 0).then(|| DiffLine {
        mark: DiffMark::Gap,
        path: String::new(),
        depth,
        name: String::new(),
        value: format!("... {lines} line{plural}"),
    })
}

fn capped(text: &str) -> String {
    match text.char_indices().nth(LINE_CHARS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}
