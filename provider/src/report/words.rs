//! The words that all views for people share.

use treaty_core::mismatch::Part;
use treaty_core::outcome::{Outcome, Verdict};
use treaty_core::receipt::LeftOut;

use super::summary::Summary;
use super::types::{InteractionReport, PactLeftOutReason, PactReport, Publication, Report};
use crate::filter::FILTERED;
use crate::shard::OTHER_SHARD;
use crate::verify::NOT_RUN;

impl Report {
    /// `No. UserService: 1 failed, 2 passed.` without its first word.
    pub(super) fn result_line(&self) -> String {
        format!("{}: {}.", self.provider, outcomes(&self.summary()))
    }

    /// What was really done, in lines.
    pub(super) fn account(&self) -> Vec<String> {
        let summary = self.summary();
        let mut lines = vec![format!(
            "{}, {} found, {} replayed, {} set up",
            counted(summary.pacts, "pact"),
            counted(summary.interactions_found, "interaction"),
            summary.interactions_replayed,
            counted(summary.states_run, "provider state"),
        )];
        if summary.interactions_filtered > 0 {
            let filtered = counted(summary.interactions_filtered, "interaction");
            lines.push(format!("left out: {filtered}, by the filter"));
        }
        for (reason, words) in [
            (PactLeftOutReason::OtherProvider, "of another provider"),
            (PactLeftOutReason::FilteredConsumer, "by the filter"),
        ] {
            let left_out = self.pacts_left_out.iter();
            match left_out.filter(|pact| pact.reason == reason).count() {
                0 => {}
                count => lines.push(format!("left out: {}, {words}", counted(count, "pact"))),
            }
        }
        for (reason, words) in [
            (OTHER_SHARD, OTHER_SHARD),
            (NOT_RUN, "because one before did not pass"),
        ] {
            let left_out = self.pacts.iter().flat_map(|pact| &pact.receipt.left_out);
            match left_out.filter(|left| left.reason == reason).count() {
                0 => {}
                count => lines.push(format!(
                    "left out: {}, {words}",
                    counted(count, "interaction")
                )),
            }
        }
        let receipt = self.pacts.first().map(|pact| &pact.receipt);
        if let Some(seed) = receipt.and_then(|receipt| receipt.seed) {
            lines.push(format!("in the order of the seed {seed}"));
        }
        if let Some(shard) = receipt.and_then(|receipt| receipt.shard) {
            lines.push(format!("this is shard {shard}"));
        }
        let offered = summary.results_acknowledged + summary.results_refused;
        if offered + summary.results_withheld > 0 {
            let acknowledged = summary.results_acknowledged;
            lines.push(format!(
                "{} acknowledged by the broker, {} refused, {} not published",
                counted(acknowledged, "result"),
                summary.results_refused,
                summary.results_withheld
            ));
        }
        lines
    }
}

/// How many mismatches of one interaction are shown. Where there are more, they have few causes.
const MISMATCHES_MAX: usize = 25;

/// How many places that nobody protects are named.
const UNPROTECTED_MAX: usize = 50;

/// What no contract protects, for people.
pub(super) struct Unprotected {
    pub(super) headline: String,
    /// Each with its places.
    pub(super) responses: Vec<(String, Vec<String>)>,
    /// How many more places there are.
    pub(super) left_out: usize,
}

impl Report {
    /// What the mutants of all answers say; nothing if there are none.
    pub(super) fn unprotected(&self) -> Option<Unprotected> {
        let interactions = self.pacts.iter().flat_map(|pact| &pact.interactions);
        let found = interactions.filter_map(|interaction| interaction.protection.as_ref());
        let (mut mutants, mut killed, mut not_made) = (0, 0, 0);
        for protection in found {
            mutants += protection.mutants;
            killed += protection.killed;
            not_made += protection.mutants_left_out;
        }
        let mut left = UNPROTECTED_MAX;
        let mut left_out = 0;
        let (mut open, mut all) = (0, 0);
        let mut responses = Vec::new();
        for response in self.protection() {
            let places = response.places.iter();
            all += places.clone().count();
            let places = places.filter(|place| place.protected_by.is_empty());
            let mut places: Vec<String> = places.map(|p| place_name(p.part, &p.path)).collect();
            open += places.len();
            left_out += places.len().saturating_sub(left);
            places.truncate(left);
            left -= places.len();
            if !places.is_empty() {
                let status = response.status;
                let status =
                    status.map_or_else(String::new, |status| format!(" with status {status}"));
                let title = format!("{}{status}", response.request);
                responses.push((title, places));
            }
        }
        let not_made = match not_made {
            0 => String::new(),
            count => format!(" ({count} more were not tried)"),
        };
        let noticed = format!(
            "{killed} of {} noticed{not_made}.",
            counted(mutants, "change")
        );
        let places = counted(all, "place");
        let headline = match open {
            0 => format!("A contract protects each of {places} of the answers: {noticed}"),
            open => format!("No contract protects {open} of {places} of the answers: {noticed}"),
        };
        (all > 0).then_some(Unprotected {
            headline,
            responses,
            left_out,
        })
    }
}

