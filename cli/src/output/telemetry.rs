//! What a command tells of itself by OpenTelemetry, where that is asked for. The only file that knows the exporters.
//!
//! What it tells are hosts, paths, names and outcomes: no value of a query, no header and no body. A collector that is
//! not there costs a note, and no command waits for one longer than [`PATIENCE`].

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use opentelemetry::logs::{AnyValue, LogRecord};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TracerProvider;
use opentelemetry::{InstrumentationScope, Key, KeyValue};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{LogExporter, Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLogger, SdkLoggerProvider};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanData};
use serde_json::{Map, Value, json};
use tokio::runtime::{Builder, Runtime};
use tracing::{Span, Subscriber, field};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::registry::LookupSpan;
use url::Url;

use super::log::note;
use super::text::on_stderr;
use crate::args::TelemetryArgs;
use crate::environment;
use crate::error::Failure;
use crate::exit_code::ExitCode;

/// How long a command that is done waits until all is told.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long the collector may take for one request: less than [`PATIENCE`], so that there is time to say so.
const TIMEOUT: Duration = Duration::from_millis(1_500);

/// Who is told where nothing else is said.
const COLLECTOR: &str = "otlp";

/// What a command tells of itself; nothing, unless asked.
#[derive(Debug, Default)]
pub(crate) struct Telemetry {
    traces: Option<SdkTracerProvider>,
    logs: Option<SdkLoggerProvider>,
}

impl Telemetry {
    /// What the arguments ask for.
    ///
    /// # Errors
    /// [`Failure::Usage`] for names and places that mean nothing.
    pub(crate) fn new(args: &TelemetryArgs) -> Result<Self, Failure> {
        let traces = args.enable_otel || args.enable_otel_traces;
        let logs = args.enable_otel || args.enable_otel_logs;
        if !traces && !logs {
            return Ok(Self::default());
        }
        let told = Told::parse(args)?;
        let courier = told.collector.then(Courier::new).transpose()?;
        let courier = courier.map(Arc::new);
        Ok(Self {
            traces: traces
                .then(|| tracer(args, &told, courier.clone()))
                .transpose()?,
            logs: match courier {
                Some(courier) if logs => Some(logger(args, courier)?),
                _ => None,
            },
        })
    }

    /// What takes in spans.
    pub(super) fn spans<S>(&self) -> Option<OpenTelemetryLayer<S, SdkTracer>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let traces = self.traces.as_ref()?;
        let layer = OpenTelemetryLayer::new(traces.tracer("treaty"));
        let layer = layer.with_location(false).with_threads(false);
        Some(layer.with_tracked_inactivity(false).with_target(false))
    }

    /// What takes in the log.
    pub(super) fn log(&self) -> Option<OpenTelemetryTracingBridge<SdkLoggerProvider, SdkLogger>> {
        self.logs.as_ref().map(OpenTelemetryTracingBridge::new)
    }

    /// Ends the span of the command, and tells what is not told yet.
    pub(crate) fn end(self, command: Span, code: ExitCode) {
        command.record("process.exit.code", code.number());
        if !matches!(code, ExitCode::Yes | ExitCode::No) {
            command.record("otel.status_code", "ERROR");
        }
        drop(command);
        let deadline = Instant::now() + PATIENCE;
        let left = || deadline.saturating_duration_since(Instant::now());
        // Whoever carries it has told already what went wrong.
        if let Some(traces) = self.traces {
            let _ = traces.shutdown_with_timeout(left());
        }
        if let Some(logs) = self.logs {
            let _ = logs.shutdown_with_timeout(left());
        }
    }
}

/// The span of a command, around all that it does; within the span of the pipeline that `TRACEPARENT` names.
pub(crate) fn command_span(name: &str) -> Span {
    let span = tracing::info_span!(
        target: "treaty::span",
        "command",
        otel.name = format!("treaty {name}"),
        otel.status_code = field::Empty,
        process.exit.code = field::Empty,
    );
    let around = ["traceparent", "tracestate"]
        .into_iter()
        .filter_map(|name| {
            let value = environment::variable(&name.to_uppercase())?;
            Some((name.to_owned(), value))
        });
    let around: HashMap<String, String> = around.collect();
    // It fails where no spans are told.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&around));
    span
}

