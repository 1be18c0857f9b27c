//! What is told about contracts: how two differ, who uses what, what was verified with what.

use treaty_broker_client::{CanIDeploy, Row};
use treaty_core::diff::{Change, ChangeKind, Differences, Level};
use treaty_core::mismatch::Mismatch;
use treaty_core::pact::Pact;
use treaty_core::usage::{Use, Wanted};

use super::table::table;
use crate::pact_sources::Found;

/// The verdict, then every change with its proofs, then what to do.
pub(crate) fn diff(new: &Pact, changes: &[Change], level: Level) -> String {
    let Pact {
        consumer, provider, ..
    } = new;
    let verdict = match level {
        Level::None => "the same contract",
        Level::Patch => "a provider that keeps the old pact keeps the new one",
        Level::Minor => "a provider that keeps the old pact has more to do",
        _ => "a provider that keeps the old pact may break the new one",
    };
    let mut lines = vec![format!(
        "{}: {verdict} ({consumer} with {provider})",
        level.as_str()
    )];
    for change in changes {
        lines.push(String::new());
        lines.extend(changed(change));
    }
    if level >= Level::Minor {
        lines.push(String::new());
        lines.push(format!(
            "next: publish it, and verify {provider} with it before {consumer} is deployed"
        ));
    }
    lines.join("\n")
}

fn changed(change: &Change) -> Vec<String> {
    let word = match &change.kind {
        ChangeKind::Added => "added",
        ChangeKind::Removed => "removed",
        _ => "changed",
    };
    let mut lines = vec![format!(
        "  {word}  {} ({})",
        change.title,
        change.kind.level().as_str()
    )];
    if let ChangeKind::Changed(how) = &change.kind {
        lines.extend(differences(how));
    }
    lines
}

fn differences(how: &Differences) -> Vec<String> {
    let parts: [(&str, &[Mismatch]); 3] = [
        ("the request is another one:", &how.asks_otherwise),
        (
            "an answer that was good enough is no longer:",
            &how.demands_more,
        ),
        ("an answer is good enough that was not:", &how.demands_less),
    ];
    let mut lines = Vec::new();
    for (heading, mismatches) in parts {
        if !mismatches.is_empty() {
            lines.push(format!("    {heading}"));
            lines.extend(
                mismatches
                    .iter()
                    .map(|mismatch| format!("      {mismatch}")),
            );
        }
    }
    if how.unproven {
        lines.push(
            "    its rules have changed, and no answer was found that shows what for".to_owned(),
        );
    } else if lines.is_empty() {
        lines.push("    only its examples have changed".to_owned());
    }
    lines
}

/// Each consumer, with the interactions that use it.
pub(crate) fn users(wanted: &Wanted, users: &[(&Found, Vec<Use>)], pacts: usize) -> String {
    let Wanted {
        method,
        path,
        field,
    } = wanted;
    let field = field.as_ref().map(|field| format!(" {field}"));
    let what = format!("{method} {path}{}", field.unwrap_or_default());
    let of = if pacts == 1 {
        "1 pact".to_owned()
    } else {
        format!("{pacts} pacts")
    };
    if users.is_empty() {
        return format!("Nobody uses {what}, in {of}.");
    }
    let mut lines = vec![format!("{what} is used in {} of {of}:", users.len())];
    for (found, uses) in users {
        let version = found.consumer_version.as_ref();
        let version = version
            .map(|version| format!(" {version}"))
            .unwrap_or_default();
        lines.push(format!(
            "\n  {}{version}, of {}",
            found.pact.consumer, found.pact.provider
        ));
        for one in uses {
            lines.push(format!("    {} ({})", one.title, one.request));
            lines.extend(one.reads.iter().map(|path| format!("      reads {path}")));
            lines.extend(one.sends.iter().map(|path| format!("      sends {path}")));
        }
    }
    lines.join("\n")
}

/// Every row.
pub(crate) fn matrix(answer: &CanIDeploy) -> String {
    if answer.rows.is_empty() {
        return "No version has been published or verified.".to_owned();
    }
    let headings = [
        "CONSUMER",
        "VERSION",
        "PROVIDER",
        "VERSION",
        "RESULT",
        "VERIFIED AT",
    ];
    let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
    let mut text = table(&headings, &rows);
    if answer.truncated {
        text.push_str("\nThe broker's list ends here; ask for less to see all of it.");
    }
    text
}

fn row(row: &Row) -> Vec<String> {
    let number = |number: &Option<String>| number.clone().unwrap_or_default();
    let verified_at = row
        .result
        .as_ref()
        .and_then(|result| result.verified_at.clone());
    vec![
        row.consumer.name.clone(),
        number(&row.consumer.number),
        row.provider.name.clone(),
        number(&row.provider.number),
        result(row).to_owned(),
        number(&verified_at),
    ]
}

/// How the verification of a row went.
pub(super) fn result(row: &Row) -> &'static str {
    match &row.result {
        _ if row.ignored => "ignored",
        None => "never verified",
        Some(result) if result.success => "verified",
        Some(_) => "failed",
    }
}
