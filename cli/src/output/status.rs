//! One screen: what of an application is where, what stands in its way, and what to run next.

use treaty_broker_client::Version;
use treaty_core::names::PacticipantName;

use super::obstacles::{Obstacle, obstacles};
use crate::commands::status::Outlook;

/// The version, then each environment, then what to run.
pub(crate) fn status(name: &PacticipantName, version: &Version, outlooks: &[Outlook]) -> String {
    let number = &version.number;
    let branches = match version.branches.as_slice() {
        [] => String::new(),
        branches => format!(", of branch {}", branches.join(" and ")),
    };
    let mut paragraphs = vec![format!("{name} {number}{branches}")];
    paragraphs.extend(outlooks.iter().map(|outlook| environment(outlook, number)));
    paragraphs.push(next(name, number, outlooks));
    paragraphs.join("\n\n")
}

fn environment(outlook: &Outlook, number: &str) -> String {
    let there = match outlook.there.as_slice() {
        [] => "nothing".to_owned(),
        there => there.join(", "),
    };
    let mut lines = vec![format!("{}: {there}", outlook.environment)];
    if is_there(outlook, number) {
        return lines.remove(0);
    }
    lines.push(match outlook.answer.deployable() {
        Some(true) => format!("  {number} can go there"),
        Some(false) => format!("  {number} cannot go there"),
        None if outlook.answer.truncated => format!(
            "  whether {number} can go there cannot be said: the broker's list ends after {} rows",
            outlook.answer.rows.len()
        ),
        None => format!("  {number} cannot go there yet: results are missing"),
    });
    if outlook.answer.deployable() != Some(true) {
        let obstacles = obstacles(&outlook.question, &outlook.answer);
        lines.extend(obstacles.iter().map(Obstacle::text));
    }
    lines.join("\n")
}

fn is_there(outlook: &Outlook, number: &str) -> bool {
    outlook.there.iter().any(|there| there == number)
}

fn next(name: &PacticipantName, number: &str, outlooks: &[Outlook]) -> String {
    if outlooks.is_empty() {
        return "next: treaty create-environment --name production --production".to_owned();
    }
    let away: Vec<&Outlook> = outlooks
        .iter()
        .filter(|one| !is_there(one, number))
        .collect();
    let free = away
        .iter()
        .find(|one| one.answer.deployable() == Some(true));
    match (free, away.first()) {
        (Some(free), _) => format!(
            "next: deploy it to {0}, then: treaty record-deployment --pacticipant {name} --version {number} --environment {0}",
            free.environment
        ),
        (None, Some(blocked)) => format!(
            "next: clear what stands in the way, then: treaty can-i-deploy --pacticipant {name} --version {number} --to-environment {}",
            blocked.environment
        ),
        (None, None) => "next: nothing; it is everywhere".to_owned(),
    }
}
