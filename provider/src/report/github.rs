//! The report as annotations of a GitHub workflow run: one command a line, which the runner reads from the output.

use std::fmt::{self, Display, Formatter};

use treaty_core::outcome::{Outcome, Verdict};

use super::escape::{command_message, command_property, visible};
use super::types::{InteractionReport, PactReport, Publication, Report};

/// How many annotations there are of each level: GitHub shows no more for one step.
const ANNOTATIONS_MAX: usize = 10;

impl Report {
    /// The report as workflow commands, `::error title=...::...`: an error for everything that keeps it from being a
    /// "yes", a warning for failures that do not count.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let report = verifier.verify(Vec::<PactSource>::new()).await;
    /// let lines = report.github_annotations().to_string();
    /// assert_eq!(lines, "::error title=UserService::no interaction was replayed\n");
    /// # }
    /// ```
    pub fn github_annotations(&self) -> impl Display {
        let mut annotations = Vec::new();
        if let Some(refusal) = &self.refusal {
            annotations.push(Annotation::error(&self.provider, &[refusal.to_string()]));
        }
        for problem in self.problems.iter().filter(|problem| !problem.ignored) {
            annotations.push(Annotation::error(&self.provider, &[problem.to_string()]));
        }
        for pact in &self.pacts {
            annotations.extend(pact.annotations());
        }
        let is_told = annotations.iter().any(|a: &Annotation| a.level == ERROR);
        if !is_told && self.verdict() != Verdict::Yes {
            let message = "no interaction was replayed".to_owned();
            annotations.push(Annotation::error(&self.provider, &[message]));
        }
        Annotations(annotations)
    }
}

const ERROR: &str = "error";
const WARNING: &str = "warning";

struct Annotation {
    level: &'static str,
    title: String,
    message: String,
}

impl Annotation {
    fn error(title: &str, lines: &[String]) -> Self {
        let lines: Vec<String> = lines.iter().map(|line| visible(line)).collect();
        Self {
            level: ERROR,
            title: title.to_owned(),
            message: lines.join("\n"),
        }
    }
}

impl PactReport {
    fn annotations(&self) -> Vec<Annotation> {
        let interactions = self.interactions.iter();
        let mut annotations: Vec<Annotation> = interactions
            .filter_map(|interaction| self.annotation(interaction))
            .collect();
        if let (Publication::Refused { .. }, Some(text)) = (&self.publication, self.unpublished()) {
            annotations.push(Annotation::error(self.receipt.consumer.as_str(), &[text]));
        }
        annotations
    }

    fn annotation(&self, interaction: &InteractionReport) -> Option<Annotation> {
        if interaction.outcome == Outcome::Passed {
            return None;
        }
        let title = format!("{}: {}", self.receipt.consumer, interaction.title());
        let mut annotation = Annotation::error(&title, &interaction.details());
        if let Some(label) = self.label(interaction) {
            annotation.level = WARNING;
            annotation.title = format!("{title} [{label}]");
        }
        Some(annotation)
    }
}

struct Annotations(Vec<Annotation>);

impl Display for Annotations {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for level in [ERROR, WARNING] {
            let all: Vec<&Annotation> = self.0.iter().filter(|a| a.level == level).collect();
            let shown = match all.len() {
                count if count > ANNOTATIONS_MAX => ANNOTATIONS_MAX - 1,
                count => count,
            };
            for Annotation { title, message, .. } in &all[..shown] {
                let (title, message) = (command_property(title), command_message(message));
                writeln!(f, "::{level} title={title}::{message}")?;
            }
            if shown < all.len() {
                writeln!(
                    f,
                    "::{level} title=treaty verify::{} more",
                    all.len() - shown
                )?;
            }
        }
        Ok(())
    }
}
