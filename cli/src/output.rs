//! Everything that is printed. stdout is the answer, stderr is everything else.

pub(crate) mod contracts;
pub(crate) mod deploy;
pub(crate) mod import;
mod json;
mod log;
pub(crate) mod mock;
mod obstacles;
mod progress;
pub(crate) mod prune;
mod publication;
mod resource;
pub(crate) mod routes;
pub(crate) mod status;
mod table;
mod telemetry;
mod text;

pub(crate) use log::{log, note};
pub(crate) use progress::ProgressLine;
pub(crate) use publication::{published, would_be_published};
pub(crate) use resource::{Members, Shown, joined, or_empty};
pub(crate) use table::table;
pub(crate) use telemetry::{Telemetry, command_span, trace_headers};
pub(crate) use text::{beside, command_line, fail, line, show};

use serde_json::Value;

use crate::error::Failure;
use crate::exit_code::ExitCode;

/// What a command found out, in the forms that it can be shown in.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// What it comes to.
    pub(crate) code: ExitCode,
    /// For people.
    pub(crate) text: String,
    /// For programs.
    pub(crate) json: Value,
}

impl Answer {
    /// An answer that has been given already.
    pub(crate) fn silent(code: ExitCode) -> Self {
        Self {
            code,
            text: String::new(),
            json: Value::Null,
        }
    }

    /// A failure that is the answer, because nobody wants to stop for it.
    pub(crate) fn of_failure(failure: &Failure) -> Self {
        Self {
            code: failure.exit_code(),
            text: text::failure(failure),
            json: json::failure(failure),
        }
    }

    pub(crate) fn ending_with(self, code: ExitCode) -> Self {
        Self { code, ..self }
    }
}

/// How an answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON document, whatever the answer.
    Json,
    /// One SARIF log, whatever the answer.
    Sarif,
}
