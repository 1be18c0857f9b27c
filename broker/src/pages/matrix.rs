//! The question whether versions can live together, as a form and as a table.

use axum::extract::Path;
use maud::{Markup, html};
use serde_json::Value;

use super::layout::{Page, Standing};
use crate::domain::model::Publication;
use crate::hal::{Urls, segment};
use crate::handlers::matrix as api;
use crate::http::{Call, Outcome, Problem, Query, Record};
use crate::store::{Sql, environments, pacticipants};

/// How many selectors the form has.
const SELECTORS: usize = 2;

/// The matrix of one version with everybody that it has a pact with.
pub(super) fn link(urls: &Urls, name: &str, number: &str) -> String {
    link_with(urls, name, number, "")
}

/// The matrix of a pact's version and its provider.
pub(super) fn link_of_two(urls: &Urls, pact: &Publication) -> String {
    let provider = format!("&q%5B%5D%5Bpacticipant%5D={}", segment(&pact.provider));
    link_with(urls, &pact.consumer, &pact.version_number, &provider)
}

fn link_with(urls: &Urls, name: &str, number: &str, others: &str) -> String {
    let (name, number) = (segment(name), segment(number));
    urls.path(&format!(
        "/matrix?q%5B%5D%5Bpacticipant%5D={name}&q%5B%5D%5Bversion%5D={number}{others}&latestby=cvpv"
    ))
}

/// `GET /matrix` for browsers: the form, and the answer if something is asked.
pub(crate) async fn matrix(mut call: Call) -> Outcome {
    call.urls = call.urls.in_place();
    let read = |sql: &mut dyn Sql| {
        let names = pacticipants::names(sql)?;
        let places = environments::list(sql)?;
        Ok::<_, Problem>((names, places.into_iter().map(|place| place.name).collect()))
    };
    let (names, places): (Vec<String>, Vec<String>) = call.state.store.read(read).await?;
    let page = Page::new(&call);
    let form = form(&page, &call, &names, &places);
    let asked = call
        .query
        .records("q")
        .iter()
        .any(|one| one.get("pacticipant").is_some());
    if !asked {
        let body = html! {
            h1 { "Can I deploy?" }
            p.lead { "Ask whether a version can live with what it has pacts with, and see each row that the answer is made from." }
            (form)
        };
        return Ok(page.show("Can I deploy?", &body));
    }
    let answer = api::document(&call, &filled_in(&call.query)).await;
    if let Err(problem @ (Problem::Internal { .. } | Problem::Database(..))) = answer {
        return Err(problem);
    }
    let body = html! {
        h1 { "Can I deploy?" }
        (form)
        @match &answer {
            Ok(document) => { (verdict(document)) (rows(&page, document)) }
            Err(problem) => { div.verdict.bad { h2 { "Not a question" } p { (problem.text()) } } }
        }
    };
    Ok(page.show("Can I deploy?", &body))
}

/// `GET /matrix/provider/{provider}/consumer/{consumer}` for browsers.
pub(crate) async fn between(mut call: Call, path: Path<(String, String)>) -> Outcome {
    call.urls = call.urls.in_place();
    let page = Page::new(&call);
    let title = format!("{} and {}", path.1, path.0.0);
    let document = api::document_between(&call, path.0).await?;
    let body = html! { h1 { (title) } (verdict(&document)) (rows(&page, &document)) };
    Ok(page.show(&title, &body))
}

fn form(page: &Page, call: &Call, names: &[String], places: &[String]) -> Markup {
    let records = call.query.records("q");
    let target = call.query.get("environment").unwrap_or_default();
    let latest_by = call.query.get("latestby").unwrap_or("cvpv");
    let choices = [
        ("cvpv", "latest result of each pair of versions"),
        ("cvp", "latest result of each consumer version"),
        ("cp", "latest result of each pair"),
    ];
    html! {
        form.ask action=(page.urls.path("/matrix")) method="get" {
            datalist #names { @for name in names { option value=(name); } }
            datalist #places { @for place in places { option value=(place); } }
            @for place in 0..SELECTORS {
                (selector(place, records.get(place)))
            }
            div { label for="environment" { "Into environment" }
                input #environment name="environment" list="places" value=(target) placeholder="optional"; }
            div { label for="latestby" { "Rows" }
                select #latestby name="latestby" {
                    @for (value, text) in choices { option value=(value) selected[value == latest_by] { (text) } }
                } }
            button { "Ask" }
        }
    }
}

