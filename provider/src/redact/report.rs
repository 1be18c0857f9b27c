//! A report without what nobody is to read.

use treaty_core::mismatch::{Mismatch, Part};
use treaty_core::outcome::Outcome;

use super::path::{redact_inside, redacted_part};
use super::redaction::{REDACTED, Redaction};
use super::secrets::{Scrubber, Secrets};
use crate::diff::{BodyDiff, DiffLine, DiffMark};
use crate::report::{InteractionReport, PactReport, Publication, Report};
use crate::responses::apart;

/// What a mismatch says of a redacted value without telling it.
const TELLS_NOTHING: [&str; 11] = [
    "a boolean",
    "a decimal number",
    "a number",
    "a semantic version",
    "a string",
    "an array",
    "an integer",
    "an object",
    "no such member",
    "nothing",
    "null",
];

/// The beginnings of what a rule asks for in words, with a value behind them.
const BEFORE_A_VALUE: [&str; 2] = [
    "a string that contains ",
    "an array that contains items like ",
];

/// The same without one: a format or an expression says how all values look, and its words stand in other texts too.
const BEFORE_NO_VALUE: [&str; 5] = [
    "a string that matches /",
    "a date and time like ",
    "a date like ",
    "a time like ",
    "what the rule ",
];

/// What a rule asks for of any value.
const NOT_EMPTY: &str = " that is not empty";

/// The report with [`REDACTED`] in the place of what is redacted, and of the same texts wherever else they stand: in
/// causes, descriptions, a broker's words. [`Verifier::verify`](crate::Verifier::verify) does it before it publishes or
/// tells anything; here it is for reports that were read back. Doing it twice changes nothing.
///
/// ```
/// use axum::{Json, Router, routing::get};
/// use treaty_provider::{PactSource, Redaction, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let pact = serde_json::json!({
/// #     "consumer": { "name": "A" }, "provider": { "name": "UserService" },
/// #     "interactions": [{ "description": "x", "request": { "path": "/" },
/// #         "response": { "status": 200, "body": { "token": "one" } } }]
/// # });
/// let app = Router::new().route("/", get(async || Json(serde_json::json!({ "token": "s3cret-77" }))));
/// let report = Verifier::new("UserService").service(app).verify(PactSource::json("a pact", pact)).await;
/// assert!(report.to_string().contains("s3cret-77"));
/// let redaction = Redaction::default().json_path("$.token").unwrap();
/// let report = treaty_provider::redacted(report, &redaction);
/// assert!(!report.to_string().contains("s3cret-77"));
/// # }
/// ```
pub fn redacted(mut report: Report, redaction: &Redaction) -> Report {
    report.pacts = redacted_pacts(report.pacts, redaction);
    if let Some(scrubber) = Secrets::known(&redaction.texts).scrubber() {
        scrubber.scrub(&mut report.provider);
        scrubber.scrub_all(&mut report.refusal);
        for left_out in &mut report.pacts_left_out {
            scrubber.scrub(&mut left_out.origin);
        }
        for problem in &mut report.problems {
            scrubber.scrub(&mut problem.origin);
            scrubber.scrub_all(&mut problem.cause);
        }
    }
    report
}

/// The pacts of one report together: what is found in one of them may stand in another.
pub(crate) fn redacted_pacts(mut pacts: Vec<PactReport>, redaction: &Redaction) -> Vec<PactReport> {
    let mut secrets = Secrets::known(&redaction.texts);
    for pact in &mut pacts {
        for interaction in &mut pact.interactions {
            redaction.places(interaction, &mut secrets);
        }
    }
    if let Some(scrubber) = secrets.scrubber() {
        pacts.iter_mut().for_each(|pact| scrubber.pact(pact));
    }
    pacts
}

/// One interaction alone, for those who are told of it while others run.
pub(crate) fn redacted_interaction(
    mut interaction: InteractionReport,
    redaction: &Redaction,
) -> InteractionReport {
    let mut secrets = Secrets::known(&redaction.texts);
    redaction.places(&mut interaction, &mut secrets);
    if let Some(scrubber) = secrets.scrubber() {
        scrubber.interaction(&mut interaction);
    }
    interaction
}

