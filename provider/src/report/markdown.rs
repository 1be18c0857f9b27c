//! The report as Markdown, for the summary page of a GitHub workflow run.

use std::fmt::{self, Display, Formatter};

use treaty_core::outcome::Outcome;

use super::escape::{fenced, markdown};
use super::types::{InteractionReport, PactReport, Report};
use super::words::{counted, outcome_word, verdict_word};

/// How many interactions that did not pass are told in full: a summary has 1 MiB.
const TOLD_MAX: usize = 50;

impl Report {
    /// The report as Markdown: a table of the pacts, then everything that did not pass.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let report = verifier.verify(Vec::<PactSource>::new()).await;
    /// let text = report.markdown().to_string();
    /// assert!(text.starts_with("## Nothing to do. UserService: no interaction was replayed.\n"), "{text}");
    /// # }
    /// ```
    pub fn markdown(&self) -> impl Display {
        Markdown(self)
    }
}

struct Markdown<'r>(&'r Report);

impl Display for Markdown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let word = verdict_word(report.verdict());
        writeln!(f, "## {word} {}\n", markdown(&report.result_line()))?;
        for line in report.account() {
            writeln!(f, "- {}", markdown(&line))?;
        }
        writeln!(f)?;
        if let Some(refusal) = &report.refusal {
            writeln!(f, "**{}**\n", markdown(&refusal.to_string()))?;
        }
        for problem in report.problems.iter().filter(|problem| !problem.ignored) {
            writeln!(f, "**{}**\n", markdown(&problem.to_string()))?;
        }
        if !report.pacts.is_empty() {
            self.table(f)?;
        }
        self.not_passed(f)?;
        let Some(unprotected) = report.unprotected() else {
            return Ok(());
        };
        writeln!(f, "### {}\n", markdown(&unprotected.headline))?;
        for (response, places) in &unprotected.responses {
            writeln!(f, "- {}", markdown(response))?;
            for place in places {
                writeln!(f, "  - {}", markdown(place))?;
            }
        }
        match unprotected.left_out {
            0 => writeln!(f),
            more => writeln!(f, "- ... and {more} more\n"),
        }
    }
}

impl Markdown<'_> {
    fn table(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| consumer | passed | failed | inconclusive | not run | result |"
        )?;
        writeln!(f, "|---|---:|---:|---:|---:|---|")?;
        for pact in &self.0.pacts {
            let count = |word| {
                let interactions = pact.interactions.iter();
                interactions
                    .filter(|i| outcome_word(&i.outcome) == word)
                    .count()
            };
            let label = if pact.is_pending() { " (pending)" } else { "" };
            let published = match &pact.receipt.acknowledgement {
                Some(_) => "published".to_owned(),
                None => pact.unpublished().unwrap_or_default(),
            };
            writeln!(
                f,
                "| {}{label} | {} | {} | {} | {} | {} |",
                markdown(pact.receipt.consumer.as_str()),
                count("passed"),
                count("failed"),
                count("inconclusive"),
                pact.not_run().count(),
                markdown(&published),
            )?;
        }
        writeln!(f)
    }

    fn not_passed(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let interactions = self.0.pacts.iter();
        let interactions =
            interactions.flat_map(|pact| pact.interactions.iter().map(move |i| (pact, i)));
        let all: Vec<_> = interactions
            .filter(|(_, i)| i.outcome != Outcome::Passed)
            .collect();
        for (pact, interaction) in all.iter().take(TOLD_MAX) {
            one(f, pact, interaction)?;
        }
        match all.len().saturating_sub(TOLD_MAX) {
            0 => Ok(()),
            more => writeln!(
                f,
                "... and {} more that did not pass",
                counted(more, "interaction")
            ),
        }
    }
}

fn one(f: &mut Formatter<'_>, pact: &PactReport, interaction: &InteractionReport) -> fmt::Result {
    let consumer = markdown(pact.receipt.consumer.as_str());
    let title = markdown(&interaction.title());
    let word = outcome_word(&interaction.outcome);
    let label = pact.label(interaction);
    let label = label.map_or_else(String::new, |label| format!(", {label}"));
    writeln!(f, "### {consumer}: {title} ({word}{label})\n")?;
    writeln!(f, "{}", fenced("text", &interaction.details()))?;
    if let Some(diff) = &interaction.body_diff {
        let lines: Vec<String> = diff.lines.iter().map(ToString::to_string).collect();
        writeln!(f, "{}", fenced("diff", &lines))?;
    }
    Ok(())
}
