//! The report for build servers and browsers: what each view says, and that nobody's words can do anything in it.

use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use treaty_provider::{
    Filter, PactSource, Publish, REPORT_SCHEMA, Report, SourceProblem, VerifyOptions,
};

use crate::console::check;
use crate::fake_broker::{FakeBroker, Offered};
use crate::fakes::{get_in, get_of, pact, pact_of, source, up, verifier};

/// Everything that a name could do in some view.
const NASTY: &str =
    "a \"b\" 'c' ]]> <script>alert(1)</script> & \u{1b}[31m\u{0}\u{202e} | ``` %0A\n::error::x";

/// Times differ from run to run.
fn timeless(mut report: Report) -> Report {
    report.duration_ms = 0;
    for pact in &mut report.pacts {
        pact.duration_ms = 0;
        for interaction in &mut pact.interactions {
            interaction.duration_ms = 0;
        }
    }
    report
}

/// An interaction about a user whose body has something wrong at several depths.
fn user() -> Value {
    let like = json!({ "matchers": [{ "match": "type" }] });
    json!({
        "description": "a request for user 42",
        "request": { "method": "GET", "path": "/users/42" },
        "response": {
            "status": 200,
            "headers": { "Content-Type": "application/json" },
            "body": { "id": 42, "email": "jane@example.com", "address": { "city": "Bern" }, "tags": ["a"] },
            "matchingRules": { "body": { "$.id": like, "$.email": like, "$.address.city": like, "$.tags": like } },
        },
    })
}

fn users() -> Router {
    let body = json!({
        "id": "42", "name": "Jane", "age": 7, "active": true, "address": { "street": "Main St 1", "zip": "3000" },
        "tags": ["b"],
    });
    let user = get(async move || Json(body));
    let ok = get(async || "ok");
    Router::new().route("/users/42", user).route("/ok", ok)
}

/// Passed, failed with a body, failed with a header, inconclusive, left out, pending.
async fn mixed() -> Report {
    let mut other = get_of("/missing");
    other["response"]["headers"] = json!({ "X-Rate": "10" });
    let mut filtered = get_of("/ok");
    filtered["description"] = json!("something else");
    let interactions = [
        get_of("/ok"),
        user(),
        other,
        get_in("/ok", &["who knows"]),
        filtered,
    ];
    let filter = Filter::new().description("^a request").unwrap();
    let report = verifier()
        .service(users())
        .filter(filter)
        .verify(source(&interactions))
        .await;
    timeless(report)
}

async fn nasty() -> Report {
    let mut interaction = get_in("/users/42", &[NASTY]);
    interaction["description"] = json!(NASTY);
    interaction["response"] = json!({
        "status": 200, "headers": { "X-Nasty": NASTY.replace(['\n', '\u{0}'], "") },
        "body": { NASTY: NASTY },
    });
    let mut unknown = get_in("/ok", &[NASTY]);
    unknown["description"] = json!(format!("unknown {NASTY}"));
    let body = json!({ NASTY: format!("other {NASTY}"), "more": NASTY });
    let app = Router::new().route("/users/42", get(async move || Json(body)));
    let options = {
        let mut options = VerifyOptions::default();
        options.allow_unknown_states = true;
        options
    };
    let pact = pact_of("A <b>&\"'", "UserService", &[interaction, unknown]);
    let report = verifier()
        .service(app)
        .options(options)
        .verify(PactSource::json(NASTY, pact))
        .await;
    timeless(report)
}

/// One report of every kind that there is.
async fn all() -> Vec<Report> {
    let publish = || Publish::version("1".parse().unwrap());
    let pending = FakeBroker::new(&pact(&[get_of("/missing")]), Offered::Pending);
    let refused = FakeBroker::answering(
        &pact(&[get_of("/ok")]),
        Offered::Selected,
        StatusCode::FORBIDDEN,
    );
    let taken = FakeBroker::new(&pact(&[get_of("/ok")]), Offered::Selected);
    let mut repeated = VerifyOptions::default();
    repeated.repeat = 3.try_into().unwrap();
    repeated.find_order_dependence = true;
    vec![
        mixed().await,
        nasty().await,
        up().verify(pending.source()).await,
        up().publish(publish()).verify(refused.source()).await,
        up().publish(publish()).verify(taken.source()).await,
        up().options(repeated)
            .verify(source(&[get_of("/ok"), get_of("/missing")]))
            .await,
        up().publish(publish())
            .verify(source(&[get_of("/ok")]))
            .await,
        up().verify(PactSource::file("no such file.json")).await,
        up().verify(PactSource::json("x", pact_of("A", "Other", &[])))
            .await,
        up().verify(Vec::<PactSource>::new()).await,
    ]
}

#[tokio::test]
async fn the_console_shows_the_body_around_each_mismatch() {
    check("views_console", &mixed().await.to_string());
}

#[tokio::test]
async fn junit_has_a_test_case_for_each_interaction() {
    check("views_junit", &mixed().await.junit().to_string());
}

#[tokio::test]
async fn markdown_tells_what_did_not_pass() {
    check("views_markdown", &mixed().await.markdown().to_string());
}

#[tokio::test]
async fn annotations_are_workflow_commands() {
    check(
        "views_annotations",
        &mixed().await.github_annotations().to_string(),
    );
}

#[tokio::test]
async fn the_page_needs_nothing_else() {
    let page = mixed().await.html().to_string();
    for foreign in [
        "http://", "https://", "src=", "url(", "@import", "<script", "<link",
    ] {
        assert!(!page.contains(foreign), "{foreign} in {page}");
    }
    check("views_html", &page);
}

