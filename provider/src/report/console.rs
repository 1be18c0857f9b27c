//! The report for people: one line an interaction, then what was really done.

use std::fmt::{self, Display, Formatter};

use treaty_core::outcome::{Outcome, Verdict};

use super::escape::{visible, visible_lines};
use super::paint::{Colour, Paint, Tone};
use super::types::{InteractionReport, PactReport, Publication, Report, SourceProblem};
use super::words::{Unprotected, outcome_word, verdict_word};
use crate::diff::{BodyDiff, DiffMark};

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
            let refusal = visible_lines(&refusal.to_string());
            writeln!(f, "{}\n", self.paint.text(Tone::Bad, refusal))?;
        }
        if let Some(unprotected) = self.report.unprotected() {
            self.unprotected(f, &unprotected)?;
        }
        self.verdict(f)
    }
}

impl Console<'_> {
    fn pact(&self, f: &mut Formatter<'_>, pact: &PactReport) -> fmt::Result {
        let consumer = &pact.receipt.consumer;
        let consumer = visible(consumer.as_str());
        writeln!(f, "pact with {consumer}  ({})", visible(&pact.origin))?;
        for line in pact.notices_of("before") {
            writeln!(f, "  {}", self.paint.text(Tone::Faint, visible(line)))?;
        }
        for interaction in &pact.interactions {
            self.interaction(f, pact, interaction)?;
        }
        if let Some(text) = pact.unpublished() {
            let tone = match pact.publication {
                Publication::Refused { .. } => Tone::Bad,
                _ => Tone::Doubtful,
            };
            writeln!(f, "  {}", self.paint.text(tone, visible(&text)))?;
        }
        for line in pact.notices_of(&pact.moment()) {
            writeln!(f, "  {}", self.paint.text(Tone::Faint, visible(line)))?;
        }
        writeln!(f)
    }

    fn interaction(
        &self,
        f: &mut Formatter<'_>,
        pact: &PactReport,
        interaction: &InteractionReport,
    ) -> fmt::Result {
        let word = format!("{:OUTCOME_CHARS$}", outcome_word(&interaction.outcome));
        let word = self.paint.text(tone(&interaction.outcome), word);
        write!(f, "  {word}{}", visible(&interaction.title()))?;
        if let Some(label) = pact.label(interaction) {
            write!(f, "  [{label}]")?;
        }
        writeln!(f)?;
        for detail in interaction.details() {
            writeln!(f, "  {:OUTCOME_CHARS$}  {}", "", visible(&detail))?;
        }
        match &interaction.body_diff {
            Some(diff) => self.diff(f, diff),
            None => Ok(()),
        }
    }

    fn diff(&self, f: &mut Formatter<'_>, diff: &BodyDiff) -> fmt::Result {
        writeln!(
            f,
            "  {:OUTCOME_CHARS$}  the body, expected - and actual +:",
            ""
        )?;
        for line in &diff.lines {
            let text = visible(&line.to_string());
            let text = match line.mark {
                DiffMark::Same => text,
                DiffMark::Expected => self.paint.text(Tone::Good, text),
                DiffMark::Actual => self.paint.text(Tone::Bad, text),
                DiffMark::Gap => self.paint.text(Tone::Faint, text),
            };
            writeln!(f, "  {:OUTCOME_CHARS$}    {text}", "")?;
        }
        match diff.lines_left_out {
            0 => Ok(()),
            left_out => writeln!(f, "  {:OUTCOME_CHARS$}    ... and {left_out} more", ""),
        }
    }

    fn problem(&self, f: &mut Formatter<'_>, problem: &SourceProblem) -> fmt::Result {
        let tone = if problem.ignored {
            Tone::Faint
        } else {
            Tone::Bad
        };
        let problem = visible_lines(&problem.to_string());
        writeln!(f, "{}\n", self.paint.text(tone, problem))
    }

    fn unprotected(&self, f: &mut Formatter<'_>, unprotected: &Unprotected) -> fmt::Result {
        writeln!(f, "{}", unprotected.headline)?;
        for (response, places) in &unprotected.responses {
            writeln!(f, "  {}", visible(response))?;
            for place in places {
                writeln!(f, "    {}", self.paint.text(Tone::Doubtful, visible(place)))?;
            }
        }
        if unprotected.left_out > 0 {
            writeln!(f, "  ... and {} more", unprotected.left_out)?;
        }
        writeln!(f)
    }

    fn verdict(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let verdict = self.report.verdict();
        let tone = match verdict {
            Verdict::Yes => Tone::Good,
            Verdict::No => Tone::Bad,
            Verdict::Unknown | Verdict::NothingToDo => Tone::Doubtful,
        };
        let word = self.paint.text(tone, verdict_word(verdict));
        writeln!(f, "{word} {}", visible(&self.report.result_line()))?;
        for line in self.report.account() {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

fn tone(outcome: &Outcome) -> Tone {
    match outcome {
        Outcome::Passed => Tone::Good,
        Outcome::Failed { .. } => Tone::Bad,
        _ => Tone::Doubtful,
    }
}