/// What is asked by a form, which sends the fields that nobody filled in, too.
fn filled_in(query: &Query) -> Query {
    let mut asked = query.without_records("q");
    for record in query.records("q") {
        let is_filled_in = record.filled().any(|(member, _)| member != "latest");
        // Of a version there is no latest: the choice is for the other fields.
        let has_version = record.get("version").is_some();
        let is_asked = |member: &str| is_filled_in && !(has_version && member == "latest");
        for (member, value) in record.filled().filter(|(member, _)| is_asked(member)) {
            asked.push("q", member, value);
        }
    }
    asked
}

fn selector(place: usize, record: Option<&Record>) -> Markup {
    let id = |field: &str| format!("{field}{place}");
    let value = |field: &str| record.and_then(|record| record.get(field));
    let is_every = record.is_some() && value("version").or(value("latest")).is_none();
    let fields = [
        ("pacticipant", "Pacticipant"),
        ("version", "Version"),
        ("branch", "or branch"),
        ("tag", "or tag"),
    ];
    html! { div.row {
        @for (field, title) in fields { div {
            label for=(id(field)) { (title) }
            input id=(id(field)) name=(format!("q[][{field}]")) value=(value(field).unwrap_or_default())
                list=[(field == "pacticipant").then_some("names")] required[field == "pacticipant" && place == 0];
        } }
        div { label for=(id("latest")) { "of which" }
            select id=(id("latest")) name="q[][latest]" {
                option value="true" selected[!is_every] { "the latest version" }
                option value="" selected[is_every] { "every version" }
            } }
    } }
}

fn verdict(document: &Value) -> Markup {
    let summary = &document["summary"];
    let (class, title) = match summary["deployable"].as_bool() {
        Some(true) => ("verdict good", "Yes"),
        Some(false) => ("verdict bad", "No"),
        None => ("verdict wait", "Unknown"),
    };
    let mut texts: Vec<&str> = Vec::new();
    for notice in document["notices"].as_array().into_iter().flatten() {
        let text = notice["text"].as_str().unwrap_or_default();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    // What else was asked for than everything.
    for reason in document["treaty"]["reasons"]
        .as_array()
        .into_iter()
        .flatten()
    {
        if let Some("passed_over" | "truncated") = reason["cause"].as_str() {
            texts.extend(reason["remedy"].as_str());
        }
    }
    html! { div class=(class) {
        h2 { (title) }
        ul { @for text in texts { li { (text) } } }
    } }
}

fn rows(page: &Page, document: &Value) -> Markup {
    let rows: Vec<&Value> = document["matrix"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    html! {
        h2 { (rows.len()) @if rows.len() == 1 { " row" } @else { " rows" } }
        @if rows.is_empty() { div.empty { p { "There is nothing between these versions." } } } @else {
        div.scroll { table {
            thead { tr { th { "Consumer" } th { "Version" } th { "Provider" } th { "Version" } th { "Result" } } }
            tbody { @for row in rows { tr {
                (side(page, &row["consumer"], row["pact"]["_links"]["self"]["href"].as_str()))
                (side(page, &row["provider"], row["verificationResult"]["_links"]["self"]["href"].as_str()))
                td { (Standing::of_outcome(row["verificationResult"]["success"].as_bool()).mark())
                    @if row["ignored"].as_bool() == Some(true) { " " span.chip { "ignored" } } }
            } } }
        } } }
    }
}

fn side(page: &Page, side: &Value, link: Option<&str>) -> Markup {
    let version = &side["version"];
    let number = version["number"].as_str().unwrap_or("–");
    let list = |member: &str| -> Vec<&str> {
        let items = version[member].as_array().into_iter().flatten();
        items.filter_map(|item| item["name"].as_str()).collect()
    };
    html! {
        td { (page.pacticipant(side["name"].as_str().unwrap_or_default())) }
        td {
            @match link { Some(link) => a href=(link) { (number) }, None => (number) }
            div {
                @for name in list("branches") { span.chip { "⎇ " (name) } }
                @for name in list("tags") { span.chip { "# " (name) } }
                @for name in list("environments") { span.chip.here { "● " (name) } }
            }
        }
    }
}
