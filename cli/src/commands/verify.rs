//! `treaty verify`.

mod hints;
mod last_failed;
mod provider_name;
mod receipt;
mod reports;
mod runs;
mod selection;
mod sources;
mod way;

use std::io::{self, IsTerminal};
use std::time::Duration;

use serde_json::Value;
use treaty_provider::{
    Colour, Filter, Publish, Report, StateChange, StateChangeData, Target, Verifier, VerifyOptions,
};

use self::receipt::ReceiptFile;
use crate::args::{FilterArgs, ProviderArgs, Scheme, VerifyArgs};
use crate::build_properties::GivenBuild;
use crate::commands::provider_build;
use crate::environment;
use crate::error::Failure;
use crate::exit_code::ExitCode;
use crate::output::{self, Answer, ProgressLine};

pub(crate) async fn run(args: &VerifyArgs) -> Result<Answer, Failure> {
    if let Some(warning) = environment::matching_engine_warning() {
        output::note(&format!("warning: {warning}"));
    }
    let verifier = verifier(args)?;
    let sources = sources::of(args)?;
    let receipt = args.run.receipt.as_deref().map(ReceiptFile::begin);
    let receipt = receipt.transpose()?;
    let report = verifier.verify(sources).await;
    // The line that shows the progress goes with it.
    drop(verifier);
    let json = report.to_json();
    if let Some(receipt) = receipt {
        receipt.write(&json)?;
    }
    reports::write(&report, &json, &args.report)?;
    hints::note(&report, args).await?;
    Ok(answer(&report, json, args))
}

fn answer(report: &Report, json: Value, args: &VerifyArgs) -> Answer {
    let plain = args.report.no_colour || environment::variable("NO_COLOR").is_some();
    let colour = if io::stdout().is_terminal() && !plain {
        Colour::Always
    } else {
        Colour::Never
    };
    Answer {
        code: ExitCode::from(report.verdict()),
        text: report.console(colour).to_string(),
        json,
    }
}

fn verifier(args: &VerifyArgs) -> Result<Verifier<Target>, Failure> {
    let provider = &args.provider;
    let base_url = base_url(provider);
    let verifier = Verifier::new(provider_name::of(args)?.as_str());
    let verifier = match &provider.scheme {
        Some(Scheme::OfPlugin(name)) => verifier.transport(name, &base_url),
        _ => verifier.base_url(&base_url),
    };
    let mut verifier = verifier
        .options(options(args)?)
        .filter(last_failed::narrowed(filter(&args.filter)?, args)?)
        .redaction(reports::redaction(&args.report)?);
    if let Some(change) = state_change(provider)? {
        verifier = verifier.state_change_url(change);
    }
    for header in &provider.header {
        verifier = verifier.header(&header.name, &header.value);
    }
    if let Some(url) = args.run.reset_url.clone() {
        verifier = verifier.reset(async move || runs::reset(url).await);
    }
    if let Some(publish) = publish(args)? {
        verifier = verifier.publish(publish);
    }
    if let Some(line) = ProgressLine::where_seen(args.run.quiet) {
        verifier = verifier.on_progress(move |progress| {
            let passed = progress.interaction.outcome.passed();
            line.advance(progress.done, progress.total, passed);
        });
    }
    way::told(verifier, &args.way, &base_url)
}

fn base_url(args: &ProviderArgs) -> String {
    if let Some(url) = &args.provider_base_url {
        return url.clone();
    }
    let scheme = match args.scheme {
        Some(Scheme::Https) => "https",
        _ => "http",
    };
    let host = args.hostname.as_deref().unwrap_or("localhost");
    let port = args
        .port
        .map_or_else(String::new, |port| format!(":{port}"));
    let path = args.base_path.as_deref().unwrap_or_default();
    format!("{scheme}://{host}{port}/{}", path.trim_start_matches('/'))
}

fn options(args: &VerifyArgs) -> Result<VerifyOptions, Failure> {
    let mut options = VerifyOptions::default();
    if let Some(timeout) = args.provider.request_timeout.map(Duration::from_millis) {
        options.request_timeout = timeout;
        options.body_timeout = timeout;
        options.state_timeout = timeout;
    }
    options.allow_unknown_states = args.provider.allow_unknown_states;
    options.accept_invalid_certificates = args.provider.disable_ssl_verification;
    options.mutate = args.report.mutate;
    options.ignore_no_pacts_error = args.pacts.ignore_no_pacts_error;
    runs::options(args, &mut options)?;
    Ok(options)
}

fn filter(args: &FilterArgs) -> Result<Filter, Failure> {
    let unusable = |error: treaty_provider::FilterError| {
        Failure::usage(
            format!("{error}: {}", error.source),
            "correct the expression, or put a backslash before what is meant literally",
        )
    };
    let mut filter = Filter::new();
    if let Some(pattern) = &args.filter_description {
        filter = filter.description(pattern).map_err(unusable)?;
    }
    if let Some(pattern) = &args.filter_state {
        filter = filter.state(pattern).map_err(unusable)?;
    }
    if args.filter_no_state {
        filter = filter.no_state();
    }
    let consumers = args.filter_consumer.iter().cloned();
    Ok(consumers.fold(filter, Filter::consumer))
}

fn state_change(args: &ProviderArgs) -> Result<Option<StateChange>, Failure> {
    let url = args
        .state_change_url
        .as_deref()
        .filter(|url| !url.is_empty());
    let Some(url) = url else {
        if args.state_change_as_query || args.state_change_teardown {
            return Err(Failure::usage(
                "it is said how to tell the provider its states, but not where",
                "name the URL with --state-change-url",
            ));
        }
        return Ok(None);
    };
    let mut change = StateChange::new(url);
    change.tear_down = args.state_change_teardown;
    if args.state_change_as_query {
        change.data = StateChangeData::Query;
    }
    Ok(Some(change))
}

fn publish(args: &VerifyArgs) -> Result<Option<Publish>, Failure> {
    let given = &args.publish;
    if !given.publish {
        if given.build_url.is_some() {
            output::note(
                "warning: --build-url goes with a result, and without --publish there is none",
            );
        }
        return Ok(None);
    }
    let build = GivenBuild {
        version: given.provider_version.clone(),
        branch: given.provider_branch.clone(),
        url: given.build_url.clone(),
        detect: true,
        version_flag: "--provider-version",
    };
    provider_build::published(build, &given.provider_tags).map(Some)
}