fn place_name(part: Part, path: &str) -> String {
    match part {
        Part::Header | Part::Metadata => format!("{} {path}", part.as_str()),
        _ => path.to_owned(),
    }
}

impl PactReport {
    pub(super) fn label(&self, interaction: &InteractionReport) -> Option<&'static str> {
        match () {
            () if self.wip => Some("work in progress"),
            () if self.pending => Some("pending pact"),
            () if interaction.pending => Some("pending"),
            () => None,
        }
    }

    /// The moment after the verification, in the broker's words.
    pub(super) fn moment(&self) -> String {
        let failed = |i: &InteractionReport| !i.outcome.passed();
        let success = !self.interactions.iter().any(failed);
        let published = matches!(self.publication, Publication::Acknowledged { .. });
        format!("after_verification:success_{success}_published_{published}")
    }

    /// The lines of the notices for a moment. A broker's `when` may be the moment itself, or the beginning of it.
    pub(super) fn notices_of<'r>(&'r self, moment: &'r str) -> impl Iterator<Item = &'r str> {
        let fits = move |when: &str| match moment {
            "before" => when.starts_with("before_verification"),
            moment => when == moment || when == "after_verification",
        };
        let notices = self.notices.iter().filter(move |notice| fits(&notice.when));
        notices.flat_map(|notice| notice.text.lines())
    }

    /// The interactions that did not run. The receipt also leaves out those that ran and came to nothing.
    pub(super) fn not_run(&self) -> impl Iterator<Item = &LeftOut> {
        let reasons = [FILTERED, OTHER_SHARD, NOT_RUN];
        let left_out = self.receipt.left_out.iter();
        left_out.filter(move |left| reasons.contains(&left.reason.as_str()))
    }

    /// What became of a result that the broker has not got.
    pub(super) fn unpublished(&self) -> Option<String> {
        match &self.publication {
            Publication::NotAsked | Publication::Acknowledged { .. } => None,
            Publication::Refused { reason, .. } => {
                Some(format!("result refused by the broker: {reason}"))
            }
            Publication::Withheld { reason } => Some(format!("result not published: {reason}")),
        }
    }
}

impl InteractionReport {
    pub(crate) fn title(&self) -> String {
        match self.provider_states.as_slice() {
            [] => self.description.clone(),
            states => format!("{} (given {})", self.description, states.join(" and ")),
        }
    }

    /// What its author says of it, why it did not pass, and what else there is to say about it, in lines.
    pub(super) fn details(&self) -> Vec<String> {
        let mut details = self.comments.clone();
        details.extend(
            self.test_name
                .as_ref()
                .map(|name| format!("described by the test {name}")),
        );
        match &self.outcome {
            Outcome::Failed { mismatches } => {
                let shown = mismatches.iter().take(MISMATCHES_MAX);
                details.extend(shown.map(ToString::to_string));
                if let Some(more @ 1..) = mismatches.len().checked_sub(MISMATCHES_MAX) {
                    let more = counted_mismatches(more);
                    details.push(format!("... and {more}, all of them in the JSON report"));
                }
            }
            Outcome::Inconclusive { cause } => details.push(cause.to_string()),
            _ => {}
        }
        for failure in &self.tear_down_failures {
            let text = failure.to_string();
            if !details.contains(&text) {
                details.push(text);
            }
        }
        for state in &self.states_ignored {
            details.push(format!("nobody sets up the provider state {state:?}"));
        }
        details.extend(self.stability.as_ref().map(ToString::to_string));
        details.extend(self.order_dependence.as_ref().map(ToString::to_string));
        details
    }
}

pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "Yes.",
        Verdict::No => "No.",
        Verdict::Unknown => "Unknown.",
        Verdict::NothingToDo => "Nothing to do.",
    }
}

pub(super) fn outcome_word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed { .. } => "failed",
        _ => "inconclusive",
    }
}

pub(super) fn outcomes(summary: &Summary) -> String {
    let parts = [
        (summary.failed, "failed"),
        (summary.inconclusive, "inconclusive"),
        (summary.failed_pending, "failed and pending"),
        (summary.passed, "passed"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() {
        return "no interaction was replayed".to_owned();
    }
    parts.join(", ")
}

fn counted_mismatches(more: usize) -> String {
    let plural = if more == 1 { "" } else { "es" };
    format!("{more} more mismatch{plural}")
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
