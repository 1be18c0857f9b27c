//! The report for people: one line an interaction, then what was really done.

use std::fmt::{self, Display, Formatter};

use treaty_core::outcome::{Outcome, Verdict};

use super::paint::{Colour, Paint, Tone};
use super::summary::Summary;
use super::types::{
    InteractionReport, PactLeftOutReason, PactReport, Publication, Report, SourceProblem,
};

/// How wide the column of outcomes is.
const OUTCOME_CHARS: usize = 14;

impl Report {
    /// The report as text.
    ///
    /// ```
    /// use treaty_provider::{Colour, PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let report = verifier.verify(Vec::<PactSource>::new()).await;
    /// let text = report.console(Colour::Never).to_string();
    /// assert!(text.starts_with("Nothing to do. UserService: no interaction was replayed.\n"));
    /// # }
    /// ```
    pub fn console(&self, colour: Colour) -> impl Display {
        Console {
            report: self,
            paint: Paint(colour),
        }
    }
}

/// The plain console report.
impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.console(Colour::Never).fmt(f)
    }
}

struct Console<'r> {
    report: &'r Report,
    paint: Paint,
}

impl Display for Console<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for pact in &self.report.pacts {
            self.pact(f, pact)?;
        }
        for problem in &self.report.problems {
            self.problem(f, problem)?;
        }
        if let Some(refusal) = &self.report.refusal {
            writeln!(f, "{}\n", self.paint.text(Tone::Bad, refusal))?;
        }
        self.verdict(f)?;
        self.account(f)
    }
}

impl Console<'_> {
    fn pact(&self, f: &mut Formatter<'_>, pact: &PactReport) -> fmt::Result {
        let consumer = &pact.receipt.consumer;
        writeln!(f, "pact with {consumer}  ({})", pact.origin)?;
        for notice in pact.notices_of("before") {
            writeln!(f, "  {}", self.paint.text(Tone::Faint, notice))?;
        }
        for interaction in &pact.interactions {
            self.interaction(f, pact, interaction)?;
        }
        match &pact.publication {
            Publication::NotAsked | Publication::Acknowledged { .. } => {}
            Publication::Refused { reason, .. } => {
                let text = format!("result refused by the broker: {reason}");
                writeln!(f, "  {}", self.paint.text(Tone::Bad, text))?;
            }
            Publication::Withheld { reason } => {
                let text = format!("result not published: {reason}");
                writeln!(f, "  {}", self.paint.text(Tone::Doubtful, text))?;
            }
        }
        for notice in pact.notices_of(&pact.moment()) {
            writeln!(f, "  {}", self.paint.text(Tone::Faint, notice))?;
        }
        writeln!(f)
    }

    fn interaction(
        &self,
        f: &mut Formatter<'_>,
        pact: &PactReport,
        interaction: &InteractionReport,
    ) -> fmt::Result {
        let (tone, word) = word(&interaction.outcome);
        let word = format!("{word:OUTCOME_CHARS$}");
        let word = self.paint.text(tone, word);
        write!(f, "  {word}{}", interaction.title())?;
        if let Some(label) = pact.label(interaction) {
            write!(f, "  [{label}]")?;
        }
        writeln!(f)?;
        for detail in interaction.details() {
            writeln!(f, "  {:OUTCOME_CHARS$}  {detail}", "")?;
        }
        Ok(())
    }

    fn problem(&self, f: &mut Formatter<'_>, problem: &SourceProblem) -> fmt::Result {
        let tone = if problem.ignored {
            Tone::Faint
        } else {
            Tone::Bad
        };
        writeln!(f, "{}\n", self.paint.text(tone, problem))
    }

    fn verdict(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let verdict = self.report.verdict();
        let (tone, word) = match verdict {
            Verdict::Yes => (Tone::Good, "Yes."),
            Verdict::No => (Tone::Bad, "No."),
            Verdict::Unknown => (Tone::Doubtful, "Unknown."),
            Verdict::NothingToDo => (Tone::Doubtful, "Nothing to do."),
        };
        let word = self.paint.text(tone, word);
        let results = outcomes(&self.report.summary());
        writeln!(f, "{word} {}: {results}.", self.report.provider)
    }

    fn account(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let summary = self.report.summary();
        writeln!(
            f,
            "  {}, {} found, {} replayed, {} set up",
            counted(summary.pacts, "pact"),
            counted(summary.interactions_found, "interaction"),
            summary.interactions_replayed,
            counted(summary.states_run, "provider state"),
        )?;
        if summary.interactions_filtered > 0 {
            let filtered = counted(summary.interactions_filtered, "interaction");
            writeln!(f, "  left out: {filtered}, by the filter")?;
        }
        for (reason, words) in [
            (PactLeftOutReason::OtherProvider, "of another provider"),
            (PactLeftOutReason::FilteredConsumer, "by the filter"),
        ] {
            let left_out = self.report.pacts_left_out.iter();
            match left_out.filter(|pact| pact.reason == reason).count() {
                0 => {}
                count => writeln!(f, "  left out: {}, {words}", counted(count, "pact"))?,
            }
        }
        let offered = summary.results_acknowledged + summary.results_refused;
        if offered + summary.results_withheld > 0 {
            let acknowledged = summary.results_acknowledged;
            writeln!(
                f,
                "  {} acknowledged by the broker, {} refused, {} not published",
                counted(acknowledged, "result"),
                summary.results_refused,
                summary.results_withheld
            )?;
        }
        Ok(())
    }
}

impl PactReport {
    fn label(&self, interaction: &InteractionReport) -> Option<&'static str> {
        match () {
            () if self.wip => Some("work in progress"),
            () if self.pending => Some("pending pact"),
            () if interaction.pending => Some("pending"),
            () => None,
        }
    }

    /// The moment after the verification, in the broker's words.
    fn moment(&self) -> String {
        let failed = |i: &InteractionReport| !i.outcome.passed();
        let success = !self.interactions.iter().any(failed);
        let published = matches!(self.publication, Publication::Acknowledged { .. });
        format!("after_verification:success_{success}_published_{published}")
    }

    /// A broker's `when` may be the moment itself, or the beginning of it.
    fn notices_of<'r>(&'r self, moment: &'r str) -> impl Iterator<Item = &'r str> {
        let fits = move |when: &str| match moment {
            "before" => when.starts_with("before_verification"),
            moment => when == moment || when == "after_verification",
        };
        let notices = self.notices.iter().filter(move |notice| fits(&notice.when));
        notices.map(|notice| notice.text.as_str())
    }
}

impl InteractionReport {
    fn title(&self) -> String {
        match self.provider_states.as_slice() {
            [] => self.description.clone(),
            states => format!("{} (given {})", self.description, states.join(" and ")),
        }
    }

    fn details(&self) -> Vec<String> {
        let mut details = Vec::new();
        match &self.outcome {
            Outcome::Failed { mismatches } => {
                details.extend(mismatches.iter().map(ToString::to_string));
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
        details
    }
}

fn word(outcome: &Outcome) -> (Tone, &'static str) {
    match outcome {
        Outcome::Passed => (Tone::Good, "passed"),
        Outcome::Failed { .. } => (Tone::Bad, "failed"),
        _ => (Tone::Doubtful, "inconclusive"),
    }
}

fn outcomes(summary: &Summary) -> String {
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

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
