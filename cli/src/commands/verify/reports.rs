//! The report in every form that was asked for besides the one on stdout.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use serde_json::Value;
use treaty_provider::{Redaction, Report};

use crate::args::ReportArgs;
use crate::broker_access::readable;
use crate::environment;
use crate::error::Failure;
use crate::output;

pub(super) fn write(report: &Report, json: &Value, args: &ReportArgs) -> Result<(), Failure> {
    if let Some(path) = &args.json {
        file(path, &format!("{json:#}\n"))?;
    }
    if let Some(path) = &args.junit {
        file(path, &readable(&report.junit().to_string()))?;
    }
    if let Some(path) = &args.html {
        file(path, &readable(&report.html().to_string()))?;
    }
    if args.github {
        let annotations = report.github_annotations().to_string();
        if !annotations.is_empty() {
            output::beside(annotations.trim_end());
        }
        match environment::step_summary() {
            Some(path) => append(&path, &readable(&report.markdown().to_string()))?,
            None => output::note("warning: GITHUB_STEP_SUMMARY names no file for the summary"),
        }
    }
    Ok(())
}

fn file(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })
}

/// The summary of a step may have begun before.
fn append(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let written = file.and_then(|mut file| write!(file, "{text}"));
    written.map_err(|source| Failure::Write {
        path: path.to_owned(),
        source,
    })
}

pub(super) fn redaction(args: &ReportArgs) -> Result<Redaction, Failure> {
    let headers = args.redact_header.iter().cloned();
    let mut redaction = headers.fold(Redaction::default(), Redaction::header);
    for path in &args.redact_path {
        redaction = redaction.json_path(path).map_err(|error| {
            Failure::usage(
                error.to_string(),
                "name a place in a body with --redact-path",
            )
        })?;
    }
    Ok(redaction)
}