#[tokio::test]
async fn nasty_words_are_shown_and_nothing_else() {
    let report = nasty().await;
    check("nasty_console", &report.to_string());
    check("nasty_junit", &report.junit().to_string());
    check("nasty_markdown", &report.markdown().to_string());
    check(
        "nasty_annotations",
        &report.github_annotations().to_string(),
    );
    check("nasty_html", &report.html().to_string());
}

#[tokio::test]
async fn nothing_in_a_view_moves_a_cursor_or_leaves_its_element() {
    for report in all().await {
        let console = report.to_string();
        let (junit, html) = (report.junit().to_string(), report.html().to_string());
        let (markdown, commands) = (
            report.markdown().to_string(),
            report.github_annotations().to_string(),
        );
        for text in [&console, &junit, &html, &markdown, &commands] {
            let unseen = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(unseen), "{text:?}");
        }
        for text in [&junit, &html] {
            assert!(!text.contains("<script") && !text.contains("]]>"), "{text}");
        }
        let is_command =
            |line: &str| line.starts_with("::error title=") || line.starts_with("::warning title=");
        assert!(commands.lines().all(is_command), "{commands}");
        assert!(
            !console.lines().any(|line| line.starts_with("::")),
            "{console}"
        );
    }
}

#[tokio::test]
async fn junit_is_xml_whatever_anybody_is_called() {
    for report in all().await {
        let text = report.junit().to_string();
        let document = kiss_xml::parse_str(&text);
        let document = document.unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(document.root_element().name(), "testsuites");
    }
}

#[tokio::test]
async fn only_a_yes_is_green_in_junit_and_without_errors_in_a_workflow() {
    for report in all().await {
        let junit = report.junit().to_string();
        let is_green = !junit.contains("<failure") && !junit.contains("<error");
        assert_eq!(
            is_green,
            report.verdict() == treaty_core::outcome::Verdict::Yes,
            "{junit}"
        );
        let commands = report.github_annotations().to_string();
        assert_eq!(is_green, !commands.contains("::error "), "{commands}");
    }
}

#[tokio::test]
async fn every_report_keeps_to_the_schema_and_can_be_read_back() {
    let schema = serde_json::from_str(REPORT_SCHEMA).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for report in all().await {
        let json = report.to_json();
        let problems: Vec<String> = schema
            .iter_errors(&json)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(problems, Vec::<String>::new(), "{json:#}");
        assert_eq!(serde_json::from_value::<Report>(json).unwrap(), report);
    }
}

#[tokio::test]
async fn more_annotations_than_github_shows_are_counted() {
    let interactions: Vec<Value> = (0..12).map(|i| get_of(&format!("/missing/{i}"))).collect();
    let report = up().verify(source(&interactions)).await;
    let lines = report.github_annotations().to_string();
    assert_eq!(lines.lines().count(), 10);
    assert!(
        lines.ends_with("::error title=treaty verify::3 more\n"),
        "{lines}"
    );
}

#[tokio::test]
async fn a_large_difference_is_cut() {
    let expected: Vec<Value> = (0..100).map(|i| json!({ "id": i })).collect();
    let actual: Vec<Value> = (0..100).map(|i| json!({ "id": -1 - i })).collect();
    let mut interaction = get_of("/many");
    interaction["response"]["body"] = json!(expected);
    let app = Router::new().route("/many", get(async move || Json(actual)));
    let report = verifier().service(app).verify(source(&[interaction])).await;
    let diff = crate::fakes::only(&report).body_diff.as_ref().unwrap();
    assert_eq!(diff.lines.len(), 40);
    assert!(diff.lines_left_out > 300, "{}", diff.lines_left_out);
}

#[tokio::test]
async fn mismatches_beyond_those_that_people_read_are_counted() {
    let expected: Vec<Value> = (0..40).map(|i| json!({ "id": i })).collect();
    let actual: Vec<Value> = (0..40).map(|i| json!({ "id": -1 - i })).collect();
    let mut interaction = get_of("/many");
    interaction["response"]["body"] = json!(expected);
    let app = Router::new().route("/many", get(async move || Json(actual)));
    let report = verifier().service(app).verify(source(&[interaction])).await;
    let text = report.to_string();
    assert_eq!(text.matches("].id  expected").count(), 25, "{text}");
    let more = "... and 15 more mismatches, all of them in the JSON report";
    assert!(text.contains(more), "{text}");
    let mismatches = &report.to_json()["pacts"][0]["interactions"][0]["mismatches"];
    assert_eq!(mismatches.as_array().unwrap().len(), 40);
}

#[tokio::test]
async fn text_is_compared_line_by_line() {
    let mut interaction = get_of("/text");
    interaction["response"]["body"] = json!("one\ntwo\nthree\nfour\nfive");
    interaction["response"]["headers"] = json!({ "Content-Type": "text/plain" });
    let app = Router::new().route("/text", get(async || "one\ntwo\n3\nfour\nfive"));
    let report = verifier().service(app).verify(source(&[interaction])).await;
    let diff = crate::fakes::only(&report).body_diff.as_ref().unwrap();
    let lines: Vec<String> = diff.lines.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        ["  one", "  two", "- three", "+ 3", "  four", "  five"]
    );
}

#[tokio::test]
async fn an_ignored_problem_is_no_failure_anywhere() {
    let mut options = VerifyOptions::default();
    options.ignore_no_pacts_error = true;
    let broker = FakeBroker::new(&pact(&[]), Offered::Nothing);
    let report = up().options(options).verify(broker.source()).await;
    let ignored = |problem: &SourceProblem| problem.ignored;
    assert!(report.problems.iter().all(ignored));
    assert!(report.junit().to_string().contains("<skipped"));
    assert_eq!(report.github_annotations().to_string(), "");
}
