//! What a command tells a collector of OpenTelemetry, and that it tells nobody unless asked.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, Uri};
use axum::{Json, Router};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Told;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::{Value, json};

use crate::broker::Served;
use crate::command::Place;
use crate::provider::{broken, nobody, pact, serve};
use crate::verify::{verify, with_pact};

/// How long a command may take that waits for a collector: far more than it does, far less than for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// A collector, and what it was sent.
struct Collector {
    url: String,
    sent: Arc<Mutex<Vec<(String, Bytes)>>>,
}

impl Collector {
    fn start() -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&sent);
        let keep = async move |uri: Uri, body: Bytes| {
            kept.lock().unwrap().push((uri.path().to_owned(), body));
        };
        let url = serve(Router::new().fallback(keep));
        Self { url, sent }
    }

    /// The flags by which it is told everything.
    fn flags(&self) -> String {
        format!(
            "--enable-otel --otel-exporter otlp --otel-exporter-protocol http/protobuf --otel-exporter-endpoint {}",
            self.url
        )
    }

    fn bodies(&self, path: &str) -> Vec<Bytes> {
        let sent = self.sent.lock().unwrap();
        let there = sent.iter().filter(|(at, _)| at == path);
        there.map(|(_, body)| body.clone()).collect()
    }

    fn traces(&self) -> Vec<ExportTraceServiceRequest> {
        let bodies = self.bodies("/v1/traces").into_iter();
        bodies
            .map(|body| ExportTraceServiceRequest::decode(body).unwrap())
            .collect()
    }

    fn spans(&self) -> Vec<Span> {
        let resources = self.traces().into_iter().flat_map(|t| t.resource_spans);
        let scopes = resources.flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    /// The span of the command, the only one that has no other around it.
    #[track_caller]
    fn command(&self) -> Span {
        let spans = self.spans();
        let mut outer = spans.iter().filter(|span| span.parent_span_id.is_empty());
        let command = outer.next().expect("a span of the command").clone();
        assert_eq!(outer.next(), None);
        command
    }

    fn log(&self) -> Vec<String> {
        let bodies = self.bodies("/v1/logs").into_iter();
        let requests = bodies.map(|body| ExportLogsServiceRequest::decode(body).unwrap());
        let resources = requests.flat_map(|request| request.resource_logs);
        let scopes = resources.flat_map(|resource| resource.scope_logs);
        let records = scopes.flat_map(|scope| scope.log_records);
        records.map(|record| text(record.body.as_ref())).collect()
    }

    fn was_sent(&self, text: &str) -> bool {
        let sent = self.sent.lock().unwrap();
        let holds = |body: &Bytes| body.windows(text.len()).any(|part| part == text.as_bytes());
        sent.iter().any(|(_, body)| holds(body))
    }
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Told::StringValue(text)) => text.clone(),
        Some(Told::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

#[track_caller]
fn attribute(attributes: &[KeyValue], key: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.key == key);
    let found = found.unwrap_or_else(|| panic!("no {key} in {attributes:#?}"));
    text(found.value.as_ref())
}

/// The number of its status: 0 if nothing is said, 2 for an error.
fn status(span: &Span) -> i32 {
    span.status.as_ref().map_or(0, |status| status.code)
}

#[test]
fn a_command_tells_how_it_ended_and_what_it_asked_of_the_broker() {
    let (place, collector) = (Place::new(), Collector::start());
    let served = Served::start(&place);
    let line = format!(
        "list-environments -b {} --broker-token very-secret",
        served.url
    );
    place
        .run(&format!("{line} {}", collector.flags()))
        .ends_with(0);

    let command = collector.command();
    assert_eq!(command.name, "treaty list-environments");
    assert_eq!(attribute(&command.attributes, "process.exit.code"), "0");
    assert_eq!(status(&command), 0);
    let spans = collector.spans();
    let request = spans
        .iter()
        .find(|span| span.parent_span_id == command.span_id);
    let request = request.expect("a span of a request");
    assert_eq!(request.name, "GET");
    assert_eq!(request.trace_id, command.trace_id);
    assert_eq!(
        attribute(&request.attributes, "server.address"),
        "127.0.0.1"
    );
    let answered = attribute(&request.attributes, "http.response.status_code");
    assert_eq!(answered, "200");
    assert!(!collector.was_sent("very-secret"));

    let resource = collector.traces()[0].resource_spans[0].resource.clone();
    let resource = resource.unwrap().attributes;
    assert_eq!(attribute(&resource, "service.name"), "treaty");
}

