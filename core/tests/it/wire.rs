//! What came over HTTP, as the document model knows it, and back.

use std::collections::HashMap;

use pact_models::bodies::OptionalBody;
use treaty_core::wire::{query_text, request, response};

const NO_HEADERS: [(&str, &[u8]); 0] = [];

fn query(text: &str) -> HashMap<String, Vec<Option<String>>> {
    request("GET", "/", Some(text), NO_HEADERS, Default::default())
        .query
        .unwrap()
}

#[test]
fn a_query_that_is_written_reads_as_the_same_query() {
    for value in [
        "",
        " ",
        "a b",
        "š",
        "日本",
        "😀",
        "é",
        "100%",
        "%2",
        "a&b=c;d",
        "+",
        "~-._",
        "\u{0}\n\"<>#?",
    ] {
        let before = HashMap::from([
            (
                format!("x{value}"),
                vec![Some(value.to_owned()), Some("2".to_owned())],
            ),
            ("flag".to_owned(), vec![None]),
        ]);
        assert_eq!(query(&query_text(&before)), before, "{value:?}");
    }
}

#[test]
fn half_an_escape_is_taken_as_it_stands() {
    for (text, value) in [
        ("q=%", "%"),
        ("q=%2", "%2"),
        ("q=%zz", "%zz"),
        ("q=%FF", "%FF"),
    ] {
        assert_eq!(query(text)["q"], [Some(value.to_owned())], "{text}");
    }
}

#[test]
fn a_question_mark_with_nothing_behind_it_is_no_query() {
    assert_eq!(
        request("GET", "/", Some(""), NO_HEADERS, Default::default()).query,
        None
    );
}

#[test]
fn values_of_one_header_are_kept_in_their_order() {
    let headers = [
        ("vary", b"accept, origin".as_slice()),
        ("x-a", b"2"),
        ("x-a", b"1"),
        ("x-b", b"\xff"),
    ];
    let headers = response(200, headers, Default::default()).headers.unwrap();
    assert_eq!(headers["vary"], ["accept", "origin"]);
    assert_eq!(headers["x-a"], ["2", "1"]);
    assert_eq!(headers["x-b"], ["\u{fffd}"]);
}

#[test]
fn a_body_knows_its_content_type_and_an_empty_one_is_empty() {
    let json = response(
        200,
        [("content-type", b"application/json".as_slice())],
        "1".into(),
    );
    assert_eq!(
        json.body.content_type().unwrap().to_string(),
        "application/json"
    );
    assert_eq!(
        response(200, NO_HEADERS, Default::default()).body,
        OptionalBody::Empty
    );
}