impl Redaction {
    /// Redacts what is in the named places, and learns what was there.
    fn places(&self, interaction: &mut InteractionReport, secrets: &mut Secrets) {
        if let Outcome::Failed { mismatches } = &mut interaction.outcome {
            for mismatch in mismatches.iter_mut() {
                let told = mismatch.path.clone();
                let (response, place) = apart(&told);
                place.clone_into(&mut mismatch.path);
                self.mismatch(mismatch, secrets);
                mismatch.path.insert_str(0, response);
            }
            mismatches.dedup();
        }
        if let Some(diff) = &mut interaction.body_diff {
            self.diff(diff, secrets);
        }
        for place in interaction
            .protection
            .iter_mut()
            .flat_map(|p| &mut p.places)
        {
            let (response, path) = apart(&place.path);
            if let Some(part) = redacted_part(&self.paths, path) {
                place.path = format!("{response}{part}");
            }
        }
    }

    fn mismatch(&self, mismatch: &mut Mismatch, secrets: &mut Secrets) {
        match mismatch.part {
            Part::Header | Part::Metadata if self.is_redacted(bare(&mismatch.path)) => {
                hide(mismatch, secrets);
            }
            Part::Body if self.paths.is_empty() => {}
            Part::Body => match redacted_part(&self.paths, &mismatch.path) {
                Some(part) => {
                    mismatch.path = part;
                    hide(mismatch, secrets);
                }
                None => {
                    let before = (mismatch.expected.clone(), mismatch.actual.clone());
                    self.inside(&mismatch.path, &mut mismatch.expected, secrets);
                    self.inside(&mismatch.path, &mut mismatch.actual, secrets);
                    if before != (mismatch.expected.clone(), mismatch.actual.clone()) {
                        mismatch.description = described(mismatch);
                    }
                }
            },
            _ => {}
        }
    }

    /// Redacts what is inside the text of a JSON value; the whole text, where it was cut and cannot be read.
    fn inside(&self, path: &str, text: &mut String, secrets: &mut Secrets) {
        let is_example = text.starts_with("an array that contains items like ");
        if !text.starts_with(['{', '[']) && !is_example {
            return;
        }
        let Ok(was) = serde_json::from_str::<serde_json::Value>(text) else {
            REDACTED.clone_into(text);
            return;
        };
        let mut value = was.clone();
        redact_inside(&self.paths, path, &mut value, REDACTED);
        if value != was {
            secrets.learn_redacted(&was, &value);
            *text = value.to_string();
        }
    }

    fn diff(&self, diff: &mut BodyDiff, secrets: &mut Secrets) {
        let mut kept: Vec<DiffLine> = Vec::new();
        for mut line in diff.lines.drain(..) {
            match redacted_part(&self.paths, &line.path) {
                Some(part) => {
                    let is_whole = part == line.path;
                    line.path = part;
                    hide_line(&mut line, secrets);
                    let is_told = kept
                        .iter()
                        .any(|k| k.path == line.path && k.mark == line.mark);
                    if is_told || !is_whole {
                        continue;
                    }
                }
                None if line.mark == DiffMark::Expected => {
                    self.inside(&line.path, &mut line.value, secrets);
                }
                None => {}
            }
            kept.push(line);
        }
        diff.lines = kept;
    }
}

impl Secrets {
    /// Learns what stood where the mark stands now.
    fn learn_redacted(&mut self, was: &serde_json::Value, is: &serde_json::Value) {
        use serde_json::Value;
        match (was, is) {
            (Value::Object(was), Value::Object(is)) => {
                let pairs = was
                    .iter()
                    .filter_map(|(name, was)| Some((was, is.get(name)?)));
                pairs.for_each(|(was, is)| self.learn_redacted(was, is));
            }
            (Value::Array(was), Value::Array(is)) => {
                was.iter()
                    .zip(is)
                    .for_each(|(was, is)| self.learn_redacted(was, is));
            }
            (was, is) if was != is => self.learn(&was.to_string()),
            _ => {}
        }
    }
}

