//! The report as one HTML page that needs nothing else: no script, no picture, no style from elsewhere.

use std::fmt::{self, Display, Formatter};

use treaty_core::outcome::{Outcome, Verdict};

use super::escape::markup;
use super::types::{InteractionReport, PactReport, Report};
use super::words::{Unprotected, counted, outcome_word, verdict_word};
use crate::diff::{BodyDiff, DiffMark};

/// The page may load nothing and run nothing, whatever a name in it tries.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE: &str = include_str!("html.css");

impl Report {
    /// The report as one HTML page: interactions that did not pass stand open, the others folded.
    ///
    /// ```
    /// use treaty_provider::{PactSource, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let verifier = Verifier::new("UserService").service(axum::Router::new());
    /// let page = verifier.verify(Vec::<PactSource>::new()).await.html().to_string();
    /// assert!(page.starts_with("<!doctype html>\n"));
    /// assert!(!page.contains("<script"));
    /// # }
    /// ```
    pub fn html(&self) -> impl Display {
        Html(self)
    }
}

struct Html<'r>(&'r Report);

impl Display for Html<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let report = self.0;
        let provider = markup(&report.provider);
        writeln!(
            f,
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
        )?;
        writeln!(
            f,
            r#"<meta http-equiv="Content-Security-Policy" content="{POLICY}">"#
        )?;
        writeln!(f, r#"<meta name="viewport" content="width=device-width">"#)?;
        writeln!(f, "<title>Verification of {provider}</title>")?;
        writeln!(
            f,
            "<style>\n{}\n</style>\n</head>\n<body>",
            STYLE.trim_end()
        )?;
        let verdict = report.verdict();
        let (class, word) = (verdict_class(verdict), verdict_word(verdict));
        let result = markup(&report.result_line());
        writeln!(f, r#"<h1 class="{class}">{word} {result}</h1>"#)?;
        writeln!(f, "<ul class=\"account\">")?;
        for line in report.account() {
            writeln!(f, "<li>{}</li>", markup(&line))?;
        }
        writeln!(f, "</ul>")?;
        if let Some(refusal) = &report.refusal {
            writeln!(
                f,
                r#"<p class="failed">{}</p>"#,
                markup(&refusal.to_string())
            )?;
        }
        for problem in &report.problems {
            let class = if problem.ignored { "faint" } else { "failed" };
            writeln!(
                f,
                r#"<p class="{class}">{}</p>"#,
                markup(&problem.to_string())
            )?;
        }
        for pact in &report.pacts {
            self::pact(f, pact)?;
        }
        if let Some(unprotected) = report.unprotected() {
            self::unprotected(f, &unprotected)?;
        }
        writeln!(f, "</body>\n</html>")
    }
}

fn unprotected(f: &mut Formatter<'_>, unprotected: &Unprotected) -> fmt::Result {
    let headline = markup(&unprotected.headline);
    writeln!(f, "<section>\n<h2>{headline}</h2>")?;
    for (response, places) in &unprotected.responses {
        writeln!(f, "<p>{}</p>\n<ul>", markup(response))?;
        for place in places {
            writeln!(f, "<li><code>{}</code></li>", markup(place))?;
        }
        writeln!(f, "</ul>")?;
    }
    if unprotected.left_out > 0 {
        writeln!(
            f,
            "<p class=\"faint\">... and {} more</p>",
            unprotected.left_out
        )?;
    }
    writeln!(f, "</section>")
}

fn pact(f: &mut Formatter<'_>, pact: &PactReport) -> fmt::Result {
    let consumer = markup(pact.receipt.consumer.as_str());
    let origin = markup(&pact.origin);
    writeln!(
        f,
        "<section>\n<h2>pact with {consumer}</h2>\n<p class=\"faint\">{origin}</p>"
    )?;
    notices(f, pact.notices_of("before"))?;
    for interaction in &pact.interactions {
        self::interaction(f, pact, interaction)?;
    }
    let not_run: Vec<_> = pact.not_run().collect();
    if !not_run.is_empty() {
        let count = counted(not_run.len(), "interaction");
        writeln!(f, "<details>\n<summary>{count} not run</summary>\n<ul>")?;
        for left in not_run {
            let (interaction, reason) = (markup(&left.interaction), markup(&left.reason));
            writeln!(
                f,
                "<li>{interaction} <span class=\"faint\">{reason}</span></li>"
            )?;
        }
        writeln!(f, "</ul>\n</details>")?;
    }
    if let Some(text) = pact.unpublished() {
        writeln!(f, r#"<p class="inconclusive">{}</p>"#, markup(&text))?;
    }
    notices(f, pact.notices_of(&pact.moment()))?;
    writeln!(f, "</section>")
}

fn notices<'n>(f: &mut Formatter<'_>, lines: impl Iterator<Item = &'n str>) -> fmt::Result {
    for line in lines {
        writeln!(f, r#"<p class="faint">{}</p>"#, markup(line))?;
    }
    Ok(())
}

fn interaction(
    f: &mut Formatter<'_>,
    pact: &PactReport,
    interaction: &InteractionReport,
) -> fmt::Result {
    let word = outcome_word(&interaction.outcome);
    let open = match interaction.outcome {
        Outcome::Passed => "",
        _ => " open",
    };
    let label = pact
        .label(interaction)
        .map(|label| format!(" <span>{label}</span>"));
    let title = markup(&interaction.title());
    writeln!(f, "<details{open}>")?;
    writeln!(
        f,
        "<summary><b class=\"{word}\">{word}</b> {title}{} <span>{} ms</span></summary>",
        label.unwrap_or_default(),
        interaction.duration_ms
    )?;
    let details = interaction.details();
    if !details.is_empty() {
        writeln!(f, "<ul>")?;
        for detail in details {
            writeln!(f, "<li><code>{}</code></li>", markup(&detail))?;
        }
        writeln!(f, "</ul>")?;
    }
    if let Some(diff) = &interaction.body_diff {
        self::diff(f, diff)?;
    }
    writeln!(f, "</details>")
}

fn diff(f: &mut Formatter<'_>, diff: &BodyDiff) -> fmt::Result {
    write!(f, "<pre>")?;
    for line in &diff.lines {
        let text = markup(&line.to_string());
        match line.mark {
            DiffMark::Same => writeln!(f, "{text}")?,
            DiffMark::Expected => writeln!(f, "<ins>{text}</ins>")?,
            DiffMark::Actual => writeln!(f, "<del>{text}</del>")?,
            DiffMark::Gap => writeln!(f, "<i>{text}</i>")?,
        }
    }
    if diff.lines_left_out > 0 {
        writeln!(f, "<i>... and {} more</i>", diff.lines_left_out)?;
    }
    writeln!(f, "</pre>")
}

fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "passed",
        Verdict::No => "failed",
        Verdict::Unknown | Verdict::NothingToDo => "inconclusive",
    }
}
