//! Other people's pacts, asked their own requests.

use std::fs;
use std::path::PathBuf;

use pact_models::v4::http_parts::HttpRequest;
use treaty_core::document::load;
use treaty_core::interaction::Interaction;
use treaty_core::matching::match_request;
use treaty_core::wire;
use treaty_mock_server::{Answer, Session};

use crate::contract::URL;
use crate::prerequisite::folder;

fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = folder("corpus", "TREATY_PACT_CORPUS", "../shared/pact-corpus")
        .into_iter()
        .collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The expected request as a client would send it.
fn sent(expected: &HttpRequest) -> HttpRequest {
    let query = expected.query.as_ref().map(wire::query_text);
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, values) in expected.headers.iter().flatten() {
        headers.extend(
            values
                .iter()
                .map(|value| (name.to_lowercase(), value.clone())),
        );
    }
    let has_type = headers.iter().any(|(name, _)| name == "content-type");
    if let Some(content_type) = expected.body.content_type().filter(|_| !has_type) {
        headers.push(("content-type".to_owned(), content_type.to_string()));
    }
    let headers = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let body = expected.body.value().unwrap_or_default();
    wire::request(
        &expected.method.to_uppercase(),
        &expected.path,
        query.as_deref(),
        headers,
        body,
    )
}

/// The index leaves out only what the matching would refuse. Not every file's own request meets its own rules.
#[test]
fn an_interaction_answers_to_its_own_request_where_the_matching_says_so() {
    for file in files() {
        let Ok(pact) = load(&file.to_string_lossy(), &fs::read(&file).unwrap()) else {
            continue;
        };
        for interaction in pact.interactions {
            let Interaction::Http(http) = &interaction else {
                continue;
            };
            let request = sent(&http.request);
            let is_match =
                match_request(&http.request, &request).is_ok_and(|found| found.is_empty());
            let title = format!("{}: {}", file.display(), interaction.title());
            let mut session = Session::new(vec![interaction], URL);
            let answer = session.answer(&request);
            assert_eq!(
                matches!(answer, Answer::Matched(_)),
                is_match,
                "{title}: {answer:?}"
            );
            assert_eq!(session.report().is_ok(), is_match, "{title}");
        }
    }
}
