//! Whether something can be deployed, and why not: the verdict first, then only what stands in the way.

use treaty_broker_client::{
    CanIDeploy, DeployQuestion, DeployTarget, MatrixSelector, VersionChoice,
};

use super::obstacles::{Obstacle, obstacles};
use super::table::table as columns;
use crate::commands::can_i_deploy::Decision;

/// The verdict, what stands in the way and what would change that.
pub(crate) fn explain(
    question: &DeployQuestion,
    answer: &CanIDeploy,
    decision: Decision,
) -> String {
    let mut paragraphs = vec![headline(question, answer, decision)];
    if decision != Decision::Deployable {
        let obstacles = obstacles(question, answer);
        paragraphs.extend(obstacles.iter().map(Obstacle::text));
    }
    paragraphs.extend(told(answer, decision));
    paragraphs.join("\n\n")
}

/// The verdict, and every row that it rests on.
pub(crate) fn table(question: &DeployQuestion, answer: &CanIDeploy, decision: Decision) -> String {
    let headings = ["CONSUMER", "VERSION", "PROVIDER", "VERSION", "RESULT"];
    let number = |number: &Option<String>| number.clone().unwrap_or_default();
    let rows: Vec<Vec<String>> = answer
        .rows
        .iter()
        .map(|row| {
            vec![
                row.consumer.name.clone(),
                number(&row.consumer.number),
                row.provider.name.clone(),
                number(&row.provider.number),
                super::contracts::result(row).to_owned(),
            ]
        })
        .collect();
    let verdict = headline(question, answer, decision);
    if rows.is_empty() {
        return verdict;
    }
    format!("{verdict}\n\n{}", columns(&headings, &rows))
}

fn headline(question: &DeployQuestion, answer: &CanIDeploy, decision: Decision) -> String {
    let subjects: Vec<String> = question.selectors.iter().map(subject).collect();
    let subject = subjects
        .join(" and ")
        .replacen("the latest", "The latest", 1);
    let goal = goal(question.target.as_ref());
    let counts = counts(answer);
    match decision {
        Decision::Deployable if checked(answer) == 0 && !question.ignored.is_empty() => {
            let ignored = question.ignored.iter();
            let ignored: Vec<&str> = ignored.map(|i| i.pacticipant.as_str()).collect();
            let ignored = ignored.join(" and ");
            format!("Yes. {subject} can {goal}: nothing was checked, and {ignored} left out.")
        }
        Decision::Deployable if checked(answer) == 0 => {
            format!(
                "Yes. {subject} can {goal}: it depends on nothing there, and nothing was checked."
            )
        }
        Decision::Deployable => format!("Yes. {subject} can {goal}: {counts}."),
        Decision::NotDeployable => format!("No. {subject} cannot {goal}: {counts}."),
        Decision::NotKnownYet => format!("No. {subject} cannot {goal} yet: {counts}."),
        Decision::NothingVerified => format!(
            "No. {subject} cannot {goal}: nothing was verified, and --require-verified asks for it."
        ),
        Decision::CutShort => format!(
            "Unknown. Whether {subject} can {goal} cannot be said: the broker's list ends after {} rows.",
            answer.rows.len()
        ),
    }
}

fn subject(selector: &MatrixSelector) -> String {
    let name = &selector.pacticipant;
    match &selector.versions {
        VersionChoice::Number(number) => format!("{name} {number}"),
        VersionChoice::Latest => format!("the latest {name}"),
        VersionChoice::LatestWithTag(tag) => format!("the latest {name} tagged {tag}"),
        VersionChoice::WithTag(tag) => format!("{name} tagged {tag}"),
        VersionChoice::Branch(branch) => format!("the latest {name} of branch {branch}"),
        VersionChoice::MainBranch => format!("the latest {name} of its main branch"),
        _ => format!("any {name}"),
    }
}

fn goal(target: Option<&DeployTarget>) -> String {
    match target {
        Some(DeployTarget::Environment(name)) => format!("go to {name}"),
        Some(DeployTarget::MainBranch) => {
            "be merged with the main branches of everything else".to_owned()
        }
        Some(DeployTarget::Tag(tag)) => format!("go with the latest versions tagged {tag}"),
        Some(_) => "go with the latest version of everything else".to_owned(),
        None => "go together".to_owned(),
    }
}

fn checked(answer: &CanIDeploy) -> usize {
    let summary = &answer.summary;
    summary.success + summary.failed + summary.unknown
}

fn counts(answer: &CanIDeploy) -> String {
    let summary = &answer.summary;
    let parts = [
        (summary.failed, "failed"),
        (summary.unknown, "never verified"),
        (summary.success, "verified"),
        (summary.ignored, "ignored"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() {
        "nothing could be checked".to_owned()
    } else {
        parts.join(", ")
    }
}

/// What the broker says itself: its warnings; and all else where no cause of its own is known.
fn told(answer: &CanIDeploy, decision: Decision) -> Option<String> {
    let explained = answer
        .treaty
        .as_ref()
        .is_some_and(|t| !t.reasons.is_empty());
    let explained = explained || decision == Decision::Deployable;
    let mut texts: Vec<&str> = Vec::new();
    for notice in &answer.notices {
        let wanted = notice.kind == "warning" || !explained;
        if wanted && !texts.contains(&notice.text.as_str()) {
            texts.push(&notice.text);
        }
    }
    let lines: Vec<String> = texts
        .iter()
        .map(|text| format!("  the broker says: {text}"))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}
