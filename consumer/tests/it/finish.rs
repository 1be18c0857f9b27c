//! What the end of a test says.

use std::fs;

use treaty_consumer::prelude::*;

use crate::client::{get, ping, text};

fn user_and_list(dir: &std::path::Path) -> PactBuilder {
    let mut pact = PactBuilder::new("OrderService", "UserService");
    pact.with_output_dir(dir)
        .interaction("a request for user 42", "", |mut i| {
            i.given("a user with ID 42 exists");
            i.request.get().path("/users/42");
            i.response.ok();
            i
        })
        .interaction("a request for the active users", "", |mut i| {
            i.request.get().path("/users").query_param("active", "true");
            i.response.ok();
            i
        })
        .interaction("a sign-up", "", |mut i| {
            i.request
                .post()
                .path("/users")
                .json_body(json_pattern!({ "name": like!("Joe") }));
            i.response.created();
            i
        });
    pact
}

#[test]
fn the_failure_of_a_test_names_everything_unmet_and_everything_unexpected() {
    let dir = tempfile::tempdir().unwrap();
    let mock = user_and_list(dir.path()).mock_server();
    assert_eq!(get(mock.path("/users?active=true").as_str()), 200);
    assert_eq!(get(mock.path("/users/41").as_str()), 500);
    assert_eq!(get(mock.path("/users?active=false").as_str()), 500);
    let unmet = mock.finish().unwrap_err();
    assert_eq!(
        format!("{unmet:?}"),
        "\
the interactions of OrderService with UserService were not met
expected, but never came: GET /users/42
    a request for user 42 (given a user with ID 42 exists)
expected, but never came: POST /users
    a sign-up
came, but was not expected: GET /users/41
    closest: a request for user 42 (given a user with ID 42 exists)
      path  expected /users/42, got /users/41  (rule: equality)
came, but was not expected: GET /users?active=false
    closest: a request for the active users
      query active  expected \"true\", got \"false\"  (rule: equality)
"
    );
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        0,
        "a failing test writes nothing"
    );
}

#[test]
fn one_unexpected_request_fails_a_test_in_which_all_else_was_met() {
    let dir = tempfile::tempdir().unwrap();
    let mock = ping(dir.path()).mock_server();
    get(mock.path("/ping").as_str());
    get(mock.path("/pong").as_str());
    assert!(
        matches!(mock.finish(), Err(Unmet::Requests { report, .. }) if report.unmet.is_empty())
    );
}

#[test]
fn a_pact_that_cannot_be_written_is_told_with_its_cause() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a-file");
    fs::write(&file, "").unwrap();
    let mock = ping(&file).mock_server();
    get(mock.path("/ping").as_str());
    let told = format!("{:?}", mock.finish().unwrap_err());
    let expected = format!(
        "the pact was not written: cannot create {}: ",
        file.display()
    );
    assert!(told.starts_with(&expected), "{told}");
}

#[test]
fn what_was_asked_so_far_can_be_read_before_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let mock = ping(dir.path()).mock_server();
    assert_eq!(mock.report().unmet[0].title, "a ping");
    get(mock.path("/ping").as_str());
    assert!(mock.report().is_ok());
    mock.finish().unwrap();
}

#[test]
fn a_name_that_is_blank_is_refused_where_it_is_given() {
    let panic = std::panic::catch_unwind(|| PactBuilder::new_v4("A", " ")).unwrap_err();
    let told = panic.downcast::<String>().unwrap();
    assert_eq!(
        *told,
        "the provider of a pact has no usable name: a pacticipant name must not be blank"
    );
}

/// The default flavour has one thread, which must be free to drive the client while the server answers.
#[tokio::test]
async fn nothing_blocks_a_runtime_with_one_thread() -> Result<(), Unmet> {
    let dir = tempfile::tempdir().unwrap();
    let mock = ping(dir.path()).mock_server();
    let checked = ping(dir.path()).start_mock_server(None, None);
    let answers = tokio::join!(
        reqwest::get(mock.path("/ping")),
        reqwest::get(checked.path("/ping"))
    );
    assert_eq!(answers.0.unwrap().status(), 200);
    assert_eq!(answers.1.unwrap().status(), 200);
    drop(checked);
    mock.finish()?;
    assert!(text(dir.path()).contains("a ping"));
    Ok(())
}

#[test]
fn without_any_runtime_a_test_works_too() {
    let dir = tempfile::tempdir().unwrap();
    let mock = ping(dir.path()).mock_server();
    assert_eq!(get(mock.path("/ping").as_str()), 200);
    mock.finish().unwrap();
}

#[test]
fn two_of_one_request_in_different_states_are_both_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.with_output_dir(dir.path());
    for (state, status) in [("user 42 exists", 200), ("nobody exists", 404)] {
        pact.interaction("user 42", "", |mut i| {
            i.given(state);
            i.request.path("/users/42");
            i.response.status(status);
            i
        });
    }
    let once = pact.mock_server();
    get(once.path("/users/42").as_str());
    let told = once.finish().unwrap_err().to_string();
    assert!(told.contains("user 42 (given nobody exists)"), "{told}");

    let twice = pact.mock_server();
    let answers = [(); 2].map(|()| get(twice.path("/users/42").as_str()));
    assert_eq!(answers, [200, 404]);
    twice.finish().unwrap();
}

#[test]
fn a_pact_without_interactions_shows_nothing() {
    let mut pact = PactBuilder::new_v4("A", "B");
    pact.message_interaction("an order", |m| m);
    let unmet = pact.mock_server().finish().unwrap_err();
    assert_eq!(
        unmet.to_string(),
        "the pact of A with B has no HTTP interactions, so its mock server checked nothing: \
         describe one with `interaction`, or hand its messages to their handler"
    );
}