impl Scrubber {
    fn pact(&self, pact: &mut PactReport) {
        self.scrub(&mut pact.origin);
        for left_out in &mut pact.receipt.left_out {
            self.scrub(&mut left_out.interaction);
            self.scrub(&mut left_out.reason);
        }
        for notice in &mut pact.notices {
            self.scrub(&mut notice.text);
        }
        if let Publication::Refused { reason, .. } = &mut pact.publication {
            self.scrub(reason);
        }
        for interaction in &mut pact.interactions {
            self.interaction(interaction);
        }
    }

    fn interaction(&self, interaction: &mut InteractionReport) {
        self.scrub(&mut interaction.description);
        for comment in interaction
            .comments
            .iter_mut()
            .chain(&mut interaction.test_name)
        {
            self.scrub(comment);
        }
        let states = interaction.provider_states.iter_mut();
        for state in states.chain(&mut interaction.states_ignored) {
            self.scrub(state);
        }
        self.scrub_all(&mut interaction.tear_down_failures);
        self.scrub_all(&mut interaction.order_dependence);
        match &mut interaction.outcome {
            Outcome::Failed { mismatches } => {
                for mismatch in mismatches {
                    self.mismatch(mismatch);
                }
            }
            Outcome::Inconclusive { cause } => self.scrub_all(cause),
            _ => {}
        }
        if let Some(protection) = &mut interaction.protection {
            self.scrub(&mut protection.request);
            let places = protection.places.iter_mut();
            places.for_each(|place| self.scrub(&mut place.path));
        }
        for line in interaction
            .body_diff
            .iter_mut()
            .flat_map(|diff| &mut diff.lines)
        {
            self.scrub(&mut line.path);
            self.scrub(&mut line.name);
            self.scrub(&mut line.value);
        }
    }

    fn mismatch(&self, mismatch: &mut Mismatch) {
        self.scrub(&mut mismatch.path);
        self.scrub(&mut mismatch.expected);
        self.scrub(&mut mismatch.actual);
        self.scrub(&mut mismatch.rule);
        self.scrub(&mut mismatch.description);
    }
}

/// The name of a header, without the number of one of its values.
fn bare(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or(path)
}

fn hide(mismatch: &mut Mismatch, secrets: &mut Secrets) {
    hide_value(&mut mismatch.expected, secrets);
    hide_value(&mut mismatch.actual, secrets);
    mismatch.description = described(mismatch);
}

fn described(mismatch: &Mismatch) -> String {
    format!("expected {}, got {}", mismatch.expected, mismatch.actual)
}

fn hide_value(text: &mut String, secrets: &mut Secrets) {
    if !TELLS_NOTHING.contains(&text.as_str()) && text != REDACTED {
        if let Some(value) = value_in(text) {
            secrets.learn(value);
        }
        REDACTED.clone_into(text);
    }
}

/// The value that a text tells, without the words of a rule around it.
fn value_in(text: &str) -> Option<&str> {
    let mut before_none = BEFORE_NO_VALUE.iter();
    if before_none.any(|words| text.starts_with(words)) || is_not_empty(text) {
        return None;
    }
    let behind = BEFORE_A_VALUE
        .iter()
        .find_map(|words| text.strip_prefix(words));
    Some(behind.unwrap_or(text))
}

fn is_not_empty(text: &str) -> bool {
    let noun = text.strip_suffix(NOT_EMPTY);
    noun.is_some_and(|noun| TELLS_NOTHING.contains(&noun))
}

fn hide_line(line: &mut DiffLine, secrets: &mut Secrets) {
    let comma = match line.value.strip_suffix(',') {
        Some(value) => {
            line.value = value.to_owned();
            ","
        }
        None => "",
    };
    hide_value(&mut line.value, secrets);
    line.value.push_str(comma);
}
