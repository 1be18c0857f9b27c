//! What no test writes any more.

use serde_json::{Value, json};
use treaty_consumer::Stale;
use treaty_core::document::InteractionName;

/// Every file with what is stale in it, whether that is gone now, and what to do about the rest. `again` is what follows
/// the options when the command is typed again.
pub(crate) fn text(removed: &[Stale], left: &[Stale], files: usize, again: &str) -> String {
    if removed.is_empty() && left.is_empty() {
        return format!(
            "The tests write all that is in {}.",
            counted(files, "pact file")
        );
    }
    let mut parts = Vec::new();
    if !removed.is_empty() {
        let list = list(removed);
        parts.push(format!(
            "Removed, because no test writes it any more:\n\n{list}"
        ));
    }
    if !left.is_empty() {
        parts.push(format!("No test writes this any more:\n\n{}", list(left)));
        parts.push(format!("next: {}", next(left, again)));
    }
    parts.join("\n\n")
}

/// `again` is what follows the options.
fn next(left: &[Stale], again: &str) -> String {
    if left.iter().any(|stale| stale.whole) {
        format!(
            "treaty prune --write {again}\n      removes interactions; with --whole-files before the --, also files of which the tests wrote nothing"
        )
    } else {
        format!("treaty prune --write {again}\n      removes it")
    }
}

fn list(files: &[Stale]) -> String {
    let files = files.iter().map(|stale| {
        let of_whole = if stale.whole { " (all of it)" } else { "" };
        let interactions = stale.interactions.iter();
        let lines = interactions.map(|name| format!("\n    {name}"));
        let lines: String = lines.collect();
        format!("  {}{of_whole}{lines}", stale.file.display())
    });
    files.collect::<Vec<_>>().join("\n")
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// The same as one document.
pub(crate) fn json(removed: &[Stale], left: &[Stale]) -> Value {
    let removed = removed.iter().map(|stale| file(stale, true));
    let left = left.iter().map(|stale| file(stale, false));
    json!({ "files": removed.chain(left).collect::<Vec<_>>() })
}

fn file(stale: &Stale, is_removed: bool) -> Value {
    let interactions: Vec<Value> = stale.interactions.iter().map(interaction).collect();
    json!({
        "file": stale.file,
        "wholeFile": stale.whole,
        "removed": is_removed,
        "interactions": interactions,
    })
}

fn interaction(name: &InteractionName) -> Value {
    json!({
        "type": name.kind(),
        "description": name.description,
        "providerStates": name.provider_states(),
    })
}