/// The headers that tell whoever is asked within which span that is done; none where no spans are told.
pub(crate) fn trace_headers() -> HashMap<String, String> {
    let mut headers = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut headers);
    headers.retain(|_, value| !value.is_empty());
    headers
}

/// Who is told.
#[derive(Debug, Default)]
struct Told {
    collector: bool,
    stderr: bool,
}

impl Told {
    fn parse(args: &TelemetryArgs) -> Result<Self, Failure> {
        let mut told = Self::default();
        let names = args.otel_exporter.as_deref().unwrap_or(COLLECTOR);
        for name in names.split(',').map(str::trim) {
            match name {
                COLLECTOR => told.collector = true,
                "stdout" | "console" => told.stderr = true,
                "none" => {}
                _ => {
                    return Err(Failure::usage(
                        format!("nobody can be told as {name:?}"),
                        "give --otel-exporter or OTEL_TRACES_EXPORTER otlp, stdout, or both with a comma between them",
                    ));
                }
            }
        }
        match args.otel_exporter_protocol.as_deref() {
            None | Some("http" | "http/protobuf") => Ok(told),
            Some(other) => Err(Failure::usage(
                format!("OpenTelemetry is not spoken as {other:?}"),
                "give --otel-exporter-protocol or OTEL_EXPORTER_OTLP_PROTOCOL http/protobuf, and the port of the \
                 collector that speaks it, mostly 4318",
            )),
        }
    }
}

fn tracer(
    args: &TelemetryArgs,
    told: &Told,
    courier: Option<Arc<Courier>>,
) -> Result<SdkTracerProvider, Failure> {
    let mut traces = SdkTracerProvider::builder().with_resource(resource());
    if let Some(courier) = courier {
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(TIMEOUT)
            .with_shared_http_client(courier);
        if let Some(url) = endpoint(args, "/v1/traces")? {
            exporter = exporter.with_endpoint(url);
        }
        traces = traces.with_batch_exporter(exporter.build().map_err(unusable)?);
    }
    if told.stderr {
        traces = traces.with_simple_exporter(Printed);
    }
    Ok(traces.build())
}

fn logger(args: &TelemetryArgs, courier: Arc<Courier>) -> Result<SdkLoggerProvider, Failure> {
    let mut exporter = LogExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_timeout(TIMEOUT)
        .with_shared_http_client(courier);
    if let Some(url) = endpoint(args, "/v1/logs")? {
        exporter = exporter.with_endpoint(url);
    }
    let exporter = exporter.build().map_err(unusable)?;
    let logs = SdkLoggerProvider::builder().with_resource(resource());
    let logs = logs.with_log_processor(WithoutQueries);
    Ok(logs.with_batch_exporter(exporter).build())
}

/// Who tells: `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` go before our own name.
fn resource() -> Resource {
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let found = || Resource::builder().with_attribute(version.clone());
    let name = found().build().get(&Key::from_static_str("service.name"));
    match name {
        Some(name) if !name.as_str().starts_with("unknown_service") => found().build(),
        _ => found().with_service_name("treaty").build(),
    }
}

/// Where the flag says that a kind is taken; without the flag, the exporter looks into the variables.
fn endpoint(args: &TelemetryArgs, path: &str) -> Result<Option<String>, Failure> {
    let Some(given) = args.otel_exporter_endpoint.as_deref() else {
        return Ok(None);
    };
    let url = Url::parse(given).ok();
    if !url.is_some_and(|url| url.has_host() && ["http", "https"].contains(&url.scheme())) {
        return Err(Failure::usage(
            "what is after --otel-exporter-endpoint is not the URL of a collector",
            "write it as http://HOST:PORT",
        ));
    }
    let base = ["/v1/traces", "/v1/logs"]
        .iter()
        .find_map(|end| given.strip_suffix(end));
    let base = base.unwrap_or(given).trim_end_matches('/');
    Ok(Some(format!("{base}{path}")))
}