/// The request's `traceparent`, written down by whoever is asked.
fn noting(answer: Value) -> (String, Arc<Mutex<Vec<Option<String>>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let url = serve(Router::new().fallback(async move |headers: HeaderMap| {
        let parent = headers.get("traceparent");
        let parent = parent.map(|value| value.to_str().unwrap().to_owned());
        noted.lock().unwrap().push(parent);
        Json(answer.clone())
    }));
    (url, seen)
}

#[test]
fn a_command_is_within_the_trace_of_its_pipeline_and_a_broker_is_told() {
    let (mut place, collector) = (Place::new(), Collector::start());
    let (trace, pipeline) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    place.set("TRACEPARENT", &format!("00-{trace}-{pipeline}-01"));
    let (broker, seen) = noting(json!({ "_links": {} }));
    let line = format!("list-environments -b {broker} {}", collector.flags());
    place.run(&line).ends_with(3);

    let spans = collector.spans();
    let command = spans
        .iter()
        .find(|span| span.name == "treaty list-environments");
    let command = command.expect("a span of the command");
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    assert_eq!(hex(&command.trace_id), trace);
    assert_eq!(hex(&command.parent_span_id), pipeline);
    let expected = format!("00-{trace}-{}-01", hex(&command.span_id));
    assert_eq!(*seen.lock().unwrap(), [Some(expected)]);

    // Nobody is told unless asked.
    place
        .run(&format!("list-environments -b {broker}"))
        .ends_with(3);
    assert_eq!(seen.lock().unwrap().pop(), Some(None));
}

#[test]
fn a_provider_is_sent_what_the_pact_says_and_no_trace() {
    let (place, collector) = (with_pact(), Collector::start());
    let (provider, seen) = noting(json!({}));
    verify(
        &place,
        &provider,
        &format!("-d pacts {}", collector.flags()),
    )
    .ends_with(1);
    let seen = seen.lock().unwrap();
    assert!(
        !seen.is_empty() && seen.iter().all(Option::is_none),
        "{seen:?}"
    );
}

#[test]
fn the_log_is_told_without_queries() {
    let (place, collector) = (Place::new(), Collector::start());
    let served = Served::start(&place);
    place.write("a.json", &pact());
    let at = format!("-b {}", served.url);
    place.run(&format!("publish a.json -a 1 {at}")).ends_with(0);
    let flags = format!(
        "--log-level debug --enable-otel-logs --otel-exporter-endpoint {}/",
        collector.url
    );
    place
        .run(&format!("can-i-deploy -a OrderService -e 1 {at} {flags}"))
        .ends_with(1)
        .complains("/matrix?");

    let log = collector.log();
    let asked = |line: &String| line.contains("/matrix was answered with 200");
    assert!(log.iter().any(asked), "{log:#?}");
    assert!(!collector.was_sent("/matrix?"));
    assert_eq!(collector.spans(), []);
}

#[test]
fn a_verification_that_says_no_is_no_error_of_the_command() {
    let (place, collector) = (with_pact(), Collector::start());
    verify(
        &place,
        &broken(),
        &format!("-d pacts {}", collector.flags()),
    )
    .ends_with(1);
    let command = collector.command();
    assert_eq!(command.name, "treaty verify");
    assert_eq!(attribute(&command.attributes, "process.exit.code"), "1");
    assert_eq!(status(&command), 0);
}

