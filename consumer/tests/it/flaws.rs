//! The end of a test whose interactions say something that no provider can do.

use std::fs;
use std::path::Path;

use treaty_consumer::PactFileError;
use treaty_consumer::prelude::*;

use crate::client::{get, pact, text, try_write};

/// The same request once more, in the same provider state.
fn again(dir: &Path, description: &str, status: u16) -> PactBuilder {
    let mut both = pact(dir, "an answer", 200);
    both.interaction(description, "", |mut i| {
        i.given("a state");
        i.request.path("/x");
        i.response.status(status);
        i
    });
    both
}

/// Asks as often as there are interactions, and ends the test.
fn ask_twice(pact: &PactBuilder) -> Result<(), Unmet> {
    let mock = pact.mock_server();
    get(mock.path("/x").as_str());
    get(mock.path("/x").as_str());
    mock.finish()
}

#[test]
fn an_error_of_the_linter_fails_the_test_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let unmet = ask_twice(&again(dir.path(), "another answer", 404)).unwrap_err();
    assert_eq!(
        format!("{unmet:?}"),
        "the pact was not written: its interactions have an error\n  another answer (given a state)\n    \
         error[same-request] /interactions/1: the same request in the same provider states as \
         \"an answer\", but another response\n    \
         fix: tell the two apart by a provider state, or by the request"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_body_that_breaks_its_content_type_fails_the_test() {
    let dir = tempfile::tempdir().unwrap();
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.with_output_dir(dir.path());
    pact.interaction("a list", "", |mut i| {
        i.request.path("/x");
        i.response.body2("[1,", "application/json");
        i
    });
    let unmet = try_write(&pact).unwrap_err();
    let Unmet::PactFile(PactFileError::Flawed { findings, .. }) = &unmet else {
        panic!("{unmet:?}")
    };
    assert_eq!(findings[0].rule().id(), "broken-body");
}

#[test]
fn a_message_is_looked_at_like_any_other_interaction() {
    let dir = tempfile::tempdir().unwrap();
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.with_output_dir(dir.path());
    pact.message_interaction("an order", |mut m| {
        m.body("[1,", Some("application/json".into()));
        m
    });
    let handled = pact.hand_to(async |_: Message| Ok::<_, std::convert::Infallible>(()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let unhandled = runtime.block_on(handled).unwrap_err();
    assert!(
        format!("{unhandled:?}").contains("error[broken-body] /interactions/0/contents"),
        "{unhandled:?}"
    );
}

#[test]
fn a_warning_fails_no_test() {
    let dir = tempfile::tempdir().unwrap();
    ask_twice(&again(dir.path(), "the same answer", 200)).unwrap();
    assert!(text(dir.path()).contains("the same answer"));
}

/// A password in an example is doubtful, and no error.
fn doubtful(dir: &Path) -> PactBuilder {
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.with_output_dir(dir);
    pact.interaction("a log-in", "", |mut i| {
        i.request.path("/x");
        i.response
            .json_body(json_pattern!({"createdAt": "2026-01-01T10:00:00Z"}));
        i
    });
    pact
}

#[test]
fn a_warning_fails_the_test_that_denies_warnings() {
    let dir = tempfile::tempdir().unwrap();
    let mut pact = doubtful(dir.path());
    pact.deny_warnings();
    let text = format!("{:?}", try_write(&pact).unwrap_err());
    assert!(
        text.starts_with("the pact was not written: its interactions have a warning\n"),
        "{text}"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_warning_fails_no_other_test() {
    let dir = tempfile::tempdir().unwrap();
    try_write(&doubtful(dir.path())).unwrap();
    assert!(text(dir.path()).contains("createdAt"));
}
