//! The `treaty` command.

mod args;
mod broker_access;
mod build_properties;
mod commands;
mod credentials;
mod environment;
mod error;
mod exit_code;
mod files;
mod output;
mod pact_files;
mod pact_sources;
mod settings;
mod signals;
mod suggestions;

use crate::args::{Args, LogLevel};
use crate::exit_code::ExitCode;
use crate::output::{Format, Telemetry};
use crate::settings::Settings;

fn main() -> std::process::ExitCode {
    let settings = match Settings::read() {
        Ok(settings) => settings,
        Err(failure) => return output::fail(&failure, format_before_reading()).into(),
    };
    let args = match Args::read(&settings) {
        Ok(args) => args,
        Err(told) => return output::command_line(&told, format_before_reading()).into(),
    };
    let format = commands::format(&args.command);
    let level = if args.verbose {
        LogLevel::Debug
    } else {
        commands::log_level(&args.command)
    };
    let telemetry = match Telemetry::new(&args.telemetry) {
        Ok(telemetry) => telemetry,
        Err(failure) => return output::fail(&failure, format).into(),
    };
    let form = commands::log_form(&args.command);
    output::log(level, form, args.quiet, &telemetry);
    let span = output::command_span(&args.name);
    let outcome = span.in_scope(|| commands::run(args.command));
    let code: ExitCode = match outcome {
        Ok(answer) => output::show(&answer, format),
        Err(failure) => output::fail(&failure, format),
    };
    telemetry.end(span, code);
    code.into()
}

/// How an answer is to be shown of a command line that cannot be read, or not yet.
fn format_before_reading() -> Format {
    if args::asks_for_json() {
        Format::Json
    } else {
        Format::Text
    }
}
