//! What belongs beside the answer: notes, and what the libraries log. Both go to stderr, by way of events. Where that is
//! asked for, the log and the spans go to a collector, too.

use std::fmt::{Debug, Write};
use std::io;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use super::telemetry::Telemetry;
use super::text::on_stderr;
use crate::args::{LogForm, LogLevel};

/// What tells notes from what is logged.
const NOTES: &str = "treaty::note";

/// What tells the spans for OpenTelemetry, here and in the broker's client, from what is logged.
const SPANS: &str = "treaty::span";

/// What the names of all our modules start with, and those of nobody else's.
const OURS: &str = "treaty";

/// Prints what belongs beside the answer, unless the command is to be quiet.
pub(crate) fn note(text: &str) {
    tracing::info!(target: NOTES, "{text}");
}

/// Lets the libraries log to stderr, and notes be printed there.
pub(crate) fn log(level: LogLevel, form: LogForm, is_quiet: bool, telemetry: &Telemetry) {
    let level = match level {
        LogLevel::None => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    // Without colours: a log is read by programs and kept in files.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(false);
    let lines = match form {
        LogForm::Full => lines.boxed(),
        LogForm::Compact => lines.compact().boxed(),
        LogForm::Json => lines.json().boxed(),
        LogForm::Pretty => lines.pretty().with_ansi(false).boxed(),
    };
    let logged = Targets::new()
        .with_default(level)
        .with_target(NOTES, LevelFilter::OFF)
        .with_target(SPANS, LevelFilter::OFF);
    // Not what other libraries log: nobody has looked at it for secrets.
    let exported = Targets::new()
        .with_target(OURS, level)
        .with_target(NOTES, LevelFilter::OFF)
        .with_target(SPANS, LevelFilter::OFF);
    let spans = Targets::new().with_target(SPANS, LevelFilter::INFO);
    let noted = if is_quiet {
        LevelFilter::OFF
    } else {
        LevelFilter::INFO
    };
    // The only subscriber of the process: nothing else can have set one before.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(logged))
        .with(Notes.with_filter(Targets::new().with_target(NOTES, noted)))
        .with(telemetry.spans().map(|layer| layer.with_filter(spans)))
        .with(telemetry.log().map(|layer| layer.with_filter(exported)))
        .try_init();
}

/// Prints notes as they are.
struct Notes;

impl<S: Subscriber> Layer<S> for Notes {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = Text::default();
        event.record(&mut text);
        on_stderr(&text.0);
    }
}

/// The message of an event.
#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, _: &Field, message: &dyn Debug) {
        let _ = write!(self.0, "{message:?}");
    }
}
