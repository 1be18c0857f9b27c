//! The numbered HTTP interactions of a background, and what a later table changes in one of them.

use std::collections::HashMap;

use cucumber::gherkin::Step;
use cucumber::given;
use pact_models::bodies::OptionalBody;
use pact_models::content_types::ContentType;
use pact_models::query_strings::parse_query_string;
use pact_models::v4::http_parts::{HttpRequest, HttpResponse};
use pact_models::v4::synch_http::SynchronousHttp;

use crate::content::Fixtures;
use crate::table::{self, Row, rows};
use crate::world::World;

type Headers = Option<HashMap<String, Vec<String>>>;

#[given("the following HTTP interactions have been defined:")]
fn interactions_are_defined(world: &mut World, step: &Step) {
    for row in rows(step) {
        let number: usize = row["No"].parse().unwrap();
        let mut interaction = SynchronousHttp {
            description: format!("interaction {number}"),
            ..SynchronousHttp::default()
        };
        change_request(&mut interaction.request, &row, &world.fixtures);
        change_response(&mut interaction.response, &row, &world.fixtures);
        world.interactions.insert(number, interaction);
    }
}

/// Puts what a table's row says into a request; what it does not say stays.
pub(crate) fn change_request(request: &mut HttpRequest, row: &Row, fixtures: &Fixtures) {
    if let Some(method) = row.get("method") {
        request.method.clone_from(method);
    }
    if let Some(path) = row.get("path") {
        request.path.clone_from(path);
    }
    if let Some(query) = row.get("query") {
        request.query = parse_query_string(query);
    }
    if let Some(cell) = row.get("headers").or(row.get("raw headers")) {
        set_headers(&mut request.headers, cell);
    }
    let content_type = row.get("content type");
    set_content_type(&mut request.headers, content_type);
    if let Some(cell) = row.get("body") {
        request.body = body(&mut request.headers, cell, content_type, fixtures);
    }
    if let Some(cell) = row.get("matching rules") {
        request.matching_rules = fixtures.rules(cell);
    }
    if let Some(cell) = row.get("generators") {
        request.generators = fixtures.generators(cell);
    }
}

/// Puts what a table's row says into a response; what it does not say stays.
pub(crate) fn change_response(response: &mut HttpResponse, row: &Row, fixtures: &Fixtures) {
    if let Some(status) = row.get("response") {
        response.status = status.parse().unwrap();
    }
    if let Some(cell) = row.get("response headers") {
        set_headers(&mut response.headers, cell);
    }
    let content_type = row.get("response content");
    set_content_type(&mut response.headers, content_type);
    if let Some(cell) = row.get("response body") {
        response.body = body(&mut response.headers, cell, content_type, fixtures);
    }
    if let Some(cell) = row.get("response matching rules") {
        response.matching_rules = fixtures.rules(cell);
    }
}

/// The columns of a table that is about a response alone, under the names that they have beside a request.
pub(crate) fn as_response(row: &Row) -> Row {
    let name = |column: &str| match column {
        "status" => "response".to_owned(),
        "content type" => "response content".to_owned(),
        column => format!("response {column}"),
    };
    let cells = row.iter();
    cells
        .map(|(column, cell)| (name(column), cell.clone()))
        .collect()
}

/// The headers of a cell are all that there are, beside the type of the body, which has a column of its own.
fn set_headers(headers: &mut Headers, cell: &str) {
    let all = headers.get_or_insert_default();
    all.retain(|name, _| is_content_type(name));
    for (name, value) in table::headers(cell) {
        all.entry(name).or_default().push(value);
    }
}

fn set_content_type(headers: &mut Headers, content_type: Option<&String>) {
    if let Some(content_type) = content_type {
        let all = headers.get_or_insert_default();
        all.retain(|name, _| !is_content_type(name));
        all.insert("Content-Type".to_owned(), vec![content_type.clone()]);
    }
}

/// The body in a cell. Its type is the one that the row names, else its own, else the one that was there, else plain
/// text; and the header says the same.
fn body(
    headers: &mut Headers,
    cell: &str,
    named: Option<&String>,
    fixtures: &Fixtures,
) -> OptionalBody {
    let mut content = fixtures.content(cell);
    let before = content_type(headers);
    let own = content.content_type.take();
    let content_type = named.cloned().or(own).or(before);
    let content_type = content_type.unwrap_or_else(|| "text/plain".to_owned());
    set_content_type(headers, Some(&content_type));
    content.body(&content_type)
}

fn content_type(headers: &Headers) -> Option<String> {
    let mut headers = headers.iter().flatten();
    let found = headers.find(|(name, _)| is_content_type(name));
    found.and_then(|(_, values)| values.first().cloned())
}

fn is_content_type(header: &str) -> bool {
    header.eq_ignore_ascii_case("content-type")
}

/// The content type of a body as a text, without its parameters.
pub(crate) fn base_type(content_type: Option<ContentType>) -> Option<String> {
    content_type.map(|content_type| content_type.base_type().to_string())
}

/// One or several interactions of the background, in their order.
pub(crate) fn chosen(world: &World, numbers: &str) -> Vec<SynchronousHttp> {
    let numbers = table::numbers(numbers).into_iter();
    numbers.map(|number| world.interaction(number)).collect()
}
