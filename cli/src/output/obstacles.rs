//! What stands in the way of a deployment, from the broker's own reasons or from the rows of its matrix.

use treaty_broker_client::{
    CanIDeploy, DeployQuestion, DeployTarget, FailedInteraction, Reason, Row, RowVersion,
};
use treaty_core::shell::word;

/// One thing that stands in the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Obstacle {
    heading: String,
    interactions: Vec<FailedInteraction>,
    build_url: Option<String>,
    result_url: Option<String>,
    next: Option<String>,
}

impl Obstacle {
    /// The obstacle as a paragraph.
    pub(super) fn text(&self) -> String {
        let mut lines = vec![format!("  {}", self.heading)];
        for interaction in &self.interactions {
            lines.push(format!("    {}", title(interaction)));
            let mismatches = interaction.mismatches.iter();
            lines.extend(mismatches.map(|mismatch| format!("      {mismatch}")));
        }
        let build = self
            .build_url
            .as_ref()
            .map(|url| format!("    build {url}"));
        let result = self
            .result_url
            .as_ref()
            .map(|url| format!("    result {url}"));
        let next = self.next.as_ref().map(|next| format!("    next: {next}"));
        lines.extend(build.into_iter().chain(result).chain(next));
        lines.join("\n")
    }
}

/// Everything that stands in the way: by the broker's reasons where it gives them, else by the rows.
pub(super) fn obstacles(question: &DeployQuestion, answer: &CanIDeploy) -> Vec<Obstacle> {
    let reasons = answer.treaty.as_ref().map(|treaty| &treaty.reasons);
    match reasons {
        Some(reasons) if !reasons.is_empty() => {
            // What was ignored stands in nobody's way; the first line counts it.
            let reasons = reasons.iter().filter(|reason| reason.cause != "ignored");
            reasons.map(|r| of_reason(question, answer, r)).collect()
        }
        _ => {
            let rows = answer.rows.iter().filter(|row| stands_in_the_way(row));
            rows.map(|row| of_row(question, row)).collect()
        }
    }
}

fn stands_in_the_way(row: &Row) -> bool {
    let success = row.result.as_ref().is_some_and(|result| result.success);
    !row.ignored && !success
}

fn of_reason(question: &DeployQuestion, answer: &CanIDeploy, reason: &Reason) -> Obstacle {
    Obstacle {
        heading: heading(question, answer, reason),
        interactions: reason.interactions.clone(),
        build_url: reason.build_url.clone(),
        result_url: None,
        next: reason.remedy.clone(),
    }
}

/// The side that was not asked about, since when it is where it is, and what is wrong.
fn heading(question: &DeployQuestion, answer: &CanIDeploy, reason: &Reason) -> String {
    let consumer = side(reason.consumer.as_ref(), reason.consumer_version.as_ref());
    let provider = side(reason.provider.as_ref(), reason.provider_version.as_ref());
    let (Some(consumer), Some(provider)) = (&consumer, &provider) else {
        let one = consumer.or(provider);
        let cause = cause(reason, None);
        return one.map_or_else(|| cause.clone(), |one| format!("{one}: {cause}"));
    };
    let asked = |name: Option<&String>| name.is_some_and(|name| is_asked(question, name));
    let since = since(question, answer, reason);
    match (
        asked(reason.consumer.as_ref()),
        asked(reason.provider.as_ref()),
    ) {
        (true, false) => format!("{provider}{since}: {}", cause(reason, Some(consumer))),
        (false, true) => format!("{consumer}{since}: {}", cause(reason, Some(provider))),
        _ => format!("{consumer} with {provider}: {}", cause(reason, None)),
    }
}

fn cause(reason: &Reason, asked: Option<&String>) -> String {
    match (reason.cause.as_str(), asked) {
        ("never_verified", Some(asked)) => format!("never verified with {asked}"),
        ("nothing_deployed", _) => "nothing of it is deployed there".to_owned(),
        ("no_such_version", _) => "there is no such version".to_owned(),
        ("truncated", _) => "not everything was looked at".to_owned(),
        (other, _) => other.replace('_', " "),
    }
}

/// Since when the side that was not asked about is where it is. The broker's date is that of whichever side is in the
/// environment, so it says nothing where the side that was asked about is there too.
fn since(question: &DeployQuestion, answer: &CanIDeploy, reason: &Reason) -> String {
    let Some(day) = reason.deployed_since.as_deref().map(day) else {
        return String::new();
    };
    let Some(DeployTarget::Environment(place)) = &question.target else {
        return format!(", deployed since {day}");
    };
    let asked_is_there = answer.rows.iter().any(|row| {
        let sides = [&row.consumer, &row.provider];
        let is_there = |side: &RowVersion| side.environments.iter().any(|e| e == place.as_str());
        let mut asked = sides.iter().filter(|side| is_asked(question, &side.name));
        asked.any(|side| is_there(side))
    });
    match reason.cause.as_str() {
        "nothing_deployed" => String::new(),
        _ if asked_is_there => format!(", in {place}"),
        _ => format!(", in {place} since {day}"),
    }
}

fn title(interaction: &FailedInteraction) -> String {
    let description = &interaction.description;
    match interaction.provider_states.as_slice() {
        [] => description.clone(),
        states => format!("{description} (given {})", states.join(" and ")),
    }
}

fn of_row(question: &DeployQuestion, row: &Row) -> Obstacle {
    let text = |side: &RowVersion| match &side.number {
        Some(number) => format!("{} {number}", side.name),
        None => side.name.clone(),
    };
    let (consumer, provider) = (text(&row.consumer), text(&row.provider));
    let place = |side: &RowVersion| match side.environments.as_slice() {
        [] => String::new(),
        environments => format!(", in {}", environments.join(" and ")),
    };
    let failed = row.result.is_some();
    let cause = if failed { "failed" } else { "never verified" };
    let asked = (
        is_asked(question, &row.consumer.name),
        is_asked(question, &row.provider.name),
    );
    let heading = match asked {
        (true, false) => format!(
            "{provider}{}: {cause} with {consumer}",
            place(&row.provider)
        ),
        (false, true) => format!(
            "{consumer}{}: {cause} with {provider}",
            place(&row.consumer)
        ),
        _ => format!("{consumer} with {provider}: {cause}"),
    };
    Obstacle {
        heading,
        result_url: row.result.as_ref().and_then(|result| result.url.clone()),
        next: Some(if failed {
            after_failure(row)
        } else {
            after_silence(row)
        }),
        ..Obstacle::default()
    }
}

fn after_failure(row: &Row) -> String {
    let (consumer, provider) = (&row.consumer.name, &row.provider.name);
    format!(
        "correct {provider} and verify its next version, or deploy a version of {consumer} that it keeps the pact with"
    )
}

fn after_silence(row: &Row) -> String {
    let version = row.provider.number.as_deref().unwrap_or("VERSION");
    let pact = row.pact_url.as_ref();
    let pact = pact.map(|url| format!(" --url {}", word(url)));
    format!(
        "treaty verify --provider-name {} --provider-version {}{} --publish --provider-base-url URL \
         [--state-change-url URL]",
        word(&row.provider.name),
        word(version),
        pact.unwrap_or_default()
    )
}

fn is_asked(question: &DeployQuestion, name: &str) -> bool {
    let mut selectors = question.selectors.iter();
    selectors.any(|selector| selector.pacticipant.as_str() == name)
}

fn side(name: Option<&String>, number: Option<&String>) -> Option<String> {
    let name = name?;
    Some(number.map_or_else(|| name.clone(), |number| format!("{name} {number}")))
}

/// The day of a point in time.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}
