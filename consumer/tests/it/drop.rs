//! What happens to a mock server that nobody finishes.

use treaty_consumer::prelude::*;

use crate::child::failure;
use crate::client::{get, ping, text};

#[test]
fn a_test_that_forgets_to_finish_fails() {
    let said = failure("drops");
    let told = "the mock server for B was dropped without finish(), so nothing was checked and no pact written: \
                end the test with `mock.finish()`";
    assert!(said.contains(told), "{said}");
}

/// A second panic would kill the whole test binary, and the other tests' results with it.
#[test]
fn a_test_that_fails_before_it_finishes_keeps_its_own_failure() {
    let said = failure("drops-while-failing");
    assert!(said.contains("the test's own failure"), "{said}");
    assert!(!said.contains("without finish()"), "{said}");
}

#[test]
fn a_checked_mock_server_names_what_was_not_met() {
    let said = failure("drops-checked");
    let told = "the interactions of A with B were not met\nexpected, but never came: GET /ping\n    a ping\n";
    assert!(said.contains(told), "{said}");
}

#[test]
fn a_checked_mock_server_in_a_failing_test_tells_without_a_second_panic() {
    let said = failure("drops-checked-while-failing");
    let own = said
        .find("the test's own failure")
        .unwrap_or_else(|| panic!("{said}"));
    let told = said
        .find("expected, but never came: GET /ping")
        .unwrap_or_else(|| panic!("{said}"));
    assert!(own < told, "{said}");
}

#[test]
fn a_checked_mock_server_that_is_met_writes_its_pact() {
    let dir = tempfile::tempdir().unwrap();
    let mock = ping(dir.path()).start_mock_server(None, None);
    assert_eq!(get(mock.path("/ping").as_str()), 200);
    assert!(mock.status().is_ok());
    drop(mock);
    assert!(text(dir.path()).contains("a ping"));
}

#[test]
fn a_checked_mock_server_in_a_failing_test_writes_no_pact() {
    let dir = tempfile::tempdir().unwrap();
    let failing = std::panic::catch_unwind(|| {
        let mock = ping(dir.path()).start_mock_server(None, None);
        get(mock.path("/ping").as_str());
        panic!("the test's own failure");
    });
    assert!(failing.is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