/// What the exporter says of a variable quotes it, and a URL may hold a password.
fn unusable<E>(_: E) -> Failure {
    Failure::usage(
        "a variable whose name starts with OTEL_EXPORTER_OTLP cannot be used",
        "write OTEL_EXPORTER_OTLP_ENDPOINT as http://HOST:PORT, and ask for no compression",
    )
}

/// Carries what is told to the collector, on the thread of the exporter, and notes once that it does not arrive.
#[derive(Debug)]
struct Courier {
    client: reqwest::Client,
    runtime: Runtime,
    has_noted: AtomicBool,
}

impl Courier {
    fn new() -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|source| Failure::System {
            what: "the operating system gives no runtime",
            source,
        })?;
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let client = client.map_err(|error| {
            Failure::usage(
                format!("OpenTelemetry cannot be told: {error}"),
                "check the proxy and the certificates that the environment names",
            )
        })?;
        Ok(Self {
            client,
            runtime,
            has_noted: AtomicBool::new(false),
        })
    }

    fn note(&self, place: &str, what: &str) {
        if !self.has_noted.swap(true, Ordering::Relaxed) {
            note(&format!("OpenTelemetry is not told at {place}: {what}"));
        }
    }
}

#[async_trait]
impl HttpClient for Courier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        let place = request.url().origin().ascii_serialization();
        // The exporter's thread has no runtime, and all that it does is to wait for this.
        let answer = async { self.client.execute(request).await };
        let answer = self.runtime.block_on(answer);
        let answer = answer.map_err(|error| {
            let error = error.without_url();
            self.note(&place, &innermost(&error));
            error
        })?;
        if !answer.status().is_success() {
            self.note(&place, &format!("the answer is {}", answer.status()));
        }
        // The body says at most which of it was not taken, and nobody would read that.
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        Ok(response)
    }
}

fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} ms", TIMEOUT.as_millis());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Takes the queries out of the URLs in what is logged.
#[derive(Debug)]
struct WithoutQueries;

impl LogProcessor for WithoutQueries {
    fn emit(&self, record: &mut SdkLogRecord, _: &InstrumentationScope) {
        if let Some(AnyValue::String(text)) = record.body() {
            let text = without_queries(text.as_str());
            record.set_body(AnyValue::from(text));
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }
}

/// The text, each word cut at its question mark if it is a URL.
fn without_queries(text: &str) -> String {
    let words = text.split(' ').map(|word| match word.split_once('?') {
        Some((place, _)) if place.contains("://") => place,
        _ => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Prints spans, each as a line of JSON: on stderr, because stdout is the answer's.
#[derive(Debug)]
struct Printed;

impl opentelemetry_sdk::trace::SpanExporter for Printed {
    async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
        for span in &spans {
            on_stderr(&line(span).to_string());
        }
        Ok(())
    }
}

fn line(span: &SpanData) -> Value {
    let attributes = span.attributes.iter();
    let attributes: Map<String, Value> = attributes
        .map(|pair| (pair.key.to_string(), pair.value.as_str().into()))
        .collect();
    let duration = span.end_time.duration_since(span.start_time);
    json!({
        "span": span.name,
        "trace_id": span.span_context.trace_id().to_string(),
        "span_id": span.span_context.span_id().to_string(),
        "parent_span_id": span.parent_span_id.to_string(),
        "duration_ms": duration.unwrap_or_default().as_millis() as u64,
        "attributes": attributes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(without_queries(text), expected);
    }

    #[test]
    fn queries_of_urls_are_not_told() {
        check(
            "GET http://b.test/matrix?q=1&t=secret was answered with 200",
            "GET http://b.test/matrix was answered with 200",
        );
        check("really? yes", "really? yes");
    }
}