#[test]
fn each_kind_can_be_asked_for_alone() {
    let (place, collector) = (with_pact(), Collector::start());
    let flags = format!(
        "--enable-otel-traces --otel-exporter-endpoint {}/v1/traces --loglevel debug",
        collector.url
    );
    verify(&place, &broken(), &format!("-d pacts {flags}")).ends_with(1);
    assert_eq!(collector.spans().len(), 1);
    assert!(collector.log().is_empty());

    let flags = flags.replace("--enable-otel-traces", "--enable-otel-logs");
    verify(&place, &broken(), &format!("-d pacts {flags}")).ends_with(1);
    assert_eq!(collector.spans().len(), 1);
    assert!(!collector.log().is_empty());
}

#[test]
fn a_stub_without_pacts_ends_in_an_error() {
    let (place, collector) = (Place::new(), Collector::start());
    let flags = collector.flags();
    place
        .run(&format!(
            "stub nowhere {flags} --enable-otel-logs --enable-otel-traces"
        ))
        .ends_with(2);
    let command = collector.command();
    assert_eq!(command.name, "treaty stub");
    assert_eq!(attribute(&command.attributes, "process.exit.code"), "2");
    assert_eq!(status(&command), 2);
}

#[test]
fn the_variables_of_opentelemetry_are_heeded() {
    let (mut place, collector) = (Place::new(), Collector::start());
    place.set("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
    place.set("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    place.set("OTEL_SERVICE_NAME", "gate");
    place.set("OTEL_TRACES_EXPORTER", "otlp");
    place.run("generate-uuid --enable-otel").ends_with(0);
    let resource = collector.traces()[0].resource_spans[0].resource.clone();
    let resource = resource.unwrap().attributes;
    assert_eq!(attribute(&resource, "service.name"), "gate");
}

#[test]
fn nobody_is_told_unless_asked() {
    let ear = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut place = Place::new();
    let url = format!("http://{}", ear.local_addr().unwrap());
    place.set("OTEL_EXPORTER_OTLP_ENDPOINT", &url);
    place.set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    place.set("OTEL_TRACES_EXPORTER", "jaeger");
    place.run("generate-uuid").ends_with(0);
    place
        .run(&format!("generate-uuid --otel-exporter-endpoint {url}"))
        .ends_with(0);

    ear.set_nonblocking(true).unwrap();
    let call = ear.accept().map(|_| "somebody called");
    assert_eq!(call.unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_collector_that_is_away_costs_a_note() {
    let line = format!(
        "generate-uuid --enable-otel --otel-exporter-endpoint {}",
        nobody()
    );
    let told = Place::new().run(&line).ends_with(0);
    assert_eq!(told.stdout.trim().len(), 36);
    told.complains("OpenTelemetry is not told at http://127.0.0.1:");
}

#[test]
fn a_collector_that_says_no_is_told_of() {
    let url = serve(Router::new());
    let line = format!("generate-uuid --enable-otel --otel-exporter-endpoint {url}");
    let told = Place::new().run(&line).ends_with(0);
    told.complains("the answer is 404 Not Found");
}

#[test]
fn a_collector_that_never_answers_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let line = format!("generate-uuid --enable-otel --otel-exporter-endpoint http://{address}");
    let started = Instant::now();
    let told = Place::new().run(&line).ends_with(0);
    told.complains("no answer within 1500 ms");
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn spans_can_be_printed_beside_the_log() {
    let line = "generate-uuid --enable-otel --otel-exporter stdout";
    let told = Place::new().run(line).ends_with(0);
    assert_eq!(told.stdout.trim().len(), 36);
    let span: serde_json::Value = serde_json::from_str(told.stderr.trim()).unwrap();
    assert_eq!(span["span"], "treaty generate-uuid");
    assert_eq!(span["attributes"]["process.exit.code"], "0");
}

#[test]
fn what_cannot_be_told_is_a_wrong_command_line() {
    let check = |flags: &str, what: &str| {
        let line = format!("generate-uuid --enable-otel {flags}");
        Place::new().run(&line).ends_with(2).complains(what);
    };
    check(
        "--otel-exporter-protocol grpc",
        "OpenTelemetry is not spoken as \"grpc\"",
    );
    check("--otel-exporter jaeger", "nobody can be told as \"jaeger\"");
    check(
        "--otel-exporter-endpoint localhost:4318",
        "is not the URL of a collector",
    );
}
