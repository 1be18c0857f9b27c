//! The report as JUnit XML, which every build server shows: a suite for each pact, a test case for each interaction.

use std::fmt::{self, Display, Formatter};

use treaty_core::outcome::{Outcome, Verdict};

use super::escape::markup;
use super::types::{InteractionReport, PactReport, Publication, Report};

impl Report {
    /// The report as JUnit XML. What failed is a failure, what could not be found out an error. What was left out is
    /// skipped, and so is a failure that is pending: it must not fail the build. A report that is no "yes" always has a
    /// failure or an error.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let xml = verifier.verify(Vec::<PactSource>::new()).await.junit().to_string();
    /// assert!(xml.contains(r#"<error message="no interaction was replayed"/>"#), "{xml}");
    /// # }
    /// ```
    pub fn junit(&self) -> impl Display {
        Junit(self.suites())
    }

    fn suites(&self) -> Vec<Suite> {
        let mut suites: Vec<Suite> = self.pacts.iter().map(|p| self.suite(p)).collect();
        let mut run: Vec<Case> = Vec::new();
        if let Some(refusal) = &self.refusal {
            run.push(Case::error(
                &self.provider,
                "the question",
                refusal.to_string(),
            ));
        }
        for problem in &self.problems {
            let mut case = Case::error(&self.provider, &problem.origin, problem.to_string());
            if problem.ignored {
                case.result = Some((Kind::Skipped, problem.to_string()));
            }
            run.push(case);
        }
        let is_told = suites.iter().map(|suite| &suite.cases).chain([&run]);
        let is_told = is_told
            .flatten()
            .any(|case| case.is(Kind::Failure) || case.is(Kind::Error));
        if !is_told && self.verdict() != Verdict::Yes {
            let message = "no interaction was replayed".to_owned();
            run.push(Case::error(&self.provider, "the verification", message));
        }
        if !run.is_empty() {
            suites.push(Suite {
                name: self.provider.clone(),
                millis: 0,
                cases: run,
            });
        }
        suites
    }

    fn suite(&self, pact: &PactReport) -> Suite {
        let consumer = pact.receipt.consumer.as_str();
        let class = format!("{}.{consumer}", self.provider);
        let mut cases: Vec<Case> = Vec::new();
        cases.extend(pact.interactions.iter().map(|i| Case::of(&class, pact, i)));
        cases.extend(pact.not_run().map(|left| Case {
            result: Some((Kind::Skipped, left.reason.clone())),
            ..Case::new(&class, &left.interaction)
        }));
        if let (Publication::Refused { .. }, Some(text)) = (&pact.publication, pact.unpublished()) {
            cases.push(Case::error(&class, "the result in the broker", text));
        }
        Suite {
            name: format!("{consumer} with {}", self.provider),
            millis: pact.duration_ms,
            cases,
        }
    }
}

struct Suite {
    name: String,
    millis: u64,
    cases: Vec<Case>,
}

struct Case {
    class: String,
    name: String,
    millis: u64,
    /// What it comes to, and why in one line; nothing for a success.
    result: Option<(Kind, String)>,
    lines: Vec<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Failure,
    Error,
    Skipped,
}

impl Kind {
    fn element(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Error => "error",
            Self::Skipped => "skipped",
        }
    }
}

impl Case {
    fn new(class: &str, name: &str) -> Self {
        Self {
            class: class.to_owned(),
            name: name.to_owned(),
            millis: 0,
            result: None,
            lines: Vec::new(),
        }
    }

    fn error(class: &str, name: &str, message: String) -> Self {
        Self {
            result: Some((Kind::Error, message)),
            ..Self::new(class, name)
        }
    }

    fn of(class: &str, pact: &PactReport, interaction: &InteractionReport) -> Self {
        let mut lines = interaction.details();
        let message = lines.first().cloned().unwrap_or_default();
        if let Some(diff) = &interaction.body_diff {
            lines.extend(diff.lines.iter().map(ToString::to_string));
        }
        let label = pact.label(interaction);
        let result = match &interaction.outcome {
            Outcome::Passed => None,
            _ if label.is_some() => {
                let label = label.unwrap_or_default();
                Some((
                    Kind::Skipped,
                    format!("does not count ({label}): {message}"),
                ))
            }
            Outcome::Failed { .. } => Some((Kind::Failure, message)),
            _ => Some((Kind::Error, message)),
        };
        Self {
            millis: interaction.duration_ms,
            result,
            lines,
            ..Self::new(class, &interaction.title())
        }
    }

    fn is(&self, kind: Kind) -> bool {
        self.result
            .as_ref()
            .is_some_and(|(other, _)| *other == kind)
    }
}

struct Junit(Vec<Suite>);

impl Display for Junit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        let cases: Vec<&Case> = self.0.iter().flat_map(|suite| &suite.cases).collect();
        let millis = self.0.iter().map(|suite| suite.millis).sum();
        writeln!(
            f,
            r#"<testsuites name="treaty verify" {}>"#,
            counts(&cases, millis)
        )?;
        for suite in &self.0 {
            let cases: Vec<&Case> = suite.cases.iter().collect();
            let counts = counts(&cases, suite.millis);
            writeln!(
                f,
                r#"  <testsuite name="{}" {counts}>"#,
                markup(&suite.name)
            )?;
            for case in cases {
                case.fmt(f)?;
            }
            writeln!(f, "  </testsuite>")?;
        }
        writeln!(f, "</testsuites>")
    }
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (class, name) = (markup(&self.class), markup(&self.name));
        let time = seconds(self.millis);
        write!(
            f,
            r#"    <testcase classname="{class}" name="{name}" time="{time}""#
        )?;
        let lines: Vec<String> = self.lines.iter().map(|line| markup(line)).collect();
        let lines = lines.join("\n");
        match &self.result {
            None if lines.is_empty() => return writeln!(f, "/>"),
            None => write!(f, ">\n      <system-out>{lines}</system-out>")?,
            Some((kind, message)) => {
                let (element, message) = (kind.element(), markup(message));
                write!(f, ">\n      <{element} message=\"{message}\"")?;
                match lines.is_empty() {
                    true => write!(f, "/>")?,
                    false => write!(f, ">{lines}</{element}>")?,
                }
            }
        }
        writeln!(f, "\n    </testcase>")
    }
}

fn counts(cases: &[&Case], millis: u64) -> String {
    let count = |kind| cases.iter().filter(|case| case.is(kind)).count();
    format!(
        r#"tests="{}" failures="{}" errors="{}" skipped="{}" time="{}""#,
        cases.len(),
        count(Kind::Failure),
        count(Kind::Error),
        count(Kind::Skipped),
        seconds(millis)
    )
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}
